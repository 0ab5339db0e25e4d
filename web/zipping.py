"""A ZIP that is sent while it is made: nothing of it is kept but what was not yet taken."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

PIECE = 1 << 20
"""Bytes that are read and sent at once."""
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""No ZIP knows an earlier time."""


@dataclass(frozen=True)
class Entry:
    """One file of a ZIP: its bytes come piece by piece, and are asked for when its turn comes."""

    name: str
    pieces: Iterable[bytes]
    at: datetime | None = None


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a ZIP of the entries, stored as they are: photos and packages do not become smaller.

    Its target cannot be sought, so each entry's size follows its bytes; entries and the whole may be of any size.
    """
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, max(_moment(entry.at), _OLDEST))
            info.external_attr = 0o644 << 16
            with made.open(info, "w", force_zip64=True) as target:
                for piece in entry.pieces:
                    target.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _moment(at: datetime | None) -> tuple[int, int, int, int, int, int]:
    return (at.year, at.month, at.day, at.hour, at.minute, at.second) if at else _OLDEST


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield an open file's bytes, and close it."""
    with file:
        while piece := file.read(PIECE):
            yield piece


class Sink:
    """What a ZIP is written to while it is sent."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        data = bytes(self._waiting)
        self._waiting.clear()
        return data
