"""A plan in pixels: where photos, words and lines stand on a sheet of some resolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collage.geometry import Box, Heading
from collage.planning import Plan, Rect
from collage.recipe import Recipe, Shot
from photos.lettering import LINE, drawable, font, lines
from prose.dates import MONTHS, plain_date

PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Words:
    """One line of text from its upper left corner."""

    x: int
    y: int
    size: int
    text: str
    colour: str


@dataclass(frozen=True)
class Sheet:
    size: tuple[int, int]
    paper: str
    boxes: tuple[PixelBox, ...]
    words: tuple[Words, ...]
    rule: PixelBox | None
    rule_colour: str
    mark: PixelBox | None


@dataclass(frozen=True)
class _Scale:
    pixels: float
    """For a millimetre."""
    bleed: float

    def at(self, millimetres: float) -> int:
        return round((millimetres + self.bleed) * self.pixels)

    def box(self, rect: Rect | Box | Heading) -> PixelBox:
        """Return whole pixels; neighbours keep their common edge."""
        left, top = self.at(rect.x), self.at(rect.y)
        return (
            left,
            top,
            max(left + 1, self.at(rect.x + rect.width)),
            max(top + 1, self.at(rect.y + rect.height)),
        )


def print_sheet(recipe: Recipe, plan: Plan, dpi: int) -> Sheet:
    """Return the sheet for print, with its bleed."""
    scale = _Scale(dpi / 25.4, recipe.bleed)
    page = plan.page
    size = (
        round((page.width + 2 * recipe.bleed) * scale.pixels),
        round((page.height + 2 * recipe.bleed) * scale.pixels),
    )
    return _sheet(recipe, plan, size, scale)


def web_sheet(recipe: Recipe, plan: Plan) -> Sheet:
    """Return the sheet for the web, trimmed."""
    return _sheet(recipe, plan, plan.page.web, _Scale(plan.page.web[0] / plan.page.width, 0.0))


def _sheet(recipe: Recipe, plan: Plan, size: tuple[int, int], scale: _Scale) -> Sheet:
    words = [*_head(recipe, plan, scale), *_months(recipe, plan, scale)]
    for shot, box in zip(recipe.shots, plan.boxes, strict=True):
        words.extend(_caption(recipe, plan, shot, scale.box(box), round(plan.letter * scale.pixels)))
    return Sheet(
        size=size,
        paper=recipe.colours.paper,
        boxes=tuple(scale.box(box) for box in plan.boxes),
        words=tuple(words),
        rule=scale.box(plan.rule) if plan.rule else None,
        rule_colour=recipe.colours.rule,
        mark=scale.box(plan.mark) if plan.mark else None,
    )


def _head(recipe: Recipe, plan: Plan, scale: _Scale) -> Iterator[Words]:
    if plan.title is None:
        return
    left, top, right, _ = scale.box(plan.title)
    full = round(plan.margin * scale.pixels * 1.05)
    title = drawable(recipe.title)
    # A long title is written smaller before it is cut.
    sizes = [max(6, round(full * part)) for part in (1.0, 0.85, 0.72, 0.6)]
    size = next((size for size in sizes if font(size).getlength(title) <= right - left), sizes[-1])
    yield from _lines_at(
        left, top + (full - size), size, lines(title, size, right - left, 1), recipe.colours.ink
    )
    small = max(5, round(plan.margin * scale.pixels * 0.5))
    below = top + round(full * LINE)
    subtitle = lines(drawable(recipe.subtitle), small, right - left, 1)
    yield from _lines_at(left, below, small, subtitle, recipe.colours.soft)


def _months(recipe: Recipe, plan: Plan, scale: _Scale) -> Iterator[Words]:
    size = max(5, round(plan.letter * 1.2 * scale.pixels))
    for heading in plan.headings:
        left, top, right, _ = scale.box(heading)
        year, month = heading.month.split("-")
        name = MONTHS[int(month) - 1]
        wishes = (f"{name} {year}", f"{name[:3]} {year}", f"{int(month)}/{year}")
        text = next((wish for wish in wishes if font(size).getlength(wish) <= right - left), "")
        yield from _lines_at(left, top, size, [text] if text else [], recipe.colours.ink)


def _caption(recipe: Recipe, plan: Plan, shot: Shot, box: PixelBox, size: int) -> Iterator[Words]:
    if not plan.caption_lines:
        return
    size = max(4, size)
    width = box[2] - box[0]
    y = box[3] + round(size * 0.4)
    below = _meta(shot, size, width) if plan.meta_lines else []
    room = plan.caption_lines + plan.meta_lines - len(below)
    text = drawable(shot.caption)
    if not text and not plan.meta_lines and shot.taken_on:
        text = plain_date(shot.taken_on)
    caption = lines(text, size, width, max(0, room))
    yield from _lines_at(box[0], y, size, caption, recipe.colours.ink)
    yield from _lines_at(box[0], y + round(size * LINE * len(caption)), size, below, recipe.colours.soft)


def _meta(shot: Shot, size: int, width: float) -> list[str]:
    """Return date and credit: on one line where they fit, else on two. A date is written shorter, never cut."""

    def fits(text: str) -> bool:
        return font(size).getlength(text) <= width

    credit = drawable(shot.credit)
    if shot.taken_on is None:
        return lines(credit, size, width, 1)
    day = shot.taken_on
    dates = (plain_date(day), f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%d/%m}")
    for date in dates[:2]:
        told = f"{date} · {credit}" if credit else date
        if fits(told):
            return [told]
    alone = [date for date in dates if fits(date)][:1]
    return [*alone, *lines(credit, size, width, 1)]


def _lines_at(x: int, y: int, size: int, text: list[str], colour: str) -> Iterator[Words]:
    for number, line in enumerate(text):
        yield Words(x, y + round(number * size * LINE), size, line, colour)
