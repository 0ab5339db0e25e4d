"""Files of a static site that appear together, or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from publishers.base import Unreachable
from publishers.folder_record import PRIVATE

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the disk says when there is no room."""
Item = TypeVar("Item")
Made = TypeVar("Made")


class Change:
    """Files to write and to remove. Everything is written aside and flushed before anything is seen.

    Full disks show while writing aside, when no reader sees a thing; what follows are renames. The file put
    with `seal` is renamed last, after the removals: while it is the old one, the change is not done and
    must be repeated.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._puts: dict[Path, bytes] = {}
        self._drops: list[Path] = []
        self._seal: tuple[Path, bytes] | None = None

    def put(self, path: str | Path, data: bytes) -> None:
        """Write `data` to `path`, relative to the site's root."""
        self._puts[self.root / path] = data

    def put_all(self, folder: str, files: Mapping[str, bytes]) -> None:
        """Write files by their name within `folder`, which ends in a slash."""
        for name, data in files.items():
            self.put(folder + name, data)

    def drop(self, path: Path) -> None:
        """Remove the file at `path`."""
        self._drops.append(path)

    def seal(self, path: Path, data: bytes) -> None:
        """Write this file last of all."""
        self._seal = (path, data)

    def commit(self) -> None:
        """Do it. Raises OSError; then readers see what they saw before, or a repetition finishes the rest."""
        waiting = [(path, data) for path, data in self._puts.items() if not _holds(path, data)]
        if self._seal:
            waiting.append(self._seal)
        aside = self.root / PRIVATE / "tmp"
        _clear(aside)
        try:
            staged = _at_once(lambda one: _write(aside / str(one[0]), one[1][1]), list(enumerate(waiting)))
        except OSError:
            _clear(aside)
            raise
        targets = [path for path, _ in waiting]
        seal = self._seal is not None
        for source, path in list(zip(staged, targets, strict=True))[: len(staged) - seal]:
            _make(path.parent)
            source.replace(path)
        for path in self._drops:
            path.unlink(missing_ok=True)
            _prune(path.parent, self.root)
        touched = {path.parent for path in (*targets, *self._drops)}
        _at_once(_flush, sorted(folder for folder in touched if folder.is_dir()))
        if seal:
            _make(targets[-1].parent)
            staged[-1].replace(targets[-1])
            _flush(targets[-1].parent)


@contextmanager
def site_folder(root: Path, title: str) -> Iterator[None]:
    """Hold the site for one writer; say what the disk does to us as Unreachable."""
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        _make(root)
        private = root / PRIVATE
        if not private.is_dir():
            private.mkdir(mode=0o700)
        (private / "tmp").mkdir(mode=0o700, exist_ok=True)
        with (private / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise Unreachable(disk_sentence(error, root, title)) from error


def disk_sentence(error: OSError, root: Path, title: str) -> str:
    """Say in Indonesian why the folder could not be written, and what to do."""
    if error.errno in FULL:
        return (
            f"Tempat penyimpanan {title} penuh ({root}). Kosongkan ruang; "
            "berita ini dicoba lagi dengan sendirinya."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Redaksi tidak boleh menulis di folder {title} ({root}). Beri izin tulis pada folder itu; "
            "berita ini dicoba lagi dengan sendirinya."
        )
    return (
        f"Folder {title} tidak dapat ditulis ({root}: {error.strerror}). Periksa diska dan letak folder "
        "itu; berita ini dicoba lagi dengan sendirinya."
    )


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> Path:
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path


def _at_once(work: Callable[[Item], Made], items: list[Item]) -> list[Made]:
    """Do it for all items, several at a time: the disk, which is what takes long, then writes them together."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, items))


def _make(folder: Path) -> None:
    """Make `folder` readable for the web server, whatever our umask; its parents within the site too."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    _flush(folder.parent)


def _flush(folder: Path) -> None:
    """Have the names in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path, root: Path) -> None:
    """Remove `folder` and those above it within the site, as far as they are empty."""
    while folder != root and folder.is_dir() and next(folder.iterdir(), None) is None:
        folder.rmdir()
        folder = folder.parent


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
