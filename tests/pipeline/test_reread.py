"""Reading kept mails again: what nobody touched is renewed, what a person touched is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

import ingest
from newsroom.desk import set_aside
from newsroom.editing import edit
from newsroom.mail import split
from newsroom.models import Disposition, Photo, Story, Submission
from newsroom.workflow import move
from pipeline.stores import originals
from tests.newsroom.mails import SECOND, letter, taken_in
from tests.newsroom.screens import enter, text_of
from tests.office import Office


def reread(*arguments: str) -> list[dict[str, Any]]:
    out, told = StringIO(), StringIO()
    call_command("reread", *arguments, stdout=out, stderr=told)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def outcomes(*arguments: str) -> list[str]:
    return [row["outcome"] for row in reread(*arguments)]


def aged(story: Story, mail: Submission) -> None:
    """Leave a story and its mail as an older reader would have: another text, no segments, one photo too few."""
    old = {"headline": "Judul lama", "body": "Teks seperti dibaca dahulu."}
    Story.objects.filter(pk=story.pk).update(**old)
    story.revisions.update(**old, photos=[])
    story.photos.filter(order=1).delete()
    Submission.objects.filter(pk=mail.pk).update(reader=0, segments=[], links=[], parts=[], reply_to="")


def old_story(office: Office, number: int = 1) -> tuple[Story, Submission]:
    story, mail = taken_in(
        office,
        letter(f"Kabar nomor {number}", photos=2, message_id=f"<{number}@contoh.example>", seed=10 * number),
    )
    aged(story, mail)
    story.refresh_from_db()
    mail.refresh_from_db()
    return story, mail


def test_a_story_nobody_touched_gets_the_new_text_as_a_revision_and_the_new_photos(office: Office) -> None:
    story, mail = old_story(office)
    assert outcomes() == ["renewed"]
    story.refresh_from_db()
    mail.refresh_from_db()
    assert story.headline == "Kabar nomor 1"
    assert "Wali Kota Uji membuka" in story.body
    assert [photo.filename for photo in story.photos.all()] == ["foto 1.jpg", "foto 2.jpg"]
    assert [(revision.why, revision.by) for revision in story.revisions.all()] == [
        ("receive", None),
        ("reread", None),
    ]
    assert len(story.revisions.last().photos) == 2  # type: ignore[union-attr]
    assert mail.reader == ingest.VERSION
    assert mail.segments
    assert mail.parts


def test_reading_again_twice_is_reading_once(office: Office) -> None:
    story, _ = old_story(office)
    reread()
    assert reread() == [], "nothing is left that an older reader has read"
    assert outcomes("--all") == ["same"]
    assert story.revisions.count() == 2
    assert story.photos.count() == 2


def by_editing(story: Story, office: Office) -> None:
    edit(story, office.person(), {"body": "Tulisan editor."}, seen=story.revision_id)


def by_sending_back(story: Story, office: Office) -> None:
    move(story, "send_back", office.person(), "Lengkapi.")


def by_verifying(story: Story, office: Office) -> None:
    move(story, "verify", office.person())


def by_spiking_and_taking_back(story: Story, office: Office) -> None:
    move(story, "spike", office.person(), "Bukan liputan.")
    move(story, "unspike", office.person())


@pytest.mark.parametrize("touch", [by_editing, by_sending_back, by_verifying, by_spiking_and_taking_back])
def test_a_story_a_person_touched_stays_exactly_as_it_is(
    office: Office, touch: Callable[[Story, Office], None]
) -> None:
    story, mail = old_story(office)
    touch(story, office)
    before = Story.objects.filter(pk=story.pk).values().get()
    photos = list(Photo.objects.values())
    assert outcomes() == ["touched"]
    assert Story.objects.filter(pk=story.pk).values().get() == before
    assert list(Photo.objects.values()) == photos
    mail.refresh_from_db()
    assert mail.segments, "what the mail holds is renewed all the same"


def test_what_is_published_never_changes(office: Office) -> None:
    story, _ = old_story(office)
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    assert story.state == "released"
    assert outcomes() == ["touched"]
    assert (story.revisions.last().body, story.version) == ("Teks seperti dibaca dahulu.", 1)  # type: ignore[union-attr]


def test_held_and_ignored_mails_keep_their_place_and_their_judgement(office: Office) -> None:
    office.post(letter(sender="asing@lain.example"))
    office.post(letter("Iklan", sender="b@lain.example", message_id="<b@lain.example>"))
    office.work()
    held, ignored = Submission.objects.order_by("id")
    set_aside(ignored, office.person(), "Iklan.")
    Submission.objects.update(reader=0, segments=[], trust="known", evidence={"kept": True}, sender_name="N")
    office.contributor("asing@lain.example")
    assert outcomes() == ["facts", "facts"]
    for mail, disposition in ((held, "held"), (ignored, "ignored")):
        mail.refresh_from_db()
        assert mail.disposition == disposition
        assert mail.segments
        assert (mail.trust, mail.evidence, mail.sender_name) == ("known", {"kept": True}, "N"), (
            "who wrote it was judged when it came"
        )
    assert not Story.objects.exists()


def test_a_mail_that_failed_goes_the_road_again(office: Office) -> None:
    story, mail = old_story(office)
    story.photos.all().delete()
    Submission.objects.filter(pk=mail.pk).update(disposition=Disposition.FAILED, story=None, reason="Gagal.")
    story.log.all().delete()
    story.revision = None
    story.save()
    story.revisions.all().delete()
    story.delete()
    assert outcomes() == ["decided"]
    mail.refresh_from_db()
    assert mail.disposition == "accepted"
    assert mail.story is not None
    assert mail.story.headline == "Kabar nomor 1"


def test_a_dry_run_says_what_would_happen_and_changes_nothing(office: Office) -> None:
    old_story(office)
    touched, _ = old_story(office, 2)
    by_editing(touched, office)
    rows = [list(model.objects.order_by("pk").values()) for model in (Story, Submission, Photo)]
    assert outcomes("--dry-run") == ["renewed", "touched"]
    assert [list(model.objects.order_by("pk").values()) for model in (Story, Submission, Photo)] == rows


def test_one_bad_mail_never_stops_the_others_and_is_named(office: Office) -> None:
    _, bad = old_story(office)
    story, _ = old_story(office, 2)
    path = originals().path(bad.sha256)
    path.chmod(0o644)
    path.write_bytes(b"rusak")
    with pytest.raises(CommandError, match=rf"1 surel tidak dapat dibaca ulang(?s:.)*Surel {bad.pk} "):
        reread()
    story.refresh_from_db()
    bad.refresh_from_db()
    assert story.headline == "Kabar nomor 2"
    assert (bad.reader, bad.claim) == (0, "")


@pytest.mark.django_db(transaction=True)
def test_interrupted_anywhere_and_run_again_it_completes(office: Office) -> None:
    """Every statement that changes the database is once the last before the interruption."""
    finished, moment = False, 0
    while not finished:
        moment += 1
        story, mail = old_story(office, moment)
        finished = not interrupted_at(moment)
        reread()
        story.refresh_from_db()
        mail.refresh_from_db()
        assert (story.headline, mail.reader, mail.claim) == (f"Kabar nomor {moment}", ingest.VERSION, "")
        assert (story.revisions.count(), story.photos.filter(left_out=False).count()) == (2, 2)
    assert moment > 5


def interrupted_at(moment: int) -> bool:
    """Run the command and break it off before the n-th change; False when there were fewer."""
    left = moment

    def break_off(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        if sql[:6] in ("INSERT", "UPDATE", "DELETE") and "newsroom_heartbeat" not in sql:
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return execute(sql, *rest)

    try:
        with connection.execute_wrapper(break_off):
            reread()
    except KeyboardInterrupt:
        return True
    return False


def test_a_story_with_another_split_off_is_left_alone_and_its_texts_keep_their_places(office: Office) -> None:
    story, mail = taken_in(office, letter(document=SECOND))
    split(story, mail, 0, office.person())
    Submission.objects.filter(pk=mail.pk).update(reader=0, others=[{**mail.others[0], "headline": "Dulu"}])
    assert outcomes() == ["touched"]
    mail.refresh_from_db()
    assert mail.others[0]["headline"] == "Dulu"
    assert Story.objects.count() == 2


def test_single_mails_are_chosen_by_number(office: Office) -> None:
    _, mail = old_story(office)
    old_story(office, 2)
    assert [row["submission"] for row in reread("--mail", str(mail.pk))] == [mail.pk]
    with pytest.raises(CommandError, match="Tidak ada surel bernomor 999"):
        reread("--mail", "999")


# The button


def test_the_button_has_the_worker_read_the_mail_again(office: Office) -> None:
    story, mail = old_story(office)
    client = enter(office.person("bram"))
    assert "Baca ulang" in text_of(client.get(reverse("submission", args=[mail.pk])))
    client.post(reverse("reread", args=[mail.pk]))
    office.work()
    story.refresh_from_db()
    mail.refresh_from_db()
    assert (story.headline, mail.reread_at) == ("Kabar nomor 1", None)


def test_a_mail_that_cannot_be_read_again_waits_in_front_of_the_editors(office: Office) -> None:
    story, mail = old_story(office)
    path = originals().path(mail.sha256)
    good = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"rusak")
    client = enter(office.person("bram"))
    client.post(reverse("reread", args=[mail.pk]))
    office.work()
    attention = client.get(reverse("attention"))
    assert "sudah berubah dari isi semula" in text_of(attention)
    path.write_bytes(good)
    client.post(reverse("reread", args=[mail.pk]))
    office.work()
    story.refresh_from_db()
    assert story.headline == "Kabar nomor 1"


def test_a_parked_mail_can_be_downloaded_and_read_again(office: Office) -> None:
    data = letter()
    office.post(data)
    office.work()
    mail = Submission.objects.get()
    Submission.objects.filter(pk=mail.pk).update(disposition=Disposition.FAILED, parked=True, story=None)
    client = enter(office.person("bram"))
    page = client.get(reverse("attention")).content.decode()
    download = reverse("original_mail", args=[mail.pk])
    assert download in page
    assert client.get(download).content == data
    again = reverse("retry", args=["surel", mail.pk])
    assert again in page
    client.post(again)
    mail.refresh_from_db()
    assert (mail.disposition, mail.parked) == ("", False)
