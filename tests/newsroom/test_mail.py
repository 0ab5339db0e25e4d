"""What an editor sees of a mail's reading, and does about it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.editing import Overtaken, edit
from newsroom.mail import restore
from newsroom.models import Habit, Letter, Person, Story, Submission
from newsroom.reading import Reading, tree
from tests.newsroom.mails import SECOND, STORY, letter, taken_in
from tests.newsroom.screens import decide, enter, form_of, fresh, page, text_of
from tests.office import Office


def act(client: Client, story: Story, name: str, *arguments: Any, **typed: str) -> Any:
    """Press a button on the story's page, with what is typed there."""
    form = form_of(client.get(page(story))) | typed
    return client.post(reverse(name, args=[story.pk, *arguments]), form, follow=True)


def index_of(mail: Submission, kind: str) -> int:
    return next(number for number, segment in enumerate(mail.segments) if segment["kind"] == kind)


# What was set aside


def test_what_was_set_aside_is_folded_with_its_reason_and_the_story_is_open(
    office: Office, editor: Person
) -> None:
    story, mail = taken_in(office, letter())
    response = enter(editor).get(page(story))
    words = text_of(response)
    for shown in ("Disisihkan: salam pembuka", "Disisihkan: tanda tangan", "Sebabnya: tanda tangan pengirim"):
        assert shown in words
    assert '<div class="plain-text stretch">Kota Uji – Wali Kota Uji membuka' in response.content.decode()
    assert "".join(segment["text"] for segment in mail.segments) == mail.source_text


