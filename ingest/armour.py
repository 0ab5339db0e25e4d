"""What programs wrap around or put into plain text: PGP's armour, files as uuencode or yEnc."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.headers import clean_filename
from ingest.transfer import from_uuencode

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = re.compile(
    r"(?ms)^-----BEGIN PGP SIGNATURE-----\s*$.*?(?:^-----END PGP SIGNATURE-----[ \t]*\n?|\Z)"
)
_LOCKED = re.compile(r"(?m)^-----BEGIN PGP MESSAGE-----\s*$")
_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n")
_END = re.compile(rb"(?m)^end[ \t]*(?:\r?\n|\Z)")
_YBEGIN = re.compile(
    rb"(?m)^=ybegin [^\r\n]*?\bsize=(?P<size>\d{1,10})\b[^\r\n]*?name=(?P<name>[^\r\n]{1,200})\r?\n"
)
_YEND = re.compile(rb"(?m)^=yend[^\r\n]*(?:\r?\n|\Z)")
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
    if b"begin " not in data:
        return data, []
    files: list[tuple[str, bytes]] = []
    data = _without(data, _BEGIN, _END, _unuu, files)
    return _without(data, _YBEGIN, _YEND, _unyenc, files), files


def _without(
    data: bytes,
    begins: re.Pattern[bytes],
    ends: re.Pattern[bytes],
    decode: Callable[[re.Match[bytes], bytes], bytes],
    files: list[tuple[str, bytes]],
) -> bytes:
    """Take coded files out of a text. The end of a file is looked for once, however many lines begin one."""
    kept: list[bytes] = []
    at = 0
    end: re.Match[bytes] | None = None
    for begin in begins.finditer(data):
        if begin.start() < at:
            continue
        if end is None or end.start() < begin.end():
            end = ends.search(data, begin.end())
        if end is None or len(files) >= _MOST_FILES:
            break
        if decoded := decode(begin, data[begin.end() : end.start()]):
            files.append((clean_filename(begin["name"].decode("utf-8", "replace")), decoded))
            kept.append(data[at : begin.start()])
            at = end.end()
    return b"".join([*kept, data[at:]])


def _unuu(begin: re.Match[bytes], lines: bytes) -> bytes:
    """Decode, when the first line says by its first letter how long it is; prose does not."""
    line = lines[: lines.find(b"\n") + 1].rstrip(b"\r\n")
    count = (line[0] - 32) & 63 if line else 0
    if not 0 < count <= 45 or not (count + 2) // 3 * 3.6 <= len(line) - 1 <= (count + 2) // 3 * 4 + 2:
        return b""
    return from_uuencode(lines)


def _unyenc(begin: re.Match[bytes], data: bytes) -> bytes:
    """Decode, when what comes out is about as long as its head says."""
    bare = re.sub(rb"^=ypart [^\r\n]*\r?\n", b"", data).replace(b"\r", b"").replace(b"\n", b"")
    if not 0.9 * int(begin["size"]) <= len(bare) - bare.count(b"=") <= 1.1 * int(begin["size"]) + 2:
        return b""
    bare = re.sub(rb"(?s)=(.)", lambda match: bytes([(match[1][0] - 64) % 256]), bare)
    return bare.translate(bytes((code - 42) % 256 for code in range(256)))
