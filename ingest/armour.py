"""What programs wrap around or put into plain text: PGP's armour, files as uuencode or yEnc."""

from __future__ import annotations

import re

from ingest.headers import clean_filename
from ingest.transfer import from_uuencode

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = re.compile(
    r"(?ms)^-----BEGIN PGP SIGNATURE-----\s*$.*?(?:^-----END PGP SIGNATURE-----[ \t]*\n?|\Z)"
)
_LOCKED = re.compile(r"(?m)^-----BEGIN PGP MESSAGE-----\s*$")
_UU = re.compile(
    rb"(?m)^begin(?:-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n(?P<lines>(?:[^\r\n]{0,100}\r?\n){1,}?)(?:end|====)[ \t]*(?:\r?\n|\Z)"
)
_YENC = re.compile(
    rb"(?ms)^=ybegin [^\r\n]*?name=(?P<name>[^\r\n]{1,200})\r?\n(?:=ypart [^\r\n]*\r?\n)?(?P<data>.*?)(?:^=yend[^\r\n]*(?:\r?\n|\Z)|\Z)"
)
_MOST_FILES = 50


def without_signature(text: str) -> str:
    """Return clear-signed text without its armour (RFC 9580 §7); other text as it is."""
    begin = text.find(_SIGNED)
    if begin < 0 or (begin and text[begin - 1] != "\n"):
        return text
    head, blank, rest = text[begin:].partition("\n\n")
    if not blank or any(
        line and not re.match(r"(?i)(?:-----begin|hash|charset|comment|version)\b", line)
        for line in head.splitlines()
    ):
        return text
    signed = _SIGNATURE.sub("", rest, count=1)
    return text[:begin] + re.sub(r"(?m)^- ", "", signed)


def is_locked(text: str) -> bool:
    """Say whether a text holds an encrypted PGP message."""
    return _LOCKED.search(text) is not None


def take_out(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return a text's bytes without the files in it, and those files: names as shown, and bytes."""
    if b"begin" not in data:
        return data, []
    files: list[tuple[str, bytes]] = []

    def keep(match: re.Match[bytes]) -> bytes:
        if len(files) >= _MOST_FILES:
            return match[0]
        decoded = _unyenc(match["data"]) if match[0].startswith(b"=") else _unuu(match)
        if not decoded:
            return match[0]
        files.append((clean_filename(match["name"].decode("utf-8", "replace")), decoded))
        return b""

    return _YENC.sub(keep, _UU.sub(keep, data)), files


def _unuu(match: re.Match[bytes]) -> bytes:
    if match[0].startswith(b"begin-base64"):
        return b""
    lines = match["lines"]
    # A line says by its first letter how long it is; prose between `begin 644 x` and `end` does not.
    for line in lines.split(b"\n")[:3]:
        line = line.rstrip(b"\r")
        if line and len(line) < (((line[0] - 32) & 63) + 2) // 3 * 4 * 0.9:
            return b""
    return from_uuencode(lines)


def _unyenc(data: bytes) -> bytes:
    bare = data.replace(b"\r", b"").replace(b"\n", b"")
    bare = re.sub(rb"(?s)=(.)", lambda match: bytes([(match[1][0] - 64) % 256]), bare)
    return bare.translate(bytes((code - 42) % 256 for code in range(256)))