def test_one_click_puts_a_signature_back_below_the_story(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    act(enter(editor), story, "restore_text", mail.pk, index_of(mail, "signature"))
    body = fresh(story).body
    assert body.startswith(STORY[0])
    assert body.endswith(f"{STORY[2]}\n\nNala Ayuningtias\n\nHumas Kota Uji\n\nJalan Contoh Nomor 1")
    assert "Sudah di naskah: tanda tangan" in text_of(enter(editor).get(page(story)))


def test_all_that_is_put_back_stands_in_the_order_of_the_mail(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    act(enter(editor), story, "restore_text", mail.pk, index_of(mail, "signature"))
    act(enter(editor), story, "restore_all", mail.pk)
    body = fresh(story).body
    places = [body.index(words) for words in ("Yth. Redaksi", STORY[0], "Demikian", "Humas Kota", "Dikirim")]
    assert places == sorted(places)


def test_what_the_editor_has_written_stays_when_text_is_put_back(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    typed = f"Paragraf editor.\r\n\r\n{STORY[1]}\r\n\r\nPenutup editor."
    act(enter(editor), story, "restore_text", mail.pk, index_of(mail, "closing"), body=typed)
    told = "Demikian disampaikan, atas perhatiannya terima kasih."
    assert fresh(story).body == f"Paragraf editor.\n\n{STORY[1]}\n\n{told}\n\nPenutup editor."


def test_a_text_rewritten_whole_gets_what_is_put_back_above_or_below_it(
    office: Office, editor: Person
) -> None:
    story, mail = taken_in(office, letter())
    client = enter(editor)
    act(client, story, "restore_text", mail.pk, index_of(mail, "closing"), body="Ditulis ulang seluruhnya.")
    act(client, story, "restore_text", mail.pk, index_of(mail, "greeting"))
    body = fresh(story).body
    assert body.index("Yth. Redaksi") < body.index("Ditulis ulang") < body.index("Demikian")


def test_putting_text_back_is_undone_by_one_click_and_forgotten(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    client = enter(editor)
    response = act(
        client, story, "restore_text", mail.pk, index_of(mail, "signature"), headline="Judul editor"
    )
    assert Habit.objects.get().keeps == ["signature"]
    offered = reverse("undo_text", args=[story.pk])
    assert offered in response.content.decode()
    undone = act(client, story, "undo_text")
    assert (fresh(story).body, fresh(story).headline) == (story.body, "Judul editor")
    assert Habit.objects.get().keeps == []
    assert offered not in undone.content.decode()


def test_two_clicks_put_the_same_text_back_once(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    client = enter(editor)
    form = form_of(client.get(page(story)))
    address = reverse("restore_text", args=[story.pk, mail.pk, index_of(mail, "signature")])
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 409, (
        "the second click comes from a page that is old by now"
    )
    assert "Teks ini sudah ada di naskah" in text_of(
        act(client, story, "restore_text", mail.pk, index_of(mail, "signature"))
    )
    assert fresh(story).body.count("Humas Kota Uji") == 1


def test_nothing_is_put_back_over_what_another_saved_meanwhile(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story, mail = taken_in(office, letter())
    seen = story.revision_id
    edit(Story.objects.get(pk=story.pk), second_editor, {"body": "Tulisan Sulastri."}, seen=seen)
    with pytest.raises(Overtaken):
        restore(story, mail, editor, seen=seen)
    assert fresh(story).body == "Tulisan Sulastri."
    assert not Habit.objects.exists()


def test_the_next_mail_of_the_sender_keeps_what_was_put_back(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    act(enter(editor), story, "restore_text", mail.pk, index_of(mail, "closing"))
    later, second = taken_in(office, letter("Kabar lain", message_id="<dua@contoh.example>"))
    kinds = [segment["kind"] for segment in second.segments]
    assert "Demikian disampaikan" in later.body
    assert "signature" in kinds
    assert "closing" not in kinds
    response = enter(editor).get(page(later))
    assert "tidak lagi disisihkan" in text_of(response)
    act(enter(editor), later, "forget_kind", second.pk, "closing")
    third, _ = taken_in(office, letter("Kabar ketiga", message_id="<tiga@contoh.example>"))
    assert "Demikian disampaikan" not in third.body


def test_putting_all_back_at_once_is_no_habit(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    act(enter(editor), story, "restore_all", mail.pk)
    later, _ = taken_in(office, letter("Kabar kedua", message_id="<dua@contoh.example>"))
    assert "Humas Kota" not in later.body
    assert not Habit.objects.exists()


def test_the_habit_is_one_senders_alone(office: Office, editor: Person) -> None:
    office.contributor("@dinas.example", name="Dinas Uji")
    story, mail = taken_in(office, letter(sender="a@dinas.example"))
    act(enter(editor), story, "restore_text", mail.pk, index_of(mail, "closing"))
    other, _ = taken_in(office, letter(sender="b@dinas.example", message_id="<b@dinas.example>"))
    assert "Demikian disampaikan" not in other.body


def test_the_original_is_one_click_away_with_its_head(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    client = enter(editor)
    assert reverse("original_text", args=[mail.pk]) in client.get(page(story)).content.decode()
    words = text_of(client.get(reverse("original_text", args=[mail.pk])))
    for shown in (
        "redaksi@contoh.example",
        "<satu@contoh.example>",
        "Fri, 20 Nov 2026",
        "Dikirim dari iPhone",
    ):
        assert shown in words


# Several texts


def test_another_text_of_the_mail_is_offered_compared_and_used(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(document=SECOND))
    client = enter(editor)
    assert "Surel ini memuat lebih dari satu naskah" in text_of(client.get(page(story)))
    words = text_of(client.get(reverse("other_text", args=[story.pk, mail.pk, 0])))
    mine, other = story.body, mail.others[0]["body"]
    assert mine.split(".")[0] in words
    assert other.split(".")[0] in words
    act(client, story, "choose_text", mail.pk, 0)
    assert fresh(story).body == other
    assert [revision.body for revision in story.revisions.all()] == [mine, other]
    act(client, story, "undo_text")
    assert fresh(story).body == mine


def test_another_text_becomes_a_story_of_its_own_once_with_the_photos_that_were_ticked(
    office: Office, editor: Person
) -> None:
    story, mail = taken_in(office, letter(document=SECOND, photos=2))
    first, second = story.photos.all()
    client = enter(editor)
    address = reverse("split_text", args=[story.pk, mail.pk, 0])
    for _ in range(2):
        client.post(address, {"ikut": [str(second.pk)]})
    assert Story.objects.count() == 2
    made = Story.objects.exclude(pk=story.pk).get()
    assert (made.state, made.body) == ("queued", mail.others[0]["body"])
    assert (list(made.photos.all()), list(story.photos.all())) == ([second], [first])
    assert [photo["sha256"] for photo in fresh(story).revision.photos] == [first.sha256]  # type: ignore[union-attr]
    response = client.get(page(made))
    assert mail.subject in text_of(response), "the mail stands beside both stories"
    assert (
        client.post(
            decide(made, "send_back"), form_of(response) | {"note_send_back": "Lengkapi."}
        ).status_code
        == 302
    )
    assert Letter.objects.get().to == "nala@contoh.example"


def test_photos_move_between_the_stories_of_one_mail_only(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(document=SECOND, photos=2))
    stranger, _ = taken_in(office, letter("Kabar lain", message_id="<dua@contoh.example>"))
    client = enter(editor)
    assert "Pindahkan ke berita lain" not in text_of(client.get(page(story)))
    client.post(reverse("split_text", args=[story.pk, mail.pk, 0]), {})
    assert "Pindahkan ke berita lain" in text_of(client.get(page(story)))
    made = Story.objects.get(split_from=mail)
    photo = story.photos.first()
    assert photo is not None
    act(client, story, "move_photo", photo.pk, stranger.pk)
    assert photo in story.photos.all()
    act(client, story, "move_photo", photo.pk, made.pk)
    assert list(made.photos.all()) == [photo]
    assert len(fresh(made).revision.photos) == 1  # type: ignore[union-attr]


# Parts and pictures


def test_parts_are_listed_as_a_tree_in_the_order_of_the_mail() -> None:
    numbers = ["3/2", "1", "10", "2", "3", "3/1", "3/1/1"]
    parts = [{"number": number, "fate": "kept"} for number in numbers]
    lines = [(line.part["number"], line.depth) for line in tree(parts)]
    assert lines == [("1", 0), ("2", 0), ("3", 0), ("3/1", 1), ("3/1/1", 2), ("3/2", 1), ("10", 0)]


def test_ten_thousand_parts_are_shown_page_by_page(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    part = {
        "content_type": "text/plain",
        "filename": "",
        "size": 1,
        "fate": "kept",
        "reason": "",
        "sha256": "",
    }
    parts = [{**part, "number": str(number), "filename": f"berkas {number}"} for number in range(1, 10_001)]
    Submission.objects.filter(pk=mail.pk).update(parts=parts)
    client = enter(editor)
    response = client.get(page(story))
    assert "60 dari 10.000 bagian" in text_of(response)
    assert len(response.content) < 120_000
    last = text_of(client.get(reverse("mail_parts", args=[mail.pk]), {"hal": "50"}))
    assert "berkas 10000" in last
    assert "berkas 9800 " not in last


def test_a_logo_is_folded_away_and_can_be_used_as_a_photo(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(photos=1, with_logo=True))
    client = enter(editor)
    [aside] = Reading(mail, story).pictures
    assert "1 gambar disisihkan" in text_of(client.get(page(story)))
    small = client.get(reverse("aside_picture", args=[mail.pk, aside.sha256]))
    assert b"".join(small).startswith(b"\xff\xd8\xff")  # type: ignore[arg-type]
    act(client, story, "use_picture", mail.pk, aside.sha256)
    assert [photo.filename for photo in story.photos.all()] == ["foto 1.jpg", "logo-kantor.png"]
    assert len(fresh(story).revision.photos) == 2  # type: ignore[union-attr]
    act(client, story, "use_picture", mail.pk, aside.sha256)
    assert story.photos.count() == 2


def test_a_picture_that_is_always_ignored_is_no_photo_of_later_mails(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(photos=2))
    sha256 = story.photos.get(filename="foto 2.jpg").sha256
    act(enter(editor), story, "ignore_picture", mail.pk, sha256)
    later, second = taken_in(office, letter("Kabar lain", photos=2, message_id="<dua@contoh.example>"))
    assert [photo.filename for photo in later.photos.all()] == ["foto 1.jpg"]
    assert [found.ignored for found in Reading(second, later).pictures] == [True]
    act(enter(editor), later, "use_picture", second.pk, sha256)
    third, _ = taken_in(office, letter("Kabar ketiga", photos=2, message_id="<tiga@contoh.example>"))
    assert third.photos.count() == 2, "who uses it takes it for a photo from now on"


def test_a_picture_in_three_mails_of_a_sender_is_letterhead_by_the_fourth(office: Office) -> None:
    counts = []
    for number in range(4):
        story, _ = taken_in(
            office, letter(f"Kabar {number}", photos=1, message_id=f"<{number}@contoh.example>")
        )
        counts.append(story.photos.count())
    assert counts == [1, 1, 1, 0]


def test_a_story_sent_again_and_again_keeps_its_photos(office: Office) -> None:
    for number in range(4):
        data = letter(photos=1, message_id=f"<{number}@contoh.example>")
        office.post(data)
    office.work()
    fates = [[part["fate"] for part in mail.parts if part["filename"]] for mail in Submission.objects.all()]
    assert fates == [["used"]] * 4


# Links


LINKED = "\n\n".join(STORY) + "\n\nFoto: https://we.tl/t-abc123\n"


def test_a_link_is_shown_with_its_host_and_asked_to_be_attached(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(text=LINKED))
    client = enter(editor)
    response = client.get(page(story))
    assert 'rel="noopener noreferrer nofollow"' in response.content.decode()
    assert "we.tl kedaluwarsa dalam beberapa hari" in text_of(response)
    ask = reverse("ask_for_files", args=[mail.pk])
    form = client.get(ask)
    assert "Surat ini dikirim kepada Nala Ayuningtias nala@contoh.example" in text_of(form)
    body = form.context["body"]
    assert "https://we.tl/t-abc123" in body
    for _ in range(2):
        client.post(ask, {"isi": body})
    sent = Letter.objects.get(kind="request")
    assert (sent.to, sent.in_reply_to, sent.submission) == (
        "nala@contoh.example",
        "<satu@contoh.example>",
        mail,
    )


def test_a_stranger_is_asked_only_by_who_is_sure(office: Office, editor: Person) -> None:
    office.post(letter(text=LINKED, sender="asing@lain.example"))
    office.work()
    mail = Submission.objects.get()
    client = enter(editor)
    ask = reverse("ask_for_files", args=[mail.pk])
    refused = client.post(ask, {"isi": "Mohon lampirkan."})
    assert refused.status_code == 422
    assert "Periksa alamatnya" in text_of(refused)
    assert refused.context["body"] == "Mohon lampirkan."
    assert not Letter.objects.filter(kind="request").exists()
    client.post(ask, {"isi": "Mohon lampirkan.", "yakin": "1"})
    assert Letter.objects.get(kind="request").to == "asing@lain.example"


def test_a_link_that_runs_something_is_no_link(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter(text=LINKED))
    Submission.objects.filter(pk=mail.pk).update(
        links=["javascript:alert(1)", "https://[", "https://we.tl/x"]
    )
    mail.refresh_from_db()
    assert [link.host for link in Reading(mail, story).links] == ["we.tl"]


def test_a_contributor_neither_splits_nor_teaches(office: Office, writer: Person) -> None:
    story, mail = taken_in(office, letter(document=SECOND, photos=1))
    client = enter(writer)
    client.post(reverse("split_text", args=[story.pk, mail.pk, 0]), {})
    client.post(reverse("ignore_picture", args=[story.pk, mail.pk, story.photos.get().sha256]), {})
    client.post(reverse("restore_all", args=[story.pk, mail.pk]), {})
    assert Story.objects.count() == 1
    assert not Habit.objects.exists()
    assert fresh(story).body == story.body


def test_a_picture_of_another_mail_cannot_be_used(office: Office, editor: Person) -> None:
    story, mail = taken_in(office, letter())
    _, other = taken_in(office, letter("Lain", with_logo=True, message_id="<dua@contoh.example>"))
    sha256 = Reading(other, None).pictures[0].sha256
    act(enter(editor), story, "use_picture", mail.pk, sha256)
    assert not story.photos.exists()
