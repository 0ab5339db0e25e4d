"""Saved texts: any two side by side, an earlier one put back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.models import Person, Revision, Story
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, save, text_of
from tests.office import Office


def write(story: Story, by: Person, **words: str) -> Revision:
    client = enter(by)
    client.post(save(story), form_of(client.get(page(story))) | words)
    return story.revisions.latest("id")


def restore(story: Story, old: Revision, by: Person, *, seen: int | None = None) -> str:
    sent = {"seen": seen or fresh(story).revision_id}
    return text_of(enter(by).post(reverse("restore_revision", args=[story.pk, old.pk]), sent, follow=True))


def test_any_two_revisions_are_shown_older_first_word_by_word(office: Office, editor: Person) -> None:
    story = make_story(office)
    one = write(story, editor, body="Rapat dihadiri seratus orang.")
    two = write(story, editor, body="Rapat dihadiri dua ratus orang.")
    write(story, editor, body="Sama sekali lain.")
    address = reverse("compare", args=[story.pk])
    for chosen in (f"?dari={one.pk}&ke={two.pk}", f"?dari={two.pk}&ke={one.pk}"):
        shown = enter(editor).get(address + chosen).content.decode()
        assert "Rapat dihadiri <del>seratus</del><ins>dua ratus</ins> orang." in shown
    shown = enter(editor).get(address)
    assert shown.context["revision"] == two, "without a choice the last two"
    assert [change.label for change in shown.context["changes"]] == ["Isi berita"]


def test_the_photos_that_went_are_shown(office: Office, editor: Person) -> None:
    story = make_story(office, photos=2)
    last = story.photos.all()[1]
    write(story, editor, **{f"foto-{last.pk}-left_out": "on"})
    response = enter(editor).get(reverse("compare", args=[story.pk]))
    assert [photo.pk for photo in response.context["photos_gone"]] == [last.pk]
    assert response.context["photos_new"] == []


def test_a_revision_of_another_story_or_a_wrong_number_is_not_found(office: Office, editor: Person) -> None:
    story, other = make_story(office, 1), make_story(office, 2)
    for wrong in (other.revision_id, "x", "٣", "9" * 30):
        assert enter(editor).get(reverse("compare", args=[story.pk]), {"dari": wrong}).status_code == 404
    assert (
        enter(editor).post(reverse("restore_revision", args=[story.pk, other.revision_id])).status_code == 404
    )


def test_an_earlier_revision_is_put_back_as_a_new_one_and_that_can_be_undone(
    office: Office, editor: Person
) -> None:
    story = make_story(office, photos=2)
    old, (first, last) = story.revision, story.photos.all()
    words = {
        "body": "Baru.",
        f"foto-{last.pk}-caption": "Keterangan baru",
        f"foto-{first.pk}-left_out": "on",
        f"foto-{first.pk}-place": "2",
        f"foto-{last.pk}-place": "1",
    }
    write(story, editor, **words)
    assert old is not None
    assert "Revisi itu menjadi naskah yang sekarang" in restore(story, old, editor)
    story = fresh(story)
    assert story.body == old.body
    assert [(row.caption, row.left_out) for row in story.photos.all()] == [
        ("Keterangan 1", False),
        ("Keterangan 2", False),
    ]
    assert story.log.filter(verb="restore_revision", by=editor).count() == 1
    client = enter(editor)
    client.post(reverse("undo_text", args=[story.pk]), form_of(client.get(page(story))))
    story = fresh(story)
    assert story.body == "Baru."
    assert [(row.caption, row.left_out) for row in story.photos.all()] == [
        ("Keterangan baru", False),
        ("Keterangan 1", True),
    ]


def test_what_protects_people_in_a_photo_is_not_undone_by_it(office: Office, editor: Person) -> None:
    story = make_story(office)
    old, photo = story.revision, story.photos.get()
    write(story, editor, **{"body": "Baru.", f"foto-{photo.pk}-child": "on"})
    story.photos.update(edits={"blurs": [[0.1, 0.1, 0.3, 0.3]]})
    assert old is not None
    restore(story, old, editor)
    photo.refresh_from_db()
    assert photo.child
    assert photo.edits == {"blurs": [[0.1, 0.1, 0.3, 0.3]]}


def test_a_photo_the_story_holds_no_more_is_named(office: Office, editor: Person) -> None:
    story, other = make_story(office, 1, photos=2), make_story(office, 2)
    old = story.revision
    write(story, editor, body="Baru.")
    story.photos.filter(filename="foto 2.jpg").update(story=other)
    assert old is not None
    assert "tidak ikut kembali: foto 2.jpg." in restore(story, old, editor)


@pytest.mark.parametrize(("verb", "words"), [("verify", "Terverifikasi"), ("spike", "Ditolak")])
def test_a_story_that_cannot_be_written_on_refuses_and_says_why(
    office: Office, editor: Person, verb: str, words: str
) -> None:
    story = make_story(office)
    old = story.revision
    write(story, editor, body="Baru.")
    client = enter(editor)
    client.post(decide(story, verb), form_of(client.get(page(story))) | {"note_spike": "Bukan liputan."})
    assert old is not None
    assert f"Berita ini sedang “{words}”" in restore(story, old, editor)
    assert fresh(story).body == "Baru."
    shown = enter(editor).get(reverse("compare", args=[story.pk]))
    assert "Kembalikan revisi" not in text_of(shown)


def test_somebody_who_saved_meanwhile_is_not_run_over(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    old, seen = story.revision, write(story, editor, body="Baru.").pk
    write(story, second_editor, body="Lebih baru.")
    assert old is not None
    assert "Sulastri menyimpan berita ini lebih dulu" in restore(story, old, editor, seen=seen)
    assert fresh(story).body == "Lebih baru."
