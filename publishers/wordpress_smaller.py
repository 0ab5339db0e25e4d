"""A photo for a site whose server refuses it for its size."""

from __future__ import annotations

from collections.abc import Iterator

import photos
from publishers.base import Picture

SIZES = (photos.Size(1200, 78, 250_000), photos.Size(900, 75, 120_000))


def ever_smaller(picture: Picture) -> Iterator[bytes]:
    """Yield the photo as it is, then smaller ones made when they are asked for, with the same label."""
    yield picture.data
    for size in SIZES:
        (made,) = photos.renditions(picture.data, [size])
        if len(made.data) < len(picture.data):
            yield _with_label_of(picture.data, made.data)


def _with_label_of(labelled: bytes, jpeg: bytes) -> bytes:
    """Return `jpeg` with the label (XMP, IPTC) that stands in the other one."""
    label, at = b"", 2
    while labelled[at : at + 1] == b"\xff" and 0xE0 <= labelled[at + 1] <= 0xEF:
        end = at + 2 + int.from_bytes(labelled[at + 2 : at + 4], "big")
        if labelled[at + 1] in (0xE1, 0xED):
            label += labelled[at:end]
        at = end
    return jpeg[:2] + label + jpeg[2:]
