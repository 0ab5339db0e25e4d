from __future__ import annotations

import io
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import exifread
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from photos import Rendition, UnreadablePhoto, facts, picture, renditions
from tests.photos.pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    as_stored,
    corners,
    decoded,
    display_p3,
    encoded,
    exif,
    iptc,
    is_near,
    png_bomb,
    quarters,
    with_segment,
)

AS_SEEN = [RED, GREEN, BLUE, YELLOW]


def one(data: bytes, longest: int = 320, quality: int = 90) -> Rendition:
    return renditions(data, [(longest, quality)])[0]


def looks_right(made: Rendition, by: int = 12) -> bool:
    image = decoded(made.data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (made.width, made.height))
    return all(is_near(seen, wanted, by) for seen, wanted in zip(corners(image), AS_SEEN, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    stored = as_stored(quarters(), orientation)
    made = one(encoded(stored, exif=exif(orientation)))
    assert looks_right(made)
    assert (made.width, made.height) == (320, 240)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation_in_other_formats_is_obeyed_too(form: str) -> None:
    stored = as_stored(quarters(), 6)
    assert looks_right(one(encoded(stored, form, exif=exif(6))), 20)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_makes_no_sense_is_ignored(orientation: int) -> None:
    assert looks_right(one(encoded(quarters(), exif=exif(orientation))))


@pytest.mark.parametrize(
    ("size", "longest", "made_size"),
    [
        ((4000, 3000), 1600, (1600, 1200)),
        ((3000, 4000), 1600, (1200, 1600)),
        ((4001, 2999), 400, (400, 300)),
        ((300, 200), 1600, (300, 200)),
        ((5000, 10), 1000, (1000, 2)),
        ((5000, 1), 100, (100, 1)),
        ((1, 1), 100, (1, 1)),
    ],
)
def test_a_rendition_keeps_the_shape_and_is_never_enlarged(
    size: tuple[int, int], longest: int, made_size: tuple[int, int]
) -> None:
    made = one(encoded(Image.new("RGB", size, "teal")), longest)
    assert (made.width, made.height) == made_size == decoded(made.data).size


def test_sizes_come_back_in_the_order_asked_for() -> None:
    made = renditions(encoded(quarters()), [(100, 80), (320, 80), (200, 80)])
    assert [rendition.width for rendition in made] == [100, 320, 200]
    assert all(looks_right(rendition, 20) for rendition in made)


def test_a_large_photo_is_decoded_at_a_fraction_of_its_size() -> None:
    # 3000 × 2000 asked for at 400: an eighth is decoded, and what is made still fills its frame to the edge.
    image = quarters(3000, 2000)
    image.paste("white", (2960, 0, 3000, 2000))
    made = decoded(one(encoded(image), 400).data)
    assert is_near(made.getpixel((399, 133)), (255, 255, 255), 30)
    assert is_near(made.getpixel((385, 60)), GREEN, 30)


def test_a_wide_gamut_photo_is_converted_to_srgb() -> None:
    # The reddest red of P3 lies outside sRGB; a middle colour has known neighbours there.
    colour = (180, 90, 60)
    profile = display_p3()
    made = decoded(one(encoded(Image.new("RGB", (64, 64), colour), icc_profile=profile)).data)
    wanted = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), colour),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert wanted is not None
    assert is_near(made.getpixel((32, 32)), wanted.getpixel((0, 0)), 4)
    assert made.getpixel((32, 32))[0] - colour[0] > 8  # the same light needs more red in the smaller space
    assert "icc_profile" not in made.info


def test_a_photo_in_srgb_keeps_its_numbers() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert looks_right(one(encoded(quarters(), icc_profile=profile)))


def test_a_broken_or_foreign_profile_is_ignored() -> None:
    assert looks_right(one(encoded(quarters(), icc_profile=b"no profile at all")))
    assert looks_right(one(encoded(quarters(), icc_profile=display_p3()[:200])))
    grey = encoded(quarters().convert("L"), icc_profile=display_p3())
    assert decoded(one(grey).data).mode == "RGB"


def test_cmyk_is_shown_in_its_colours() -> None:
    assert looks_right(one(encoded(quarters().convert("CMYK"))))


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    image = Image.new("I;16", (64, 64), 0x8000)
    assert is_near(decoded(one(encoded(image, "PNG")).data).getpixel((30, 30)), (128, 128, 128), 3)
    assert is_near(decoded(one(encoded(image, "TIFF")).data).getpixel((30, 30)), (128, 128, 128), 3)


