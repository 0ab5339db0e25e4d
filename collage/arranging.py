"""The kinds of layout, and one function that makes each of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from collage.geometry import Area, Arrangement, Box, Heading, Subject, mean_shape, shown
from collage.mosaic import mosaic
from collage.rows import fitting_height, fitting_width, grid, justified, row_counts

Kind = Literal["rows", "mosaic", "grid", "timeline", "cover"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_FROM_LEFT = 1.2
"""Areas wider than this have their cover at the left, others at the top."""
_COVER_SHAPES = (0.6, 2.1)


def arrange(kind: Kind, subjects: Sequence[Subject], area: Area) -> Arrangement:
    """Place the photos in their order, filling the area; a timeline puts them in the order of their months.

    The boxes come in the order of `subjects`. No photo is distorted: where its box has another shape, the
    box names the part that is shown. The cover of a cover layout is the first photo.
    """
    if not subjects:
        return Arrangement(())
    if kind == "timeline":
        return _timeline(subjects, area)
    area = replace(area, above=0.0)
    return Arrangement(shown(_LAYOUTS[kind](subjects, area), subjects))


def _timeline(subjects: Sequence[Subject], area: Area) -> Arrangement:
    """Rows in the order of the months; each month's name stands above its first photo."""
    order = sorted(range(len(subjects)), key=lambda at: (not subjects[at].month, subjects[at].month, at))
    ordered = [subjects[at] for at in order]
    placed = shown(justified(ordered, area), ordered)
    boxes = [placed[0]] * len(subjects)
    for at, box in zip(order, placed, strict=True):
        boxes[at] = box
    return Arrangement(tuple(boxes), tuple(_headings(ordered, placed, area)))


def _headings(ordered: Sequence[Subject], placed: Sequence[Box], area: Area) -> list[Heading]:
    starts = [
        at
        for at, subject in enumerate(ordered)
        if subject.month and (at == 0 or ordered[at - 1].month != subject.month)
    ]
    made = []
    for at in starts:
        box = placed[at]
        next_ones = [placed[other].x for other in starts if other > at and placed[other].y == box.y]
        ends = min(next_ones) - area.gap if next_ones else area.width
        made.append(Heading(box.x, box.y - area.above, ends - box.x, area.above, ordered[at].month))
    return made


def _cover(subjects: Sequence[Subject], area: Area) -> list[Box]:
    """One large photo, and rows of all others beside or under it.

    The cover is as large as leaves the others uncropped, a little nearer to what would show it whole, within
    limits that follow from their number.
    """
    if len(subjects) == 1:
        return [Box(0.0, 0.0, area.width, area.height - area.below)]
    beside = area.width >= area.height * _FROM_LEFT
    share = 0.66 - 0.075 * math.log2(max(len(subjects), 6) / 6)
    return (_cover_beside if beside else _cover_above)(subjects, area, (share - 0.1, share + 0.1))


def _cover_beside(subjects: Sequence[Subject], area: Area, shares: tuple[float, float]) -> list[Box]:
    height = area.height - area.below
    least, most = (max(share * area.width, _COVER_SHAPES[0] * height) for share in shares)
    rest = replace(area, width=area.width - (least + most) / 2 - area.gap)
    others, counts = subjects[1:], row_counts(len(subjects) - 1, mean_shape(subjects), rest)
    fitting = area.width - area.gap - fitting_width(others, rest, counts)
    width = min(max(_nearer(fitting, subjects[0].shape * height), least), most)
    rest = replace(area, width=area.width - width - area.gap)
    return [
        Box(0.0, 0.0, width, height),
        *(box.moved(width + area.gap, 0.0) for box in justified(others, rest, counts)),
    ]


def _nearer(length: float, wish: float) -> float:
    """Return the length moved by up to 6 % of itself towards another."""
    return min(max(wish, length * 0.94), length * 1.06)


def _cover_above(subjects: Sequence[Subject], area: Area, shares: tuple[float, float]) -> list[Box]:
    words = area.below + area.gap
    least, most = (max(share * area.height, area.width / _COVER_SHAPES[1]) for share in shares)
    rest = replace(area, height=area.height - (least + most) / 2 - words)
    others, counts = subjects[1:], row_counts(len(subjects) - 1, mean_shape(subjects), rest)
    fitting = area.height - words - fitting_height(others, rest, counts)
    height = min(max(_nearer(fitting, area.width / subjects[0].shape), least), most)
    rest = replace(area, height=area.height - height - words)
    return [
        Box(0.0, 0.0, area.width, height),
        *(box.moved(0.0, height + words) for box in justified(others, rest, counts)),
    ]


_LAYOUTS: dict[Kind, Callable[[Sequence[Subject], Area], list[Box]]] = {
    "rows": justified,
    "mosaic": mosaic,
    "grid": grid,
    "cover": _cover,
}
