from __future__ import annotations

import random

import pytest
from PIL import Image, ImageDraw

from photos import NEAR, UnreadablePhoto, dhash, distance, probes, renditions
from tests.photos.pictures import as_stored, encoded, exif

_COLOURS = ("white", "black", "yellow", "navy", "silver", "maroon")


def scene(shift: int = 0) -> Image.Image:
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    pen = ImageDraw.Draw(image)
    for number in range(6):
        x = 40 + number * 100 + shift
        pen.ellipse((x, 40 + number * 50, x + 90 - 8 * number, 240 + number * 30), fill=_COLOURS[number])
    return image


def test_the_same_photo_smaller_and_compressed_again_is_alike() -> None:
    original = encoded(scene())
    small = renditions(original, [(320, 60)])[0].data
    assert distance(dhash(original), dhash(small)) <= 3
    assert distance(dhash(original), dhash(encoded(scene(), "PNG"))) <= 3


@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_same_photo_stored_turned_is_alike(orientation: int) -> None:
    turned = encoded(as_stored(scene(), orientation), exif=exif(orientation))
    assert distance(dhash(encoded(scene())), dhash(turned)) <= 3


def test_another_photo_is_not_alike() -> None:
    mirrored = scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert distance(dhash(encoded(scene())), dhash(encoded(mirrored))) > 15


def test_a_hash_has_64_bits_and_a_plain_surface_none() -> None:
    assert 0 < dhash(encoded(scene())) < 2**64
    assert dhash(encoded(Image.new("RGB", (640, 480), "teal"))) == 0


def test_no_photo_no_likeness() -> None:
    with pytest.raises(UnreadablePhoto):
        dhash(b"bukan foto")


def test_every_hash_within_reach_is_found_by_one_of_its_quarters() -> None:
    chance = random.Random(8)
    for _ in range(2_000):
        one = chance.getrandbits(64)
        other = one
        for place in chance.sample(range(64), NEAR):
            other ^= 1 << place
        written = f"{other:016x}"
        quarters = [written[4 * number : 4 * number + 4] for number in range(4)]
        assert any(quarter in found for quarter, found in zip(quarters, probes(one), strict=True))


def test_the_look_ups_stay_few() -> None:
    assert [len(values) for values in probes(0)] == [17] * 4
