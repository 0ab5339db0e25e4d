"""Many photos, one picture: geometry, then pixels."""

from collage.arranging import KINDS, Kind, arrange
from collage.geometry import Area, Arrangement, Box, Heading, Subject, window
from collage.making import Made, Tile, make
from collage.pages import PAGES, Page
from collage.period import CollageError, PeriodRefused, PhotosRefused, RecipeRefused, check_period
from collage.planning import Plan, Rect, plan
from collage.recipe import CAPTIONS, FEWEST, MOST, Colours, Recipe, Shot, loads

__all__ = [
    "CAPTIONS",
    "FEWEST",
    "KINDS",
    "MOST",
    "PAGES",
    "Area",
    "Arrangement",
    "Box",
    "CollageError",
    "Colours",
    "Heading",
    "Kind",
    "Made",
    "Page",
    "PeriodRefused",
    "PhotosRefused",
    "Plan",
    "Recipe",
    "RecipeRefused",
    "Rect",
    "Shot",
    "Subject",
    "Tile",
    "arrange",
    "check_period",
    "loads",
    "make",
    "plan",
    "window",
]
