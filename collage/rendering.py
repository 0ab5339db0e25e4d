"""From a recipe to files: print JPEG and PDF, pictures for the web, a page with the single photos."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, get_args

from PIL import Image

from collage.banding import BAND, BandedJpeg
from collage.drawing import Source, band, mark, pictures
from collage.gallery import write_gallery
from collage.pdf import Leaf, write_pdf
from collage.period import PhotosRefused
from collage.planning import plan
from collage.recipe import FEWEST, MOST, Recipe
from collage.sheets import PixelBox, Sheet, print_sheet, web_sheet
from photos import UnreadablePhoto
from photos.jpeg import jpeg

Output = Literal["print_jpeg", "pdf", "web_jpeg", "web_webp", "page"]
OUTPUTS: tuple[Output, ...] = get_args(Output)
NAMES: dict[Output, str] = {
    "print_jpeg": "kolase.jpg",
    "pdf": "kolase.pdf",
    "web_jpeg": "kolase-web.jpg",
    "web_webp": "kolase-web.webp",
    "page": "halaman",
}
"""Names of the files, and of the folder with the page."""
WEB_BYTES = 500_000
PRINT_DPI = 300
_PRINT_QUALITY = 90
_WEB_QUALITY = 88

Progress = Callable[[int, int], None]
"""Is told how many steps are done, and of how many. What it raises ends the drawing."""


@dataclass(frozen=True)
class LeftOut:
    """A photo the collage does without."""

    place: int
    """In the recipe; -1 for the office's mark."""
    name: str
    why: str
    """In Indonesian."""


@dataclass(frozen=True)
class Rendered:
    files: dict[Output, Path]
    left_out: tuple[LeftOut, ...] = ()
    recipe: Recipe = field(default_factory=Recipe)
    """What was drawn: without the photos that were left out."""


def render(
    recipe: Recipe,
    source: Source,
    into: Path,
    wanted: Sequence[Output] = OUTPUTS,
    *,
    dpi: int = PRINT_DPI,
    web_bytes: int = WEB_BYTES,
    progress: Progress | None = None,
) -> Rendered:
    """Draw a recipe into files of the folder `into`; the same recipe and photos give the same bytes.

    A photo that cannot be read is left out and named, and the others are laid out without it. A file appears
    when it is whole. Raises PhotosRefused when there are fewer than 6 or more than 120 photos to show.
    """
    recipe = Recipe.from_json(recipe.to_json())  # what is drawn is what the JSON says, to the last digit
    steps = _Steps(progress, len(recipe.shots) + len(wanted))
    steps.tell(0)
    left_out: dict[int, LeftOut] = {}
    while True:
        shown = [place for place in range(len(recipe.shots)) if place not in left_out]
        check_count(len(shown), len(left_out))
        drawn = recipe.without(set(left_out))
        with ExitStack() as stack:
            work = _Work(drawn, source, into, tuple(wanted), dpi, web_bytes, steps, stack)
            broken = work.draw()
            if not broken:
                work.write()
                break
        for place, why in broken.items():
            shot = drawn.shots[place]
            left_out[shown[place]] = LeftOut(shown[place], shot.name or shot.sha256[:12], why)
    named = tuple(left_out[place] for place in sorted(left_out))
    return Rendered({output: into / NAMES[output] for output in wanted}, named + work.without_mark, drawn)


def check_count(count: int, unreadable: int) -> None:
    """Refuse a number of photos no collage can have. Raises PhotosRefused."""
    if FEWEST <= count <= MOST:
        return
    lost = f" ({unreadable} foto lain tidak dapat dibaca)" if unreadable else ""
    raise PhotosRefused(
        f"Kolase memerlukan {FEWEST} sampai {MOST} foto, tersedia {count}{lost}. Tambah atau kurangi fotonya."
    )


