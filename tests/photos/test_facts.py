from __future__ import annotations

import io
import random
from datetime import datetime

import pytest
from PIL import Image

from photos import UnreadablePhoto, facts
from tests.photos.pictures import as_stored, encoded, exif, iptc, quarters, with_segment


def test_a_camera_photo_says_when_where_and_by_what_it_was_taken() -> None:
    known = facts(encoded(quarters(), exif=exif(1, gps=True)))
    assert known.format == "JPEG"
    assert (known.width, known.height) == (640, 480)
    assert known.taken_at == datetime(2026, 11, 20, 9, 10, 11)  # noqa: DTZ001
    assert known.camera == "Contoh Kamera K-12"
    assert known.gps == pytest.approx((-(2 + 12 / 60 + 30 / 3600), 113 + 55 / 60 + 12 / 3600), abs=1e-6)
    assert known.problem == ""


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (640, 480)), (3, (640, 480)), (6, (640, 480)), (8, (640, 480))]
)
def test_width_and_height_are_those_of_the_upright_picture(orientation: int, size: tuple[int, int]) -> None:
    known = facts(encoded(as_stored(quarters(), orientation), exif=exif(orientation)))
    assert (known.width, known.height) == size
    assert known.orientation == orientation


def test_words_written_by_a_photographer_are_read() -> None:
    data = with_segment(
        encoded(quarters()),
        iptc(
            headline=b"Musrenbang",
            description="Wali Kota – membuka acara".encode(),
            creator=b"nala",
            credit=b"MC. Isen Mulang",
            copyright="© Media Center".encode("cp1252"),
            day=b"20261120",
            time=b"091011+0700",
        ),
    )
    known = facts(data)
    assert known.headline == "Musrenbang"
    assert known.description == "Wali Kota – membuka acara"
    assert (known.creator, known.credit, known.copyright) == ("nala", "MC. Isen Mulang", "© Media Center")
    assert known.taken_at == datetime(2026, 11, 20, 9, 10, 11)  # noqa: DTZ001


def test_words_in_the_exif_block_are_read_where_there_is_no_iptc() -> None:
    tags = exif()
    tags[0x010E], tags[0x013B], tags[0x8298] = "Suasana rapat", "nala", "Media Center"
    known = facts(encoded(quarters(), exif=tags))
    assert (known.description, known.creator, known.copyright) == ("Suasana rapat", "nala", "Media Center")


def test_what_cameras_write_by_themselves_is_no_caption() -> None:
    tags = exif()
    tags[0x010E] = "OLYMPUS DIGITAL CAMERA         "
    assert facts(encoded(quarters(), exif=tags)).description == ""


def test_text_from_a_file_is_cleaned_before_anyone_sees_it() -> None:
    data = with_segment(
        encoded(quarters()), iptc(description=b"Satu\x00 dua", creator=b" na\x1bla\r\n\xe2\x80\xae ")
    )
    known = facts(data)
    assert known.description == "Satu"
    assert known.creator == "na la"


@pytest.mark.parametrize(
    "when", ["0000:00:00 00:00:00", "2026:13:40 99:99:99", "kemarin", "", "    :  :     :  :  "]
)
def test_a_date_that_is_none_is_none(when: str) -> None:
    assert facts(encoded(quarters(), exif=exif(taken_at=when))).taken_at is None


@pytest.mark.parametrize(
    "place",
    [
        {1: "S", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (123.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)},
        {1: "N", 2: (12.0, 0.0, 0.0)},
        {3: "E", 4: (10.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_is_none_is_none(place: dict[int, object]) -> None:
    tags = exif()
    tags.get_ifd(0x8825).update(place)
    assert facts(encoded(quarters(), exif=tags)).gps is None


def test_a_place_with_a_zero_denominator_is_none() -> None:
    data = encoded(quarters(), exif=exif(gps=True))
    # 2/1 degrees becomes 2/0.
    assert data.count(b"\0\0\0\2\0\0\0\1\0\0\0\x0c\0\0\0\1") == 1
    assert (
        facts(data.replace(b"\0\0\0\2\0\0\0\1\0\0\0\x0c\0\0\0\1", b"\0\0\0\2\0\0\0\0\0\0\0\x0c\0\0\0\1")).gps
        is None
    )


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_every_format_has_its_name_and_size(form: str) -> None:
    known = facts(encoded(quarters(), form))
    assert (known.format, known.width, known.height) == (form, 640, 480)


def test_a_heic_has_its_name_and_its_date() -> None:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(quarters()).save(out, exif=exif().tobytes())
    known = facts(out.getvalue())
    assert (known.format, known.width, known.height) == ("HEIC", 640, 480)
    assert known.taken_at == datetime(2026, 11, 20, 9, 10, 11)  # noqa: DTZ001


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_file_without_its_end_is_told(form: str) -> None:
    whole = encoded(Image.effect_noise((640, 480), 60).convert("RGB"), form, exif=exif())
    assert facts(whole).problem == ""
    assert "tidak lengkap" in facts(whole[: len(whole) * 9 // 10]).problem


def test_the_end_of_a_thumbnail_is_not_taken_for_the_end_of_the_photo() -> None:
    thumbnail = encoded(quarters(80, 60))
    segment = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail
    whole = with_segment(encoded(quarters()), b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment)
    assert facts(whole).problem == ""
    assert facts(whole[:-40]).problem != ""


def test_bytes_after_the_end_are_no_problem() -> None:
    assert facts(encoded(quarters()) + b"\0" * 100 + b"motion photo video").problem == ""


@pytest.mark.parametrize("data", [b"", b"bukan foto", b"\xff\xd8\xff\xe1"])
def test_no_photo_no_facts(data: bytes) -> None:
    with pytest.raises(UnreadablePhoto):
        facts(data)


def test_odd_metadata_is_never_a_reason_to_refuse_a_photo() -> None:
    chance = random.Random(26)
    tags = exif(6, gps=True)
    tags[0x010E] = "Suasana rapat"
    whole = with_segment(encoded(quarters(64, 48), exif=tags), iptc(description=b"Rapat", creator=b"nala"))
    places = []
    for marker in (b"\xff\xed", b"\xff\xe1"):
        start = whole.index(marker)
        places += range(start + 4, start + 2 + int.from_bytes(whole[start + 2 : start + 4], "big"))
    for _ in range(200):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 20)):
            broken[chance.choice(places)] = chance.randrange(256)
        known = facts(bytes(broken))
        assert sorted((known.width, known.height)) == [48, 64]
