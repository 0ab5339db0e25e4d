"""Two texts side by side: which words went, which came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from newsroom.models import Revision
from photos import Edits

MOST_LINES = 2000
MOST_WORDS = 6000
"""Beyond these the comparison would take seconds: the text is then shown as replaced whole."""
_WORDS = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True)
class Piece:
    kind: str
    """`same`, `gone` or `new`."""
    text: str


KEPT_BESIDE = 160
"""Characters of unchanged text shown before and after a change; what lies between is left out."""


@dataclass(frozen=True)
class Difference:
    label: str
    pieces: Sequence[Piece]


def compare(old: str, new: str) -> list[Piece]:
    """Return the pieces of both texts in order, differing words marked."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return _joined(_lines(before, after) if max(len(before), len(after)) <= MOST_LINES else _whole(old, new))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Compare two states of a story, as `as_shown` gives them, field by field; equal fields are left out."""
    return [
        Difference(label, shortened(compare(str(old[name]), str(new[name]))))
        for name, label in labels().items()
        if old[name] != new[name]
    ]


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out long stretches that are the same, but for a little beside each change."""
    shown = []
    for place, piece in enumerate(pieces):
        text = piece.text
        before = text[:KEPT_BESIDE].rpartition(" ")[0] if place else ""
        after = text[-KEPT_BESIDE:].partition(" ")[2] if place < len(pieces) - 1 else ""
        if piece.kind == "same" and len(text) > 2 * KEPT_BESIDE + 40:
            piece = Piece("same", f"{before} … {after}")
        shown.append(piece)
    return shown


def labels() -> dict[str, str]:
    return {
        "headline": _("Judul"),
        "dateline_city": _("Dateline"),
        "byline_outlet": _("Unit"),
        "byline_writer": _("Inisial penulis"),
        "byline_editor": _("Editor"),
        "photographer": _("Fotografer"),
        "category": _("Kategori"),
        "body": _("Isi berita"),
        "photos": _("Foto"),
    }


def as_shown(text: Any, photos: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a revision's or story's text with its photos written out, one line each."""
    lines = [
        f"{number}. {photo['filename'] or photo['sha256'][:12]}: "
        + " · ".join(filter(None, (photo["caption"], photo["credit"], photo["alt"], _edits(photo))))
        for number, photo in enumerate(photos, start=1)
    ]
    return {**{name: getattr(text, name) for name in Revision.TEXT}, "photos": "\n".join(lines)}


def _edits(photo: Mapping[str, Any]) -> str:
    """Say how a photo differs from its original, so that a change of it is seen as one."""
    edits = Edits.from_json(photo.get("edits") or {})
    told = []
    if edits.blurs:
        places = "; ".join(_percent(area) for area in edits.blurs)
        told.append(_("dikaburkan (%(where)s)") % {"where": places})
    if edits.crop:
        told.append(_("dipotong (%(where)s)") % {"where": _percent(edits.crop)})
    return ", ".join(told)


def _percent(area: Sequence[float]) -> str:
    left, top, right, bottom = (round(100 * side) for side in area)
    return f"{left}–{right}% × {top}–{bottom}%"


def _lines(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        old, new = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            yield Piece("same", old)
        else:
            yield from _words(old, new)


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        yield from _whole(old, new)
        return
    for kind, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[a:b]))
        else:
            yield from _whole("".join(before[a:b]), "".join(after[c:d]))


def _whole(old: str, new: str) -> Iterator[Piece]:
    yield Piece("gone", old)
    yield Piece("new", new)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Drop empty pieces; put neighbours of one kind together."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
