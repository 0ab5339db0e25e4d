"""Photos are told from furniture by size, shape, kind and where they stand."""

from __future__ import annotations

import pytest

from ingest.pictures import Look, furniture, look, magic
from tests.samples.parts import logo, photo

JPEG, PNG = "image/jpeg", "image/png"


@pytest.mark.parametrize(
    ("kind", "width", "height", "size", "name", "inline"),
    [
        (JPEG, 4000, 3000, 4_000_000, "IMG_1.jpg", False),
        (JPEG, 1280, 960, 120_000, "IMG-20261123-WA0007.jpg", True),
        (JPEG, 320, 214, 5_000, "foto.jpg", False),
        (JPEG, 240, 160, 3_000, "image001.jpg", True),
        (PNG, 1080, 1350, 900_000, "Infografis.png", False),
        (JPEG, 3000, 1000, 900_000, "panorama.jpg", False),
        (JPEG, 2000, 1500, 900_000, "pembukaan pameran logo daerah.jpg", False),
    ],
)
def test_a_photo_is_a_photo(kind: str, width: int, height: int, size: int, name: str, inline: bool) -> None:
    assert furniture(Look(kind, width, height), size, name, inline=inline) == ""


@pytest.mark.parametrize(
    ("kind", "width", "height", "size", "name", "inline"),
    [
        (JPEG, 1, 1, 600, "p.jpg", False),
        (JPEG, 8, 1, 600, "p.jpg", True),
        (PNG, 120, 40, 2_000, "image001.png", True),
        (PNG, 64, 64, 2_000, "facebook.png", False),
        (JPEG, 180, 180, 9_000, "image002.jpg", True),
        (PNG, 250, 250, 9_000, "image003.png", True),
        (JPEG, 300, 80, 9_000, "image004.jpg", False),
        (JPEG, 300, 300, 30_000, "logo kota.jpg", False),
    ],
)
def test_a_logo_an_icon_or_a_tracking_picture_is_none(
    kind: str, width: int, height: int, size: int, name: str, inline: bool
) -> None:
    assert furniture(Look(kind, width, height), size, name, inline=inline)


def test_a_picture_is_known_by_its_bytes() -> None:
    assert magic(photo(1)) == JPEG
    assert magic(photo(1, form="HEIF")) == "image/heic"
    assert magic(photo(1, form="WEBP")) == "image/webp"
    assert magic(photo(1, form="TIFF")) == "image/tiff"
    assert magic(photo(1, form="BMP")) == "image/bmp"
    assert magic(photo(1, form="GIF")) == "image/gif"
    assert magic(logo()) == PNG
    assert magic(b"bukan gambar") == magic(b"") == magic(b"BM saja") == ""


def test_a_picture_that_is_not_whole_has_a_problem() -> None:
    whole = photo(2)
    assert look(whole) == Look(JPEG, 320, 214, "")
    assert look(whole[: len(whole) // 2]).problem
    assert look(whole[:20]).problem
