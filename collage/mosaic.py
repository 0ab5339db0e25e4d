"""A mosaic: the area cut again and again, so that each photo gets its share by weight, in their order.

The coarse cuts follow from the number of photos alone; only where their lines run follows from the weights.
Inside a block of up to five photos the cuts are those that suit these photos' shapes best. So a photo that
changes its shape, or two that change places, cut anew only their own blocks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collage.geometry import Area, Box, Subject

_BLOCK = 5
_LIGHTEST, _HEAVIEST = 0.5, 2.0
_MOST_SHIFTED = 0.3
"""By how much of its even share weights may shift a coarse cut."""
_LOWEST, _WIDEST = 0.6, 2.1
"""Shapes a box should keep to; beyond them a cut costs dearly."""
_RIBBON = 60.0
_FOR_WEIGHT = 0.2
"""Where a cut inside a block runs: 0 crops nothing, 1 gives each photo exactly its share."""
_BY_WEIGHT = 0.3
"""Price of a photo twice as large as its weight asks for, beside one cropped to half of its width."""


@dataclass(frozen=True)
class _Cell:
    """A part of the area with its photos' words, to be cut or filled."""

    x: float
    y: float
    width: float
    height: float

    def cut(self, share: float, gap: float, *, upright: bool) -> tuple[_Cell, _Cell]:
        """Cut in two along an upright or a lying line, the first with `share` of what the gap leaves."""
        if upright:
            first = (self.width - gap) * share
            rest = self.width - gap - first
            return (
                _Cell(self.x, self.y, first, self.height),
                _Cell(self.x + first + gap, self.y, rest, self.height),
            )
        first = (self.height - gap) * share
        rest = self.height - gap - first
        return (
            _Cell(self.x, self.y, self.width, first),
            _Cell(self.x, self.y + first + gap, self.width, rest),
        )


def mosaic(subjects: Sequence[Subject], area: Area) -> list[Box]:
    """Fill the area with boxes whose sizes follow the photos' weights, in their order as blocks are read."""
    mean = sum(subject.weight for subject in subjects) / len(subjects) or 1.0
    weights = [min(max(subject.weight / mean, _LIGHTEST), _HEAVIEST) for subject in subjects]
    whole = _Cell(0.0, 0.0, area.width, area.height)
    return _coarse(subjects, weights, whole, whole, area)


def _coarse(
    subjects: Sequence[Subject], weights: Sequence[float], cell: _Cell, nominal: _Cell, area: Area
) -> list[Box]:
    """Cut a cell in two until blocks are left; `nominal` is the cell as it were if all weighed the same."""
    number = len(subjects)
    if number <= _BLOCK:
        return _block(subjects, weights, cell, area)
    half = (number + 1) // 2
    upright = nominal.width >= nominal.height - area.below
    fair = half / number
    share = sum(weights[:half]) / sum(weights)
    share = min(max(share, fair * (1 - _MOST_SHIFTED)), 1 - (1 - fair) * (1 - _MOST_SHIFTED))
    cells = cell.cut(share, area.gap, upright=upright)
    nominals = nominal.cut(fair, area.gap, upright=upright)
    return [
        *_coarse(subjects[:half], weights[:half], cells[0], nominals[0], area),
        *_coarse(subjects[half:], weights[half:], cells[1], nominals[1], area),
    ]


@dataclass(frozen=True)
class _Tree:
    """A way to cut a block: a leaf, or two parts side by side (upright) or one above the other."""

    ratio: float
    """The shape at which none of its photos is cropped."""
    parts: tuple[_Tree, _Tree] | None = None
    upright: bool = False
    leaves: int = 1


def _block(subjects: Sequence[Subject], weights: Sequence[float], cell: _Cell, area: Area) -> list[Box]:
    """Cut a block as suits its photos' shapes and weights best."""
    fair = cell.width * cell.height / len(subjects)
    trees = _trees([_with_words(subject.shape, fair, area.below) for subject in subjects])
    made = (_leaves(tree, weights, cell, area) for tree in trees)
    return min(made, key=lambda boxes: _price(boxes, subjects, weights))


def _with_words(shape: float, fair: float, below: float) -> float:
    """Return the shape of a photo and its words together, where both fill `fair`."""
    width = (math.sqrt(below * below + 4 * fair / shape) - below) * shape / 2
    return width * width / fair


def _trees(ratios: Sequence[float]) -> list[_Tree]:
    if len(ratios) == 1:
        return [_Tree(ratios[0])]
    made = []
    for at in range(1, len(ratios)):
        for one in _trees(ratios[:at]):
            for other in _trees(ratios[at:]):
                leaves = one.leaves + other.leaves
                made.append(_Tree(one.ratio + other.ratio, (one, other), True, leaves))
                made.append(_Tree(1 / (1 / one.ratio + 1 / other.ratio), (one, other), False, leaves))
    return made


def _leaves(tree: _Tree, weights: Sequence[float], cell: _Cell, area: Area) -> list[Box]:
    if tree.parts is None:
        height = max(cell.height - area.below, cell.height / 8, 1e-6)
        return [Box(cell.x, cell.y, max(cell.width, 1e-6), height)]
    one, other = tree.parts
    by_shape = one.ratio / other.ratio if tree.upright else other.ratio / one.ratio
    by_weight = sum(weights[: one.leaves]) / sum(weights[one.leaves :])
    parts = math.pow(by_shape, 1 - _FOR_WEIGHT) * math.pow(by_weight, _FOR_WEIGHT)
    cells = cell.cut(parts / (1 + parts), area.gap, upright=tree.upright)
    return [
        *_leaves(one, weights[: one.leaves], cells[0], area),
        *_leaves(other, weights[one.leaves :], cells[1], area),
    ]


def _price(boxes: Sequence[Box], subjects: Sequence[Subject], weights: Sequence[float]) -> float:
    """Return what a cut costs: photos cropped, boxes that are ribbons, sizes beside their weights."""
    total = sum(box.width * box.height for box in boxes) / sum(weights)
    price = 0.0
    for box, subject, weight in zip(boxes, subjects, weights, strict=True):
        price += math.log(box.shape / subject.shape) ** 2
        price += _RIBBON * max(0.0, math.log(_LOWEST / box.shape), math.log(box.shape / _WIDEST))
        price += _BY_WEIGHT * math.log(box.width * box.height / total / weight) ** 2
    return price
