"""The pages a collage may have: paper to print, and screens to share on."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page trimmed to its size."""

    name: str
    width: float
    """Millimetres."""
    height: float
    web: tuple[int, int]
    """Pixels of the picture for the web."""
    screen: bool = False
    """Made to be looked at on a screen: larger letters, fewer words."""

    @property
    def scale(self) -> float:
        """Return how large the page is beside A3."""
        return math.hypot(self.width, self.height) / math.hypot(420.0, 297.0)


_LYING, _STANDING = (2000, 1414), (1414, 2000)

PAGES: dict[str, Page] = {
    page.name: page
    for page in (
        Page("a4-landscape", 297.0, 210.0, _LYING),
        Page("a4-portrait", 210.0, 297.0, _STANDING),
        Page("a3-landscape", 420.0, 297.0, _LYING),
        Page("a3-portrait", 297.0, 420.0, _STANDING),
        Page("a2-landscape", 594.0, 420.0, _LYING),
        Page("a2-portrait", 420.0, 594.0, _STANDING),
        Page("square", 300.0, 300.0, (1440, 1440), screen=True),
        Page("wide", 320.0, 180.0, (1920, 1080), screen=True),
        Page("story", 180.0, 320.0, (1080, 1920), screen=True),
    )
}
