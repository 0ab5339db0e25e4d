"""The office's spelling list and who may change it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.acts import ActRefused
from newsroom.checking import look_over
from newsroom.models import LogEntry, Person, Spelling
from newsroom.spellings import add, change, stamp
from tests.newsroom.screens import enter, make_story, text_of
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(office: Office) -> None:
    Spelling.objects.all().delete()


def test_a_pair_that_is_added_is_looked_for_in_every_story_and_logged(office: Office, editor: Person) -> None:
    story = make_story(office, body="Harga ruwet sekali.", photos=0)
    enter(editor).post(reverse("spellings"), {"wrong": " ruwet ", "right": "rumit"})
    assert [item.first.fix for item in look_over(story)] == ["rumit"]
    assert LogEntry.objects.get(verb="spelling").note == "ruwet → rumit"


def test_a_pair_out_of_use_stays_on_the_list_and_can_come_back(office: Office, editor: Person) -> None:
    story = make_story(office, body="Harga ruwet sekali.", photos=0)
    row = add("ruwet", "rumit", editor)
    client = enter(editor)
    address = reverse("change_spelling", args=[row.pk])
    client.post(address, {"right": "rumit", "dipakai": "0", "seen": stamp(row)})
    assert look_over(story) == []
    assert "ruwet tidak dipakai" in text_of(client.get(reverse("spellings")))
    row.refresh_from_db()
    client.post(address, {"right": "rumit", "dipakai": "1", "seen": stamp(row)})
    assert len(look_over(story)) == 1


def test_of_two_editors_the_second_is_told(editor: Person, second_editor: Person) -> None:
    row = add("ruwet", "rumit", editor)
    seen = stamp(row)
    change(row, "sulit", editor, active=True, seen=seen)
    with pytest.raises(ActRefused, match="Orang lain"):
        change(row, "pelik", second_editor, active=True, seen=seen)
    row.refresh_from_db()
    assert row.right == "sulit"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("", "rumit"),
        ("ruwet", " "),
        ("sama", "sama"),
        ("Ruwet", "walikota"),
        ("a", "dibidang"),
        ("kota", "wali kota"),
    ],
)
def test_a_pair_that_would_never_come_to_rest_is_refused(editor: Person, wrong: str, right: str) -> None:
    Spelling.objects.create(wrong="walikota", right="wali kota")
    with pytest.raises(ActRefused):
        add(wrong, right, editor)


def test_a_word_already_listed_is_told_and_the_fields_keep_what_was_typed(editor: Person) -> None:
    add("ruwet", "rumit", editor)
    answer = enter(editor).post(reverse("spellings"), {"wrong": "ruwet", "right": "pelik"})
    assert answer.status_code == 422
    assert "sudah ada di daftar" in text_of(answer)
    assert 'value="pelik"' in answer.content.decode()


def test_the_list_is_searched_by_either_word(editor: Person) -> None:
    add("ruwet", "rumit", editor)
    add("ijin", "izin", editor)
    words = text_of(enter(editor).get(reverse("spellings"), {"q": "izin"}))
    assert "ijin" in words
    assert "ruwet" not in words
