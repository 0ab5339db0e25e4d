"""Two people on one story at once: the second is told, and nobody's words are lost."""

from __future__ import annotations

from datetime import UTC, datetime

from newsroom.models import Person
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, save, text_of
from tests.office import Office


def test_the_second_of_two_who_save_is_told_and_keeps_their_words(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    one.post(save(story), first | {"body": "Isi dari Bram."})
    response = two.post(save(story), second | {"body": "Isi dari Sulastri."})
    assert response.status_code == 409
    assert "Bram mengubah berita ini lebih dulu" in text_of(response)
    assert form_of(response)["body"] == "Isi dari Sulastri."
    assert "<del>Bram</del><ins>Sulastri</ins>" in response.content.decode()
    assert fresh(story).body == "Isi dari Bram."


def test_having_read_both_the_second_may_save(office: Office, editor: Person, second_editor: Person) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    one.post(save(story), first | {"body": "Isi dari Bram."})
    told = two.post(save(story), second | {"body": "Isi dari Sulastri."})
    assert two.post(save(story), form_of(told)).status_code == 302
    assert fresh(story).body == "Isi dari Sulastri."
    assert [row.by for row in story.revisions.exclude(by=None)] == [editor, second_editor]


def test_the_seconds_words_do_not_undo_what_the_first_wrote_elsewhere(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, photos=2)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    photo, other = story.photos.all()
    one.post(
        save(story),
        first
        | {
            "headline": "Judul Bram",
            f"foto-{photo.pk}-caption": "Caption Bram",
            f"foto-{other.pk}-child": "on",
            "sites": ["kota"],
            "embargo_until": "2031-01-02T08:00",
        },
    )
    told = two.post(
        save(story), second | {"body": "Isi Sulastri.", f"foto-{other.pk}-caption": "Caption Sulastri"}
    )
    assert told.status_code == 409
    assert two.post(save(story), form_of(told)).status_code == 302
    story = fresh(story)
    assert (story.headline, story.body, story.sites) == ("Judul Bram", "Isi Sulastri.", ["kota"])
    assert story.embargo_until == datetime(2031, 1, 2, 1, 0, tzinfo=UTC)
    assert [row.caption for row in story.photos.all()] == ["Caption Bram", "Caption Sulastri"]
    assert story.photos.get(pk=other.pk).child, "a child marked by the first stays marked"


def test_the_second_of_two_who_decide_is_told(office: Office, editor: Person, second_editor: Person) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    one.post(decide(story, "spike"), first | {"note_spike": "Bukan liputan."})
    response = two.post(decide(story, "verify"), second)
    assert response.status_code == 409
    assert "Bram mengubah berita ini lebih dulu" in text_of(response)
    assert fresh(story).state == "spiked"


def test_words_written_on_a_story_another_has_verified_are_not_lost(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    one.post(decide(story, "verify"), first)
    response = two.post(save(story), second | {"body": "Tulisan Sulastri selama sejam."})
    assert response.status_code == 409
    assert "Tulisan Sulastri selama sejam." in text_of(response)
    assert fresh(story).state == "verified"


def test_a_decision_on_a_text_that_has_changed_since_is_not_made(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(page(story))), form_of(two.get(page(story)))
    one.post(save(story), first | {"body": "Isi yang belum dibaca Sulastri."})
    assert two.post(decide(story, "verify"), second).status_code == 409
    assert fresh(story).state == "queued"


def test_a_form_that_does_not_say_what_it_was_made_from_saves_nothing(office: Office, editor: Person) -> None:
    story = make_story(office)
    for seen in ({}, {"seen": "٣"}, {"seen": "1" * 60, "seen_state": "queued"}):
        response = enter(editor).post(save(story), {"headline": "Lain", "body": "Lain", **seen})
        assert response.status_code == 409
    assert fresh(story).headline == "Judul berita 1"
