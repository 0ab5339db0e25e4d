from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collage import CollageError, Colours, Recipe, RecipeRefused, Shot, loads, plan
from photos import Edits
from tests.collage.shots import shots

FULL = Recipe(
    shots=(
        Shot(
            sha256="a" * 64,
            width=4000,
            height=3000,
            name="musrenbang.jpg",
            edits=Edits(crop=(0.0, 0.1, 1.0, 0.9), blurs=((0.1, 0.2, 0.2, 0.3),), focus=(0.5, 0.25)),
            focus=(0.4, 0.3),
            zoom=1.5,
            caption="Wali Kota “membuka” Musrenbang – Kecamatan Contoh",
            taken_on=date(2026, 6, 30),
            credit="Foto: nala",
            weight=2.0,
            locked=True,
        ),
        *shots(6),
    ),
    layout="mosaic",
    page="story",
    title="Kolase Juni–November 2026",
    subtitle="Media Center Contoh",
    start=date(2026, 6, 1),
    end=date(2026, 11, 30),
    captions="short",
    mark="b" * 64,
    colours=Colours(paper="#101418"),
    spacing=0.5,
    bleed=0.0,
    marks=True,
)


def test_a_recipe_is_read_from_what_it_writes() -> None:
    assert loads(FULL.dumps()) == replace(FULL, shots=loads(FULL.dumps()).shots)
    assert loads(FULL.dumps()).shots[0] == FULL.shots[0]
    assert loads(FULL.dumps()).dumps() == FULL.dumps()
    assert loads(Recipe().dumps()) == Recipe()


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(0, 120))
def test_what_was_read_writes_the_same_again(seed: int, count: int) -> None:
    told = loads(Recipe(shots(count, seed)).dumps())
    assert loads(told.dumps()) == told and loads(told.dumps()).key() == told.key()


def test_whole_numbers_and_fractions_are_one_recipe() -> None:
    one = json.loads(FULL.dumps())
    one["photos"][0]["weight"], one["spacing"], one["bleed"] = 2, 0.5, 0
    assert Recipe.from_json(one).key() == FULL.key()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"version": 2}, "versi"),
        ({"version": "1"}, "version"),
        ({"layout": "spiral"}, "layout"),
        ({"page": "a5"}, "page"),
        ({"title": 3}, "title"),
        ({"title": "x" * 2001}, "title"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "kemarin"}, "start"),
        ({"captions": True}, "captions"),
        ({"mark": "logo.png"}, "mark"),
        ({"colours": {"paper": "white"}}, "colours"),
        ({"colours": {"border": "#000000"}}, "colours"),
        ({"spacing": -1}, "spacing"),
        ({"bleed": float("nan")}, "bleed"),
        ({"marks": "ya"}, "marks"),
        ({"photos": {}}, "photos"),
        ({"photos": [{}] * 121}, "120"),
        ({"photos": ["x"]}, "foto ke-1"),
        ({"photos": [{"sha256": "../../etc/passwd", "width": 1, "height": 1}]}, "sha256"),
        ({"photos": [{"sha256": "a" * 64, "height": 1}]}, "width"),
        ({"photos": [{"sha256": "a" * 64, "width": 0, "height": 1}]}, "width"),
        ({"photos": [{"sha256": "a" * 64, "width": 1, "height": 1, "zoom": 0.5}]}, "zoom"),
        ({"photos": [{"sha256": "a" * 64, "width": 1, "height": 1, "edits": {"crop": [1]}}]}, "edits"),
        ({"photos": [{"sha256": "a" * 64, "width": 1, "height": 1, "focus": [2, 0]}]}, "focus"),
        ({"photos": [{"sha256": "a" * 64, "width": 1, "height": 1, "child": True}]}, "child"),
        ({"poem": "…"}, "poem"),
    ],
)
def test_a_recipe_that_is_none_is_refused_with_its_place(change: dict[str, Any], word: str) -> None:
    told = {"version": 1, "layout": "rows", "page": "square", "photos": []} | change
    with pytest.raises(RecipeRefused, match=word) as refused:
        Recipe.from_json(told)
    assert isinstance(refused.value, CollageError) and str(refused.value).endswith(".")


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"version": 1', "[" * 100_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(RecipeRefused):
        loads(text)


def test_locked_photos_keep_their_places_whatever_the_others_do() -> None:
    one, two, three, four, five = shots(5)
    held = replace(three, locked=True)
    recipe = Recipe((one, two, held, four, five))
    assert recipe.reordered((five, four, three, two, one)).shots == (five, four, held, two, one)
    assert recipe.reordered((four,)).shots == (four, held), "nobody stands in an empty place"
    new = replace(one, sha256="c" * 64)
    assert recipe.reordered((new, one, two)).shots == (new, one, held, two)


@settings(max_examples=50)
@given(st.integers(6, 60), st.randoms(use_true_random=False))
def test_locks_hold_in_every_order(count: int, chance: Any) -> None:
    given_ones = tuple(replace(shot, locked=chance.random() < 0.3) for shot in shots(count))
    wanted = chance.sample(given_ones, count)
    made = Recipe(given_ones).reordered(wanted).shots
    assert all(made[place] == shot for place, shot in enumerate(given_ones) if shot.locked)
    free = [shot for shot in wanted if not shot.locked]
    assert [shot for shot in made if not shot.locked] == free


def test_two_photos_swap_and_the_locks_stay_with_the_places() -> None:
    one, two, *rest = shots(4)
    swapped = Recipe((replace(one, locked=True), two, *rest)).swapped(0, 1)
    assert [shot.sha256 for shot in swapped.shots[:2]] == [two.sha256, one.sha256]
    assert [shot.locked for shot in swapped.shots] == [True, False, False, False]


def test_the_shape_and_the_focus_are_those_of_what_the_edits_leave() -> None:
    shot = Shot("a" * 64, 4000, 2000, edits=Edits(crop=(0.5, 0.0, 1.0, 1.0), focus=(0.75, 0.5)))
    assert shot.subject().ratio == 1.0
    assert shot.subject().focus == (0.5, 0.5)
    assert replace(shot, focus=(0.6, 0.5)).subject().focus == pytest.approx((0.2, 0.5))


def test_a_plan_says_how_sharp_each_photo_will_be_in_print() -> None:
    few = tuple(replace(shot, width=600, height=400, edits=Edits()) for shot in shots(6))
    assert max(plan(Recipe(few, page="a2-landscape")).dpi) < 150
    many = tuple(replace(shot, width=6000, height=4000, edits=Edits()) for shot in shots(6))
    assert min(plan(Recipe(many, page="a2-landscape")).dpi) > 300 > 150


def test_the_documented_recipe_names_every_member() -> None:
    text = (Path(__file__).parents[2] / "docs" / "collage.md").read_text()
    told = json.loads(text.split("```json")[1].split("```")[0])
    recipe = Recipe.from_json(told)
    assert recipe.to_json() == told
    assert {"photos" if name == "shots" else name for name in vars(recipe)} <= set(told)
    assert set(vars(recipe.shots[0])) == set(told["photos"][0])
