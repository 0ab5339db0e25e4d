"""Photos in full rows: of their own heights (justified), or all of one height (grid).

How many photos a row gets follows from their number, their usual shape and the area, never from a single
photo. So two photos that change places leave all others in their rows, and one that becomes a little wider
moves its neighbours by a little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from collage.geometry import Area, Box, Subject, mean_shape

Counts = tuple[int, ...]

_UNEVEN = 0.25
"""Price of a row with twice the photos of another, against cropping: about a sixth of a side."""
_MOST_IN_A_ROW = 24


def justified(subjects: Sequence[Subject], area: Area, counts: Counts = ()) -> list[Box]:
    """Fill the area with rows whose photos have one height and, but for a common small crop, their own shapes."""
    counts = counts or row_counts(len(subjects), mean_shape(subjects), area)
    heights = _natural(subjects, counts, area)
    factor = _free(len(counts), area) / sum(heights)
    return _placed(subjects, counts, [height * factor for height in heights], area, own_widths=True)


def fitting_height(subjects: Sequence[Subject], area: Area, counts: Counts) -> float:
    """Return the height at which these rows would crop nothing, whatever height the area has."""
    return area.height - _free(len(counts), area) + sum(_natural(subjects, counts, area))


def fitting_width(subjects: Sequence[Subject], area: Area, counts: Counts) -> float:
    """Return the width at which these rows would crop nothing, whatever width the area has."""
    sums = [sum(subject.shape for subject in row) for row in _rows(subjects, counts)]
    gaps = sum(area.gap * (count - 1) / total for count, total in zip(counts, sums, strict=True))
    return (_free(len(counts), area) + gaps) / sum(1 / total for total in sums)


def _natural(subjects: Sequence[Subject], counts: Counts, area: Area) -> list[float]:
    """Return the heights at which rows fill their width with whole photos."""
    rows = _rows(subjects, counts)
    return [_inner(len(row), area) / sum(subject.shape for subject in row) for row in rows]


def _rows(subjects: Sequence[Subject], counts: Counts) -> Iterator[Sequence[Subject]]:
    first = 0
    for count in counts:
        yield subjects[first : first + count]
        first += count


def grid(subjects: Sequence[Subject], area: Area) -> list[Box]:
    """Fill the area with cells of one height; where the number fills no grid, some rows have one wider cell less."""
    counts = _grid_counts(len(subjects), mean_shape(subjects), area)
    height = _free(len(counts), area) / len(counts)
    return _placed(subjects, counts, [height] * len(counts), area, own_widths=False)


def _placed(
    subjects: Sequence[Subject], counts: Counts, heights: Sequence[float], area: Area, *, own_widths: bool
) -> list[Box]:
    boxes: list[Box] = []
    y = 0.0
    for count, height in zip(counts, heights, strict=True):
        row = subjects[len(boxes) : len(boxes) + count]
        shares = [subject.shape if own_widths else 1.0 for subject in row]
        unit = _inner(count, area) / sum(shares)
        x = 0.0
        for share in shares:
            boxes.append(Box(x, y + area.above, share * unit, height))
            x += share * unit + area.gap
        y += area.above + height + area.below + area.gap
    return boxes


@lru_cache(maxsize=512)
def row_counts(number: int, shape: float, area: Area) -> Counts:
    """Return how many photos each row gets: the counts that need the least cropping and differ little."""

    def cost(counts: Counts) -> float:
        free = _free(len(counts), area)
        if free <= 0:
            return math.inf
        heights = sum(_inner(count, area) / (count * shape) for count in counts)
        uneven = math.log(max(counts) / min(counts))
        return abs(math.log(free / heights)) + _UNEVEN * uneven

    return min(_candidates(number, area), key=cost)


def _candidates(number: int, area: Area) -> Iterator[Counts]:
    """Yield rows as even as can be, and such with one or two rows of fewer, larger photos before them."""
    for rows in range(1, number + 1):
        if number / rows > _MOST_IN_A_ROW and rows < number:
            continue
        if _free(rows, area) <= 0 and rows > 1:
            return
        yield even(number, rows)
        for leading in (1, 2):
            if rows <= leading:
                continue
            for few in range(max(1, -(-3 * number // (5 * rows))), number // rows):
                yield (few,) * leading + even(number - few * leading, rows - leading)


def even(number: int, rows: int) -> Counts:
    """Share `number` photos among rows so that no row has two more than another."""
    return tuple((row + 1) * number // rows - row * number // rows for row in range(rows))


@lru_cache(maxsize=512)
def _grid_counts(number: int, shape: float, area: Area) -> Counts:
    def cost(counts: Counts) -> float:
        height = _free(len(counts), area) / len(counts)
        if height <= 0:
            return math.inf
        off = sum(abs(math.log(_inner(count, area) / count / height / shape)) * count for count in counts)
        return off / number + _UNEVEN * math.log(max(counts) / min(counts))

    return min((even(number, rows) for rows in range(1, number + 1)), key=cost)


def _inner(count: int, area: Area) -> float:
    """Return what a row's gaps leave of its width."""
    return area.width - area.gap * (count - 1)


def _free(rows: int, area: Area) -> float:
    """Return what the words and gaps of so many rows leave of the height."""
    return area.height - rows * (area.above + area.below) - (rows - 1) * area.gap
