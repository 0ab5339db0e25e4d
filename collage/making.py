"""The collage itself: photos, captions and dates on a printed page and on a picture for the web."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from collage.layout import Box, justified, page
from collage.period import PhotosRefused
from photos import UnreadablePhoto, cropped, facts, picture
from photos.lettering import LINE, Pen, drawable, font, lines
from prose.dates import plain_date

FEWEST = 6
MOST = 120
A3 = (420.0, 297.0)
"""Millimetres, lying."""

_PAPER = "#ffffff"
_INK = "#1c2329"
_SOFT = "#5b6670"
_RULE = "#c9d0d6"
# Panoramas and tall scans are cropped to these, or one of them would make its whole row a ribbon.
_NARROWEST, _WIDEST = 0.75, 2.0
# Where a crop looks when nobody said: heads are rather above the middle.
_FOCUS = (0.5, 0.4)


@dataclass(frozen=True)
class Tile:
    """One photo and what is written under it."""

    data: bytes | Path = field(repr=False)
    caption: str = ""
    taken_on: date | None = None
    credit: str = ""
    focus: tuple[float, float] | None = None
    """What a crop must keep, from the left and the top edge as fractions; None where nobody said."""


@dataclass(frozen=True)
class Made:
    """A finished collage."""

    print_jpeg: bytes = field(repr=False)
    """A3 at 300 dpi unless asked otherwise."""
    web_jpeg: bytes = field(repr=False)
    left_out: tuple[tuple[int, str], ...] = ()
    """Place among the tiles, and why, in Indonesian."""


@dataclass(frozen=True)
class _Sheet:
    """One canvas and where everything goes on it."""

    size: tuple[int, int]
    margin: int
    letter: int
    """Size of the captions, in pixels."""
    caption_lines: int
    boxes: Sequence[Box]


def make(
    tiles: Sequence[Tile],
    title: str,
    subtitle: str = "",
    *,
    dpi: int = 300,
    web_width: int = 1600,
    web_bytes: int = 500_000,
) -> Made:
    """Make one collage, in the order of `tiles`: a page of A3 and a JPEG of about `web_bytes` for the web.

    A photo that cannot be read is left out and named. The same tiles give the same bytes. Raises
    PhotosRefused when there are fewer than 6 or more than 120 photos to show.
    """
    left_out: dict[int, str] = {}
    ratios = _ratios(tiles, left_out)
    while True:
        shown = [place for place in range(len(tiles)) if place not in left_out]
        _check_count(len(shown), len(left_out))
        sheets = (
            _print_sheet([ratios[place] for place in shown], dpi),
            _web_sheet([ratios[place] for place in shown], web_width),
        )
        broken = len(left_out)
        canvases = _drawn(tiles, shown, sheets, (title, subtitle), left_out)
        if len(left_out) == broken:
            break
    return Made(
        print_jpeg=_jpeg(canvases[0], 90, dpi),
        web_jpeg=_within(canvases[1], web_bytes),
        left_out=tuple(sorted(left_out.items())),
    )


def _ratios(tiles: Sequence[Tile], left_out: dict[int, str]) -> Mapping[int, float]:
    ratios = {}
    for place, tile in enumerate(tiles):
        try:
            known = facts(_bytes(tile))
        except UnreadablePhoto as error:
            left_out[place] = str(error)
            continue
        if known.problem:
            left_out[place] = known.problem
        else:
            ratios[place] = min(max(known.width / known.height, _NARROWEST), _WIDEST)
    return ratios


def _bytes(tile: Tile) -> bytes:
    if isinstance(tile.data, bytes):
        return tile.data
    try:
        return tile.data.read_bytes()
    except OSError as error:
        raise UnreadablePhoto(
            f"Berkas foto {tile.data.name} tidak dapat dibaca dari disk ({error.strerror}). Periksa arsip."
        ) from error


def _check_count(count: int, unreadable: int) -> None:
    if FEWEST <= count <= MOST:
        return
    lost = f" ({unreadable} foto lain tidak dapat dibaca)" if unreadable else ""
    raise PhotosRefused(
        f"Kolase memerlukan {FEWEST} sampai {MOST} foto, tersedia {count}{lost}. Tambah atau kurangi fotonya."
    )


def _print_sheet(ratios: Sequence[float], dpi: int) -> _Sheet:
    """Lay the photos on A3, lying or standing, whichever they fill better."""
    sheets = []
    for long_side, short_side in (A3, A3[::-1]):
        width, height = round(long_side / 25.4 * dpi), round(short_side / 25.4 * dpi)
        margin = round(12 / 25.4 * dpi)
        # 10 points for a handful, 6.5 for a hundred.
        letter = max(6, round(dpi / 72 * max(6.5, min(10.0, 30 / len(ratios) ** 0.32 - 0.5))))
        text_lines = 3 if len(ratios) <= 30 else 2
        top = _head_height(margin)
        gap = margin * min(0.5, 2 / len(ratios) ** 0.5)
        boxes = page(ratios, width - 2 * margin, height - top - margin, gap, _below(letter, text_lines))
        moved = [Box(box.x + margin, box.y + top, box.width, box.height) for box in boxes]
        used = sum(box.width * box.height for box in boxes) / (width * height)
        sheets.append((used, _Sheet((width, height), margin, letter, text_lines, moved)))
    return max(sheets, key=lambda pair: pair[0])[1]


def _web_sheet(ratios: Sequence[float], width: int) -> _Sheet:
    margin = round(width * 0.025)
    columns = 3 if len(ratios) <= 12 else 4 if len(ratios) <= 36 else 6 if len(ratios) <= 72 else 8
    letter = max(8, round(width / 1600 * {3: 18, 4: 17, 6: 15, 8: 13}[columns]))
    inner = width - 2 * margin
    top = _head_height(margin)
    text_lines = 3 if columns < 6 else 2
    boxes = justified(ratios, inner, margin * 0.5, inner / columns / 1.45, _below(letter, text_lines))
    bottom = max(box.y + box.height for box in boxes) + _below(letter, text_lines)
    moved = [Box(box.x + margin, box.y + top, box.width, box.height) for box in boxes]
    return _Sheet((width, round(top + bottom + margin)), margin, letter, text_lines, moved)


def _below(letter: int, text_lines: int) -> float:
    """Height of the words under a photo: the caption's lines and one for date and credit."""
    return letter * (0.5 + LINE * (text_lines + 1))


