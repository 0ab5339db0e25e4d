"""From a file's own colours to sRGB, which is what browsers take a picture without a profile for."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageCms

_MOST_BYTES = 4_000_000
"""Of a profile: the largest printers' profiles have about 3 MB."""
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOCACHE
"""Without its cache of one pixel a transform may serve several threads, and photos seldom repeat a pixel."""


def in_srgb(image: Image.Image, icc: object) -> Image.Image:
    """Convert by the file's colour profile, where it has a usable one that is not sRGB; `image` is used up."""
    try:
        transform = _transform(icc, image.mode) if isinstance(icc, bytes) and icc else None
        if transform:
            if image.mode == "RGB":
                ImageCms.applyTransform(image, transform, inPlace=True)
                return image
            converted = ImageCms.applyTransform(image, transform)
            if converted is not None:
                return converted
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A broken profile, or one for other inks: every viewer then shows the numbers as they are.
        return image.convert("RGB")
    return image.convert("RGB") if image.mode != "RGB" else image


@lru_cache(maxsize=16)
def _transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB, or None when it is sRGB; the phones of an office have few profiles.

    Raises what ImageCms raises for a profile that is broken or made for other colours than `mode`.
    """
    if len(icc) > _MOST_BYTES:
        raise ValueError("too large a profile")
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(profile).lower():
        return None
    return ImageCms.buildTransform(
        profile, ImageCms.createProfile("sRGB"), mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, _FLAGS
    )
