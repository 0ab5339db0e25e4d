"""Files made to hurt: each becomes a picture or a sentence, soon, and leaks nothing."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms

from photos import Edits, Label, Size, UnreadablePhoto, dhash, facts, labelled, renditions
from tests.photos.pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    corners,
    decoded,
    display_p3,
    encoded,
    exif,
    iptc,
    is_near,
    quarters,
    with_segment,
)


def sized(jpeg: bytes, width: int, height: int) -> bytes:
    """Return the JPEG with another size written in its frame."""
    frame = jpeg.index(b"\xff\xc0")
    return jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]


def scan_by_scan(jpeg: bytes) -> bytes:
    """Return the JPEG with its one scan said to hold the first of its colours only."""
    scan = jpeg.index(b"\xff\xda")
    rest = jpeg[scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4], "big") :]
    return jpeg[:scan] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + rest


def test_a_jpeg_whose_colours_come_one_by_one_is_held_to_what_memory_holds() -> None:
    # Its coefficients are kept for the whole picture at full size, however small a fraction is asked for.
    whole = encoded(quarters())
    assert facts(sized(whole, 9000, 9000)).width == 9000
    with pytest.raises(UnreadablePhoto, match="9000 × 9000"):
        facts(sized(scan_by_scan(whole), 9000, 9000))


def test_scans_are_counted_whether_progressive_or_not() -> None:
    one_colour = scan_by_scan(encoded(quarters()))
    scan = one_colour[one_colour.index(b"\xff\xda") : -2]
    with pytest.raises(UnreadablePhoto, match="tidak wajar"):
        renditions(one_colour[:-2] + scan * 200 + b"\xff\xd9", [(320, 80)])
    # What lies behind the end of a picture that comes in one scan is not read at all.
    trailing = encoded(quarters()) + b"\xff\xda" * 200
    assert decoded(renditions(trailing, [(320, 80)])[0].data).size == (320, 240)


def segment(mark: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def tiff(*entries: bytes, after: bytes = b"\0\0\0\0") -> bytes:
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + after


def in_jpeg(block: bytes) -> bytes:
    return with_segment(encoded(quarters()), segment(0xE1, b"Exif\0\0" + block))


def in_png(name: bytes, body: bytes, form: str = "PNG", image: Image.Image | None = None) -> bytes:
    png = encoded(image or quarters(), form)
    at = png.index(b"IDAT") - 4
    made = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return png[:at] + made + png[at:]


MAKER = entry(0x010F, 2, 4, 0x004B4F)


def hundred_thousand_entries() -> bytes:
    second = struct.pack("<H", 40_000) + entry(0x8298, 2, 4, 0) * 40_000 + b"\0\0\0\0"
    many = [entry(number, 3, 1, 1) for number in range(59_999)] + [MAKER]
    return tiff(*many, after=struct.pack("<I", 8 + 2 + 12 * 60_000 + 4) + second)


def profile(at: int, changed: bytes) -> bytes:
    made = bytearray(display_p3())
    made[at : at + len(changed)] = changed
    return bytes(made)


def other_space(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()  # type: ignore[arg-type]


def two_pictures() -> bytes:
    return encoded(
        quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))], exif=exif(gps=True)
    )


def odd_durations() -> bytes:
    frames = [Image.new("RGB", (640, 480))] * 2
    made = encoded(quarters(), "WEBP", save_all=True, append_images=frames, duration=100)
    at = made.index(b"ANMF") + 20
    return made[:at] + b"\xff\xff\xff" + made[at + 3 :]


def without_adobe(jpeg: bytes) -> bytes:
    at = jpeg.index(b"\xff\xee")
    return jpeg[:at] + jpeg[at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big") :]


TEN_BITS = base64.b64decode(
    "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAARdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAADRpbG9jAAAAAERAAAIAAQAAAAABOwABAAAAAAAAADkAAgAAAAABdAABAAAAAAAAAL4AAAA4aWluZgAAAAAAAgAAABVp"
    "bmZlAgAAAAABAABhdjAxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxh"
    "djFDgQBMAAAAABRpc3BlAAAAAAAAACAAAAAYAAAAEHBpeGkAAAAAAwoKCgAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAaaXJl"
    "ZgAAAAAAAAAOY2RzYwACAAEAAQAAAP9tZGF0EgAKCRgRP3aoCGg0IDIqReHh4YhgABlAAAAgzQ2uzEn+XbrIZFIvVhYKccWM"
    "PmLwosKYWZbslscTAAAABkV4aWYAAElJKgAIAAAABgASAQMAAQAAAAEAAAAaAQUAAQAAAFYAAAAbAQUAAQAAAF4AAAAoAQMA"
    "AQAAAAIAAAATAgMAAQAAAAEAAABphwQAAQAAAGYAAAAAAAAAOGMAAOgDAAA4YwAA6AMAAAYAAJAHAAQAAAAwMjEwAZEHAAQA"
    "AAABAgMAAKAHAAQAAAAwMTAwAaADAAEAAAD//wAAAqAEAAEAAAAgAAAAA6AEAAEAAAAYAAAAAAAAAA=="
)
"""The four quarters at 32 × 24 as AVIF of ten bits, which Pillow reads and does not write."""
CURVES = display_p3().index(b"curv") + 8

SHOWN: dict[str, Callable[[], bytes]] = {
    "EXIF of 5,000 entries": lambda: in_jpeg(tiff(*(entry(number, 3, 1, 1) for number in range(5_000)))),
    "EXIF that says 65,535 and holds none": lambda: in_jpeg(b"II*\0\x08\0\0\0\xff\xff"),
    "EXIF that leads to itself": lambda: in_jpeg(tiff(entry(0x8769, 4, 1, 8), after=b"\x08\0\0\0")),
    "EXIF of endless words": lambda: in_jpeg(
        tiff(entry(0x010E, 2, 0xFFFFFFFF, 8), entry(0x9286, 7, 1 << 31, 8))
    ),
    "100,000 entries in PNG": lambda: in_png(b"eXIf", hundred_thousand_entries()),
    "orientation 0": lambda: encoded(quarters(), exif=exif(0, gps=True)),
    "orientation 9": lambda: encoded(quarters(), exif=exif(9, gps=True)),
    "profile of 15 MB": lambda: encoded(quarters(), icc_profile=display_p3() + b"\0" * 15_000_000),
    "profile of endless curves": lambda: encoded(quarters(), icc_profile=profile(CURVES, b"\xff" * 4)),
    "profile of noise": lambda: encoded(quarters(), icc_profile=profile(140, bytes(range(3, 253)))),
    "profile said to be for inks": lambda: encoded(quarters(), icc_profile=profile(16, b"CMYK")),
    "profile that links devices": lambda: encoded(quarters(), icc_profile=profile(12, b"link")),
    "profile for Lab": lambda: encoded(quarters(), icc_profile=other_space("LAB")),
    "profile for XYZ": lambda: encoded(quarters(), icc_profile=other_space("XYZ")),
    "profile for screens on inks": lambda: encoded(quarters().convert("CMYK"), icc_profile=display_p3()),
    "inks without Adobe's word": lambda: without_adobe(encoded(quarters().convert("CMYK"))),
    "IPTC in no charset": lambda: with_segment(
        encoded(quarters()), iptc(description=b"\xe9\xff\x81 \x1b%G\xff rahasia", credit=b"\xff\xfe\0a")
    ),
    "IPTC of endless length": lambda: with_segment(
        encoded(quarters()),
        segment(0xED, b"Photoshop 3.0\0008BIM\x04\x04\0\0\0\0\0\x0c\x1c\x02\x78\x88\0" + b"\xff" * 7),
    ),
    "two pictures in one": two_pictures,
    "WebP of odd durations": odd_durations,
    "ZIP behind the picture": lambda: encoded(quarters(), exif=exif(gps=True)) + b"PK\x03\x04rahasia" * 50,
    "page in and behind the picture": lambda: (
        with_segment(encoded(quarters()), segment(0xFE, b"--><script>rahasia()</script>")) + b"<html>rahasia"
    ),
    "AVIF of ten bits": lambda: TEN_BITS,
}
TRACES = (b"Exif", b"GPS", b"Kamera", b"rahasia", b"ICC_PROFILE", b"MPF", b"PK\x03\x04", b"<script", b"<html")


@pytest.mark.parametrize("name", SHOWN)
def test_a_nasty_file_with_a_picture_in_it_is_shown_upright_and_leaks_nothing(name: str) -> None:
    data = SHOWN[name]()
    facts(data), dhash(data)
    sizes = (Size(320, 82, 60_000), Size(320, 80, strip="Foto: MC. Contoh"), Size(160, 78))
    for edits in (Edits(), Edits(crop=(0.0, 0.0, 1.0, 0.9), blurs=((0.45, 0.4, 0.55, 0.6),))):
        for made in renditions(data, sizes, edits=edits):
            assert not made.incomplete
            assert not any(
                trace in labelled(made.data, Label("Keterangan", "MC. Contoh")) for trace in TRACES
            )
            assert set(decoded(made.data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                                    "progressive", "progression"}  # fmt: skip
            assert made.data.endswith(b"\xff\xd9") and made.data.count(b"\xff\xd8\xff") == 1
    (plain,) = renditions(data, [(320, 90)])
    for seen, wanted in zip(corners(decoded(plain.data)), (RED, GREEN, BLUE, YELLOW), strict=True):
        assert is_near(seen, wanted, 20)


@pytest.mark.parametrize(
    ("tags", "colour"),
    [({"transparency": RED}, (255, 255, 255)), ({}, RED)],
)
def test_a_colour_said_to_be_transparent_is_white(
    tags: dict[str, object], colour: tuple[int, int, int]
) -> None:
    made = decoded(renditions(encoded(quarters(), "PNG", **tags), [(320, 90)])[0].data)
    assert is_near(corners(made)[0], colour) and is_near(corners(made)[1], GREEN)


@pytest.mark.parametrize("scan", [1, 2, 4])
def test_a_progressive_jpeg_cut_in_a_later_scan_is_shown_as_far_as_it_came(scan: int) -> None:
    # Between two scans stand tables; one that is cut must not swallow the end we put behind it.
    data = encoded(quarters(160, 120), progressive=True)
    at = -1
    for _ in range(scan + 1):
        at = data.index(b"\xff\xda", at + 1)
    for cut in range(data.rindex(b"\xff\xc4", 0, at) - 2, at + 14):
        made = renditions(data[:cut], [(160, 90)])[0]
        assert made.incomplete and facts(data[:cut]).problem
        for seen, wanted in zip(corners(decoded(made.data)), (RED, GREEN, BLUE, YELLOW), strict=True):
            assert is_near(seen, wanted, 40)


def test_a_progressive_jpeg_with_something_behind_its_end_is_whole() -> None:
    data = encoded(quarters(), progressive=True)
    for behind in (b"", b"\xff", b"PK\x03\x04" * 9, b"\xff\xc4\xff\xff"):
        assert not renditions(data + behind, [(320, 90)])[0].incomplete


@pytest.mark.parametrize("size", [(65500, 1), (1, 65500)])
@pytest.mark.parametrize("turn", [1, 6])
def test_a_thread_of_pixels_keeps_its_shape(size: tuple[int, int], turn: int) -> None:
    made = renditions(encoded(Image.new("RGB", size, "red"), exif=exif(turn)), [(1600, 82), (400, 80)])
    lying = (size[0] > size[1]) == (turn == 1)
    assert [(one.width, one.height) for one in made] == (
        [(1600, 1), (400, 1)] if lying else [(1, 1600), (1, 400)]
    )


@pytest.mark.parametrize(
    "data",
    [
        encoded(quarters())[:2] + b"\xff\xfe\0\2" * 300_000 + encoded(quarters())[2:],
        encoded(quarters())[:2] + iptc(description=b"x") * 5_000 + encoded(quarters())[2:],
        encoded(quarters())[:2] + b"\xff" * 2_000_000 + encoded(quarters())[2:],
        encoded(quarters())[:20] + b"x" * 2_000_000,
    ],
    ids=["segments of nothing", "a caption 5,000 times", "filling", "filling and no picture"],
)
def test_a_jpeg_made_to_keep_its_reader_busy_is_refused(data: bytes) -> None:
    for read in (facts, dhash):
        with pytest.raises(UnreadablePhoto, match="tidak wajar"):
            read(data)


@pytest.mark.parametrize(
    "data",
    [
        in_png(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 20_000_000, 1)),
        in_png(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<a>" * 7_000_000, 1)),
        encoded(quarters(), "GIF")[:6] + b"\xff" * 4 + encoded(quarters(), "GIF")[10:],
        encoded(quarters(), "BMP")[:18]
        + struct.pack("<ii", 50_000, 50_000)
        + encoded(quarters(), "BMP")[26:],
        odd_durations()[:24] + b"\xff\xff\0\xff\xff\0" + odd_durations()[30:],
    ],
    ids=["profile that swells", "words that swell", "GIF", "BMP", "WebP"],
)
def test_a_file_that_is_more_than_it_seems_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadablePhoto, match=r"[Mm]inta pengirim"):
        renditions(data, [(320, 80)])


def test_a_hundred_thousand_entries_are_not_read_to_their_end() -> None:
    # The camera stands in the last entry of sixty thousand; behind them wait forty thousand more.
    assert facts(in_png(b"eXIf", tiff(MAKER))).camera == "OK"
    assert facts(in_png(b"eXIf", tiff(entry(0x0112, 3, 1, 1), MAKER))).camera == "OK"
    known = facts(in_png(b"eXIf", hundred_thousand_entries()))
    assert (known.camera, known.width) == ("", 640)
