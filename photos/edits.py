"""What an editor does to a picture: a crop, areas nobody may recognise, the point crops must keep.

The original stays as it is. Every rendition is made anew from it with these edits.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageFilter

Area = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the upright original."""
Point = tuple[float, float]
"""From the left edge and from the top edge, as fractions of the upright original."""

MOST_BLURS = 50
_SMALLEST_CROP = 0.02
_BLOCKS = 4
"""Blocks along an area's longer side, at every size: all that is left of it are at most 16 colours."""
_DIGITS = 5


@dataclass(frozen=True)
class Edits:
    """The edits of one picture. An empty one changes nothing."""

    crop: Area | None = None
    blurs: tuple[Area, ...] = ()
    """Made unrecognisable, counted from the whole original even where it is cropped."""
    focus: Point | None = None
    """What a crop to a shape must keep (`photos.cropped`); changes no rendition of the whole."""

    @property
    def changes(self) -> bool:
        """Say whether renditions look different for these edits."""
        return bool(self.crop or self.blurs)

    def key(self) -> str:
        """Return ten letters that name these edits in a cache path; empty where they change nothing."""
        if not self.changes:
            return ""
        told = json.dumps([self.crop, sorted(self.blurs)])
        return hashlib.sha256(told.encode()).hexdigest()[:10]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values that `from_json` reads; what is not set is not named."""
        told: dict[str, Any] = {}
        if self.crop:
            told["crop"] = list(self.crop)
        if self.blurs:
            told["blurs"] = [list(area) for area in self.blurs]
        if self.focus:
            told["focus"] = list(self.focus)
        return told

    @classmethod
    def from_json(cls, told: object) -> Edits:
        """Read what `to_json` returned, or a browser sent. Raises ValueError, in Indonesian."""
        if not isinstance(told, Mapping) or not set(told) <= {"crop", "blurs", "focus"}:
            raise ValueError("Suntingan foto tidak dapat dibaca. Muat ulang halaman, lalu coba lagi.")
        crop, blurs, focus = told.get("crop"), told.get("blurs") or [], told.get("focus")
        if not isinstance(blurs, list | tuple):
            raise ValueError("Daftar bagian yang dikaburkan tidak dapat dibaca. Tandai lagi bagiannya.")
        if len(blurs) > MOST_BLURS:
            raise ValueError(f"Terlalu banyak bagian yang dikaburkan; paling banyak {MOST_BLURS}.")
        whole = (0.0, 0.0, 1.0, 1.0)
        kept = _area(crop, _SMALLEST_CROP) if crop is not None else whole
        return cls(
            crop=kept if kept != whole else None,
            blurs=tuple(dict.fromkeys(_area(blur, 0.0) for blur in blurs)),
            focus=_point(focus) if focus is not None else None,
        )


NONE = Edits()


def _area(told: object, smallest: float) -> Area:
    left, top, right, bottom = _fractions(told, 4)
    if right - left <= smallest or bottom - top <= smallest:
        raise ValueError("Bagian foto yang dipilih terlalu kecil. Tarik kotaknya lebih lebar.")
    return left, top, right, bottom


def _point(told: object) -> Point:
    x, y = _fractions(told, 2)
    return x, y


def _fractions(told: object, count: int) -> tuple[float, ...]:
    """Return numbers from 0 to 1, rounded so that JSON and browsers give back the same."""
    if not isinstance(told, list | tuple) or len(told) != count:
        raise ValueError("Bagian foto yang dipilih tidak dapat dibaca. Pilih lagi di gambarnya.")
    numbers = []
    for value in told:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError("Bagian foto yang dipilih tidak dapat dibaca. Pilih lagi di gambarnya.")
        if not -0.01 <= value <= 1.01:
            raise ValueError("Bagian foto yang dipilih berada di luar gambar. Pilih lagi di dalam gambarnya.")
        numbers.append(round(min(1.0, max(0.0, float(value))), _DIGITS))
    return tuple(numbers)


def edited(image: Image.Image, edits: Edits) -> Image.Image:
    """Return an upright picture with its areas made unrecognisable, then cropped."""
    if edits.blurs:
        image = image.copy()
    for area in edits.blurs:
        _blur(image, area)
    if edits.crop:
        image = image.crop(_crop_box(image.size, edits.crop))
    return image


def cropped(image: Image.Image, ratio: float, focus: Point | None = None) -> Image.Image:
    """Return the largest part of a picture with the shape `ratio` (width ÷ height) that holds the focus.

    The focus, by default the middle, comes as near the part's own middle as the picture's edges allow.
    Raises ValueError for a ratio that is no shape.
    """
    if not 0 < ratio < math.inf:
        raise ValueError("a ratio is a positive number")
    width, height = image.size
    size = min(width, max(1, round(height * ratio))), min(height, max(1, round(width / ratio)))
    x, y = focus or (0.5, 0.5)
    left = min(width - size[0], max(0, round(x * width - size[0] / 2)))
    top = min(height - size[1], max(0, round(y * height - size[1] / 2)))
    return image.crop((left, top, left + size[0], top + size[1]))


def focus_in_crop(edits: Edits) -> Point | None:
    """Return the focus as fractions of what the crop leaves, kept within it; None where there is none."""
    if not edits.focus or not edits.crop:
        return edits.focus
    left, top, right, bottom = edits.crop
    x, y = (edits.focus[0] - left) / (right - left), (edits.focus[1] - top) / (bottom - top)
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


def cropped_size(width: int, height: int, edits: Edits) -> tuple[int, int]:
    """Return the size that is left of `width` × `height` after the crop."""
    if not edits.crop:
        return width, height
    left, top, right, bottom = _crop_box((width, height), edits.crop)
    return right - left, bottom - top


def _crop_box(size: tuple[int, int], area: Area) -> tuple[int, int, int, int]:
    width, height = size
    left, top = min(width - 1, round(area[0] * width)), min(height - 1, round(area[1] * height))
    return left, top, max(left + 1, round(area[2] * width)), max(top + 1, round(area[3] * height))


def _blur(image: Image.Image, area: Area) -> None:
    """Replace an area by a few colours, softened. Nothing else of what was there is left to bring back.

    The blocks are counted, not measured: each rendition of each size holds the same few averages, and
    several of them together tell no more than one. A pixel more on each side covers what shrinking smeared.
    """
    width, height = image.size
    left, top = max(0, math.floor(area[0] * width) - 1), max(0, math.floor(area[1] * height) - 1)
    right, bottom = min(width, math.ceil(area[2] * width) + 1), min(height, math.ceil(area[3] * height) + 1)
    size = right - left, bottom - top
    longer = max(size)
    blocks = [max(1, round(side * _BLOCKS / longer)) for side in size]
    few = image.crop((left, top, right, bottom)).resize((blocks[0], blocks[1]), Image.Resampling.BOX)
    plain = few.resize(size, Image.Resampling.NEAREST)
    image.paste(plain.filter(ImageFilter.GaussianBlur(longer / _BLOCKS / 3)), (left, top))
