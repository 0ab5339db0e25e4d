"""What an editor is told of a mail about an earlier story, and what they do about it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom import proposals
from newsroom.acts import ActRefused
from newsroom.editing import edit
from newsroom.models import LogEntry, Person, Photo, PictureSighting, Proposal, Story, Submission
from newsroom.workflow import move
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, release, save, text_of
from tests.office import Office


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def mail_about(story: Story, number: int = 90, **fields: Any) -> Submission:
    return Submission.objects.create(
        sha256=_hash(f"surel tentang {number}"),
        size=900,
        mailbox="lokal",
        received_at=story.received_at,
        subject=f"REVISI: {story.headline}",
        sender_address="nala@contoh.example",
        sender_name="Nala Ayuningtias",
        source_text="Mohon diganti, pesertanya 120 orang.",
        revision_of=story.submissions.order_by("id").first(),
        **{"disposition": "proposed", "story": story, **fields},
    )


def propose(story: Story, number: int = 90, **fields: Any) -> Proposal:
    mail = mail_about(story, number)
    photos = fields.pop("photos", [])
    for photo in photos:
        PictureSighting.objects.create(
            submission=mail, sender_address=mail.sender_address, sha256=photo["sha256"], width=640, height=480
        )
    given = {"text": {"body": "Isi berita nomor 1 yang dibetulkan.\n\nParagraf kedua."}, **fields}
    return Proposal.objects.create(
        submission=mail, story=story, why="Surel ini menyebut dirinya perbaikan.", photos=photos, **given
    )


def photo_row(name: str = "baru") -> dict[str, Any]:
    return {
        "sha256": _hash(name),
        "filename": f"{name}.jpg",
        "caption": f"Keterangan {name}",
        "credit": "",
        "problem": "",
        "width": 640,
        "height": 480,
        "like": False,
    }


def using(proposal: Proposal) -> str:
    return f"{page(proposal.story)}?usulan={proposal.pk}"


def repeat(office: Office, *, photos: int = 2) -> tuple[Story, Story, Submission]:
    """Two stories of one coverage: the first, the one that came later, and the later one's mail."""
    first, again = make_story(office, 1, photos=1), make_story(office, 2, photos=photos, minutes=10)
    mail = again.submissions.get()
    mail.duplicate_of = first.submissions.get()
    mail.likeness = {"mail": mail.duplicate_of.pk, "photos": 1}
    mail.save()
    Photo.objects.filter(story=again, order=0).update(sha256=first.photos.get().sha256)
    return first, again, mail


def joining(client: Any, again: Story, mail: Submission) -> Any:
    """Press the button that joins two stories, on the page as it was opened."""
    form = form_of(client.get(page(again)))
    return lambda: client.post(reverse("join", args=[mail.pk]), form, follow=True)


# Proposals


def test_the_story_tells_what_a_proposal_would_change(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story, photos=[photo_row()])
    response = enter(editor).get(page(story))
    assert "Usulan perubahan" in text_of(response)
    assert "<ins> yang dibetulkan</ins>" in response.content.decode()
    address = reverse("mail_picture", args=[proposal.submission_id, _hash("baru"), "kecil"])
    assert address in response.content.decode()


def test_nothing_changes_before_the_editor_saves(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story, photos=[photo_row()])
    response = enter(editor).get(using(proposal))
    assert form_of(response)["body"].startswith("Isi berita nomor 1 yang dibetulkan.")
    assert "belum tersimpan" in text_of(response)
    assert fresh(story).body.startswith("Isi berita nomor 1.")
    assert story.photos.count() == 1
    assert Proposal.objects.get().answer == ""


def test_saving_takes_the_words_and_the_ticked_photos(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story, photos=[photo_row("satu"), photo_row("dua")])
    client = enter(editor)
    form = form_of(client.get(using(proposal))) | {"ambil": [_hash("dua")]}
    assert client.post(save(story), form).status_code == 302
    story = fresh(story)
    assert story.body.startswith("Isi berita nomor 1 yang dibetulkan.")
    assert [photo.caption for photo in story.photos.all()] == ["Keterangan 1", "Keterangan dua"]
    assert story.photos.last().submission == proposal.submission
    assert story.revision.photos[-1]["sha256"] == _hash("dua")
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by) == ("taken", editor)
    assert LogEntry.objects.filter(story=story, verb="take", by=editor).exists()


def test_a_proposal_of_photos_alone_leaves_the_text(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story, text={}, photos=[photo_row()])
    client = enter(editor)
    client.post(save(story), form_of(client.get(using(proposal))))
    assert fresh(story).body.startswith("Isi berita nomor 1.")
    assert story.photos.count() == 2


