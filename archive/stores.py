"""Places a copy may lie at: a folder here, a bucket in bucket.py. Written once, verified, never overwritten.

Names are those of files below the archive: `originals/ab/cd/abcd…`, `packages/r0123abcd/v1/data/text.md`.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import config
from archive.disk import (
    ArchiveError,
    Damaged,
    Missing,
    Readable,
    flush_folder,
    is_full,
    make_folder,
    sentence_for,
    set_aside,
    sha256_of,
    write_flushed,
)
from archive.pace import Reading

MARKER = "SALINAN-KEDUA-REDAKSI.txt"
"""Stands at the top of the place, so that an empty mount point or another disk is not taken for it."""
ASIDE = "rusak"
UNFINISHED = ".belum-selesai"
_ABANDONED_AFTER = 86_400
_LONGEST_MARK = 4096
_NO_FILE = (errno.EINVAL, errno.ELOOP, errno.EISDIR, errno.ENXIO)
"""What stands under a name there is a link, a folder or a device, and none of ours."""


class Away(ArchiveError):
    """The place itself cannot be used now: not there, full, not ours. Nothing is wrong with what is kept."""


class Differs(ArchiveError):
    """Other bytes are kept under this name. Nothing was overwritten; a person must look."""


class Store(Protocol):
    """What a second copy lies in. Every verb raises Away when the place cannot be used."""

    title: str
    """The place as people know it."""

    def begin(self, mark: str) -> str:
        """Mark the place as ours, and return the mark that stands there: an older one is left."""

    def require(self, mark: str) -> None:
        """Raise Away unless the place is there and bears this mark."""

    def keep(self, name: str, source: Path, sha256: str) -> int:
        """Copy a file, verify what was written and return its size; what is there already is compared.

        Raises Damaged or Missing when the source is not what its checksum says, Differs when other bytes
        have its name.
        """

    def read(self, name: str) -> bytes:
        """Return what is kept, as it is: whoever asks compares it. Raises Missing."""

    def check(
        self,
        name: str,
        sha256: str,
        size: int | None = None,
        *,
        deep: bool = True,
        reading: Reading | None = None,
    ) -> None:
        """Re-read what is kept; without `deep` a place that knows sizes by itself is only asked for that.
        `reading` sets the pace. Raises Missing, Damaged.
        """

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        """Yield what is kept below a folder, with its size."""

    def set_aside(self, name: str) -> None:
        """Give what is kept here another name, so that a good copy can take its place. Nothing is deleted."""


def open_store(place: config.Place) -> Store:
    """Return the store a place of the settings is. Raises SettingsError."""
    if isinstance(place, config.FolderPlace):
        return Folder(place.path)
    from archive.bucket import Bucket  # only those who have a bucket need the extra

    return Bucket(place)


def marker_text(mark: str) -> bytes:
    """Write what the marker says to somebody who finds the disk in a drawer."""
    return (
        f"{mark}\n\nDi sini ada salinan kedua arsip Redaksi: berkas asli di originals/, paket di packages/.\n"
        "Jangan ubah atau hapus isinya. Nama berkas asli adalah SHA-256 isinya; setiap paket dapat diperiksa\n"
        "dengan `sha256sum -c manifest-sha256.txt` di dalam foldernya.\n"
    ).encode()


def compare_marks(found: bytes | None, mark: str, title: str) -> None:
    """Raise Away unless the marker that was found bears our mark."""
    if found is None:
        raise Away(
            f"{title} ada, tetapi penanda salinan kedua ({MARKER}) tidak ada di sana. Bila disknya belum "
            "terpasang, pasang dulu. Bila ini tempat yang baru, tekan “Mulai menyalin ke sini”."
        )
    if found.decode("utf-8", "replace").partition("\n")[0].strip() != mark:
        raise Away(
            f"{title} berisi salinan kedua yang lain, bukan yang terakhir dipakai. Pasang disk yang benar, "
            "atau tekan “Mulai menyalin ke sini” untuk memakai yang ini."
        )


def source_digest_is_wrong(source: Path) -> Damaged:
    return Damaged(f"{source} sudah berubah dari isi semula, jadi tidak disalin. Pulihkan dulu berkas ini.")


def copy_is_wrong(name: str, title: str) -> Damaged:
    return Damaged(f"Salinan {name} di {title} sudah berubah dari isi semula.")


def copy_is_unreadable(name: str, title: str, error: OSError) -> Damaged:
    return Damaged(f"Salinan {name} di {title} tidak dapat dibaca ({error.strerror}). Periksa disknya.")


def no_room(root: Path) -> str:
    return (
        f"Salinan kedua penuh: tidak ada ruang lagi di {root}. Pindahkan berkas lain dari sana (jangan isi originals/ "
        "dan packages/), atau pakai disk yang lebih besar; penyalinan berlanjut sendiri."
    )


def copy_is_missing(name: str, title: str) -> Missing:
    return Missing(f"Salinan {name} tidak ada di {title}.")


def other_bytes(name: str, title: str) -> Differs:
    return Differs(
        f"Di {title} sudah ada {name} dengan isi lain. Tidak ada yang ditimpa. Periksa asalnya, lalu tekan "
        "“Sisihkan dan salin lagi”."
    )


class Folder:
    """A folder on another disk. One writer at a time; readers may be many."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.title = f"folder {root}"

    def begin(self, mark: str) -> str:
        self._there()
        with self._usable():
            if not self._mark():
                self._write_marker(mark)
            return self._mark()

    def require(self, mark: str) -> None:
        self._there()
        with self._usable():
            try:
                with (self.root / MARKER).open("rb") as file:
                    found: bytes | None = file.read(_LONGEST_MARK)
            except FileNotFoundError:
                found = None
        compare_marks(found, mark, self.title)

    def keep(self, name: str, source: Path, sha256: str) -> int:
        path = self.root / name
        with self._usable():
            if path.exists():
                return self._compared(path, name, sha256)
            return self._write(path, name, source, sha256)

    def read(self, name: str) -> bytes:
        with self._reading(name):
            return (self.root / name).read_bytes()

    def check(
        self,
        name: str,
        sha256: str,
        size: int | None = None,
        *,
        deep: bool = True,
        reading: Reading | None = None,
    ) -> None:
        with self._reading(name):
            try:
                found = (reading or Reading()).sha256(self.root / name)
            except (FileNotFoundError, NotADirectoryError):
                raise
            except OSError as error:  # one bad sector is one file's trouble, not the whole disk's
                raise copy_is_unreadable(name, self.title, error) from error
        if found != sha256:
            raise copy_is_wrong(name, self.title)

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        with self._usable():
            for folder, below, files in os.walk(self.root / under):
                below.sort()
                for name in sorted(files):
                    path = Path(folder) / name
                    yield path.relative_to(self.root).as_posix(), path.lstat().st_size

    def set_aside(self, name: str) -> None:
        with self._usable():
            set_aside(self.root / name, self.root / ASIDE / f"{name}-{secrets.token_hex(4)}")

    def _mark(self) -> str:
        """Return the mark that stands here; empty when there is none, or an empty file that says nothing."""
        marker = self.root / MARKER
        text = marker.read_text(encoding="utf-8", errors="replace") if marker.exists() else ""
        return text.partition("\n")[0].strip()

    def _write_marker(self, mark: str) -> None:
        """Put the marker in its place as a whole: an empty one would let any disk pass for ours."""
        unfinished = self._unfinished()
        try:
            write_flushed(unfinished, marker_text(mark))
            unfinished.replace(self.root / MARKER)
            flush_folder(self.root)
        finally:
            unfinished.unlink(missing_ok=True)

    def _unfinished(self) -> Path:
        """Name a file to write to; what writers that died have left is cleared."""
        path = self.root / UNFINISHED / secrets.token_hex(16)
        make_folder(path.parent)
        self._clear_abandoned(path.parent)
        return path

    def _write(self, path: Path, name: str, source: Path, sha256: str) -> int:
        unfinished = self._unfinished()
        with opened(source) as file:
            try:
                if write_flushed(unfinished, file) != sha256:
                    raise source_digest_is_wrong(source)
                _forget_cached(unfinished)
                if sha256_of(unfinished) != sha256:
                    raise Away(
                        f"{self.title} mengembalikan isi lain dari yang baru ditulis. Periksa disknya."
                    )
                size = unfinished.stat().st_size
                make_folder(path.parent)
                return size if self._placed(unfinished, path) else self._compared(path, name, sha256)
            finally:
                unfinished.unlink(missing_ok=True)

    def _clear_abandoned(self, folder: Path) -> None:
        """Remove what writers that died have left half-written a day ago or longer."""
        for path in folder.iterdir():
            if path.stat().st_mtime < time.time() - _ABANDONED_AFTER:
                path.unlink(missing_ok=True)

    def _placed(self, unfinished: Path, path: Path) -> bool:
        """Give a finished file its name; False when another has it by now."""
        try:
            # Unlike a rename, a link never replaces what is there.
            os.link(unfinished, path)
        except FileExistsError:
            return False
        except OSError:
            if path.exists():
                return False
            unfinished.rename(path)  # disks formatted for Windows know no links
        flush_folder(path.parent)
        return True

    def _compared(self, path: Path, name: str, sha256: str) -> int:
        try:
            found = sha256_of(path)
        except OSError as error:
            if error.errno in _NO_FILE:
                raise other_bytes(name, self.title) from error
            raise
        if found != sha256:
            raise other_bytes(name, self.title)
        flush_folder(path.parent)  # its writer may have died before
        return path.stat().st_size

    def _there(self) -> None:
        if not self.root.is_dir():
            raise Away(
                f"{self.title[0].upper()}{self.title[1:]} tidak ada. Pasang disknya, atau buat foldernya."
            )

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn what the disk says into Away."""
        try:
            yield
        except OSError as error:
            if is_full(error):
                raise Away(no_room(self.root)) from error
            raise Away(f"Salinan kedua tidak dapat dipakai. {sentence_for(error, self.root)}") from error

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        with self._usable():
            try:
                yield
            except (FileNotFoundError, NotADirectoryError) as error:
                raise copy_is_missing(name, self.title) from error


@contextmanager
def opened(source: Path) -> Iterator[Readable]:
    """Open what is to be copied; whatever is wrong with it is said of the source, not of the place."""
    try:
        file = source.open("rb")
    except FileNotFoundError as error:
        raise Missing(f"{source} tidak ada, jadi tidak dapat disalin.") from error
    except OSError as error:
        raise ArchiveError(sentence_for(error, source)) from error
    with file:
        yield _Source(file, source)


class _Source:
    """A file whose read errors are told apart from the write errors of what it is copied to."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise ArchiveError(sentence_for(error, self._path)) from error


def _forget_cached(path: Path) -> None:
    """Ask the system to forget what it holds of a file, so that reading it back reads the disk."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
