"""The rows of the table, one function each: it measures in its own process and returns its lines."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PIL import Image

from bench.desk import desk
from bench.dovecot import fetch
from bench.drift import drift
from bench.mail import mail
from bench.measure import Row, side_by_side
from bench.pictures import photo_nearness, photo_sizes, photo_sizes_48, photo_sizes_200
from bench.reading import reading, reading_large
from bench.samples import photos_in
from bench.sites import sites
from bench.words import checks
from collage import Tile, make


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
    "checks": checks,
    "photos": photo_sizes,
    "photos_48": photo_sizes_48,
    "photos_200": photo_sizes_200,
    "photos_near": photo_nearness,
    "collage": photo_collage,
    "sites": sites,
    "desk": desk,
    "drift": drift,
}


def measured(name: str, folder: Path) -> tuple[list[Row], int]:
    """Measure one row in this process; return its lines and the process's peak memory in megabytes."""
    rows = ROWS[name](folder)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


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
