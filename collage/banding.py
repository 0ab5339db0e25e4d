"""A JPEG written in horizontal bands: a picture of any height in the memory of one band.

Every band is a JPEG of its own with the same tables and a restart mark after each row of blocks, so that no row leans on the
one before it. Their scans, put one behind the other with the marks numbered on, are one scan: a baseline JPEG like
any other, whose bytes do not depend on where the bands were cut.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from PIL import Image

from photos.opening import jpeg_segments

BAND = 256
"""Rows of pixels in a band, but for the last. Eight rows of blocks, or a multiple: restart marks count to eight."""
_BLOCK_ROWS = 64


class BandedJpeg:
    """A JPEG that grows by bands from its top to its bottom."""

    def __init__(self, out: BinaryIO, size: tuple[int, int], quality: int, dpi: int) -> None:
        self._out = out
        self._width, self._height = size
        self._quality, self._dpi = quality, dpi
        self._rows = 0

    def add(self, band: Image.Image) -> None:
        """Append a band as wide as the picture; all but the last have a height that 64 divides."""
        if band.width != self._width or self._rows % _BLOCK_ROWS or self._rows + band.height > self._height:
            raise ValueError("a band that does not follow the ones before it")
        head, scan = _apart(_encoded(band, self._quality, self._dpi))
        self._out.write(_with_height(head, self._height) if self._rows == 0 else b"\xff\xd7")
        self._out.write(scan)
        self._rows += band.height

    def finish(self) -> None:
        """Write the end. Raises ValueError when rows are missing."""
        if self._rows != self._height:
            raise ValueError(f"{self._rows} rows of {self._height}")
        self._out.write(b"\xff\xd9")


def _encoded(band: Image.Image, quality: int, dpi: int) -> memoryview:
    # Full colour for every pixel: letters and their paper would else share it four by four.
    with _file() as out:
        band.save(out, "JPEG", quality=quality, subsampling=0, restart_marker_rows=1, dpi=(dpi, dpi))
        out.seek(0)
        return memoryview(out.read())


def _file() -> BinaryIO:
    """Return a file in memory; as in photos.jpeg, other threads run only while Pillow writes to a descriptor."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("band"), "w+b")  # noqa: PTH123 - it has no path
    return io.BytesIO()


def _apart(data: memoryview) -> tuple[bytes, memoryview]:
    """Return a JPEG's head, with that of its only scan, and the scan without the end of the picture."""
    *_, (_, _, end) = jpeg_segments(bytes(data[:4096]))
    return bytes(data[:end]), data[end:-2]


def _with_height(head: bytes, height: int) -> bytes:
    for mark, start, _ in jpeg_segments(head):
        if mark == 0xC0:
            return head[: start + 5] + height.to_bytes(2, "big") + head[start + 7 :]
    raise ValueError("a JPEG without a baseline frame")
