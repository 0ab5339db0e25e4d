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


NEAR = 7
"""Bits in which two hashes may differ and still be found by `probes`, whatever the bits."""
_BANDS = 4
_BAND_BITS = 16


def probes(bits: int) -> tuple[frozenset[str], ...]:
    """Return, for each quarter of a hash in hexadecimal, the values a hash within NEAR bits can have there.

    Of eight differing bits some quarter may hold two in each; of seven, one quarter holds at most one. So a
    store that has an index on each quarter finds all of them by 4 × 17 look-ups.
    """
    found = []
    for number in range(_BANDS):
        band = bits >> (_BAND_BITS * (_BANDS - 1 - number)) & (1 << _BAND_BITS) - 1
        values = {band, *(band ^ 1 << place for place in range(_BAND_BITS))}
        found.append(frozenset(f"{value:04x}" for value in values))
    return tuple(found)
