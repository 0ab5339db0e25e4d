"""A collage's page as a browser draws it at once: boxes with thumbnails where the printed photos will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

import collage
from newsroom.models import Collage
from photos.lettering import LINE, drawable, font, lines
from prose.dates import plain_date

SOFT = 150
"""Fewer pixels for an inch look soft in print."""
UNIT = 1000
"""A photo's height where its crop is told."""
ROUND = 20
"""Letters are measured at so many pixels for a millimetre."""


@dataclass(frozen=True)
class Line:
    x: str
    y: str
    size: str
    text: str
    length: str
    """As long as it will be in print, whatever letters the browser has."""
    soft: bool = False


@dataclass(frozen=True)
class Tile:
    """One photo on the page; lengths are written as SVG reads them."""

    place: int
    number: int
    name: str
    x: str
    y: str
    width: str
    height: str
    view: str
    """The part that is shown."""
    image: str
    """Width of the photo where its height is UNIT."""
    src: str
    lines: tuple[Line, ...]
    locked: bool
    chosen: bool
    closed: str
    dpi: int
    badge: str
    """Width of the corner's mark."""

    @property
    def soft(self) -> bool:
        return self.dpi < SOFT

    @property
    def label(self) -> str:
        """Return what is read out of the box."""
        said = [_("Foto %(number)d: %(name)s") % {"number": self.number, "name": self.name}]
        said += [_("dikunci")] if self.locked else []
        said += [_("tidak boleh dimuat")] if self.closed else []
        return ", ".join(said)


@dataclass(frozen=True)
class Board:
    width: str
    height: str
    tiles: tuple[Tile, ...]
    heads: tuple[Line, ...]
    months: tuple[Line, ...]
    mark: tuple[str, str, str, str] | None
    rule: tuple[str, str, str, str] | None
    colours: collage.Colours
    screen: bool
    """No paper: for a screen."""


def draw(row: Collage, recipe: collage.Recipe, chosen: int | None, closed: Mapping[int, str]) -> Board:
    """Lay out a recipe for a browser."""
    plan = collage.plan(recipe)
    return Board(
        width=_mm(plan.page.width),
        height=_mm(plan.page.height),
        tiles=tuple(_tile(row, recipe, plan, place, chosen, closed) for place in range(len(recipe.shots))),
        heads=tuple(_heads(recipe, plan)),
        months=tuple(
            _line(one.x, one.y + one.height * 0.75, plan.letter * 1.25, _month(one.month))
            for one in plan.headings
        ),
        mark=_rect(plan.mark),
        rule=_rect(plan.rule),
        colours=recipe.colours,
        screen=plan.page.screen,
    )


def _tile(
    row: Collage,
    recipe: collage.Recipe,
    plan: collage.Plan,
    place: int,
    chosen: int | None,
    closed: Mapping[int, str],
) -> Tile:
    shot, box = recipe.shots[place], plan.boxes[place]
    ratio = shot.subject().ratio
    left, top, right, bottom = box.crop
    view = (left * ratio * UNIT, top * UNIT, (right - left) * ratio * UNIT, (bottom - top) * UNIT)
    return Tile(
        place=place,
        number=place + 1,
        name=shot.name,
        x=_mm(box.x),
        y=_mm(box.y),
        width=_mm(box.width),
        height=_mm(box.height),
        view=" ".join(_mm(one) for one in view),
        image=_mm(ratio * UNIT),
        src=thumbnail(row, shot),
        lines=tuple(_words(shot, plan, box)),
        locked=shot.locked,
        chosen=place == chosen,
        closed=closed.get(place, ""),
        dpi=plan.dpi[place],
        badge=_mm(min(box.width, box.height) * 0.28),
    )


def thumbnail(row: Collage, shot: collage.Shot) -> str:
    """Return the address of a photo of the draft; with other edits it has another."""
    return reverse("collage_photo", args=[row.pk, shot.sha256]) + f"?s={shot.edits.key()}"


def _words(shot: collage.Shot, plan: collage.Plan, box: collage.Box) -> list[Line]:
    size, width = round(plan.letter * ROUND), box.width * ROUND
    said = lines(drawable(shot.caption), size, width, plan.caption_lines) if plan.caption_lines else []
    made = [(one, False) for one in said]
    if plan.meta_lines:
        meta = " · ".join(filter(None, (plain_date(shot.taken_on) if shot.taken_on else "", shot.credit)))
        made += [(one, True) for one in lines(drawable(meta), size, width, 1)]
    top = box.y + box.height + plan.letter * 1.2
    return [
        _line(box.x, top + at * plan.letter * LINE, plan.letter, text, soft)
        for at, (text, soft) in enumerate(made)
    ]


def _line(x: float, y: float, size: float, text: str, soft: bool = False) -> Line:
    pixels = max(1, round(size * ROUND))
    length = font(pixels).getlength(text) * size / pixels
    return Line(_mm(x), _mm(y), _mm(size), text, _mm(length), soft)


def _heads(recipe: collage.Recipe, plan: collage.Plan) -> list[Line]:
    if plan.title is None:
        return []
    big, small = plan.margin * 1.05, plan.margin * 0.5
    rows = [(recipe.title, big, False), (recipe.subtitle, small, True)]
    made, y = [], plan.title.y
    for words, size, soft in rows:
        for text in lines(drawable(words), round(size * ROUND), plan.title.width * ROUND, 1):
            made.append(_line(plan.title.x, y + size * 0.85, size, text, soft))
        y += size * LINE
    return made


def _month(name: str) -> str:
    year, month = name.split("-")
    return plain_date(date(int(year), int(month), 1)).partition(" ")[2]


def _rect(one: collage.Rect | None) -> tuple[str, str, str, str] | None:
    return one and (_mm(one.x), _mm(one.y), _mm(one.width), _mm(one.height))


def _mm(length: float) -> str:
    return f"{length:.2f}"