def test_what_an_editor_wrote_in_other_fields_stays(office: Office, editor: Person) -> None:
    story = make_story(office)
    edit(story, editor, {"headline": "Judul dari editor"}, seen=story.revision_id)
    form = form_of(enter(editor).get(using(propose(story))))
    assert form["headline"] == "Judul dari editor"


def test_the_editor_is_warned_where_their_own_words_would_go(office: Office, editor: Person) -> None:
    story = make_story(office)
    edit(story, editor, {"body": "Isi yang sudah disunting."}, seen=story.revision_id)
    propose(story)
    assert "editor sudah menyunting isi berita" in text_of(enter(editor).get(page(story)))


def test_a_proposal_taken_on_a_changed_story_is_told_and_keeps_its_words(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    proposal = propose(story, photos=[photo_row()])
    client = enter(editor)
    form = form_of(client.get(using(proposal))) | {"ambil": [_hash("baru")]}
    edit(story, second_editor, {"headline": "Judul Sulastri"}, seen=story.revision_id)
    told = client.post(save(story), form)
    assert told.status_code == 409
    assert "Sulastri mengubah berita ini lebih dulu" in text_of(told)
    assert Proposal.objects.get().answer == ""
    assert client.post(save(story), form_of(told)).status_code == 302
    story = fresh(story)
    assert (story.headline, story.photos.count()) == ("Judul Sulastri", 2)
    assert story.body.startswith("Isi berita nomor 1 yang dibetulkan.")


def test_of_two_editors_who_take_one_proposal_the_second_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    proposal = propose(story, text={}, photos=[photo_row()])
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(using(proposal))), form_of(two.get(using(proposal)))
    one.post(save(story), first)
    assert two.post(save(story), second).status_code in (403, 409)
    assert story.photos.count() == 2
    assert Proposal.objects.get().answered_by == editor


def test_a_proposal_declined_meanwhile_is_not_taken(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    proposal = propose(story)
    client = enter(editor)
    form = form_of(client.get(using(proposal)))
    proposals.decline(proposal, second_editor)
    response = client.post(save(story), form)
    assert response.status_code == 403
    assert "sudah ditangani" in text_of(response)
    assert fresh(story).body.startswith("Isi berita nomor 1.")


def test_a_returned_story_goes_back_into_the_queue_with_its_proposal(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "send_back", editor, "Mohon jumlah pesertanya.")
    client = enter(editor)
    client.post(save(story), form_of(client.get(using(propose(story)))))
    assert fresh(story).state == "queued"
    assert [entry.verb for entry in story.log.all()][-2:] == ["take", "resubmit"]


def test_a_declined_proposal_can_be_considered_again(office: Office, editor: Person) -> None:
    proposal = propose(make_story(office))
    client = enter(editor)
    client.post(reverse("decline_proposal", args=[proposal.pk]))
    response = client.get(reverse("proposal", args=[proposal.pk]))
    assert "Tidak dipakai" in text_of(response)
    assert "Pertimbangkan lagi" in text_of(response)
    client.post(reverse("reconsider_proposal", args=[proposal.pk]))
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by) == ("", None)


def test_words_typed_on_the_page_outlive_an_answer_to_a_proposal(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"headline": "Judul yang sedang ditulis"}
    client.post(reverse("decline_proposal", args=[proposal.pk]), form)
    assert fresh(story).headline == "Judul yang sedang ditulis"
    assert Proposal.objects.get().answer == "declined"


@pytest.mark.parametrize("act", ["decline_proposal", "separate_proposal"])
def test_the_second_of_two_answers_is_told(
    office: Office, editor: Person, second_editor: Person, act: str
) -> None:
    proposal = propose(make_story(office))
    enter(editor).post(reverse("decline_proposal", args=[proposal.pk]))
    response = enter(second_editor).post(reverse(act, args=[proposal.pk]), follow=True)
    assert "sudah ditangani orang lain" in text_of(response)
    assert Proposal.objects.get().answered_by == editor


def test_a_contributor_sees_that_their_mended_story_waits_and_decides_nothing(
    office: Office, writer: Person
) -> None:
    story = make_story(office)
    proposal = propose(story)
    client = enter(writer)
    assert "Menunggu keputusan editor" in text_of(client.get(page(story)))
    for act in ("decline_proposal", "separate_proposal", "reconsider_proposal"):
        assert client.post(reverse(act, args=[proposal.pk])).status_code == 403
    assert 'name="usulan"' not in client.get(using(proposal)).content.decode()
    with pytest.raises(ActRefused):
        proposals.separate(proposal, writer)


def test_another_contributor_sees_no_proposal(office: Office) -> None:
    proposal = propose(make_story(office))
    stranger = enter(office.person("lain", "contributor"))
    assert stranger.get(reverse("proposal", args=[proposal.pk])).status_code == 403


