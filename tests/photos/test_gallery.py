"""The gallery: every kind of picture that comes in, on its whole way to what a site receives."""

from __future__ import annotations

import io
from collections.abc import Callable

import exifread
import pytest
from PIL import Image, IptcImagePlugin

from photos import Edits, Label, Rendition, Size, UnreadablePhoto, facts, labelled, renditions
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

SIZES = (Size(1600, 82, 100_000), Size(320, 80, 20_000, "Foto: MC. Contoh/nala"), Size(160, 78))
LABEL = Label("Wali Kota menyimak", "MC. Contoh/nala", "(c) MC. Contoh", "nala", "Musrenbang", "Kota Contoh")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="2,12.5S"/></rdf:RDF></x:xmpmeta>'
)


def heic(image: Image.Image, orientation: int = 1) -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, exif=exif(orientation, gps=True).tobytes())
    return out.getvalue()


def sixteen_bit_colour() -> bytes:
    """Return a PNG with 16 bits for each of three colours, which Pillow cannot write itself."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    image = quarters(320, 240)
    raw = image.tobytes()
    wide = bytes(value for byte in raw for value in (byte, byte))
    rows = b"".join(b"\0" + wide[at : at + 320 * 6] for at in range(0, len(wide), 320 * 6))
    header = struct.pack(">IIBBBBB", 320, 240, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", (640, 480), "black")] * 2
    return encoded(quarters(), form, save_all=True, append_images=frames, duration=100)


def many_pages() -> bytes:
    return encoded(quarters(), "TIFF", save_all=True, append_images=[Image.new("RGB", (640, 480))])


def transparent() -> bytes:
    image = quarters().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 255))
    return encoded(image, "PNG", exif=exif(1, gps=True))


GALLERY: dict[str, Callable[[], bytes]] = {
    **{
        f"orientation {turn}": lambda turn=turn: encoded(
            as_stored(quarters(), turn), exif=exif(turn, gps=True), xmp=XMP
        )
        for turn in range(1, 9)
    },
    "CMYK": lambda: encoded(quarters().convert("CMYK"), exif=exif(gps=True)),
    "sixteen-bit PNG in colour": sixteen_bit_colour,
    "palette": lambda: encoded(quarters().convert("P"), "PNG", exif=exif(gps=True)),
    "palette GIF": lambda: encoded(quarters(), "GIF"),
    "alpha": transparent,
    "animated WebP": lambda: animated("WEBP"),
    "animated GIF": lambda: animated("GIF"),
    "animated PNG": lambda: animated("PNG"),
    "TIFF of several pages": many_pages,
    "HEIC": lambda: heic(quarters()),
    "turned HEIC": lambda: heic(as_stored(quarters(), 6), 6),
    "AVIF": lambda: encoded(quarters(), "AVIF", exif=exif(gps=True)),
    "another's words": lambda: with_segment(encoded(quarters()), iptc(description=b"rahasia")),
    "comment": lambda: encoded(quarters(), comment=b"rahasia", exif=exif(gps=True)),
    "PNG called foto.jpg": lambda: encoded(quarters(), "PNG", exif=exif(gps=True)),
    "smaller than a thumbnail": lambda: encoded(quarters(64, 48), exif=exif(gps=True)),
    "cut at its end": lambda: encoded(quarters(), exif=exif(gps=True))[:-30],
}


def no_place(data: bytes) -> bool:
    """Say whether nothing but our label is in the file, whoever reads it."""
    image = decoded(data)
    silent = exifread.process_file(io.BytesIO(data)) == {} and not image.getexif()
    traces = (b"Exif", b"GPS", b"exif", b"Kamera", b"rahasia", b"ICC_PROFILE")
    return silent and facts(data).gps is None and not any(trace in data for trace in traces)


def sound(made: Rendition, size: Size) -> bool:
    data = labelled(made.data, LABEL)
    image = decoded(data)
    within = max(image.size) <= size.longest and (not size.ceiling or len(made.data) <= size.ceiling)
    return within and (image.format, image.mode) == ("JPEG", "RGB") and no_place(data)


@pytest.mark.parametrize("name", GALLERY)
def test_every_kind_of_picture_becomes_one_that_is_safe_to_publish(name: str) -> None:
    for made, size in zip(renditions(GALLERY[name](), SIZES), SIZES, strict=True):
        assert sound(made, size)
    assert all(
        is_near(seen, wanted, 40 if "palette" in name else 25)
        for seen, wanted in zip(corners(decoded(made.data)), (RED, GREEN, BLUE, YELLOW), strict=True)
    )


@pytest.mark.parametrize("name", GALLERY)
def test_a_face_is_blurred_whatever_kind_of_picture_it_is_in(name: str) -> None:
    # The area lies across all four colours: blurred, its middle is none of them any more.
    edits = Edits(blurs=((0.25, 0.25, 0.75, 0.75),))
    for plain, made in zip(
        renditions(GALLERY[name](), SIZES[::2]),
        renditions(GALLERY[name](), SIZES[::2], edits=edits),
        strict=True,
    ):
        before, after = decoded(plain.data), decoded(made.data)
        place = before.width * 15 // 32, before.height * 15 // 32
        assert is_near(before.getpixel(place), RED, 45) and not is_near(after.getpixel(place), RED, 45)


@pytest.mark.parametrize("name", ["orientation 6", "HEIC", "animated WebP", "another's words"])
def test_the_label_is_read_back_by_us_and_by_pillow(name: str) -> None:
    data = labelled(renditions(GALLERY[name](), SIZES)[0].data, LABEL)
    known = facts(data)
    assert (known.description, known.credit, known.copyright) == (
        LABEL.caption,
        LABEL.credit,
        LABEL.copyright,
    )
    assert (known.creator, known.headline, known.city) == (LABEL.creator, LABEL.headline, LABEL.city)
    found = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(data)))
    assert found and found[(2, 110)] == LABEL.credit.encode()
    assert b"<photoshop:Credit>MC. Contoh/nala</photoshop:Credit>" in decoded(data).info["xmp"]


def test_display_p3_comes_out_in_srgb() -> None:
    data = encoded(Image.new("RGB", (64, 64), (180, 90, 60)), icc_profile=display_p3(), exif=exif(gps=True))
    (made,) = renditions(data, SIZES[:1])
    assert sound(made, SIZES[0])
    assert decoded(made.data).getpixel((32, 32))[0] > 188


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "cut before its picture": lambda: encoded(quarters(), exif=exif(gps=True))[:200],
    "PNG bomb": lambda: png_bomb(9000, 9000),
    "a letter called foto.jpg": lambda: b"%PDF-1.7 surat",
    "too many pixels": lambda: png_bomb(30000, 30000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused_with_what_to_do(name: str) -> None:
    data = REFUSED[name]()
    with pytest.raises(UnreadablePhoto, match=r"[Mm]inta pengirim"):
        renditions(data, SIZES)


def test_a_photo_of_two_hundred_megapixels_is_published_like_any_other() -> None:
    image = Image.new("L", (16320, 12240), 40)
    image.paste(220, (8160, 6120, 16320, 12240))
    data = encoded(image, exif=exif(gps=True))
    del image
    for made, size in zip(renditions(data, SIZES), SIZES, strict=True):
        assert sound(made, size)
    assert is_near(corners(decoded(made.data))[3], (220, 220, 220))
