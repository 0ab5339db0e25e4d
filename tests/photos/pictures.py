"""Pictures made by rule for the tests: four coloured quarters, so that turning and mirroring show."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 40), (30, 40, 190), (220, 200, 40)
"""Top left, top right, bottom left, bottom right of the picture as seen."""

# How the camera stored the upright picture for each EXIF orientation (the inverse of showing it).
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters(width: int = 640, height: int = 480) -> Image.Image:
    image = Image.new("RGB", (width, height))
    for column, row, colour in ((0, 0, RED), (1, 0, GREEN), (0, 1, BLUE), (1, 1, YELLOW)):
        box = (column * width // 2, row * height // 2, (column + 1) * width // 2, (row + 1) * height // 2)
        image.paste(colour, box)
    return image


def as_stored(image: Image.Image, orientation: int) -> Image.Image:
    turn = _STORED[orientation]
    return image.transpose(turn) if turn is not None else image


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **({"quality": 92} | options if form == "JPEG" else options))
    return out.getvalue()


def exif(orientation: int = 1, *, gps: bool = False, **tags: Any) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F], made[0x0110] = "Contoh", "Kamera K-12"
    made.get_ifd(0x8769)[0x9003] = tags.get("taken_at", "2026:11:20 09:10:11")
    if gps:
        made.get_ifd(0x8825).update({1: "S", 2: (2.0, 12.0, 30.0), 3: "E", 4: (113.0, 55.0, 12.0)})
    return made


def iptc(**texts: bytes) -> bytes:
    """Return an APP13 segment with IPTC fields: headline, description, creator, credit, copyright."""
    numbers = {
        "creator": 80,
        "headline": 105,
        "credit": 110,
        "copyright": 116,
        "description": 120,
        "day": 55,
        "time": 60,
    }
    block = b"".join(
        b"\x1c\x02" + bytes([numbers[name]]) + struct.pack(">H", len(text)) + text
        for name, text in texts.items()
    )
    padded = block + b"\0" * (len(block) % 2)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + padded
    body = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def with_segment(jpeg: bytes, segment: bytes) -> bytes:
    return jpeg[:2] + segment + jpeg[2:]


def display_p3() -> bytes:
    """Return a profile with Display P3's primaries, built from the numbers of its definition.

    The matrix holds the primaries adapted to D50; the tone curve is a plain gamma, which is near enough.
    """
    columns = (
        (0.5151, 0.2412, -0.0011),
        (0.2920, 0.6922, 0.0419),
        (0.1571, 0.0666, 0.7841),
    )
    tags = {b"desc": _description("Contoh P3"), b"wtpt": _xyz(0.9642, 1.0, 0.8249), b"cprt": _text("none")}
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True):
        tags[name] = _xyz(*column)
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = b"curv" + struct.pack(">IIH", 0, 1, round(2.2 * 256)) + b"\0\0"
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += struct.pack(">iii", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    profile = header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
    ImageCms.ImageCmsProfile(io.BytesIO(profile))  # fails when it is no profile
    return profile


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(value * 65536) for value in (x, y, z)))


def _text(text: str) -> bytes:
    return b"text\0\0\0\0" + text.encode() + b"\0"


def _description(text: str) -> bytes:
    name = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 78


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is huge; its rows are all zero."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8)
    # After a full flush a block stands by itself: packed once, it may be repeated.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(row * 100) + packer.flush(zlib.Z_FULL_FLUSH)
    adler = height // 100 * 100 * len(row) % 65521 << 16 | 1
    packed = b"\x78\xda" + block * (height // 100) + b"\x03\0" + struct.pack(">I", adler)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def is_near(one: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours in the middle of the four quarters."""
    width, height = image.size
    places = ((1, 1), (3, 1), (1, 3), (3, 3))
    return [image.convert("RGB").getpixel((width * x // 4, height * y // 4)) for x, y in places]


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
