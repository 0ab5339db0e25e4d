"""Files made to hurt: each becomes a picture or a sentence, soon, and leaks nothing."""

from __future__ import annotations

import struct

import pytest

from photos import UnreadablePhoto, facts, renditions
from tests.photos.pictures import decoded, encoded, quarters


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
