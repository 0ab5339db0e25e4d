"""How sharp and how bright a photo is. Numbers to compare photos by, never a judgement by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageStat

from photos.rendering import fitted, picture

_LONGEST = 1024
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_DARK, _BRIGHT = 5, 250


@dataclass(frozen=True)
class Measures:
    """Taken from the photo in grey with its longest side at 1024 pixels (or its own, where it is smaller)."""

    sharpness: float
    """Variance of the Laplacian: 0 for a plain surface, under about 50 for one out of focus, hundreds and
    more for one full of sharp detail. Only photos of one scene, such as a burst, compare well."""
    exposure: float
    """Mean brightness from 0 (black) to 1 (white); most good photos lie between 0.25 and 0.7."""
    dark: float
    """The share of pixels that are black, 0 to 1: what the camera could not see."""
    bright: float
    """The share that is white."""


def measures(data: bytes) -> Measures:
    """Measure a photo. Raises UnreadablePhoto."""
    image = picture(data, _LONGEST * 3 // 4, _LONGEST * 3 // 4).convert("L")
    size = fitted(*image.size, _LONGEST)
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    counts = image.histogram()
    total = image.width * image.height
    return Measures(
        sharpness=round(_sharpness(image), 2),
        exposure=round(ImageStat.Stat(image).mean[0] / 255, 4),
        dark=round(sum(counts[: _DARK + 1]) / total, 4),
        bright=round(sum(counts[_BRIGHT:]) / total, 4),
    )


def _sharpness(image: Image.Image) -> float:
    if min(image.size) < 3:
        return 0.0
    edges = image.filter(_LAPLACE).crop((1, 1, image.width - 1, image.height - 1))
    return float(ImageStat.Stat(edges).var[0])  # the filter leaves the outermost pixels as they were
