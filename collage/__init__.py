"""Many photos, one picture: geometry, then pixels."""

from collage.layout import Box, justified, page
from collage.making import FEWEST, MOST, Made, Tile, make
from collage.period import CollageError, PeriodRefused, PhotosRefused, check_period

__all__ = [
    "FEWEST",
    "MOST",
    "Box",
    "CollageError",
    "Made",
    "PeriodRefused",
    "PhotosRefused",
    "Tile",
    "check_period",
    "justified",
    "make",
    "page",
]
