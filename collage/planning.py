"""Where everything goes on a recipe's page, in millimetres from the trimmed page's upper left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from collage.arranging import arrange
from collage.geometry import Area, Box, Heading
from collage.pages import Page
from collage.recipe import Recipe
from photos.lettering import LINE

_POINT = 25.4 / 72
_SMALLEST_LETTER = 5.4 * _POINT


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Plan:
    """A page with places for all that is drawn on it."""

    page: Page
    margin: float
    letter: float
    """Height of the captions' letters."""
    caption_lines: int
    """Lines for a caption; 0 where there are none."""
    meta_lines: int
    """Lines for date and credit."""
    area: Area
    """What the photos and their words fill."""
    boxes: tuple[Box, ...]
    """In the order of the recipe's photos."""
    headings: tuple[Heading, ...]
    title: Rect | None
    """None where the recipe has no words for the head and no mark."""
    mark: Rect | None
    rule: Rect | None
    dpi: tuple[int, ...]
    """Of each photo in print: pixels of its original for an inch. Below 150 it looks soft."""


def area_of(recipe: Recipe) -> tuple[Area, float, float]:
    """Return what photos and words may fill, and where it begins: its left and its upper edge."""
    page, count = recipe.sheet, max(1, len(recipe.shots))
    margin, letter = _margin(page), _letter(page, count)
    top = margin * 3.6 if _has_head(recipe) else margin
    area = Area(
        width=page.width - 2 * margin,
        height=page.height - top - margin,
        gap=margin * min(0.5, 2 / math.sqrt(count)) * recipe.spacing,
        below=_below(letter, sum(_lines(recipe, count))),
        above=letter * 1.25 * LINE if recipe.layout == "timeline" else 0.0,
    )
    return area, margin, top


def plan(recipe: Recipe) -> Plan:
    """Lay out a recipe. Any number of photos will do, none as well."""
    page, count = recipe.sheet, max(1, len(recipe.shots))
    area, margin, top = area_of(recipe)
    made = arrange(recipe.layout, [shot.subject() for shot in recipe.shots], area)
    boxes = tuple(box.moved(margin, top) for box in made.boxes)
    caption_lines, meta_lines = _lines(recipe, count)
    beside_mark = area.width - (margin * 4.5 if recipe.mark else 0)
    head = _has_head(recipe)
    return Plan(
        page=page,
        margin=margin,
        letter=_letter(page, count),
        caption_lines=caption_lines,
        meta_lines=meta_lines,
        area=area,
        boxes=boxes,
        headings=tuple(replace(one, x=one.x + margin, y=one.y + top) for one in made.headings),
        title=Rect(margin, margin * 0.8, beside_mark, margin * 2.2) if head else None,
        mark=Rect(margin + beside_mark + margin / 2, margin * 0.75, margin * 4, margin * 2.1)
        if recipe.mark
        else None,
        rule=Rect(margin, margin * 3.15, area.width, margin / 40) if head else None,
        dpi=tuple(_dpi(recipe, place, box) for place, box in enumerate(boxes)),
    )


def _has_head(recipe: Recipe) -> bool:
    return bool(recipe.title or recipe.subtitle or recipe.mark)


def _margin(page: Page) -> float:
    return (9.0 if page.screen else 12.0) * page.scale


def _letter(page: Page, count: int) -> float:
    """Return 10 points for a handful on A3, 6.5 for a hundred; more on screens, never too small to read."""
    points = max(6.5, min(10.0, 30 / math.pow(count, 0.32) - 0.5))
    return max(points * _POINT * page.scale * (1.5 if page.screen else 1.0), _SMALLEST_LETTER)


def _lines(recipe: Recipe, count: int) -> tuple[int, int]:
    """Return how many lines a caption gets, and date and credit beside it."""
    wish = recipe.captions
    if wish == "auto":
        wish = "full" if not recipe.sheet.screen else "short" if count <= 12 else "none"
    if wish == "none":
        return 0, 0
    if wish == "short":
        return 1, 0
    return (3 if count <= 30 else 2 if count <= 72 else 1), 1


def _below(letter: float, text_lines: int) -> float:
    return letter * (0.5 + LINE * text_lines) if text_lines else 0.0


def _dpi(recipe: Recipe, place: int, box: Box) -> int:
    shot = recipe.shots[place]
    width = float(shot.width)
    if shot.edits.crop:
        width *= shot.edits.crop[2] - shot.edits.crop[0]
    return round(width * (box.crop[2] - box.crop[0]) / (box.width / 25.4))
