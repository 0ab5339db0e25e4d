"""What a photo's file says about it. Never trusted, never a reason to refuse the picture.

Words stand in three places. IPTC wins, because a person at a desk wrote it; XMP fills what IPTC leaves
empty; EXIF comes last, because cameras fill it by themselves. For the time it is the other way round: the
camera's clock first.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import exifread
from PIL import ImageFile, IptcImagePlugin

from photos.opening import format_of, jpeg_segments, opened, orientation_of
from photos.xmp import xmp_texts

# It reports every photo without EXIF as a warning.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

_LONGEST = 4000
_MOST_READS = 50_000
"""Of an EXIF block, a few bytes each; a camera's takes about a thousand."""
_BOILERPLATE = frozenset(
    {
        "olympus digital camera",
        "samsung camera pictures",
        "sony dsc",
        "minolta digital camera",
        "default",
        "untitled",
    }
)
_INCOMPLETE = "Foto tidak lengkap: bagian akhirnya hilang. Minta pengirim mengirim ulang foto aslinya."


@dataclass(frozen=True)
class Facts:
    """One photo's facts; what the file does not say is empty or None."""

    format: str
    """JPEG, PNG, WEBP, GIF, TIFF, BMP, AVIF or HEIC."""
    width: int
    """Pixels, as seen upright."""
    height: int
    orientation: int = 1
    """EXIF, 1 to 8: how the stored pixels are turned; 1 where the format itself says it."""
    taken_at: datetime | None = None
    """Naive: the camera's clock, which knows no zone."""
    camera: str = ""
    gps: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    headline: str = ""
    description: str = ""
    creator: str = ""
    credit: str = ""
    copyright: str = ""
    city: str = ""
    province: str = ""
    country: str = ""
    problem: str = ""
    """Empty when the file has its end; else a sentence."""


def facts(data: bytes) -> Facts:
    """Read the facts of a photo without decoding its pixels. Raises UnreadablePhoto when there is none."""
    image = opened(data)
    orientation = orientation_of(image)
    width, height = image.size if orientation < 5 else image.size[::-1]
    exif = _exif(data if image.format == "TIFF" else image.info.get("exif"))
    words = _words(image, exif)
    return Facts(
        format=format_of(image),
        width=width,
        height=height,
        orientation=orientation,
        taken_at=_taken_at(exif, words.get("date", "")),
        camera=_camera(exif),
        gps=_gps(exif),
        **{name: words.get(name, "") for name in _WORDS if name != "date"},
        problem="" if _has_its_end(data, format_of(image)) else _INCOMPLETE,
    )


class _Bounded(io.BytesIO):
    """Bytes of which only so much is read: blocks of a hundred thousand entries hold a reader up for minutes."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads > _MOST_READS:
            raise OSError("too much to read")
        return super().read(size)


def _exif(block: object) -> Mapping[str, Any]:
    """Return the tags of an EXIF block, or of a TIFF file, which is one."""
    if not isinstance(block, bytes):
        return {}
    try:
        tags: Mapping[str, Any] = exifread.process_file(
            _Bounded(block.removeprefix(b"Exif\0\0")), details=False, extract_thumbnail=False
        )
    except Exception:  # noqa: BLE001 - a parser of hostile bytes raises whatever it likes; facts are a courtesy
        return {}
    return tags


def _iptc(image: ImageFile.ImageFile) -> dict[tuple[int, int], str]:
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # noqa: BLE001 - as above
        return {}
    texts = {}
    for key, value in found.items():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, bytes):
            texts[key] = _clean(_decoded(first))
    return texts


_WORDS = {
    "headline": 105,
    "description": 120,
    "creator": 80,
    "credit": 110,
    "copyright": 116,
    "city": 90,
    "province": 95,
    "country": 101,
    "date": 55,
}
"""Our names and IPTC's datasets of record 2."""


def _words(image: ImageFile.ImageFile, exif: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of a file by the rule above."""
    iptc, xmp = _iptc(image), xmp_texts(image.info.get("xmp"))
    told = {name: iptc.get((2, number), "") or _clean(xmp.get(name, "")) for name, number in _WORDS.items()}
    if iptc.get((2, 55)):
        told["date"] += iptc.get((2, 60), "000000")[:6]
    told["description"] = told["description"] or _described(_text(exif.get("Image ImageDescription")))
    told["creator"] = told["creator"] or _text(exif.get("Image Artist"))
    told["copyright"] = told["copyright"] or _text(exif.get("Image Copyright"))
    return told


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _text(tag: Any) -> str:
    """Return a text tag's value; cameras write UTF-8, Latin-1 or padding."""
    value = getattr(tag, "values", None)
    if isinstance(value, list) and value and all(isinstance(item, int) and 0 <= item < 256 for item in value):
        value = bytes(value)
    if isinstance(value, bytes):
        value = _decoded(value)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    text = text.partition("\0")[0]
    kept = "".join(
        char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for char in text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    )
    return unicodedata.normalize(
        "NFC", "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()
    )


def _described(text: str) -> str:
    return "" if text.casefold() in _BOILERPLATE else text


def _camera(exif: Mapping[str, Any]) -> str:
    make, model = _text(exif.get("Image Make")), _text(exif.get("Image Model"))
    if make and model.casefold().startswith(make.split()[0].casefold()):
        return model
    return f"{make} {model}".strip()


def _taken_at(exif: Mapping[str, Any], told: str) -> datetime | None:
    """Return the camera's time, or the one in words: IPTC's digits, or XMP's ISO 8601 without its zone."""
    for text, form in (
        (_text(exif.get("EXIF DateTimeOriginal")), "%Y:%m:%d %H:%M:%S"),
        (_text(exif.get("EXIF DateTimeDigitized")), "%Y:%m:%d %H:%M:%S"),
        (told.strip(), "%Y%m%d%H%M%S"),
        (told[:19], "%Y-%m-%dT%H:%M:%S"),
        (told[:10], "%Y-%m-%d"),
    ):
        try:
            when = datetime.strptime(text, form)  # noqa: DTZ007 - a camera's clock knows no zone
        except ValueError:
            continue
        if when.year > 1900:
            return when
    return None


def _gps(exif: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude = _degrees(exif, "Latitude", "S")
    longitude = _degrees(exif, "Longitude", "W")
    if latitude is None or longitude is None or (latitude, longitude) == (0.0, 0.0):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return latitude, longitude


def _degrees(exif: Mapping[str, Any], name: str, negative: str) -> float | None:
    values = getattr(exif.get(f"GPS GPS{name}"), "values", None)
    if not isinstance(values, list) or not 1 <= len(values) <= 3:
        return None
    try:
        total: float = sum(float(value) / 60**power for power, value in enumerate(values))
    except (ArithmeticError, TypeError, ValueError):
        return None
    south_or_west = _text(exif.get(f"GPS GPS{name}Ref")).upper().startswith(negative)
    return round(-total if south_or_west else total, 6)


def _has_its_end(data: bytes, kind: str) -> bool:
    """Say whether the file's end is there, as far as the format lets one see without decoding."""
    if kind == "JPEG":
        # In picture data an FF is always followed by 00 or a restart mark, so this is the true end.
        return data.rfind(b"\xff\xd9", _first_scan(data)) >= 0
    if kind == "PNG":
        return b"IEND" in data[-4096:]
    return True


def _first_scan(data: bytes) -> int:
    """Return where a JPEG's picture data begin, behind the EXIF block and the thumbnail in it."""
    return max((start for _, start, _ in jpeg_segments(data)), default=2)
