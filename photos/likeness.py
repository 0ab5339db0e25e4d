"""Likeness: a number that stays nearly the same when a photo is resized, recompressed or turned upright."""

from __future__ import annotations

from PIL import Image

from photos.rendering import picture

_SIDE = 8


def dhash(data: bytes) -> int:
    """Return 64 bits that say where the photo grows brighter from left to right. Raises UnreadablePhoto."""
    small = picture(data, 9 * _SIDE, 8 * _SIDE).convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    values = small.tobytes()
    bits = 0
    for row in range(_SIDE):
        for column in range(_SIDE):
            at = row * (_SIDE + 1) + column
            bits = bits << 1 | (values[at] < values[at + 1])
    return bits


def distance(one: int, other: int) -> int:
    """Count the bits in which two hashes differ: 0 for the same picture, about 32 for unrelated ones."""
    return (one ^ other).bit_count()
