"""The disk under the archive: bytes that are really there, and what to say when they cannot be."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

CHUNK = 1 << 20


class ArchiveError(Exception):
    """The archive cannot do what was asked. The text says in Indonesian why, and what to do.

    ArchiveError
    ├── Missing   nothing is kept under this name
    └── Damaged   what is kept is no longer what was kept
    """


class Missing(ArchiveError):
    pass


class Damaged(ArchiveError):
    pass


class Readable(Protocol):
    """What bytes are read from, piece by piece."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was kept."""

    path: Path
    kind: Literal["damaged", "missing", "foreign", "unreadable"]
    sentence: str
    """In Indonesian, naming the file."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", plain(self.sentence))


def plain(text: str) -> str:
    """Write out what of a file's name is no text: neither a database nor a screen takes half a character."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def is_full(error: OSError) -> bool:
    """Say whether there was no room."""
    return error.errno in _FULL


def sentence_for(error: OSError, path: Path) -> str:
    """Say what a failed write or read of `path` means to the person who can mend it."""
    if is_full(error):
        return f"Penyimpanan penuh: tidak ada ruang lagi untuk {path}. Kosongkan ruang, lalu coba lagi."
    if error.errno in _FORBIDDEN:
        return f"Redaksi tidak diizinkan menulis atau membaca {path}. Periksa pemilik dan izinnya."
    reason = error.strerror or type(error).__name__
    return f"{path} tidak dapat dipakai ({reason}). Periksa disk dan foldernya, lalu coba lagi."


@contextmanager
def speaking_of(folder: Path) -> Iterator[None]:
    """Turn what the disk says about `folder` into an ArchiveError."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(sentence_for(error, folder)) from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each one's name flushed to disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_flushed(path: Path, source: bytes | Readable) -> str:
    """Write a new read-only file, flushed to disk; return the SHA-256 of what was written."""
    digest = hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "wb") as file:
        for chunk in _chunks(source):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
    return digest.hexdigest()


def put_in_place(path: Path, data: bytes, unfinished: Path, aside: Path) -> bool:
    """Put `data` where `path` says, flushed; what lies there is kept as `aside` first. Say whether something was.

    At no moment is nothing there: a worker that dies leaves the old file or the new one under the name.
    """
    make_folder(unfinished.parent)
    make_folder(path.parent)
    try:
        write_flushed(unfinished, data)
        found = os.path.lexists(path)
        if found:
            make_folder(aside.parent)
            _keep_as(path, aside)
        unfinished.replace(path)
        flush_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return found


def set_aside(path: Path, aside: Path) -> None:
    """Move what lies at `path` to `aside`, both folders flushed."""
    make_folder(aside.parent)
    path.rename(aside)
    flush_folder(aside.parent)
    flush_folder(path.parent)


def _keep_as(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside, follow_symlinks=False)
    except OSError:
        path.rename(aside)  # a folder, or a file system without links
    flush_folder(aside.parent)


def sha256_of(path: Path) -> str:
    """Read a regular file and return its SHA-256. Raises OSError; a link is not followed."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "bukan berkas biasa")
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(source: bytes | Readable) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while chunk := source.read(CHUNK):
        yield chunk
