from __future__ import annotations

import pytest
from PIL import Image, ImageFilter

from photos import UnreadablePhoto, measures
from tests.photos.pictures import as_stored, encoded, exif


def scene(width: int = 1600, height: int = 1200) -> Image.Image:
    return Image.effect_noise((width // 4, height // 4), 90).resize((width, height)).convert("RGB")


def test_a_photo_out_of_focus_is_less_sharp_than_the_same_in_focus() -> None:
    sharp, soft = (
        measures(encoded(image)).sharpness for image in (scene(), scene().filter(ImageFilter.GaussianBlur(6)))
    )
    assert sharp > 10 * soft
    assert measures(encoded(Image.new("RGB", (640, 480), "teal"))).sharpness < 0.5


def test_sharpness_does_not_depend_on_the_size_the_camera_writes() -> None:
    image = scene(4000, 3000)
    large, small = measures(encoded(image)), measures(encoded(image.resize((2000, 1500))))
    assert small.sharpness == pytest.approx(large.sharpness, rel=0.15)


def test_a_photo_held_upright_is_measured_like_the_same_lying() -> None:
    turned = encoded(as_stored(scene(), 6), exif=exif(6))
    assert measures(turned).sharpness == pytest.approx(measures(encoded(scene())).sharpness, rel=0.1)


def test_brightness_and_what_is_lost_at_both_ends() -> None:
    image = Image.new("RGB", (800, 600), (128, 128, 128))
    image.paste("black", (0, 0, 200, 600))
    image.paste("white", (200, 0, 280, 600))
    told = measures(encoded(image))
    assert told.exposure == pytest.approx(0.65 * 128 / 255 + 0.1, abs=0.01)
    assert (told.dark, told.bright) == (pytest.approx(0.25, abs=0.02), pytest.approx(0.1, abs=0.02))


def test_the_smallest_picture_is_measured_and_no_photo_is_not() -> None:
    assert measures(encoded(Image.new("RGB", (1, 1), "white"))).bright == 1
    with pytest.raises(UnreadablePhoto):
        measures(b"bukan foto")
