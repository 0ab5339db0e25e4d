"""Bytes → characters, whatever the sender claims. Never raises."""

from __future__ import annotations

import codecs
import re

import prose

_ALIASES = {
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-mac": "mac_roman",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "ks_c_5601-1987": "cp949",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
}
# Their bytes are also valid UTF-8, so for them what the sender declares is asked first.
_STATEFUL = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
# The characters Windows-1252 has where UTF-8 has its continuing bytes, 80 to BF.
_BYTES = {bytes([code]).decode("cp1252", "ignore"): bytes([code]) for code in range(0x80, 0xA0)}
_CONTINUING = "[" + "".join(filter(None, _BYTES)) + "\x80-\xbf]"
_MOJIBAKE = re.compile(
    f"[\xc3-\xdf]{_CONTINUING}|\xc2[\xa0-\xbf]|[\xe0-\xef]{_CONTINUING}{{2}}|[\xf0-\xf4]{_CONTINUING}{{3}}"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, declared: str = "") -> str:
    """Decode text by a ladder: byte order mark, strict UTF-8, what is declared, Windows-1252."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    codec = _codec(declared)
    rungs = [codec, "utf-8"] if codec.startswith(_STATEFUL) else ["utf-8", codec]
    for rung in rungs:
        try:
            return data.decode(rung)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def clean_line(text: str) -> str:
    """Make one line fit to show: no control, invisible or direction characters, single spaces."""
    return " ".join(prose.clean(text).split())


def repaired(text: str) -> str:
    """Mend text that was UTF-8, was read as Windows-1252 and written as UTF-8 again: `â€œ` is `“`."""
    if not _MOJIBAKE.search(text):
        return text
    return _MOJIBAKE.sub(_mended, text.replace("â€\ufffd", "”"))


def _mended(match: re.Match[str]) -> str:
    data = b"".join(_BYTES.get(char) or bytes([ord(char)]) for char in match[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _codec(declared: str) -> str:
    """Return the name of a text codec Python has for a declared charset, Windows-1252 when there is none."""
    name = declared.strip().strip("\"'").lower().replace(" ", "-")
    name = _ALIASES.get(name, name)
    if re.fullmatch(r"cp-\d+|windows-?\d{3,4}.*", name):
        name = "cp" + re.findall(r"\d+", name)[0]
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return "cp1252"
    # `hex`, `zlib` and their like are codecs too, but not of text; `idna` and `punycode` are of names.
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name not in ("idna", "punycode", "undefined") else "cp1252"
