"""winmail.dat (TNEF), which Outlook makes of a mail for others: its text and its files.

Written after Microsoft's [MS-OXTNEF]; only what a story needs is read.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import compressed_rtf  # type: ignore[import-untyped]

from ingest import charset, headers, rtf

logger = logging.getLogger(__name__)

SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _MAPI, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_RENDERING, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_LONG_NAME, _CONTENT_ID, _CONTENT, _HTML, _TEXT, _RTF = 0x3707, 0x3712, 0x3701, 0x1013, 0x1000, 0x1009
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4}
_FIXED |= {0x0014: 8, 0x0040: 8, 0x0048: 16}
_VARIABLE = (0x000D, 0x001E, 0x001F, 0x0102)
_MOST = 1_000
_LARGEST_RTF = 5_000_000


@dataclass
class TnefFile:
    filename: str = ""
    data: bytes = field(default=b"", repr=False)
    content_id: str = ""


@dataclass
class Tnef:
    text: str = ""
    html: str = ""
    rtf: str = ""
    """The words of its RTF; Outlook writes some mails in no other form."""
    files: list[TnefFile] = field(default_factory=list)


def read(data: bytes) -> Tnef:
    """Read a winmail.dat as far as it goes. Never raises."""
    found = Tnef()
    codepage = "cp1252"
    for number, value in _attributes(data):
        if number == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif number == _BODY:
            found.text = charset.decode(value.rstrip(b"\0"), codepage)
        elif number == _MAPI:
            for name, content in _properties(value):
                if name == _HTML:
                    found.html = charset.decode(content.rstrip(b"\0"), codepage)
                elif name == _TEXT and not found.text:
                    found.text = charset.decode(content.rstrip(b"\0"), codepage)
                elif name == _RTF:
                    found.rtf = _unpacked_rtf(content)
        elif number == _RENDERING and len(found.files) < _MOST:
            found.files.append(TnefFile())
        elif found.files:
            _fill(found.files[-1], number, value, codepage)
    return found


def _fill(file: TnefFile, number: int, value: bytes, codepage: str) -> None:
    if number == _DATA:
        file.data = value
    elif number == _TITLE and not file.filename:
        file.filename = headers.clean_filename(charset.decode(value.rstrip(b"\0"), codepage))
    elif number == _ATTACHMENT:
        for name, content in _properties(value):
            if name == _LONG_NAME:
                file.filename = headers.clean_filename(charset.decode(content.rstrip(b"\0"), codepage))
            elif name == _CONTENT_ID:
                file.content_id = charset.decode(content.rstrip(b"\0"), codepage).strip("<> ")
            elif name == _CONTENT and not file.data:
                file.data = content


def _unpacked_rtf(content: bytes) -> str:
    """Return the words of RTF as Outlook packs it ([MS-OXRTFCP]), empty when it is broken."""
    # The packing makes at most 17 bytes of 2, so what is unpacked is bounded by what was sent.
    if not 16 <= len(content) <= _LARGEST_RTF:
        return ""
    try:
        return rtf.read(compressed_rtf.decompress(content))
    except Exception:  # the library raises nothing finer for a broken file
        logger.info("compressed RTF in a winmail.dat could not be read", exc_info=True)
        return ""


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each attribute's number and bytes; a broken end is where it stops."""
    at = 6  # signature and key
    while at + 9 <= len(data):
        number, length = struct.unpack_from("<II", data, at + 1)
        value = data[at + 9 : at + 9 + length]
        yield number, value
        at += 9 + length + 2  # level, number, length; checksum


def _properties(value: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the MAPI properties that are strings or bytes; Unicode strings as UTF-8."""
    if len(value) < 4:
        return
    count = struct.unpack_from("<I", value)[0]
    at = 4
    for _ in range(min(count, _MOST)):
        if at + 4 > len(value):
            return
        kind, name = struct.unpack_from("<HH", value, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(value, at)
        kind, many = kind & 0xEFFF, bool(kind & 0x1000)
        if kind in _FIXED:
            at += (
                (struct.unpack_from("<I", value, at)[0] * _FIXED[kind] + 4)
                if many and at + 4 <= len(value)
                else _FIXED[kind]
            )
            continue
        if kind not in _VARIABLE or at + 4 > len(value):
            return
        values = struct.unpack_from("<I", value, at)[0]
        at += 4
        for index in range(min(values, _MOST)):
            if at + 4 > len(value):
                return
            length = struct.unpack_from("<I", value, at)[0]
            content = value[at + 4 : at + 4 + length]
            at += 4 + length + -length % 4
            if index == 0:
                yield name, _utf8(content) if kind == 0x001F else content


def _after_name(value: bytes, at: int) -> int:
    """Pass over the name of a named property: a GUID, then a number or a string."""
    if at + 24 > len(value):
        return len(value)
    by_string, length = struct.unpack_from("<II", value, at + 16)
    return at + 24 + (length + -length % 4 if by_string else 0)


def _utf8(content: bytes) -> bytes:
    return content.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
