"""Originals: bytes as they came, under their SHA-256, written once and never again."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.disk import (
    ArchiveError,
    Damaged,
    Missing,
    Problem,
    flush_folder,
    make_folder,
    put_in_place,
    sentence_for,
    speaking_of,
    write_flushed,
)
from archive.pace import Reading

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = "tmp"
_DAMAGED_SUFFIX = ".rusak"
_PIECE = 1 << 20


class Originals:
    """A folder of originals: `ab/cd/abcd…`, one file for the same bytes however often they come.

    Safe to use from several threads and processes at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, data: bytes) -> str:
        """Keep `data` and return its SHA-256; the bytes are on disk when this returns.

        A file that is there already is read and compared. One that has rotted is set aside under another
        name, for `check` to report, and the good bytes take its place. Raises ArchiveError.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        with speaking_of(self.root):
            if not self._holds(path, data):
                self._write(path, data)
            elif path.stat().st_nlink > 1:
                # Another writer has just linked it and may not have flushed its name yet.
                flush_folder(path.parent)
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where the original lies or would lie. Raises Missing for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise Missing("Nama berkas asli tidak sah; berkas asli bernama SHA-256 isinya.")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def read(self, sha256: str) -> bytes:
        """Return the original's bytes, compared with their name. Raises Missing, Damaged, ArchiveError."""
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Missing(f"Berkas asli {sha256[:12]}… tidak ada di arsip ({path}).") from error
        except OSError as error:
            raise ArchiveError(sentence_for(error, path)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(
                f"Berkas asli {path} sudah berubah dari isi semula. Pulihkan dari salinan cadangan."
            )
        return data

    def put_back(self, sha256: str, data: bytes, aside: Path) -> bool:
        """Put an original back that has rotted or is gone; what lies there is kept as `aside`. Say whether it was.

        Raises Damaged when `data` is not that original, ArchiveError.
        """
        path = self.path(sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"Salinan berkas asli {sha256[:12]}… juga sudah berubah dari isi semula.")
        with speaking_of(path):
            return put_in_place(path, data, self.root / _UNFINISHED / secrets.token_hex(16), aside)

    def check(
        self, expected: Iterable[str] = (), shelf: str = "", reading: Reading | None = None
    ) -> Iterator[Problem]:
        """Re-read everything and yield what is damaged, foreign or unreadable, and what `expected` misses.

        With `shelf`, two hex digits, only the originals whose SHA-256 begins so are re-read. `reading` sets the
        pace and counts.
        """
        reading = reading or Reading()
        wanted = set(expected)
        for folder, names, files in os.walk(self.root / shelf):
            here = Path(folder)
            if here == self.root and _UNFINISHED in names:
                names.remove(_UNFINISHED)
            names.sort()
            for name in (*(name for name in names if (here / name).is_symlink()), *sorted(files)):
                problem = self._problem(here / name, reading)
                if problem is not None:
                    yield problem
        for sha256 in sorted(wanted):
            path = self.path(sha256)
            if not path.exists():
                yield Problem(path, "missing", f"Berkas asli {path} hilang. Pulihkan dari salinan cadangan.")

    def clear_unfinished(self, older_than: float = 86400) -> int:
        """Remove what writers that died left half-written, `older_than` seconds ago; return how many."""
        count = 0
        with speaking_of(self.root):
            for path in (self.root / _UNFINISHED).glob("*"):
                if path.stat().st_mtime < time.time() - older_than:
                    path.unlink(missing_ok=True)
                    count += 1
        return count

    def _holds(self, path: Path, data: bytes) -> bool:
        """Say whether `path` holds `data`, setting a damaged file aside."""
        try:
            if _same(path, data):
                return True
        except (FileNotFoundError, NotADirectoryError):
            return False
        aside = path.with_name(f"{path.name}{_DAMAGED_SUFFIX}-{secrets.token_hex(4)}")
        path.rename(aside)
        flush_folder(path.parent)
        return False

    def _write(self, path: Path, data: bytes) -> None:
        unfinished = self.root / _UNFINISHED / secrets.token_hex(16)
        make_folder(unfinished.parent)
        try:
            write_flushed(unfinished, data)
            make_folder(path.parent)
            try:
                # Unlike a rename, a link never replaces what another writer has put there meanwhile.
                os.link(unfinished, path)
            except FileExistsError:
                pass
            except OSError:
                unfinished.rename(path)  # a file system without links; the bytes are the same
            flush_folder(path.parent)
        finally:
            unfinished.unlink(missing_ok=True)

    def _problem(self, path: Path, reading: Reading) -> Problem | None:
        name = path.name
        if _DAMAGED_SUFFIX in name and _SHA256.match(name):
            return Problem(
                path, "damaged", f"{path} pernah ditemukan rusak dan disisihkan; periksa, lalu pindahkan."
            )
        if not _SHA256.fullmatch(name) or path != self.path(name) or path.is_symlink():
            return Problem(path, "foreign", f"{path} bukan berkas arsip; periksa asalnya, lalu pindahkan.")
        try:
            if reading.sha256(path) == name:
                return None
        except OSError as error:
            return Problem(path, "unreadable", sentence_for(error, path))
        return Problem(
            path,
            "damaged",
            f"Berkas asli {path} sudah berubah dari isi semula. Pulihkan dari salinan cadangan.",
        )


def _same(path: Path, data: bytes) -> bool:
    """Compare a file with `data` piece by piece: in memory a large mail is never there twice."""
    view = memoryview(data)
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != len(view):
            return False
        return all(file.read(_PIECE) == view[at : at + _PIECE] for at in range(0, len(view), _PIECE))
