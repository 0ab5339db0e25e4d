"""What is told of a photo beside it, and to whom: where it was taken is for those who judge what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from newsroom.models import Person, Photo, Story
from newsroom.views.photo_facts import facts_for
from tests.newsroom.screens import enter, make_story, page, release, text_of
from tests.office import Office

GPS = [-2.209764, 113.916541]
TRACES = ("209764", "20976", "916541", "91654", "GPS")


@pytest.fixture
def story(office: Office) -> Story:
    told = make_story(office)
    zone = settings.REDAKSI.office.tz
    told.photos.update(
        facts={"gps": GPS, "camera": "Kamera Contoh X1", "format": "JPEG", "creator": "Nala"},
        taken_at=datetime(2026, 11, 20, 9, 5, tzinfo=zone),
        sharpness=30.0,
        exposure=0.1,
        width=4000,
        height=3000,
    )
    return told


def person_of(office: Office, role: str, writer: Person) -> Person:
    if role == "contributor":
        return writer
    person: Person = office.person(f"si-{role}", role)
    return person


@pytest.mark.parametrize(
    ("role", "sees"),
    [("contributor", False), ("operator", False), ("editor", True), ("chief", True), ("admin", True)],
)
def test_where_a_photo_was_taken_is_in_no_page_of_those_who_need_not_know(
    office: Office, writer: Person, story: Story, role: str, sees: bool
) -> None:
    client = enter(person_of(office, role, writer))
    answer = client.get(page(story))
    assert answer.status_code == 200
    assert ("2,20976 LS; 113,91654 BT" in text_of(answer)) is sees
    release(story, office.person("pemutus"))
    for address in (
        page(story),
        reverse("record", args=[story.pk]),
        reverse("archive"),
        reverse("published"),
    ):
        html = client.get(address).content.decode()
        assert sees or not any(trace in html for trace in TRACES), address


def test_nobody_who_is_signed_out_or_shut_out_is_told_anything(office: Office, story: Story) -> None:
    assert Client().get(page(story)).status_code == 302
    gone = office.person("bekas", "editor")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    assert all(name != "Lokasi (GPS)" for name, _words in facts_for(story.photos.get(), gone))


def test_the_photos_table_tells_its_facts_with_zone_and_plain_words(
    office: Office, editor: Person, story: Story
) -> None:
    said = text_of(enter(editor).get(reverse("photo_edit", args=[story.pk, story.photos.get().pk])))
    assert "Diambil (jam kamera) Jumat, 20 November 2026 pukul 09.05 WIB" in said.replace("\u00a0", " ")
    assert "Kamera Kamera Contoh X1" in said
    assert "4.000 × 3.000 piksel, JPEG" in said
    assert "mungkin kurang tajam" in said
    assert "terlalu gelap" in said
    assert "2,20976 LS; 113,91654 BT" in said


@pytest.mark.parametrize("gps", [None, [], [1.0], "di sana", {"lat": 1}, [None, None], ["<b>", "x"]])
def test_odd_places_and_missing_facts_break_no_page(office: Office, editor: Person, gps: Any) -> None:
    story = make_story(office)
    story.photos.update(facts={"gps": gps} if gps is not None else {}, width=0)
    answer = enter(editor).get(page(story))
    assert answer.status_code == 200
    assert "LS" not in text_of(answer)


def test_what_a_camera_says_is_shown_as_text(office: Office, editor: Person) -> None:
    story = make_story(office)
    story.photos.update(facts={"camera": "<script>alert(1)</script>"})
    assert "<script>alert" not in enter(editor).get(page(story)).content.decode()


@pytest.mark.parametrize(
    ("sharpness", "exposure", "words"),
    [
        (49.9, 0.5, ["mungkin kurang tajam", "baik"]),
        (50, 0.81, ["cukup tajam", "terlalu terang"]),
        (200, 0.2, ["tajam", "baik"]),
    ],
)
def test_sharpness_and_light_are_told_in_words(
    office: Office, editor: Person, sharpness: float, exposure: float, words: list[str]
) -> None:
    told = facts_for(Photo(sharpness=sharpness, exposure=exposure), editor)
    assert [said for _name, said in told] == words