def test_only_a_post_answers_a_proposal(office: Office, editor: Person) -> None:
    proposal = propose(make_story(office))
    client = enter(editor)
    for act in ("decline_proposal", "separate_proposal", "reconsider_proposal"):
        assert client.get(reverse(act, args=[proposal.pk])).status_code == 405
    strict = enter(editor, enforce_csrf_checks=True)
    assert strict.post(reverse("decline_proposal", args=[proposal.pk])).status_code == 403


def test_proposals_are_counted_where_editors_look(office: Office, editor: Person) -> None:
    queued, released = make_story(office, 1), release(make_story(office, 2), editor)
    propose(queued, 1)
    propose(released, 2)
    client = enter(editor)
    assert "usulan perubahan" in text_of(client.get(reverse("queue")))
    propose(queued, 3)
    assert "2 usulan perubahan" in text_of(client.get(reverse("queue")))
    attention = text_of(client.get(reverse("attention")))
    assert "Usulan perubahan dan ralat 1" in attention
    assert "Judul berita 2" in attention


def test_a_correction_is_proposed_against_what_readers_have(office: Office, editor: Person) -> None:
    story = release(make_story(office), editor)
    edit(story, editor, {"headline": "Draf ralat"}, seen=story.revision_id)
    proposal = propose(story, text={"headline": "Judul berita 1 dibetulkan"})
    response = enter(editor).get(using(proposal))
    assert "<ins> dibetulkan</ins>" in response.content.decode()
    assert "Yang dibaca pembaca belum berubah" in text_of(response)


def test_a_photo_proposed_for_a_correction_is_shown_among_the_changes(office: Office, editor: Person) -> None:
    story = release(make_story(office), editor)
    proposal = propose(story, text={}, photos=[photo_row()])
    client = enter(editor)
    form = form_of(client.get(using(proposal)))
    response = client.post(reverse("changes", args=[story.pk]), form)
    assert "Keterangan baru" in text_of(response)


def test_a_verified_story_says_when_its_proposal_can_be_taken(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story)
    move(story, "verify", editor)
    client = enter(editor)
    assert "Batalkan verifikasinya dahulu" in text_of(client.get(page(story)))
    assert "tidak dapat disunting sekarang" in text_of(client.get(using(proposal)))


# Repetitions


def test_queue_and_story_tell_of_a_likely_repetition(office: Office, editor: Person) -> None:
    _first, again, _mail = repeat(office)
    client = enter(editor)
    row = text_of(client.get(reverse("queue")))
    assert "Mirip dengan “Judul berita 1”, dikirim" in row
    assert "1 foto sama" in row
    said = text_of(client.get(page(again)))
    assert "Kemungkinan kiriman ulang. Mirip dengan Judul berita 1" in said


def test_a_contributor_is_not_told_of_anothers_story(office: Office, writer: Person) -> None:
    _first, again, _mail = repeat(office)
    Story.objects.filter(pk=again.submissions.get().duplicate_of.story_id).update(headline="Rahasia orang")
    client = enter(writer)
    assert "Rahasia orang" not in text_of(client.get(page(again)))
    assert "Mirip dengan" not in text_of(client.get(reverse("queue")))


def test_joining_gives_the_missing_photos_to_the_first_and_rejects_the_second(
    office: Office, editor: Person
) -> None:
    first, again, mail = repeat(office)
    said = text_of(joining(enter(editor), again, mail)())
    assert "Digabungkan" in said
    first, again = fresh(first), fresh(again)
    assert [photo.caption for photo in first.photos.all()] == ["Keterangan 1", "Keterangan 2"]
    assert len(first.revision.photos) == 2
    assert (again.state, again.merged_into) == ("spiked", first)
    assert again.photos.count() == 2, "what came in stays with its story"
    client = enter(editor)
    assert "Digabungkan dengan Judul berita 1" in text_of(client.get(page(again)))
    assert "Digabungkan ke berita ini: Judul berita 2" in text_of(client.get(page(first)))
    assert "Judul berita 1" in again.log.get(verb="spike").note


def test_photos_joined_to_a_published_story_wait_until_an_editor_shows_them(
    office: Office, editor: Person
) -> None:
    first, again, mail = repeat(office)
    release(first, editor)
    joining(enter(editor), again, mail)()
    assert [photo.left_out for photo in fresh(first).photos.all()] == [False, True]