class _Steps:
    """How far the drawing is; it never goes back."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self.total = total
        self._told = -1

    def tell(self, done: int) -> None:
        if self._progress and done > self._told:
            self._told = done
            self._progress(min(done, self.total), self.total)


class _Work:
    """One drawing of one recipe: the photos once through, onto the print's bands and the picture for the web."""

    def __init__(
        self,
        recipe: Recipe,
        source: Source,
        into: Path,
        wanted: tuple[Output, ...],
        dpi: int,
        web_bytes: int,
        steps: _Steps,
        stack: ExitStack,
    ) -> None:
        self._recipe, self._source, self._into, self._wanted = recipe, source, into, wanted
        self._dpi, self._web_bytes, self._steps = dpi, web_bytes, steps
        self._plan = plan(recipe)
        self._print = print_sheet(recipe, self._plan, dpi) if {"print_jpeg", "pdf"} & set(wanted) else None
        self._web = web_sheet(recipe, self._plan) if {"web_jpeg", "web_webp"} & set(wanted) else None
        self._pieces: tuple[dict[PixelBox, Image.Image], ...] = ({}, {})
        self._part = into / f".{NAMES['print_jpeg']}.part"
        stack.callback(self._part.unlink, missing_ok=True)
        self.without_mark: tuple[LeftOut, ...] = ()

    def draw(self) -> dict[int, str]:
        """Draw what is wanted; return the photos that cannot be shown, by their places."""
        self._draw_mark()
        broken: dict[int, str] = {}
        coming = self._photos(broken)
        if self._print:
            with self._part.open("wb") as out:
                self._bands(out, self._print, coming, broken)
                out.flush()
                os.fsync(out.fileno())
        for _ in coming:
            pass
        return broken

    def _photos(self, broken: dict[int, str]) -> Iterator[PixelBox]:
        """Take in one photo after the other, from the top of the page on; yield its box in print."""
        boxes = (self._print or self._web_or_print()).boxes
        order = sorted(range(len(boxes)), key=lambda place: (boxes[place][1], boxes[place][0]))
        sheets = [sheet for sheet in (self._print, self._web) if sheet]
        found = pictures(self._recipe.shots, order, sheets or [self._web_or_print()], self._source)
        with closing(found):
            for done, (place, made) in enumerate(found, start=1):
                self._steps.tell(done)
                if isinstance(made, UnreadablePhoto):
                    broken[place] = str(made)
                    continue
                for sheet, piece in zip(sheets, made, strict=False):
                    self._pieces[sheet is self._web][sheet.boxes[place]] = piece
                yield boxes[place]

    def _web_or_print(self) -> Sheet:
        """Return a small sheet: where only the page is wanted, it tells which photos cannot be read."""
        return self._web or web_sheet(self._recipe, self._plan)

    def _draw_mark(self) -> None:
        try:
            for sheet, pieces in zip((self._print, self._web), self._pieces, strict=True):
                made = mark(sheet, self._source, self._recipe.mark) if sheet else None
                if made:
                    pieces[made[0]] = made[1]
        except UnreadablePhoto as error:
            self.without_mark = (LeftOut(-1, "logo", str(error)),)

    def _bands(
        self, out: BinaryIO, sheet: Sheet, coming: Iterator[PixelBox], broken: Mapping[int, str]
    ) -> None:
        """Write the print from its top to its bottom, holding only the photos that reach into the band."""
        pieces, height = self._pieces[0], sheet.size[1]
        writer = BandedJpeg(out, sheet.size, _PRINT_QUALITY, self._dpi)
        reached, more = -1, True
        for top in range(0, height, BAND):
            rows = min(BAND, height - top)
            while more and reached < top + rows:
                box = next(coming, None)
                more, reached = box is not None, box[1] if box else reached
            if broken:
                return  # it will be drawn anew without them
            writer.add(band(sheet, top, rows, pieces))
            for box in [box for box in pieces if box[3] <= top + rows]:
                del pieces[box]
        writer.finish()

    def write(self) -> None:
        """Put the files in their places, each one when it is whole."""
        canvas = band(self._web, 0, self._web.size[1], self._pieces[1]) if self._web else None
        self._pieces[1].clear()
        for number, output in enumerate(sorted(self._wanted, key=_ORDER.index), start=1):
            self._write(output, canvas)
            self._steps.tell(self._steps.total - len(self._wanted) + number)

    def _write(self, output: Output, canvas: Image.Image | None) -> None:
        place = self._into / NAMES[output]
        if output == "page":
            write_gallery(self._recipe, self._source, place)
        elif output == "print_jpeg":
            self._part.replace(place)
        elif output == "pdf" and self._print:
            recipe, page = self._recipe, self._plan.page
            leaf = Leaf(page.width, page.height, recipe.bleed, recipe.marks, recipe.title)
            with _whole(place) as out:
                write_pdf(out, self._part, self._print.size, leaf)
        elif canvas is not None:
            data = (
                jpeg(canvas, _WEB_QUALITY, self._web_bytes)[0]
                if output == "web_jpeg"
                else webp(canvas, self._web_bytes)
            )
            with _whole(place) as out:
                out.write(data)


_ORDER: tuple[Output, ...] = ("page", "web_jpeg", "web_webp", "pdf", "print_jpeg")


@contextmanager
def _whole(place: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes its place when it is whole."""
    part = place.with_name(f".{place.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def webp(image: Image.Image, ceiling: int) -> bytes:
    """Return the picture as the best WebP of at most `ceiling` bytes; made smaller where no quality fits."""
    while True:
        for quality in (86, 78, 70, 62, 54):
            data = _webp(image, quality)
            if len(data) <= ceiling or max(image.size) <= 64:
                return data
        scale = min(0.92, max(0.5, math.sqrt(ceiling / len(data))))
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        image = image.resize(size, Image.Resampling.LANCZOS)


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
