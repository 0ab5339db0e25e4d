"""What an attached picture is, by its bytes; and whether it is news or furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass

import photos

_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_LOGO_NAME = re.compile(
    r"(?i)\b(?:logo|icon|ikon|banner|kop|header|footer|signature|ttd|stempel)\b|^spacer|^pixel"
)


@dataclass(frozen=True)
class Look:
    """What a picture's bytes say."""

    content_type: str
    """By magic; empty when the bytes are no picture we know."""
    width: int = 0
    height: int = 0
    problem: str = ""
    """Empty when the whole picture could be decoded; else a sentence."""


def magic(data: bytes) -> str:
    """Return the content type of a picture by its first bytes, empty when it is none."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(len(data), 64), 4))}
        if brands & {b"avif", b"avis"}:
            return "image/avif"
        if brands & _BRANDS:
            return "image/heic"
    if data.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if (
        data.startswith(b"BM")
        and len(data) > 26
        and data[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "image/bmp"
    return ""


def look(data: bytes) -> Look:
    """Measure a picture and see whether it is all there, within limits. Raises nothing."""
    kind = magic(data)
    if not kind:
        return Look("")
    try:
        facts = photos.facts(data)
    except photos.UnreadablePhoto as error:
        return Look(kind, problem=str(error))
    return Look(kind, facts.width, facts.height, facts.problem)


_AROUND = frozenset(("quote", "closing", "signature", "disclaimer", "footer"))


def furniture(look: Look, size: int, filename: str, *, inline: bool, within: set[str] | None = None) -> str:
    """Say why a picture is no news photo (logo, icon, tracking pixel), empty when it may be one.

    `within` holds the kinds of segment the text shows it in. A picture of some size is a photo wherever it stands:
    people put their photos below their signature too.
    """
    width, height = look.width, look.height
    if not width or not height:
        return ""
    small, large = sorted((width, height))
    if large <= 8:
        return "gambar pelacak, bukan foto"
    if large < 400 and _LOGO_NAME.search(filename):
        return "logo atau hiasan, bukan foto"
    drawn = look.content_type in ("image/png", "image/gif")
    if (small < 100 and large / small >= 2.5) or (drawn and large < 100):
        return "gambar kecil seperti logo atau ikon, bukan foto"
    if inline and (large < 200 or (drawn and large < 300 and size < 15_000)):
        return "gambar kecil di dalam surel seperti logo, bukan foto"
    if within and within <= _AROUND and (large < 500 or (drawn and size < 60_000) or large / small >= 3):
        return "gambar di tanda tangan atau kutipan surel, bukan foto"
    return ""


def is_large_photo(look: Look, size: int) -> bool:
    """Say whether a picture is a camera's by its measures: too much for a logo, however often it is sent."""
    return (
        look.content_type in ("image/jpeg", "image/heic")
        and max(look.width, look.height) >= 1000
        and size >= 150_000
    )
