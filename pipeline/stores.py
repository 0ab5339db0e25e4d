"""Where the bytes lie: originals, packages and renditions under the data folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

import photos
from archive import Originals
from newsroom.models import Copy
from pipeline.copies import promise

PUBLISHED = photos.Size(1600, 82)
"""What is shown large, and what most sites receive."""
THUMBNAIL = photos.Size(400, 78)
NO_EDITS = photos.Edits()
SPARE_BYTES = 200_000_000
"""Kept free on the data disk, so that the database can always say what is wrong."""


class DiskFull(Exception):
    """There is no room left. The text says in Indonesian what to do."""


class _Promised(Originals):
    """What is kept here is promised to the second copy in the same breath."""

    def keep(self, data: bytes) -> str:
        sha256 = super().keep(data)
        promise(Copy.Kind.ORIGINAL, sha256, len(data))
        return sha256


def originals() -> Originals:
    return _Promised(settings.REDAKSI.data / "originals")


def packages_folder() -> Path:
    return Path(settings.REDAKSI.data / "packages")


def need_room(size: int = 0) -> None:
    """Raise DiskFull unless `size` bytes fit and some are left."""
    free = shutil.disk_usage(settings.REDAKSI.data).free
    if free - size < SPARE_BYTES:
        raise DiskFull(
            f"Disk hampir penuh (sisa {free // 1_000_000} MB). Kosongkan ruang pada disk data; "
            "pekerjaan berlanjut sendiri sesudahnya. Tidak ada yang hilang."
        )


def rendition(sha256: str, size: photos.Size, edits: photos.Edits = NO_EDITS) -> Path:
    """Return the rendition of an original at `size` with its edits, made now if it is not there.

    Raises photos.UnreadablePhoto, archive.ArchiveError.
    """
    if size.ceiling:
        free = size._replace(ceiling=0)  # one file for every ceiling it stays under
        path = rendition(sha256, free, edits)
        if path.stat().st_size <= size.ceiling:
            return path
    path = _rendition_path(sha256, size, edits)
    if not path.exists():
        make_renditions(sha256, originals().read(sha256), (size,), edits)
    return path


def make_renditions(
    sha256: str,
    data: bytes,
    sizes: Sequence[photos.Size] = (PUBLISHED, THUMBNAIL),
    edits: photos.Edits = NO_EDITS,
) -> None:
    """Make the renditions of one original and keep them. Raises photos.UnreadablePhoto, DiskFull."""
    wanted = [size for size in sizes if not _rendition_path(sha256, size, edits).exists()]
    if not wanted:
        return
    for size, made in zip(wanted, photos.renditions(data, wanted, edits=edits), strict=True):
        write(_rendition_path(sha256, size, edits), made.data)


def _rendition_path(sha256: str, size: photos.Size, edits: photos.Edits) -> Path:
    """All that makes a rendition what it is stands in its name, so that none is taken for another."""
    parts = (
        f"{size.longest}q{size.quality}",
        f"c{size.ceiling}" if size.ceiling else "",
        f"s{hashlib.sha256(size.strip.encode()).hexdigest()[:10]}" if size.strip else "",
        edits.key(),
    )
    name = "-".join(part for part in parts if part)
    return Path(settings.REDAKSI.data / "renditions" / sha256[:2] / sha256 / f"{name}.jpg")


def write(path: Path, data: bytes) -> None:
    """Write a file that can be made again; whoever reads it finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
