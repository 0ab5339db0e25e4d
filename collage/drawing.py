"""Pixels: photos, words and lines on a sheet, the whole of it or a band."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageDraw

from collage.geometry import window
from collage.recipe import Shot
from collage.sheets import PixelBox, Sheet
from photos import UnreadablePhoto, logo, picture
from photos.lettering import LINE, font

Source = Callable[[str], "bytes | Path"]
"""Gives the file with a SHA-256. May raise OSError, KeyError or UnreadablePhoto."""

_LARGE = 6_000_000
"""Pixels of a photo's box from which on photos are decoded one at a time."""


def band(sheet: Sheet, top: int, height: int, pieces: Mapping[PixelBox, Image.Image]) -> Image.Image:
    """Draw the rows from `top` on; `pieces` are the pictures that lie there, each at the size of its box."""
    canvas = Image.new("RGB", (sheet.size[0], height), sheet.paper)
    for box, piece in pieces.items():
        if box[1] < top + height and box[3] > top:
            canvas.paste(piece, (box[0], box[1] - top), piece if piece.mode == "RGBA" else None)
    draw = ImageDraw.Draw(canvas)
    if sheet.rule:
        left, upper, right, lower = sheet.rule
        draw.rectangle((left, upper - top, right - 1, lower - 1 - top), fill=sheet.rule_colour)
    for words in sheet.words:
        if words.y < top + height and words.y + words.size * LINE * 1.5 > top:
            draw.text((words.x, words.y - top), words.text, words.colour, font(words.size), anchor="la")
    return canvas


def mark(sheet: Sheet, source: Source, sha256: str) -> tuple[PixelBox, Image.Image] | None:
    """Return the office's mark as it fits its place, at the right, and the box it takes there.

    Raises UnreadablePhoto.
    """
    if not sheet.mark:
        return None
    image = Image.open(io.BytesIO(logo(read(source, sha256)))).convert("RGBA")
    left, top, right, bottom = sheet.mark
    scale = min((right - left) / image.width, (bottom - top) / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    upper = top + (bottom - top - size[1]) // 2
    box = (right - size[0], upper, right, upper + size[1])
    return box, image.resize(size, Image.Resampling.LANCZOS)


def pictures(
    shots: Sequence[Shot], order: Sequence[int], sheets: Sequence[Sheet], source: Source
) -> Generator[tuple[int, list[Image.Image] | UnreadablePhoto], None, None]:
    """Yield each photo in this order, at the size of its box on every sheet, or why it cannot be shown.

    Two are decoded at once, and few are ahead of the one that is asked for: memory does not grow with
    their number.
    """
    sizes = [[_size(sheet.boxes[place]) for sheet in sheets] for place in range(len(shots))]
    large = any(width * height > _LARGE for some in sizes for width, height in some)
    workers, ahead = (1, 1) if large else (2, 3)

    def one(place: int) -> list[Image.Image] | UnreadablePhoto:
        try:
            return _pieces(shots[place], sizes[place], source)
        except UnreadablePhoto as error:
            return error

    with ThreadPoolExecutor(workers) as pool:
        waiting: list[tuple[int, Future[list[Image.Image] | UnreadablePhoto]]] = []
        coming = iter(order)
        try:
            while True:
                while len(waiting) < ahead and (place := next(coming, None)) is not None:
                    waiting.append((place, pool.submit(one, place)))
                if not waiting:
                    return
                place, future = waiting.pop(0)
                yield place, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def read(source: Source, sha256: str) -> bytes:
    """Return the bytes of a file. Raises UnreadablePhoto."""
    try:
        found = source(sha256)
        return found if isinstance(found, bytes) else found.read_bytes()
    except KeyError as error:
        raise UnreadablePhoto("Berkas foto tidak ada di arsip. Periksa arsip.") from error
    except OSError as error:
        raise UnreadablePhoto(
            f"Berkas foto tidak dapat dibaca dari disk ({error.strerror}). Periksa arsip."
        ) from error


def _size(box: PixelBox) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _pieces(shot: Shot, sizes: Sequence[tuple[int, int]], source: Source) -> list[Image.Image]:
    widest, highest = (max(size[side] for size in sizes) for side in (0, 1))
    zoom = shot.zoom
    photo = picture(
        read(source, shot.sha256), round(widest * zoom), round(highest * zoom), whole=True, edits=shot.edits
    )
    return [_filling(photo, shot, size) for size in sizes]


def _filling(photo: Image.Image, shot: Shot, size: tuple[int, int]) -> Image.Image:
    """Return the part of a photo that its box shows, at the box's size."""
    part = window(photo.width / photo.height, size[0] / size[1], shot.focus_shown(), shot.zoom)
    left, top, right, bottom = (
        part[0] * photo.width,
        part[1] * photo.height,
        part[2] * photo.width,
        part[3] * photo.height,
    )
    fits = size[0] <= photo.width and size[1] <= photo.height
    if fits and abs(right - left - size[0]) <= 1.5 and abs(bottom - top - size[1]) <= 1.5:
        # It was decoded for just this box: what is cut away is cut in whole pixels, and nothing is blurred.
        x = min(max(0, round(left)), photo.width - size[0])
        y = min(max(0, round(top)), photo.height - size[1])
        return photo.crop((x, y, x + size[0], y + size[1]))
    box = (max(0.0, left), max(0.0, top), min(right, photo.width), min(bottom, photo.height))
    return photo.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
