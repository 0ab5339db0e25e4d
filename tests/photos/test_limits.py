"""Ceilings, credit strips and crops to a shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photos import Edits, Size, cropped, focus_in_crop, renditions
from tests.photos.pictures import BLUE, GREEN, YELLOW, decoded, encoded, is_near, quarters


def busy(width: int = 600, height: int = 450) -> bytes:
    return encoded(Image.effect_noise((width, height), 90).convert("RGB"), quality=95)


@pytest.mark.parametrize("ceiling", [75_000, 50_000, 15_000, 2_000])
def test_no_rendition_is_larger_than_its_ceiling(ceiling: int) -> None:
    made = renditions(busy(), [Size(600, 90, ceiling)])[0]
    assert ceiling * 0.5 < len(made.data) <= ceiling
    assert decoded(made.data).size == (made.width, made.height)


def test_quality_is_given_up_before_size_and_only_as_far_as_needed() -> None:
    data = busy()
    high, low = (len(renditions(data, [(600, quality)])[0].data) for quality in (90, 60))
    made = renditions(data, [Size(600, 90, (high + low) // 2)])[0]
    assert made.width == 600
    assert len(made.data) > low * 1.2
    assert renditions(data, [Size(600, 90, low - 250)])[0].width < 600


def test_a_ceiling_that_is_not_reached_changes_nothing() -> None:
    data = encoded(quarters())
    assert renditions(data, [Size(640, 82, 500_000)]) == renditions(data, [(640, 82)])


def test_a_ceiling_nothing_fits_under_is_refused() -> None:
    with pytest.raises(ValueError, match="300 bytes"):
        renditions(busy(), [Size(600, 90, 300)])


@pytest.mark.parametrize(
    ("size", "longest"), [((4000, 3000), 1600), ((3000, 4000), 1600), ((200, 150), 1600)]
)
def test_the_strip_stands_under_the_picture_within_the_size(size: tuple[int, int], longest: int) -> None:
    made = renditions(encoded(quarters(*size)), [Size(longest, 90, strip="Foto: MC. Contoh/nala")])[0]
    image = decoded(made.data)
    assert max(image.size) <= longest
    ratio = size[0] / size[1]
    picture_height = round(image.width / ratio)
    band = image.height - picture_height
    assert 15 <= band <= max(20, image.height * 0.06)
    assert is_near(image.getpixel((image.width - 4, picture_height - 6)), YELLOW, 20)
    strip = image.convert("L").crop((0, picture_height + 2, image.width, image.height))
    lowest, highest = strip.getextrema()
    assert lowest < 90 and highest > 230, "dark letters on light paper"


def test_a_long_credit_ends_within_the_strip_and_an_unwritable_one_makes_none() -> None:
    data = encoded(quarters())
    long = decoded(renditions(data, [Size(640, 90, strip="Media Center – " * 40)])[0].data)
    margin = long.convert("L").crop((632, 484, 640, long.height))
    assert margin.getextrema()[0] > 200
    assert renditions(data, [Size(640, 90, strip="🙂")]) == renditions(data, [(640, 90)])


@pytest.mark.parametrize(
    ("ratio", "focus", "size", "middle"),
    [
        (1.0, None, (480, 480), None),
        (1.0, (1.0, 0.9), (480, 480), YELLOW),
        (2.0, (0.1, 1.0), (640, 320), BLUE),
        (0.5, (0.9, 0.2), (240, 480), None),
        (4 / 3, (0.0, 0.0), (640, 480), None),
    ],
)
def test_a_crop_keeps_its_focus(
    ratio: float,
    focus: tuple[float, float] | None,
    size: tuple[int, int],
    middle: tuple[int, int, int] | None,
) -> None:
    part = cropped(quarters(), ratio, focus)
    assert part.size == size
    if middle:
        assert is_near(
            part.getpixel((part.width * 7 // 8 if middle == YELLOW else 20, part.height - 20)), middle
        )


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.floats(0.05, 20),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_every_crop_lies_within_the_picture_and_holds_the_focus(
    width: int, height: int, ratio: float, focus: tuple[float, float]
) -> None:
    image = Image.new("L", (width, height))
    x, y = min(width - 1, int(focus[0] * width)), min(height - 1, int(focus[1] * height))
    image.putpixel((x, y), 255)
    part = cropped(image, ratio, focus)
    assert part.width == width or part.height == height
    assert part.getextrema()[1] == 255


def test_a_shape_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="ratio"):
        cropped(quarters(), 0)


def test_the_focus_is_found_again_in_a_cropped_picture() -> None:
    edits = Edits(crop=(0.5, 0.0, 1.0, 0.5), focus=(0.75, 0.1))
    assert focus_in_crop(edits) == pytest.approx((0.5, 0.2))
    assert focus_in_crop(Edits(crop=(0.5, 0.0, 1.0, 0.5), focus=(0.1, 0.1))) == pytest.approx((0.0, 0.2))
    made = decoded(renditions(encoded(quarters()), [(320, 90)], edits=edits)[0].data)
    assert is_near(cropped(made, 1.0, focus_in_crop(edits)).getpixel((10, 10)), GREEN)
