"""What every layout is made of: photos as shapes, the area they fill, the boxes they get. Pure, in any unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Point = tuple[float, float]
"""From the left edge and from the top edge, as fractions."""
Window = tuple[float, float, float, float]
"""Left, top, right, bottom of a crop, as fractions of the photo as its edits leave it."""

WHOLE: Window = (0.0, 0.0, 1.0, 1.0)
NARROWEST, WIDEST = 0.7, 1.9
"""Panoramas and tall scans are laid out as these shapes, or one of them would make its whole row a ribbon."""
FOCUS: Point = (0.5, 0.4)
"""Where a crop looks when nobody said: heads are rather above the middle."""
MOST_ZOOM = 4.0


@dataclass(frozen=True)
class Subject:
    """A photo as geometry sees it."""

    ratio: float
    """Width ÷ height, upright and as its edits leave it."""
    weight: float = 1.0
    """How much of the page it deserves, beside the others; only a mosaic asks."""
    focus: Point | None = None
    """What a crop must keep; None where nobody said."""
    month: str = ""
    """`2026-06`; only a timeline asks. Photos without a month come last."""
    zoom: float = 1.0
    """1 shows as much as the box can, 2 half of that in each direction."""

    @property
    def shape(self) -> float:
        """Return the ratio layouts reckon with."""
        return min(max(self.ratio, NARROWEST), WIDEST)


@dataclass(frozen=True)
class Area:
    """What the photos and their words fill, from edge to edge."""

    width: float
    height: float
    gap: float
    below: float = 0.0
    """Left free under each photo, for its words."""
    above: float = 0.0
    """Left free above each row of a timeline, for the months' names."""


@dataclass(frozen=True)
class Box:
    """Where a photo goes, and which part of it is shown."""

    x: float
    y: float
    width: float
    height: float
    crop: Window = WHOLE

    @property
    def shape(self) -> float:
        return self.width / self.height

    def moved(self, x: float, y: float) -> Box:
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True)
class Heading:
    """A month's name above its first photo."""

    x: float
    y: float
    width: float
    height: float
    month: str


@dataclass(frozen=True)
class Arrangement:
    """The boxes of all photos, in the photos' own order."""

    boxes: tuple[Box, ...]
    headings: tuple[Heading, ...] = ()


def window(ratio: float, shape: float, focus: Point | None = None, zoom: float = 1.0) -> Window:
    """Return the largest part of a photo with the box's shape, as near around the focus as its edges allow.

    The focus is always in it, with half of the part on each side, or all there is to the photo's edge.
    """
    width, height = (shape / ratio, 1.0) if ratio > shape else (1.0, ratio / shape)
    zoom = min(max(zoom, 1.0), MOST_ZOOM)
    width, height = width / zoom, height / zoom
    x, y = focus or FOCUS
    left = min(1 - width, max(0.0, x - width / 2))
    top = min(1 - height, max(0.0, y - height / 2))
    return left, top, left + width, top + height


def shown(boxes: Sequence[Box], subjects: Sequence[Subject]) -> tuple[Box, ...]:
    """Return the boxes with the part of its photo that each one shows."""
    return tuple(
        replace(box, crop=window(subject.ratio, box.shape, subject.focus, subject.zoom))
        for box, subject in zip(boxes, subjects, strict=True)
    )


def mean_shape(subjects: Sequence[Subject]) -> float:
    """Return the photos' usual shape in steps of a twelfth: all that decides how many go into a row.

    It is the same however the photos are ordered, and a small change of one seldom takes it over a step.
    """
    mean = sum(subject.shape for subject in subjects) / len(subjects)
    return max(1, round(mean * 12)) / 12