@pytest.mark.parametrize("mode", ["P", "RGBA", "RGB"])
@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_modes_and_formats_come_out_in_their_colours(mode: str, form: str) -> None:
    image = quarters().convert("RGB" if form == "WEBP" and mode == "P" else mode)
    assert looks_right(one(encoded(image, form)), 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I", "F"])
def test_grey_pictures_of_every_depth_are_rendered(mode: str) -> None:
    form = "TIFF" if mode in ("F", "I") else "PNG"
    made = decoded(one(encoded(quarters().convert(mode), form)).data)
    assert made.size == (320, 240)


def test_transparent_parts_are_white() -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 320, 240))
    assert is_near(corners(decoded(one(encoded(image, "PNG")).data))[0], (255, 255, 255))
    palette = Image.new("P", (64, 64), 3)
    palette.putpalette([10, 20, 30] * 256)
    assert is_near(
        decoded(one(encoded(palette, "PNG", transparency=3)).data).getpixel((9, 9)), (255, 255, 255)
    )


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_shown_by_its_first_frame(form: str) -> None:
    frames = [Image.new("RGB", (640, 480), "black")] * 2
    data = encoded(quarters(), form, save_all=True, append_images=frames, duration=100)
    assert looks_right(one(data), 20)


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_photos_of_new_phones_are_read(form: str) -> None:
    if form == "HEIF":
        import pillow_heif

        out = io.BytesIO()
        pillow_heif.from_pillow(quarters()).save(out)
        data = out.getvalue()
    else:
        data = encoded(quarters(), form)
    assert looks_right(one(data), 20)


def test_a_heic_that_is_turned_is_turned_once() -> None:
    import pillow_heif

    out = io.BytesIO()
    turned = as_stored(quarters(), 6)
    pillow_heif.from_pillow(turned).save(out, exif=exif(6).tobytes())
    assert looks_right(one(out.getvalue()), 20)


def test_without_its_codec_a_heic_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(quarters()).save(out)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # as on a machine that has not installed it
    with pytest.raises(UnreadablePhoto, match=r"JPEG.*heic"):
        one(out.getvalue())


