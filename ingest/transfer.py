"""Content-Transfer-Encoding undone, as much as can be. Never raises."""

from __future__ import annotations

import binascii
import io
import re

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET))
_MORE_BASE64 = re.compile(rb"\s*[A-Za-z0-9+/]{16,}={0,2}\s*(?:[\r\n]|$)")
_WORDS = re.compile(rb"\S[ \t]+\S|^\s*--|^\s*_{3,}")
_CHUNK = 1 << 20


def known(written: str) -> str:
    """Return `base64`, `quoted-printable`, `uuencode` or `binary` for a header's value as written."""
    name = re.sub(r"[^a-z0-9-]", "", written.lower())
    if name in ("uuencode", "x-uuencode", "uue", "x-uue"):
        return "uuencode"
    return name if name in ("base64", "quoted-printable") else "binary"


def decode(buffer: bytes, start: int, end: int, encoding: str) -> bytes:
    """Decode `buffer[start:end]` by a `known` encoding."""
    if encoding == "base64":
        return from_base64(buffer, start, end)
    data = buffer[start:end]
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    return from_uuencode(data) if encoding == "uuencode" else data


def from_base64(buffer: bytes, start: int, end: int) -> bytes:
    """Decode base64 leniently: strange bytes are passed over, text after the data is not taken for data."""
    out = io.BytesIO()  # unlike a bytearray, it gives its bytes away without a copy
    while start < end:
        pad = buffer.find(b"=", start, end)
        stop = end if pad < 0 else pad
        if pad < 0:
            stop = _without_footer(buffer, start, end)
        _decode_run(buffer, start, stop, out)
        if pad < 0:
            break
        start = pad
        while start < end and buffer[start : start + 1] in (b"=", b"\r", b"\n", b" ", b"\t"):
            start += 1
        # Some senders encode in pieces, each padded; anything else after the padding is not the file.
        if not _MORE_BASE64.match(buffer, start, end):
            break
    return out.getvalue()


def from_uuencode(data: bytes) -> bytes:
    """Decode the lines between `begin` and `end`, or all lines when there is no `begin`."""
    lines = data.splitlines()
    begin = next((i for i, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    out = bytearray()
    for line in lines[begin + 1 :]:
        if line.strip() == b"end":
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Broken encoders add bytes at the end of a line; its first byte tells how many count.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(out)


def _decode_run(buffer: bytes, start: int, end: int, out: io.BytesIO) -> None:
    """Append the bytes of one unpadded run, piece by piece so that a large photo is not copied twice."""
    rest = b""
    for at in range(start, end, _CHUNK):
        quads = rest + buffer[at : min(at + _CHUNK, end)].translate(None, _NOT_ALPHABET)
        whole = len(quads) // 4 * 4
        out.write(binascii.a2b_base64(quads[:whole]))
        rest = quads[whole:]
    if len(rest) > 1:  # one left-over character carries no whole byte
        out.write(binascii.a2b_base64(rest + b"=" * (4 - len(rest))))


def _without_footer(buffer: bytes, start: int, end: int) -> int:
    """Return where the data ends when a mail scanner wrote lines of words below it."""
    while True:
        line = buffer.rfind(b"\n", start, end) + 1
        if line <= start:
            return end
        if buffer[line:end].strip() and not _WORDS.search(buffer[line:end]):
            return end
        end = line - 1
