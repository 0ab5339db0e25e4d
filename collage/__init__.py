"""Many photos, one picture: geometry, then pixels."""

from collage.arranging import KINDS, Kind, arrange
from collage.drawing import Source
from collage.gallery import photo_file, photo_name
from collage.geometry import Area, Arrangement, Box, Heading, Subject, window
from collage.pages import PAGES, Page
from collage.period import CollageError, PeriodRefused, PhotosRefused, RecipeRefused, check_period
from collage.planning import Plan, Rect, plan
from collage.recipe import CAPTIONS, FEWEST, MOST, Colours, Recipe, Shot, loads
from collage.rendering import NAMES, OUTPUTS, LeftOut, Output, Rendered, render

__all__ = [
    "CAPTIONS",
    "FEWEST",
    "KINDS",
    "MOST",
    "NAMES",
    "OUTPUTS",
    "PAGES",
    "Area",
    "Arrangement",
    "Box",
    "CollageError",
    "Colours",
    "Heading",
    "Kind",
    "LeftOut",
    "Output",
    "Page",
    "PeriodRefused",
    "PhotosRefused",
    "Plan",
    "Recipe",
    "RecipeRefused",
    "Rect",
    "Rendered",
    "Shot",
    "Source",
    "Subject",
    "arrange",
    "check_period",
    "loads",
    "photo_file",
    "photo_name",
    "plan",
    "render",
    "window",
]
