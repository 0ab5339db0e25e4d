"""Which photos a collage is offered, in which order, and which it never gets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from newsroom.candidates import Candidate, Field, gather, propose
from newsroom.editing import first_revision
from newsroom.models import Leader, Photo, Revision, Story, Tag
from photos import distance
from tests.office import Office

START, END = date(2026, 7, 1), date(2026, 12, 31)
SHA = "{:064x}"


def candidate(number: int, day: date = START, event: str = "", **fields: Any) -> Candidate:
    given: dict[str, Any] = {"sharpness": 10.0, "exposure": 0.475, "width": 3000, "height": 2000, **fields}
    return Candidate(
        story=number,
        headline=f"Judul {number}",
        revision=number,
        sha256=SHA.format(number),
        name=f"Foto {number}",
        caption=f"Foto {number}",
        credit="",
        day=day,
        category="",
        event=(event or number,),
        edits={},
        masked={},
        **given,
    )


def chosen(rows: list[Candidate], count: int, **how: Any) -> list[int]:
    return [one.story for one in propose(Field(tuple(rows)), count, **how).chosen]


def published(number: int, day: date = date(2026, 8, 1), **fields: Any) -> Photo:
    """Give the office a released story with one photo, without mails and sites."""
    about = {name: fields.pop(name) for name in ("event_on", "event_place", "category") if name in fields}
    zone = datetime.now().astimezone().tzinfo
    story = Story.objects.create(
        key=f"k{number}",
        headline=f"Judul {number}",
        received_at=datetime(day.year, day.month, day.day, 5, tzinfo=zone),
        **about,
    )
    photo = Photo.objects.create(story=story, sha256=SHA.format(number), caption=f"Foto {number}", **fields)
    revision = first_revision(story, "receive")
    Revision.objects.filter(pk=revision.pk).update(sealed=True)
    Story.objects.filter(pk=story.pk).update(state="released")
    return photo


def stories(found: Field) -> set[str]:
    return {one.headline for one in found.open}


# Choosing


def test_every_month_with_photos_is_in_the_collage() -> None:
    many = [
        candidate(number, date(2026, 7, 1) + timedelta(days=number % 28), score=0.9) for number in range(60)
    ]
    few = [candidate(100 + month, date(2026, month, 15), score=0.1) for month in (8, 9, 10, 11, 12)]
    got = propose(Field((*many, *few)), 12).chosen
    assert len(got) == 12
    assert {one.month for one in got} == {f"2026-{month:02}" for month in range(7, 13)}


def test_an_event_gives_one_photo_its_best_and_the_others_say_why_they_are_left() -> None:
    rows = [candidate(1, event="a", score=0.2), candidate(2, event="a", score=0.8), candidate(3, score=0.1)]
    made = propose(Field(tuple(rows)), 3, fewest=2)
    assert [one.story for one in made.chosen] == [2, 3]
    assert made.left == {SHA.format(1): "Acaranya sudah diwakili “Foto 2”."}


def test_near_duplicates_are_never_both_chosen_not_even_to_make_up_the_number() -> None:
    like = [candidate(number, dhash=f"{(1 << number) - 1:016x}", score=number / 10) for number in (1, 2, 3)]
    made = propose(Field((*like, candidate(9, dhash="f" * 16))), 6, fewest=6)
    assert {one.story for one in made.chosen} == {3, 9}
    assert made.left[SHA.format(1)] == "Mirip dengan “Foto 3”."


def test_few_events_give_a_second_photo_until_there_are_enough_for_a_page() -> None:
    rows = [candidate(number, event="ab"[number % 2], score=number / 10) for number in range(1, 10)]
    assert len(chosen(rows, 24)) == 6
    assert chosen(rows, 24) == [4, 5, 6, 7, 8, 9]


def test_photos_that_are_kept_stay_and_others_are_chosen_around_them() -> None:
    rows = [candidate(number, score=number / 100) for number in range(1, 30)]
    got = chosen(rows, 8, keep={SHA.format(1)}, without={SHA.format(29)})
    assert got == [1, *range(22, 29)]


@given(
    st.lists(
        st.tuples(st.integers(0, 180), st.integers(0, 6), st.integers(0, 3), st.floats(0, 1), st.booleans()),
        max_size=40,
    ),
    st.integers(6, 24),
)
def test_a_proposal_is_spread_and_holds_no_two_alike(drawn: list[tuple[Any, ...]], count: int) -> None:
    rows = [
        candidate(
            number,
            START + timedelta(days=day),
            event=f"acara {day} {event}" if event else "",
            dhash=f"{(1 << (bits * 12)) - 1:016x}" if hashed else "",
            score=score,
        )
        for number, (day, event, bits, score, hashed) in enumerate(drawn, start=1)
    ]
    made = propose(Field(tuple(rows)), count)
    got = made.chosen
    assert len(got) <= count
    assert [one.day for one in got] == sorted(one.day for one in got)
    hashes = [int(one.dhash, 16) for one in got if one.dhash]
    assert all(distance(a, b) > 7 for at, a in enumerate(hashes) for b in hashes[:at])
    if len(got) > 6:
        assert len({one.event for one in got}) == len(got)
    assert set(made.left) == {one.sha256 for one in rows} - {one.sha256 for one in got}
    assert all(made.left.values())
    plain = [one for one in rows if not one.dhash]  # nothing is like them
    if count >= 7:
        months = {one.month for one in plain if sum(one.event == other.event for other in rows) == 1}
        assert months <= {one.month for one in got}


# Ranking


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"sharpness": 20.0}, {"sharpness": 5.0}),
        ({"exposure": 0.5}, {"exposure": 0.95}),
        ({"exposure": 0.45}, {"exposure": 0.05}),
        ({"width": 3000, "height": 2000}, {"width": 640, "height": 480}),
    ],
)
def test_the_sharper_better_lit_and_larger_photo_comes_first(
    office: Office, better: Mapping[str, Any], worse: Mapping[str, Any]
) -> None:
    usual = {"sharpness": 12.0, "exposure": 0.475, "width": 2000, "height": 1500}
    published(1, **{**usual, **worse})
    published(2, **{**usual, **better})
    assert [one.headline for one in gather(START, END).ranked()] == ["Judul 2", "Judul 1"]


def test_the_rank_is_said_in_words(office: Office) -> None:
    published(1, sharpness=20.0, exposure=0.9, width=640, height=480)
    published(2, sharpness=2.0, exposure=0.47, width=4000, height=3000)
    said = {one.headline: one.marks for one in gather(START, END).open}
    assert said["Judul 1"] == ("tajam", "terlalu terang", "kecil untuk dicetak")
    assert said["Judul 2"] == ("kurang tajam", "terangnya pas", "cukup besar")


# What there is


def test_the_period_goes_by_the_day_of_the_event_and_else_of_the_arrival(office: Office) -> None:
    published(1, date(2026, 8, 1))
    published(2, date(2027, 1, 3), event_on=date(2026, 12, 30))
    published(3, date(2026, 8, 1), event_on=date(2026, 6, 30))
    published(4, date(2027, 1, 1))
    assert stories(gather(START, END)) == {"Judul 1", "Judul 2"}


def test_a_leader_a_tag_and_a_category_leave_only_what_is_described_so(office: Office) -> None:
    leader = Leader.objects.create(name="Contoh", title="Wali Kota")
    tag = Tag.objects.create(name="banjir", slug="banjir")
    whole, single, neither = published(1), published(2), published(3, category="Kesehatan")
    whole.story.leaders.add(leader)
    single.leaders.add(leader)
    single.tags.add(tag)
    assert neither.story.category == "Kesehatan"
    assert stories(gather(START, END, leader=leader)) == {"Judul 1", "Judul 2"}
    assert stories(gather(START, END, leader=leader, tag=tag)) == {"Judul 2"}
    assert stories(gather(START, END, category="Kesehatan")) == {"Judul 3"}


def test_two_stories_of_one_day_and_place_are_one_event(office: Office) -> None:
    day = date(2026, 9, 1)
    for number, place in ((1, "Aula Kota"), (2, " aula kota "), (3, "Lapangan")):
        published(number, event_on=day, event_place=place)
    one, other, third = gather(START, END).open
    assert one.event == other.event != third.event


def test_a_photo_like_a_barred_one_stays_out_until_an_editor_has_told_them_apart(office: Office) -> None:
    flagged = published(1, dhash="00000000000000ff", child=True)
    like = published(2, dhash="00000000000000fe")
    published(3, dhash="ffffffffffffffff")
    assert stories(gather(START, END)) == {"Judul 3"}
    assert (
        "mirip dengan “Foto 1” yang ditandai"
        in {one.name: one.why for one in gather(START, END).shut}["Foto 2"]
    )
    Photo.objects.filter(pk=like.pk).update(told_apart=[f"{flagged.sha256}:child"])
    assert stories(gather(START, END)) == {"Judul 2", "Judul 3"}


def test_gathering_asks_as_many_questions_for_one_story_as_for_twenty(office: Office) -> None:
    published(1)
    with CaptureQueriesContext(connection) as few:
        gather(START, END)
    for number in range(2, 21):
        published(number, child=number % 5 == 0)
    with CaptureQueriesContext(connection) as many:
        assert len(gather(START, END).open) == 16
    assert len(many) == len(few)
