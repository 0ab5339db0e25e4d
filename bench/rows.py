"""The rows of the table, one function each: it measures in its own process and returns its lines."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from PIL import Image

from bench.dovecot import fetch
from bench.mail import mail
from bench.measure import Row, side_by_side
from bench.reading import reading, reading_large
from bench.samples import photos_in
from collage import Tile, make
from photos import renditions

SIZES = ((1600, 82), (400, 80))


def photo_sizes(folder: Path) -> list[Row]:
    """12 megapixels to 1600 and 400 px, on one thread and on two."""
    some = photos_in(folder)[:6]

    def on_threads(work: Callable[[bytes], object], threads: int) -> Callable[[], object]:
        def run() -> None:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, some))

        return run

    rows = []
    for threads in (1, 2):
        ours, floor = side_by_side(on_threads(_ours, threads), on_threads(_bare_pillow, threads))
        rows.append(
            Row(
                what=f"photo of 12 MP → 1600 + 400 px, {threads} thread{'s' if threads > 1 else ''}",
                ours=f"{len(some) / ours:.1f}/s",
                floor=f"{len(some) / floor:.1f}/s",
                floor_is="Pillow alone: draft, resize, save; nothing checked, turned or converted",
                ratio=ours / floor,
            )
        )
    return rows


def photo_collage(folder: Path) -> list[Row]:
    """A collage of 24 photos of 12 megapixels: A3 at 300 dpi and 1600 px for the web."""
    data = photos_in(folder)
    tiles = [
        Tile(item, "Wali Kota membuka Musrenbang Kecamatan Contoh", date(2026, 6, 1 + number), "Foto: nala")
        for number, item in enumerate(data)
    ]
    ours, floor = side_by_side(lambda: make(tiles, "Kolase", "Juni 2026"), lambda: _bare_grid(data), rounds=2)
    return [
        Row(
            what=f"collage of {len(tiles)} photos of 12 MP, A3 + web",
            ours=f"{ours:.2f} s",
            floor=f"{floor:.2f} s",
            floor_is="Pillow alone: a plain grid, no words, both JPEGs",
            ratio=ours / floor,
        )
    ]


ROWS: dict[str, Callable[[Path], list[Row]]] = {
    "mail": mail,
    "fetch": fetch,
    "reading": reading,
    "reading_large": reading_large,
    "photos": photo_sizes,
    "collage": photo_collage,
}


def measured(name: str, folder: Path) -> tuple[list[Row], int]:
    """Measure one row in this process; return its lines and the process's peak memory in megabytes."""
    rows = ROWS[name](folder)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def _ours(data: bytes) -> object:
    return renditions(data, SIZES)


def _bare_pillow(data: bytes) -> object:
    image: Image.Image = Image.open(io.BytesIO(data))
    made = []
    for longest, quality in SIZES:
        image = _shrunk(image, longest)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        made.append(out.getvalue())
    return made


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    size = round(image.width * scale), round(image.height * scale)
    image.draft("RGB", size)
    return image.resize(size, Image.Resampling.LANCZOS)


def _bare_grid(data: Sequence[bytes]) -> object:
    sheet = Image.new("RGB", (4961, 3508), "white")
    columns, rows = 6, 4
    width, height = sheet.width // columns - 40, sheet.height // rows - 40
    for place, item in enumerate(data):
        photo = _shrunk(Image.open(io.BytesIO(item)), min(width, height))
        sheet.paste(photo, (place % columns * (width + 40), place // columns * (height + 40)))
    made = []
    for image, quality in ((sheet, 90), (sheet.resize((1600, 1131), Image.Resampling.LANCZOS), 82)):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        made.append(out.getvalue())
    return made