def with_everything() -> bytes:
    profile = display_p3()
    data = encoded(quarters(), exif=exif(1, gps=True), icc_profile=profile, comment=b"rahasia-komentar",
                   xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>rahasia-xmp</x:xmpmeta>")  # fmt: skip
    return with_segment(data, iptc(description=b"rahasia-iptc"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_no_metadata_of_any_kind_is_left_in_a_rendition(form: str) -> None:
    if form == "JPEG":
        data = with_everything()
    elif form == "HEIF":
        import pillow_heif

        out = io.BytesIO()
        pillow_heif.from_pillow(quarters()).save(
            out, exif=exif(1, gps=True).tobytes(), xmp=b"<x>rahasia-xmp</x>"
        )
        data = out.getvalue()
    else:
        data = encoded(quarters(), form, exif=exif(1, gps=True))
    assert facts(data).gps
    for made in renditions(data, [(640, 85), (320, 85), (64, 60)]):
        assert exifread.process_file(io.BytesIO(made.data)) == {}
        for trace in (
            b"Exif",
            b"GPS",
            b"http://ns.adobe.com",
            b"xmpmeta",
            b"8BIM",
            b"ICC_PROFILE",
            b"rahasia",
            b"Kamera",
        ):
            assert trace not in made.data
        assert not {"exif", "xmp", "photoshop", "comment", "icc_profile"} & set(decoded(made.data).info)


def test_a_rendition_is_progressive_and_quality_makes_it_larger() -> None:
    noisy = Image.effect_noise((640, 480), 80).convert("RGB")
    small, large = (one(encoded(noisy), 640, quality) for quality in (50, 92))
    assert decoded(small.data).info.get("progressive")
    assert len(small.data) < len(large.data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF"])
def test_a_truncated_photo_gives_what_there_is_and_says_so(form: str) -> None:
    whole = encoded(quarters(), form)
    half = one(whole[: len(whole) * 7 // 10])
    assert half.incomplete and not one(whole).incomplete
    assert (half.width, half.height) == (320, 240)


def test_the_part_of_a_truncated_jpeg_that_came_is_the_picture() -> None:
    noisy = Image.blend(quarters(), Image.effect_noise((640, 480), 90).convert("RGB"), 0.2)
    whole = encoded(noisy)
    made = decoded(one(whole[: len(whole) * 7 // 10]).data)
    reference = decoded(one(whole).data)
    assert is_near(made.getpixel((80, 60)), reference.getpixel((80, 60)), 25)
    assert is_near(made.getpixel((240, 60)), reference.getpixel((240, 60)), 25)


def test_a_truncated_progressive_jpeg_is_shown_too() -> None:
    whole = encoded(quarters(), progressive=True)
    assert one(whole[: len(whole) // 2]).incomplete


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "kosong"),
        (b"\xff\xd8\xff", "tidak dapat dibaca sebagai foto"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "Minta pengirim"),
        (b"%PDF-1.7 contoh", "dokumen PDF"),
        (b"PK\x03\x04" + b"\0" * 40, "ZIP"),
        (b"<html>bukan foto</html>", "halaman web"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 40, "video"),
        (b"bukan foto sama sekali", "jenisnya tidak dikenal"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "rusak"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadablePhoto, match=sentence):
        one(data)


def test_the_name_does_not_matter_only_the_bytes() -> None:
    # A PNG mailed as foto.jpg: there is no name here to be misled by, and the magic bytes decide.
    assert looks_right(one(encoded(quarters(), "PNG")))


def test_a_png_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(UnreadablePhoto, match=r"8000 × 8000 piksel.*melebihi batas"):
        one(png_bomb(8000, 8000))
    with pytest.raises(UnreadablePhoto, match="melebihi batas"):
        one(png_bomb(40000, 40000))  # beyond Pillow's own limit as well


def test_a_jpeg_with_absurdly_many_scans_is_refused() -> None:
    whole = encoded(quarters(), progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    with pytest.raises(UnreadablePhoto, match="tidak wajar"):
        one(whole[:-2] + scan * 200 + b"\xff\xd9")


def test_a_photo_of_a_hundred_megapixels_is_rendered_in_little_memory() -> None:
    data = encoded(Image.new("L", (12000, 9000), 90))
    made = one(data, 400)
    assert (made.width, made.height) == (400, 300)


def test_a_jpeg_that_claims_more_than_any_phone_makes_is_refused() -> None:
    data = encoded(Image.new("L", (64, 64)))
    frame = data.index(b"\xff\xc0")
    huge = data[: frame + 5] + b"\xff\xdc\xff\xdc" + data[frame + 9 :]  # 65500 × 65500
    with pytest.raises(UnreadablePhoto, match="65500 × 65500"):
        one(huge)


def test_even_a_wish_for_the_full_size_decodes_no_more_than_memory_holds() -> None:
    data = encoded(Image.new("L", (9000, 6750), 90))
    made = one(data, 9000, 40)
    assert made.width * made.height <= 60_000_000
    assert abs(made.width / made.height - 4 / 3) < 0.01


def test_threads_make_the_same_bytes_and_leave_pillow_as_it_was() -> None:
    whole = encoded(quarters(), exif=exif(6))
    broken = whole[: len(whole) // 2]
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, [whole, broken] * 8))
    assert {rendition.data for rendition in made[::2]} == {one(whole).data}
    assert all(rendition.incomplete for rendition in made[1::2])
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_damaged_bytes_make_a_photo_or_a_sentence_and_never_anything_else(form: str) -> None:
    chance = random.Random(form)
    options = {"exif": exif(6, gps=True)} if form in ("JPEG", "PNG", "WEBP", "TIFF") else {}
    whole = bytearray(encoded(quarters(64, 48), form, **options))
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            made = one(bytes(broken[: chance.randrange(len(broken) // 2, len(broken) + 1)]), 32)
        except UnreadablePhoto as error:
            assert str(error).endswith(".")
        else:
            assert decoded(made.data).size == (made.width, made.height)


@given(
    st.binary(max_size=64),
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"BM", b"II*\0"]
    ),
)
def test_any_bytes_are_a_photo_or_refused(junk: bytes, magic: bytes) -> None:
    try:
        one(magic + junk)
    except UnreadablePhoto as error:
        assert str(error)


def test_a_picture_for_a_box_covers_it() -> None:
    shown = picture(encoded(quarters(2000, 1500)), 300, 300)
    assert (shown.width >= 300, shown.height >= 300, min(shown.size)) == (True, True, 300)
    assert picture(encoded(quarters(200, 150)), 300, 300).size == (200, 150)
    assert shown.info == {}


def test_half_a_picture_is_refused_where_a_whole_one_is_asked_for() -> None:
    whole = encoded(quarters())
    assert picture(whole[:-300], 100, 100).size == (133, 100)
    with pytest.raises(UnreadablePhoto, match="rusak atau hilang"):
        picture(whole[:-300], 100, 100, whole=True)
    assert picture(whole, 100, 100, whole=True).size == (133, 100)