def _head_height(margin: int) -> float:
    return margin * 3.6


def _drawn(
    tiles: Sequence[Tile],
    shown: Sequence[int],
    sheets: Sequence[_Sheet],
    words: tuple[str, str],
    left_out: dict[int, str],
) -> list[Image.Image]:
    """Draw every sheet, one photo in memory at a time; what cannot be decoded goes to `left_out`."""
    canvases = [Image.new("RGB", sheet.size, _PAPER) for sheet in sheets]
    pens = [Pen(ImageDraw.Draw(canvas)) for canvas in canvases]
    for sheet, pen in zip(sheets, pens, strict=True):
        _write_head(sheet, pen, *words)
    for at, place in enumerate(shown):
        boxes = [_pixels(sheet.boxes[at]) for sheet in sheets]
        try:
            photo = picture(
                _bytes(tiles[place]), max(box[2] for box in boxes), max(box[3] for box in boxes), whole=True
            )
        except UnreadablePhoto as error:
            left_out[place] = str(error)
            continue
        for canvas, box in zip(canvases, boxes, strict=True):
            canvas.paste(_filling(photo, box[2:], tiles[place].focus), box[:2])
        for sheet, pen in zip(sheets, pens, strict=True):
            _write_caption(sheet, pen, sheet.boxes[at], tiles[place])
    return canvases


def _filling(photo: Image.Image, size: tuple[int, int], focus: tuple[float, float] | None) -> Image.Image:
    """Return the photo at `size`, cropped to its shape where it has another."""
    if focus:
        return cropped(photo, size[0] / size[1], focus).resize(size, Image.Resampling.LANCZOS)
    return ImageOps.fit(photo, size, Image.Resampling.LANCZOS, centering=_FOCUS)


def _pixels(box: Box) -> tuple[int, int, int, int]:
    """Return x, y, width, height in whole pixels; neighbours keep their common edge."""
    x, y = round(box.x), round(box.y)
    return x, y, max(1, round(box.x + box.width) - x), max(1, round(box.y + box.height) - y)


def _write_head(sheet: _Sheet, pen: Pen, title: str, subtitle: str) -> None:
    inner = sheet.size[0] - 2 * sheet.margin
    size = round(sheet.margin * 1.05)
    y = pen.write(sheet.margin, sheet.margin * 0.8, lines(drawable(title), size, inner, 1), size, _INK)
    small = round(sheet.margin * 0.5)
    pen.write(sheet.margin, y, lines(drawable(subtitle), small, inner, 1), small, _SOFT)
    rule = round(sheet.margin * 3.15)
    thick = max(1, round(sheet.margin / 40))
    pen.draw.rectangle((sheet.margin, rule, sheet.margin + inner - 1, rule + thick - 1), fill=_RULE)


def _write_caption(sheet: _Sheet, pen: Pen, box: Box, tile: Tile) -> None:
    facts_below = _meta(tile, sheet.letter, box.width)
    room = sheet.caption_lines + 1 - len(facts_below)
    caption = lines(drawable(tile.caption), sheet.letter, box.width, room)
    y = pen.write(box.x, box.y + box.height + sheet.letter * 0.4, caption, sheet.letter, _INK)
    pen.write(box.x, y, facts_below, sheet.letter, _SOFT)


def _meta(tile: Tile, size: int, width: float) -> list[str]:
    """Return date and credit: on one line where they fit, else on two. A date is never cut."""
    credit = drawable(tile.credit)
    if tile.taken_on is None:
        return lines(credit, size, width, 1)
    long, short = plain_date(tile.taken_on), f"{tile.taken_on:%d/%m/%Y}"
    wishes = (long, short) if not credit else (f"{long} · {credit}", f"{short} · {credit}")
    for wish in wishes:
        if font(size).getlength(wish) <= width:
            return [wish]
    alone = long if font(size).getlength(long) <= width else short
    return [alone, *lines(credit, size, width, 1)]


def _within(image: Image.Image, most: int) -> bytes:
    """Return the picture as the best JPEG of at most `most` bytes, down to a quality of 40."""
    for quality in (88, 82, 76, 70, 64, 58, 52, 46):
        data = _jpeg(image, quality, None)
        if len(data) <= most:
            return data
    return _jpeg(image, 40, None)


def _jpeg(image: Image.Image, quality: int, dpi: int | None) -> bytes:
    out = io.BytesIO()
    extra = {"dpi": (dpi, dpi)} if dpi else {}
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True, **extra)
    return out.getvalue()
