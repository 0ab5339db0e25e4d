"""Words in the file: who made a picture and what it shows, as IPTC (IIM 4.2) and as XMP, beside its pixels.

Both carry the same words. IIM's own limits (32 bytes for a credit) are too short for Indonesian offices'
names; readers take longer ones, so ours are wider and stated in `_IIM`.

This is also the seam for signed provenance (C2PA): one more segment behind these, from a Label and the bytes.
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass, fields
from datetime import date
from xml.sax.saxutils import escape

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_UTF8 = b"\x1c\x01\x5a\x00\x03\x1b%G"
"""1:90, the coded character set: what follows is UTF-8."""
_VERSION = b"\x1c\x02\x00\x00\x02\x00\x04"
_IIM = {
    "date": (55, 8),
    "creator": (80, 256),
    "city": (90, 256),
    "headline": (105, 256),
    "credit": (110, 256),
    "copyright": (116, 256),
    "caption": (120, 2000),
}
"""Dataset of record 2 and the most bytes of it."""


@dataclass(frozen=True)
class Label:
    """What a published picture says about itself: nothing of where it was taken but the city."""

    caption: str = ""
    credit: str = ""
    copyright: str = ""
    creator: str = ""
    headline: str = ""
    city: str = ""
    date: date | None = None

    def texts(self) -> dict[str, str]:
        """Return what is to be written, cleaned and cut to its limits; empty fields are not named."""
        told = {}
        for each in fields(self):
            value = getattr(self, each.name)
            text = f"{value:%Y%m%d}" if isinstance(value, date) else _cut(value, _IIM[each.name][1])
            if text and value is not None:
                told[each.name] = text
        return told


def labelled(jpeg: bytes, label: Label) -> bytes:
    """Return the JPEG with the label in it, in the place of an earlier one. Pixels are not touched.

    Raises ValueError when `jpeg` is none.
    """
    head, rest, _ = _parted(jpeg)
    return head + segments(label) + rest


def labelled_like(jpeg: bytes, other: bytes) -> bytes:
    """Return the JPEG with the label that another JPEG carries: a smaller size says the same words.

    Raises ValueError when one of them is none.
    """
    head, rest, _ = _parted(jpeg)
    return head + _parted(other)[2] + rest


def segments(label: Label) -> bytes:
    """Return a label as JPEG segments: APP1 with XMP, APP13 with IPTC; nothing for an empty one."""
    texts = label.texts()
    if not texts:
        return b""
    return _segment(0xE1, _XMP + _xmp(texts)) + _segment(0xED, _PHOTOSHOP + _resource(_iim(texts)))


def _parted(jpeg: bytes) -> tuple[bytes, bytes, bytes]:
    """Part a JPEG: its first mark with the JFIF segment, the rest without labels, and the labels it had."""
    if jpeg[:3] != b"\xff\xd8\xff":
        raise ValueError("no JPEG")
    head, kept, labels, at = jpeg[:2], b"", b"", 2
    while jpeg[at : at + 1] == b"\xff" and 0xE0 <= jpeg[at + 1] <= 0xEF:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        segment = jpeg[at:end]
        if segment[1] == 0xE0:
            head += segment
        elif segment[4:].startswith((_XMP, _PHOTOSHOP)):
            labels += segment
        else:
            kept += segment
        at = end
    return head, kept + jpeg[at:], labels


def _segment(mark: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def _resource(iim: bytes) -> bytes:
    """Return Photoshop's image resource 0x0404, which holds IPTC; padded to an even length."""
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iim)) + iim + b"\0" * (len(iim) % 2)


def _iim(texts: dict[str, str]) -> bytes:
    sets = [_UTF8, _VERSION]
    for name, (number, _) in _IIM.items():
        if name in texts:
            raw = texts[name].encode()
            sets.append(struct.pack(">BBBH", 0x1C, 2, number, len(raw)) + raw)
    return b"".join(sets)


def _xmp(texts: dict[str, str]) -> bytes:
    """Return the packet, read-only and without padding: nobody edits our renditions in place."""
    made = {name: escape(text) for name, text in texts.items()}
    if day := made.get("date"):
        made["date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    properties = "".join(form.format(made[name]) for name, form in _PROPERTIES.items() if name in made)
    return _PACKET.format(properties).encode()


_PROPERTIES = {
    "caption": '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>',
    "copyright": '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:rights>',
    "creator": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "headline": "<photoshop:Headline>{}</photoshop:Headline>",
    "credit": "<photoshop:Credit>{}</photoshop:Credit>",
    "city": "<photoshop:City>{}</photoshop:City>",
    "date": "<photoshop:DateCreated>{}</photoshop:DateCreated>",
}
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
    '{}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def _cut(text: str | None, most: int) -> str:
    """Return the text without what XML cannot hold, at most `most` bytes, never through a letter."""
    clean = "".join(
        " " if char in "\r\n\t" else char
        for char in text or ""
        if char in "\r\n\t" or (unicodedata.category(char) not in ("Cc", "Cs", "Cn") and char != "\ufeff")
    ).strip()
    raw = clean.encode()
    return clean if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore").rstrip() + "…"
