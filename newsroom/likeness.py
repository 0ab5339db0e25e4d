"""Which photos are one photo, by what their rows say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import photos

SAME_PHOTO = 5
"""Bits of 64 in which two likenesses of one photo may differ, resized and compressed again by WhatsApp."""


def is_among(picture: Mapping[str, Any], held: Sequence[tuple[str, str]]) -> bool:
    """Say whether a picture is among `held` (SHA-256 and likeness), be it smaller or compressed again."""
    mine = picture.get("dhash", "")
    return any(
        picture["sha256"] == sha256
        or bool(mine and dhash and photos.distance(int(mine, 16), int(dhash, 16)) <= SAME_PHOTO)
        for sha256, dhash in held
    )


def count_same(pictures: Sequence[Mapping[str, Any]], held: Sequence[tuple[str, str]]) -> int:
    return sum(is_among(picture, held) for picture in pictures)
