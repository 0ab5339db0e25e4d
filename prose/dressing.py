"""A story put into one site's style: its dateline and code written around the text, its captions and credits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from config import Style
from prose.style import (
    NOBODY,
    SENTENCE_END,
    Fields,
    Known,
    merge,
    reads_as_dateline,
    reads_as_tail,
    stands_alone,
    take_apart,
    without_tail,
)

# Blocks a dateline or a tail cannot be written into.
_STRUCTURE = re.compile(r"^(?:#{1,6} |>|[-*+] |\d+[.)] |\||```|~~~|-{3,}$|\*{3,}$|_{3,}$)")
_GROUP = re.compile(r"\(([^()\[\]]*\{\w+\}[^()\[\]]*)\)|\[([^()\[\]]*\{\w+\}[^()\[\]]*)\]")
_FIELD = re.compile(r"\{(#?\w+)\}")
_HERE = "\0"


@dataclass(frozen=True)
class Dressed:
    """A story's text in one site's style: the whole is the three written one after the other."""

    before: str
    """The dateline, with the space behind it."""
    body: str
    after: str
    """The code, with the space before it."""
    fields: Fields
    """What they were written from, the text's own dateline and code included."""

    @property
    def whole(self) -> str:
        """The Markdown a site receives."""
        return self.before + self.body + self.after


def render(fields: Fields, style: Style, known: Known = NOBODY) -> str:
    """Return the story in a site's style. A dateline or code already in the body is replaced, never doubled."""
    return dress(fields, style, known).whole


def dress(fields: Fields, style: Style, known: Known = NOBODY) -> Dressed:
    """Return the story in a site's style, piece by piece. Doing it to what was dressed changes nothing."""
    known = _with_names(known, style)
    fields = merge(fields, take_apart(fields.body, known))
    values = _values(fields, style)
    has_place = fields.dateline_city or stands_alone(fields.dateline_office, known)
    dateline = fill(style.dateline, values) if has_place else ""
    tail = fill(style.tail, values)
    # Words of a style that nothing recognises in general are known exactly.
    body = fields.body
    if dateline.strip() and not reads_as_dateline(f"{dateline.strip()}\n\nX", known):
        body = body.removeprefix(dateline.strip()).strip()
    if tail.strip() and not reads_as_tail(f"X.\n\n{tail.strip()}", known):
        body = body.removesuffix(tail.strip()).strip()
    before = _before(body, dateline, known)
    after = _after(body, tail)
    if not body:
        before, after = before.rstrip(), f"\n\n{tail.strip()}" if before and tail.strip() else tail.strip()
    return Dressed(before, body, after, replace(fields, body=body))


def caption(text: str, fields: Fields, style: Style, known: Known = NOBODY) -> str:
    """Return a photo's caption in a site's style; empty stays empty, and a code it carries is not doubled."""
    values = _values(fields, style)
    before, _, after = fill(style.caption, {**values, "caption": _HERE}).partition(_HERE)
    before, after, text = before.lstrip(), after.rstrip(), text.strip()
    if not before and not after:
        return text
    while (less := without_tail(_undressed(text, before, after), _with_names(known, style))) != text:
        text = less
    return f"{before}{text}{after}" if text else ""


def credit(text: str, fields: Fields, style: Style) -> str:
    """Return a photo's credit in a site's style; one that is written so already stays as it is."""
    values = {**_values(fields, style), "credit": _HERE}
    before, here, after = fill(style.credit, values).partition(_HERE)
    if not here:
        return before.strip()
    before, after, text = before.lstrip(), after.rstrip(), text.strip()
    while (less := _undressed(text, before, after)) != text:
        text = less
    alone = fill(style.credit, {**values, "credit": ""})
    return alone if text in ("", alone) else f"{before}{named(text, style)}{after}"


def named(name: str, style: Style) -> str:
    """Return what an office or outlet is called on a site."""
    names = {ours.casefold(): theirs for ours, theirs in style.names.items()}
    return names.get(name.strip().casefold(), name)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a template; an empty value takes the punctuation between it and its neighbour along.

    Brackets whose fields are all empty are left out, and so is a whole template without any value.
    """
    inner: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        name = f"#{len(inner)}"
        filled = fill(match[1] or match[2], values)
        inner[name] = f"{match[0][0]}{filled}{match[0][-1]}" if filled else ""
        return f"{{{name}}}"

    pieces = _FIELD.split(_GROUP.sub(keep, template))
    if len(pieces) == 1:
        return template
    made, written = pieces[0], False
    for name, between in zip(pieces[1::2], ["", *pieces[2:-1:2]], strict=True):
        value = inner[name] if name in inner else values.get(name, "").strip()
        if value:
            made += (between if written else "") + value
            written = True
    return made + pieces[-1] if written else ""


def _values(fields: Fields, style: Style) -> dict[str, str]:
    outlet, office = named(fields.byline_outlet, style), named(fields.dateline_office, style)
    return {
        "office": office,
        "city": fields.dateline_city,
        "outlet": outlet,
        "writer": fields.byline_writer,
        "editor": fields.byline_editor,
        "photographer": fields.photographer,
        "credit": outlet or office,
    }


def _with_names(known: Known, style: Style) -> Known:
    names = (*style.names, *style.names.values())
    return Known((*known.offices, *names), (*known.outlets, *names)) if names else known


def _undressed(text: str, before: str, after: str) -> str:
    dressed = (before or after) and len(text) >= len(before) + len(after)
    if dressed and text.startswith(before) and text.endswith(after):
        return text[len(before) : len(text) - len(after)].strip()
    return text


def _before(body: str, dateline: str, known: Known) -> str:
    if not dateline.strip():
        return ""
    if not body or _STRUCTURE.match(body) or not reads_as_dateline(dateline + body, known):
        return f"{dateline.strip()}\n\n"
    return dateline


def _after(body: str, tail: str) -> str:
    if not tail.strip():
        return ""
    last = body.rsplit("\n\n", 1)[-1]
    fits = body and not any(_STRUCTURE.match(line.lstrip()) for line in last.split("\n"))
    if fits and not tail.startswith("\n") and SENTENCE_END.search(last):
        return f" {tail.strip()}"
    return f"\n\n{tail.strip()}"
