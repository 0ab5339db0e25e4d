"""Renditions: JPEG for people to see, upright, in sRGB, with nothing in it but the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from photos.colour import in_srgb
from photos.edits import NONE, Edits, cropped_size, edited
from photos.jpeg import jpeg
from photos.opening import MOST_PIXELS, UnreadablePhoto, load, opened, orientation_of
from photos.strip import stripped

# Pixels lie in pieces of 1 MB, and up to 32 of them are kept for the next picture. Memory fresh from the system
# is filled with zeros page by page: 8 ms of each photo's 110.
Image.core.set_block_size(1 << 20)  # type: ignore[attr-defined]
Image.core.set_blocks_max(32)  # type: ignore[attr-defined]

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Rendition:
    """One size of a photo."""

    data: bytes = field(repr=False)
    """JPEG without any metadata."""
    width: int
    height: int
    incomplete: bool = False
    """The original's end is missing: a part of the picture is grey or empty."""


class Size(NamedTuple):
    """How large a rendition may be."""

    longest: int
    """Pixels of its longer side."""
    quality: int
    """JPEG, 1 to 95; less where the ceiling asks for it."""
    ceiling: int = 0
    """Bytes it must not exceed; 0 for no ceiling."""
    strip: str = ""
    """A credit to write under the picture; empty for none."""


def renditions(
    data: bytes, sizes: Sequence[Size | tuple[int, int]], *, edits: Edits = NONE
) -> list[Rendition]:
    """Make one JPEG for each size, or (longest side in pixels, quality), in that order, decoding `data` once.

    All of them carry the edits; the sizes are those of the cropped picture. A photo is never enlarged.
    Raises UnreadablePhoto, and ValueError for a ceiling nothing fits under.
    """
    wanted = [Size(*size) for size in sizes]
    largest = max(size.longest for size in wanted)
    image, whole = _decoded(data, lambda width, height: fitted(width, height, largest), edits)
    made: dict[int, Rendition] = {}
    for place in sorted(range(len(wanted)), key=lambda at: -wanted[at].longest):
        size = wanted[place]
        fit = fitted(*image.size, size.longest)
        if fit != image.size:
            image = _shrunk(image, fit)
        shown = stripped(image, size.strip, size.longest) if size.strip else image
        written, got = jpeg(shown, size.quality, size.ceiling)
        made[place] = Rendition(written, *got, incomplete=not whole)
    return [made[place] for place in range(len(wanted))]


def picture(data: bytes, width: int, height: int, *, whole: bool = False, edits: Edits = NONE) -> Image.Image:
    """Return the photo upright in sRGB with its edits, just large enough to cover `width` × `height` pixels.

    Smaller photos come as they are; memory depends on the box, not on the photo. Raises UnreadablePhoto,
    with `whole` also when a part of the picture is missing.
    """
    image, is_whole = _decoded(data, lambda w, h: _covering(w, h, width, height), edits)
    if whole and not is_whole:
        raise UnreadablePhoto(
            "Sebagian gambar rusak atau hilang. Minta pengirim mengirim ulang foto aslinya sebagai JPEG."
        )
    return image


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return the size with the same shape whose longest side is at most `longest`."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _covering(width: int, height: int, box_width: int, box_height: int) -> tuple[int, int]:
    scale = min(1.0, max(box_width / width, box_height / height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _whole_size(
    width: int, height: int, wanted: Callable[[int, int], tuple[int, int]], edits: Edits
) -> tuple[int, int]:
    """Return how large the upright whole must be so that what is left of it has the size wanted."""
    left = cropped_size(width, height, edits)
    size = wanted(*left)
    if size == left:
        return width, height
    scale = max(size[0] / left[0], size[1] / left[1])
    return (round(width * scale), round(height * scale)) if edits.crop else size


def _decoded(
    data: bytes, wanted: Callable[[int, int], tuple[int, int]], edits: Edits
) -> tuple[Image.Image, bool]:
    """Return the picture upright in sRGB, edited, at the size `wanted` says, and whether it is whole."""
    image = opened(data)
    orientation = orientation_of(image)
    width, height = image.size
    if orientation >= 5:
        size = _whole_size(height, width, wanted, edits)[::-1]
    else:
        size = _whole_size(width, height, wanted, edits)
    _draft(image, size)
    whole = load(image)
    size = min(size, image.size)  # no larger than what could be decoded in the memory there is
    try:
        flat = _flat(image)
        if size != flat.size:
            flat = _shrunk(flat, size)
        elif flat is image:
            flat = image.copy()
        flat = in_srgb(flat, image.info.get("icc_profile"))
        if orientation in _UPRIGHT:
            flat = flat.transpose(_UPRIGHT[orientation])
        flat = edited(flat, edits)
    except (OSError, ValueError, MemoryError) as error:
        raise UnreadablePhoto(
            "Foto ini tidak dapat diolah. Minta pengirim mengirim ulang foto aslinya sebagai JPEG."
        ) from error
    flat.info.clear()  # Pillow would write a comment it finds here into the JPEG
    return flat, whole


def _draft(image: ImageFile.ImageFile, size: tuple[int, int]) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth, no smaller than `size` where memory allows.

    The box has the photo's own shape: both its sides must be small enough for the decoder to bother.
    """
    if not isinstance(image, JpegImageFile):
        return
    width, height = image.size
    scale = min(width // size[0], height // size[1])
    while width * height > MOST_PIXELS * scale * scale:
        scale *= 2
    image.draft(None, (max(1, width // scale), max(1, height // scale)))


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the image at `size`.

    To no less than a half, bicubic is as near to the full photo as Lanczos (40.26 and 40.28 dB, measured on
    12 MP with grain, 4000 → 1600) in three quarters of the time. Below, whole pixels are averaged first.
    """
    if image.width < 2 * size[0] and image.height < 2 * size[1]:
        return image.resize(size, Image.Resampling.BICUBIC)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _flat(image: Image.Image) -> Image.Image:
    """Return the image in RGB, L or CMYK with 8 bits, transparent parts white."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        white = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(white, layers).convert("RGB")
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    return image.convert("L" if image.mode in ("1", "F") else "RGB")