@pytest.mark.parametrize("which", ["first", "again"])
def test_stories_that_changed_meanwhile_are_not_joined(
    office: Office, editor: Person, second_editor: Person, which: str
) -> None:
    first, again, mail = repeat(office)
    press = joining(enter(editor), again, mail)
    moved = first if which == "first" else again
    edit(moved, second_editor, {"body": "Isi yang berubah."}, seen=moved.revision_id)
    press()
    assert (fresh(again).state, fresh(again).merged_into) == ("queued", None)
    assert first.photos.count() == 1


def test_a_story_verified_meanwhile_is_not_joined(
    office: Office, editor: Person, second_editor: Person
) -> None:
    first, again, mail = repeat(office)
    press = joining(enter(editor), again, mail)
    move(first, "verify", second_editor)
    assert "berstatus terverifikasi" in text_of(press())
    assert fresh(again).state == "queued"


def test_joining_twice_is_joining_once(office: Office, editor: Person, second_editor: Person) -> None:
    first, again, mail = repeat(office)
    one, two = joining(enter(editor), again, mail), joining(enter(second_editor), again, mail)
    one()
    two()
    assert first.photos.count() == 2
    assert again.log.filter(verb="spike").count() == 1


def test_no_repetition_can_be_said_and_taken_back(office: Office, editor: Person) -> None:
    _first, again, mail = repeat(office)
    client = enter(editor)
    client.post(reverse("differ", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.duplicate_of is None
    assert "kiriman ulang?" not in text_of(client.get(reverse("queue")))
    assert "Ditandai bukan kiriman ulang" in text_of(client.get(page(again)))
    client.post(reverse("alike", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.duplicate_of is not None
    assert [entry.verb for entry in again.log.all()] == ["differ", "alike"]


def test_the_second_who_says_they_differ_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    _first, _again, mail = repeat(office)
    enter(editor).post(reverse("differ", args=[mail.pk]))
    response = enter(second_editor).post(reverse("differ", args=[mail.pk]), follow=True)
    assert "sudah ditangani orang lain" in text_of(response)


@pytest.mark.parametrize("act", ["join", "differ", "alike"])
def test_a_contributor_decides_nothing_about_repetitions(office: Office, writer: Person, act: str) -> None:
    _first, _again, mail = repeat(office)
    assert enter(writer).post(reverse(act, args=[mail.pk])).status_code == 403


def test_a_photo_tells_which_other_stories_have_it(office: Office, editor: Person, writer: Person) -> None:
    first, again, _mail = repeat(office)
    assert "Foto ini juga ada di: Judul berita 2" in text_of(enter(editor).get(page(first)))
    assert "Foto ini juga ada di" not in text_of(enter(writer).get(page(again)))


def test_a_longer_queue_of_repetitions_costs_no_more_queries(office: Office, editor: Person) -> None:
    client = enter(editor)
    first, _again, _mail = repeat(office)
    propose(first)

    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("queue"))
        return len(spent)

    few = queries()
    for number in range(10, 20):
        story = make_story(office, number)
        story.submissions.update(duplicate_of=first.submissions.first(), likeness={"mail": 1, "photos": 2})
        propose(story, number)
    assert queries() == few


def test_a_decision_takes_the_proposal_with_it(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(using(propose(story))))
    client.post(decide(story, "verify"), form)
    story = fresh(story)
    assert story.state == "verified"
    assert story.sealed().body.startswith("Isi berita nomor 1 yang dibetulkan.")
    assert Proposal.objects.get().answer == "taken"


def test_the_mails_own_page_leads_to_what_it_proposes(office: Office, editor: Person) -> None:
    story = make_story(office)
    proposal = propose(story)
    reply = mail_about(story, 91, disposition="accepted")
    client = enter(editor)
    shown = client.get(reverse("submission", args=[proposal.submission_id])).content.decode()
    assert reverse("proposal", args=[proposal.pk]) in shown
    assert "Balasan tentang berita" in text_of(client.get(reverse("submission", args=[reply.pk])))
    first = client.get(reverse("submission", args=[story.submissions.order_by("id")[0].pk]))
    assert "Sudah menjadi berita" in text_of(first)


def test_a_story_sent_many_times_names_three_and_folds_the_others(office: Office, editor: Person) -> None:
    first = make_story(office, 1)
    for number in range(2, 7):
        mail = make_story(office, number, headline="Judul panjang " * 20).submissions.get()
        mail.duplicate_of, mail.sender_name = first.submissions.get(), "Nama " * 30
        mail.save()
    shown = enter(editor).get(page(first))
    told = shown.content.decode().split("Kemungkinan kiriman ulang berita ini:")[1]
    named, _, folded = told.partition("dan 2 lagi</summary>")
    assert named.count('href="/berita/') == 3
    assert folded.partition("</details>")[0].count('href="/berita/') == 2
    assert "Nama " * 20 not in text_of(shown)
