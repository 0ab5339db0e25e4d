from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from collage.banding import BandedJpeg

WIDTH, HEIGHT = 333, 1000


def picture() -> Image.Image:
    noise = [Image.effect_noise((WIDTH, HEIGHT), 60) for _ in range(3)]
    return ImageChops.add(Image.merge("RGB", noise), Image.new("RGB", (WIDTH, HEIGHT), "#302010"))


def banded(image: Image.Image, height: int) -> bytes:
    out = io.BytesIO()
    writer = BandedJpeg(out, image.size, 90, 300)
    for top in range(0, image.height, height):
        writer.add(image.crop((0, top, image.width, min(top + height, image.height))))
    writer.finish()
    return out.getvalue()


def test_the_bytes_do_not_depend_on_where_the_bands_were_cut() -> None:
    image = picture()
    whole = banded(image, HEIGHT)
    assert all(banded(image, height) == whole for height in (64, 128, 256, 512))


def test_bands_show_exactly_what_the_whole_shows() -> None:
    image, out = picture(), io.BytesIO()
    image.save(out, "JPEG", quality=90, subsampling=0)
    made = Image.open(io.BytesIO(banded(image, 64)))
    assert made.size == image.size and made.info["dpi"] == (300, 300)
    assert ImageChops.difference(made.convert("RGB"), Image.open(out).convert("RGB")).getbbox() is None


def test_bands_that_do_not_fit_are_refused() -> None:
    writer = BandedJpeg(io.BytesIO(), (WIDTH, HEIGHT), 90, 300)
    with pytest.raises(ValueError, match="follow"):
        writer.add(Image.new("RGB", (WIDTH + 1, 64)))
    writer.add(Image.new("RGB", (WIDTH, 60)))
    with pytest.raises(ValueError, match="follow"):
        writer.add(Image.new("RGB", (WIDTH, 64)))
    with pytest.raises(ValueError, match="60 rows of 1000"):
        writer.finish()
