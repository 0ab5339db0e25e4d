"""Writing JPEG within a number of bytes."""

from __future__ import annotations

import io
import math
import os
from typing import BinaryIO

from PIL import Image

FLOOR = 60
"""Below this quality faces show blocks: a smaller picture is then the better one."""
_SMALLEST = 64


def jpeg(image: Image.Image, quality: int, ceiling: int = 0) -> tuple[bytes, tuple[int, int]]:
    """Return the picture as JPEG and the size it got; with a `ceiling`, in no more bytes than that.

    The best quality that fits is searched from `quality` down to FLOOR; where even that is too much, the
    picture is made smaller and the search begins again. Raises ValueError when 64 pixels do not fit either.
    """
    data = _encoded(image, quality)
    while ceiling and len(data) > ceiling:
        lowest = min(quality, FLOOR)
        low = _encoded(image, lowest)
        if len(low) <= ceiling:
            return _best(image, low, lowest, quality, ceiling), image.size
        if max(image.size) <= _SMALLEST:
            raise ValueError(f"no JPEG of {ceiling} bytes")
        # Bytes go with the area, a little less than evenly: a step that is nearly sure to be the last.
        scale = min(0.92, max(0.5, math.sqrt(ceiling / len(low))))
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        image = image.resize(size, Image.Resampling.LANCZOS)
        data = _encoded(image, quality)
    return data, image.size


def _best(image: Image.Image, data: bytes, fits: int, too_much: int, ceiling: int) -> bytes:
    """Return the picture at the highest quality between two of which the first fits."""
    while too_much - fits > 1:
        middle = (fits + too_much) // 2
        tried = _encoded(image, middle)
        if len(tried) <= ceiling:
            fits, data = middle, tried
        else:
            too_much = middle
    return data


def _encoded(image: Image.Image, quality: int) -> bytes:
    with _file() as out:
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        out.seek(0)
        return out.read()


def _file() -> BinaryIO:
    """Return a file in memory, a true one where there are such.

    Pillow lets other threads run only while it writes to a file descriptor: two at once took 35 ms a photo
    so, and 66 ms with BytesIO.
    """
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("jpeg"), "w+b")  # noqa: PTH123 - it has no path
    return io.BytesIO()
