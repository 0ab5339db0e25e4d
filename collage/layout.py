"""Where photos go: pure geometry, in any unit. Rows of one height, every row as wide as the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

_MOST_CROPPED = 0.12
"""By how much a page may flatten or heighten its rows; the photos are then cropped, never stretched."""


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


def justified(
    ratios: Sequence[float], width: float, gap: float, target_row_height: float, below: float = 0
) -> list[Box]:
    """Place photos of these width-to-height ratios, in their order, in full rows near the target height.

    Every box has its photo's own ratio, every gap is `gap`, and `below` is left free under each row. The
    row breaks are those whose heights together differ least from the target.
    """
    boxes: list[Box] = []
    y = 0.0
    for first, after in _rows(ratios, width, gap, target_row_height):
        height = _height(ratios[first:after], width, gap)
        x = 0.0
        for ratio in ratios[first:after]:
            boxes.append(Box(x, y, ratio * height, height))
            x += ratio * height + gap
        y += height + below + gap
    return boxes


def page(ratios: Sequence[float], width: float, height: float, gap: float, below: float = 0) -> list[Box]:
    """Place photos in full rows on a page of fixed height, using as much of it as can be.

    Rows are made up to 12 % flatter or higher to fit: a box then asks for a crop of its photo. What still
    is free lies evenly between the rows.
    """
    candidates = (height / 1.1**step for step in range(40))
    layouts = {tuple(justified(ratios, width, gap, target, below)) for target in candidates}
    best = min(sorted(layouts, key=len), key=lambda boxes: _misfit(boxes, height, gap, below))
    rows = sorted({box.y for box in best})
    factor = _stretch(best, height, gap, below)
    factor = min(max(factor, 1 - _MOST_CROPPED), 1 + _MOST_CROPPED)
    fitted = {box.y: box.height * factor for box in best}
    used = sum(fitted.values()) + len(rows) * below + (len(rows) - 1) * gap
    if used > height:
        # Too high even so: make everything smaller, in the middle of the page.
        return _shrunk(best, fitted, width, height, gap, below)
    spare = (height - used) / max(1, len(rows) - 1)
    tops: dict[float, float] = {}
    y = 0.0
    for row in rows:
        tops[row] = y
        y += fitted[row] + below + gap + spare
    return [replace(box, y=tops[box.y], height=fitted[box.y]) for box in best]


def _shrunk(
    boxes: Sequence[Box], heights: dict[float, float], width: float, height: float, gap: float, below: float
) -> list[Box]:
    free = height - len(heights) * below - (len(heights) - 1) * gap
    factor = max(free, 1.0) / sum(heights.values())
    made: list[Box] = []
    y = 0.0
    for row in sorted(heights):
        members = [box for box in boxes if box.y == row]
        x = (width - sum(box.width for box in members) * factor - gap * (len(members) - 1)) / 2
        for box in members:
            made.append(Box(x, y, box.width * factor, heights[row] * factor))
            x += box.width * factor + gap
        y += heights[row] * factor + below + gap
    return made


def _rows(ratios: Sequence[float], width: float, gap: float, target: float) -> list[tuple[int, int]]:
    """Break photos into rows (first, after) so that the sum of squared deviations is smallest."""
    count = len(ratios)
    cost = [0.0] + [math.inf] * count
    start = [0] * (count + 1)
    for after in range(1, count + 1):
        for first in range(after - 1, -1, -1):
            row = _height(ratios[first:after], width, gap)
            if row <= 0:
                break
            candidate = cost[first] + math.log(row / target) ** 2
            if candidate < cost[after]:
                cost[after], start[after] = candidate, first
            if row < target / 4:
                break  # more photos only make it lower still
    rows = []
    after = count
    while after:
        rows.append((start[after], after))
        after = start[after]
    return rows[::-1]


def _height(ratios: Sequence[float], width: float, gap: float) -> float:
    return (width - gap * (len(ratios) - 1)) / sum(ratios)


def _stretch(boxes: Sequence[Box], height: float, gap: float, below: float) -> float:
    """Return by what factor the rows' heights would fill the page."""
    heights = {box.y: box.height for box in boxes}
    free = height - len(heights) * below - (len(heights) - 1) * gap
    return free / sum(heights.values())


def _misfit(boxes: Sequence[Box], height: float, gap: float, below: float) -> float:
    factor = _stretch(boxes, height, gap, below)
    if factor <= 0:
        return math.inf
    heights = [math.log(box.height) for box in boxes]
    spread = max(heights) - min(heights)
    return abs(math.log(factor)) + spread / 4
