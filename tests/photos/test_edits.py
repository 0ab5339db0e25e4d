from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter, ImageStat

from photos import Edits, picture, renditions
from tests.photos.pictures import BLUE, GREEN, RED, as_stored, decoded, encoded, exif, is_near, quarters

FACE = (0.25, 0.25, 0.5, 0.5)


def detailed(width: int = 1600, height: int = 1200) -> Image.Image:
    """Return a picture full of fine detail, as a face or a number plate is."""
    noise = Image.effect_noise((width // 4, height // 4), 120).resize((width, height))
    return noise.convert("RGB")


def detail(image: Image.Image, area: tuple[float, float, float, float]) -> float:
    """Return how much fine structure an area holds: how far it is from its own blurred self."""
    width, height = image.size
    box = (round(area[0] * width), round(area[1] * height), round(area[2] * width), round(area[3] * height))
    part = image.crop(box).convert("L")
    return ImageStat.Stat(ImageChops.difference(part, part.filter(ImageFilter.GaussianBlur(3)))).rms[0]


def test_edits_come_back_from_json_as_they_went() -> None:
    edits = Edits(crop=(0.1, 0.2, 0.9, 0.8), blurs=(FACE, (0.0, 0.0, 0.1, 0.1)), focus=(0.3, 0.4))
    assert Edits.from_json(edits.to_json()) == edits
    assert Edits.from_json({}) == Edits() and Edits().to_json() == {}


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_an_area_is_read_to_the_same_edits_each_time_or_refused(numbers: list[float]) -> None:
    try:
        edits = Edits.from_json({"blurs": [numbers]})
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert Edits.from_json(edits.to_json()) == edits


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"rotate": 90},
        {"crop": [0, 0, 1]},
        {"crop": [0.5, 0, 0.4, 1]},
        {"crop": [0, 0, 0.001, 1]},
        {"crop": [0, 0, 2, 1]},
        {"crop": [float("nan"), 0, 1, 1]},
        {"crop": ["0", "0", "1", "1"]},
        {"blurs": "semua"},
        {"blurs": [[0, 0, 0, 0]]},
        {"blurs": [[True, False, True, True]]},
        {"blurs": [[0, 0, 0.1, 0.1]] * 51},
        {"focus": [0.5]},
        {"focus": [0.5, 1.5]},
    ],
)
def test_edits_that_make_no_sense_are_refused_in_words(told: object) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Edits.from_json(told)


def test_a_crop_to_everything_is_no_crop() -> None:
    assert not Edits.from_json({"crop": [0, 0, 1, 1]}).changes


def test_the_key_tells_edits_apart_and_is_empty_where_nothing_changes() -> None:
    assert Edits().key() == Edits(focus=(0.1, 0.1)).key() == ""
    one, two = Edits(blurs=(FACE,)), Edits(crop=FACE)
    assert len({one.key(), two.key(), Edits(crop=FACE, blurs=(FACE,)).key()}) == 3
    assert one.key() == Edits.from_json(one.to_json()).key()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_crop_is_counted_from_the_upright_picture(orientation: int) -> None:
    stored = encoded(as_stored(quarters(), orientation), exif=exif(orientation))
    made = renditions(stored, [(160, 90)], edits=Edits(crop=(0.5, 0.0, 1.0, 0.5)))[0]
    image = decoded(made.data)
    assert image.size == (160, 120)
    assert is_near(image.getpixel((20, 20)), GREEN) and is_near(image.getpixel((140, 100)), GREEN)


def test_the_longest_side_is_that_of_the_cropped_picture() -> None:
    photo = encoded(quarters(4000, 3000))
    made = renditions(photo, [(1600, 80), (400, 80)], edits=Edits(crop=(0.0, 0.0, 0.5, 0.25)))
    assert [(one.width, one.height) for one in made] == [(1600, 600), (400, 150)]
    small = renditions(photo, [(1600, 80)], edits=Edits(crop=(0.1, 0.1, 0.2, 0.2)))[0]
    assert (small.width, small.height) == (400, 300), "never enlarged"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_blurred_area_holds_no_detail_at_any_size(orientation: int) -> None:
    stored = encoded(as_stored(detailed(800, 600), orientation), exif=exif(orientation))
    sizes = [(800, 90), (400, 85), (200, 78)]
    inner = (0.27, 0.27, 0.48, 0.48)
    edits = Edits(blurs=(FACE,))
    for plain, made in zip(renditions(stored, sizes), renditions(stored, sizes, edits=edits), strict=True):
        before, after = decoded(plain.data), decoded(made.data)
        assert detail(after, inner) < detail(before, inner) / 10
        assert detail(after, (0.6, 0.6, 0.9, 0.9)) > detail(before, (0.6, 0.6, 0.9, 0.9)) * 0.8


def test_what_is_left_of_a_blurred_area_does_not_tell_two_pictures_apart() -> None:
    """Two faces with the same few averages become the same patch: nothing else can be brought back."""
    one, two = Image.new("RGB", (1600, 1200), "gray"), Image.new("RGB", (1600, 1200), "gray")
    stripes = Image.new("L", (400, 300))
    stripes.putdata([255 if x // 5 % 2 else 0 for _ in range(300) for x in range(400)])
    one.paste(stripes.convert("RGB"), (400, 300))
    two.paste(stripes.transpose(Image.Transpose.ROTATE_90).resize((400, 300)).convert("RGB"), (400, 300))
    edits = Edits(blurs=((0.24, 0.24, 0.51, 0.51),))
    for size in (1600, 400):
        patches = [
            decoded(renditions(encoded(image), [(size, 90)], edits=edits)[0].data).crop(
                (size // 4, size * 3 // 16, size // 2, size * 3 // 8)
            )
            for image in (one, two)
        ]
        before = [image.crop((400, 300, 800, 600)).getpixel((3, 7)) for image in (one, two)]
        assert not is_near(*before)
        pairs = zip(*(patch.getdata() for patch in patches), strict=True)
        assert all(is_near(a, b, 14) for a, b in pairs)


def test_a_blur_is_counted_from_the_whole_even_where_it_is_cropped() -> None:
    edits = Edits(crop=(0.25, 0.25, 1.0, 1.0), blurs=(FACE,))
    image = decoded(renditions(encoded(detailed()), [(1200, 90)], edits=edits)[0].data)
    assert detail(image, (0.02, 0.02, 0.3, 0.3)) < detail(image, (0.5, 0.5, 0.9, 0.9)) / 10


def test_a_blur_at_the_edge_and_one_of_a_hair_are_both_made() -> None:
    edits = Edits(blurs=((0.0, 0.0, 1.0, 0.002), (0.999, 0.0, 1.0, 1.0), (0.5, 0.5, 0.5001, 0.5001)))
    made = renditions(encoded(quarters()), [(64, 90)], edits=edits)[0]
    assert is_near(decoded(made.data).getpixel((10, 40)), BLUE, 20)


def test_a_picture_for_a_box_carries_the_edits_too() -> None:
    edits = Edits(crop=(0.0, 0.0, 0.5, 0.5), blurs=((0.0, 0.0, 0.2, 0.2),))
    shown = picture(encoded(quarters(2000, 1500)), 300, 300, edits=edits)
    assert min(shown.size) == 300
    assert is_near(shown.getpixel((250, 250)), RED)
