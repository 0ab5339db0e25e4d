from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collage.layout import Box, justified, page

RATIOS = st.lists(st.floats(0.5, 2.5), min_size=1, max_size=120)
USUAL = st.lists(st.sampled_from([0.75, 1.0, 4 / 3, 1.5, 16 / 9, 2.0]), min_size=6, max_size=120)
NEAR = 1e-6


def rows_of(boxes: Sequence[Box]) -> list[list[Box]]:
    rows: dict[float, list[Box]] = defaultdict(list)
    for box in boxes:
        rows[box.y].append(box)
    return [rows[y] for y in sorted(rows)]


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x + one.width > other.x + NEAR
        and other.x + other.width > one.x + NEAR
        and one.y + one.height > other.y + NEAR
        and other.y + other.height > one.y + NEAR
    )


@given(RATIOS, st.floats(500, 5000), st.floats(0, 3), st.floats(60, 900), st.floats(0, 120))
def test_every_photo_keeps_its_shape(
    ratios: list[float], width: float, gap: float, target: float, below: float
) -> None:
    boxes = justified(ratios, width, gap, target, below)
    assert len(boxes) == len(ratios)
    for box, ratio in zip(boxes, ratios, strict=True):
        assert math.isclose(box.width / box.height, ratio, rel_tol=NEAR)


@given(RATIOS, st.floats(500, 5000), st.floats(0, 3), st.floats(60, 900), st.floats(0, 120))
def test_every_row_is_full_and_every_gap_the_same(
    ratios: list[float], width: float, gap: float, target: float, below: float
) -> None:
    rows = rows_of(justified(ratios, width, gap, target, below))
    top = 0.0
    for row in rows:
        assert math.isclose(row[0].x, 0, abs_tol=NEAR)
        assert math.isclose(row[-1].x + row[-1].width, width, rel_tol=NEAR)
        for one, other in pairwise(row):
            assert math.isclose(other.x - (one.x + one.width), gap, abs_tol=1e-4)
        assert math.isclose(row[0].y, top, abs_tol=1e-4)
        assert len({round(box.height, 6) for box in row}) == 1
        top += row[0].height + below + gap


@given(RATIOS)
def test_photos_stand_in_their_order_as_one_reads(ratios: list[float]) -> None:
    boxes = justified(ratios, 1000, 5, 200)
    assert [(box.y, box.x) for box in boxes] == sorted((box.y, box.x) for box in boxes)


@given(st.lists(st.floats(0.75, 2.0), min_size=24, max_size=120))
def test_rows_are_near_the_height_that_was_asked_for(ratios: list[float]) -> None:
    for row in rows_of(justified(ratios, 1600, 12, 200)):
        assert 200 / 1.6 < row[0].height < 200 * 1.6


def test_the_row_breaks_are_the_best_there_are() -> None:
    ratios = [1.0, 1.5, 0.75, 2.0, 1.0, 1.3, 0.8, 1.7]

    def cost(breaks: list[list[float]]) -> float:
        return sum(math.log((600 - 10 * (len(row) - 1)) / sum(row) / 150) ** 2 for row in breaks)

    def every(rest: list[float]) -> list[list[list[float]]]:
        if not rest:
            return [[]]
        return [[rest[:n], *more] for n in range(1, len(rest) + 1) for more in every(rest[n:])]

    made = rows_of(justified(ratios, 600, 10, 150))
    assert math.isclose(
        cost([[box.width / box.height for box in row] for row in made]),
        min(map(cost, every(ratios))),
        rel_tol=1e-6,
    )


@given(RATIOS, st.floats(0, 60), st.floats(0, 150))
def test_a_page_holds_every_photo_once_without_overlap_and_within_its_edges(
    ratios: list[float], gap: float, below: float
) -> None:
    boxes = page(ratios, 3200, 4200, gap / 4, below / 4)
    assert len(boxes) == len(ratios)
    for number, box in enumerate(boxes):
        assert box.width > 0 and box.height > 0
        assert box.x >= -NEAR and box.y >= -NEAR
        assert box.x + box.width <= 3200 + 1e-3
        assert box.y + box.height + below / 4 <= 4200 + 1e-3
        assert not any(overlap(box, other) for other in boxes[number + 1 : number + 12])


@settings(max_examples=40)
@given(USUAL)
def test_a_page_crops_a_photo_a_little_at_most(ratios: list[float]) -> None:
    for box, ratio in zip(page(ratios, 3200, 4200, 20, 60), ratios, strict=True):
        assert 0.88 - NEAR <= (box.width / box.height) / ratio <= 1 / 0.88 + NEAR


@settings(max_examples=40)
@given(st.lists(st.sampled_from([0.75, 1.0, 4 / 3, 1.5, 16 / 9]), min_size=12, max_size=120))
def test_a_page_is_used_from_edge_to_edge(ratios: list[float]) -> None:
    boxes = page(ratios, 3200, 4200, 20, 60)
    rows = rows_of(boxes)
    assert rows[-1][0].y + rows[-1][0].height + 60 > 4200 * 0.97
    spaces = [below[0].y - above[0].y - above[0].height for above, below in pairwise(rows)]
    assert max(spaces) - min(spaces) < 1e-3


@pytest.mark.parametrize("count", [1, 6, 120])
def test_photos_of_one_shape_make_a_regular_grid(count: int) -> None:
    boxes = justified([1.5] * count, 1200, 10, 200)
    rows = rows_of(boxes)
    assert max(len(row) for row in rows) - min(len(row) for row in rows) <= 1
