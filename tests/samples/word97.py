"""An old Word document (.doc), small: its text in one piece, no formatting; after [MS-DOC] and [MS-CFB]."""

from __future__ import annotations

import struct

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_TEXT_AT = 0x800


def doc(paragraphs: list[str]) -> bytes:
    """Return a .doc as Word 97 writes it, of nothing but text."""
    text = "".join(f"{words}\r" for words in paragraphs)
    words = text.encode("utf-16-le")
    fib = bytearray(_TEXT_AT)
    struct.pack_into("<HHHHHHH", fib, 0, 0xA5EC, 0x00C1, 0, 0x0421, 0, 0x1000, 0x00BF)
    struct.pack_into("<II", fib, 0x18, _TEXT_AT, _TEXT_AT + len(words))
    struct.pack_into("<H", fib, 0x20, 14)
    struct.pack_into("<H", fib, 0x3E, 22)
    struct.pack_into("<I", fib, 0x4C, len(text))
    struct.pack_into("<H", fib, 0x98, 93)
    # The piece table: one piece, from the first character to the last, in UTF-16.
    pieces = struct.pack("<BIII", 2, 16, 0, len(text)) + struct.pack("<HIH", 0, _TEXT_AT, 0)
    struct.pack_into("<II", fib, 0x1A2, 0, len(pieces))
    # The style sheet: a head that says there are no styles.
    styles = struct.pack("<HHHHHHHHHH", 18, 0, 10, 1, 91, 15, 0, 0, 0, 0)
    struct.pack_into("<II", fib, 0xA2, len(pieces), len(styles))
    return _compound({"WordDocument": bytes(fib) + words, "0Table": pieces + styles})


def _compound(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file; every stream is at least 4096 bytes long, so that it lies in whole sectors."""
    padded = {
        name: data.ljust(4096, b"\0") + b"\0" * (-len(data) % SECTOR if len(data) > 4096 else 0)
        for name, data in streams.items()
    }
    table = [_FAT, _END]  # the table itself, the directory
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    body = b""
    for number, (name, data) in enumerate(padded.items()):
        first, count = len(table), len(data) // SECTOR
        table += [*range(first + 1, first + count), _END]
        right = number + 2 if number + 1 < len(padded) else _FREE
        entries.append(_entry(name, 2, first, len(data), right=right))
        body += data
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    fat = b"".join(struct.pack("<I", place) for place in table).ljust(SECTOR, b"\xff")
    assert len(fat) == len(directory) == SECTOR
    head = struct.pack(
        "<8s16xHHHHH6xIII4xIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        4096,
        _END,
        0,
        _END,
        0,
        0,
    )
    return head.ljust(SECTOR, b"\xff") + fat + directory + body


def _entry(name: str, kind: int, first: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIII", written, len(written), kind, 1, _FREE, right, child, first, size, 0
    )
