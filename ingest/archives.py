"""ZIP files, opened in memory and within limits. Names in them are never used as paths."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from ingest import charset, headers, programs

MOST_FILES = 300
MOST_BYTES = 300_000_000
"""Of all files of one mail's archives together, unpacked."""
LOCKED = "Arsip ZIP ini dilindungi kata sandi; minta pengirim melampirkan isinya tanpa sandi."
_LARGEST_RATIO = 200
"""Unpacked size to packed size; photos and documents stay far below it."""
_FURNITURE = re.compile(r"(?i)(?:^|/)(?:__MACOSX/|\.(?!\.)|thumbs\.db$|desktop\.ini$)")


@dataclass
class Room:
    """What may still be unpacked of one mail."""

    files: int = MOST_FILES
    size: int = MOST_BYTES


@dataclass
class Unpacked:
    files: list[tuple[str, bytes]] = field(default_factory=list)
    """Name for display, and bytes."""
    problems: list[str] = field(default_factory=list)
    locked: bool = False
    """It wants a password."""
    programs: list[str] = field(default_factory=list)
    """Names of programs in it, those that were not unpacked among them."""


def unpack(data: bytes, room: Room) -> Unpacked:
    """Read the files of a ZIP as far as `room` goes. Raises nothing; what was left out is in `problems`."""
    found = Unpacked()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            found.locked = any(info.flag_bits & 1 for info in entries)
            found.programs = [info.filename for info in entries if programs.is_named_as_program(_name(info))]
            for info in entries:
                if info.is_dir() or _FURNITURE.search(info.filename):
                    continue
                problem = _refusal(info, room)
                if problem:
                    found.problems.append(problem)
                    break
                _read(archive, info, room, found)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError):
        found.problems.append("Arsip ZIP ini rusak dan tidak dapat dibuka seluruhnya.")
    return found


def _refusal(info: zipfile.ZipInfo, room: Room) -> str:
    """Say why unpacking stops at a file, empty when it goes on."""
    if info.flag_bits & 1:
        return LOCKED
    if room.files <= 0:
        return f"Arsip ZIP ini memuat terlalu banyak berkas; hanya {MOST_FILES} berkas yang dibuka."
    if info.file_size > room.size or (
        info.file_size > 1_000_000 and info.file_size > _LARGEST_RATIO * max(1, info.compress_size)
    ):
        return "Arsip ZIP ini terlalu besar setelah dibuka, jadi tidak dibuka seluruhnya."
    return ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: Room, found: Unpacked) -> None:
    name = headers.clean_filename(_name(info))
    try:
        with archive.open(info) as stream:
            # The directory may lie about a size; no more is read than it says.
            content = stream.read(info.file_size)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        found.problems.append(f"{name} di dalam arsip ZIP rusak dan tidak dapat dibuka.")
        return
    room.files -= 1
    room.size -= len(content)
    found.files.append((name, content))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; many programs write UTF-8 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return charset.decode(info.filename.encode("cp437"), "cp437")
    except UnicodeEncodeError:
        return info.filename
