"""Repair: what a look at kept files has found is put right from a second copy, and what was wrong is set aside.

Nothing is ever deleted here. What comes from a second copy is compared with the checksum it must have before it
takes any place.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.bag import MANIFEST, TAG_MANIFEST, read_manifest
from archive.disk import (
    ArchiveError,
    Damaged,
    Missing,
    Problem,
    flush_folder,
    make_folder,
    put_in_place,
    set_aside,
    speaking_of,
    write_flushed,
)
from archive.fixity import check_package
from archive.originals import Originals
from archive.packages import STAGING, staging_folder

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".pulih"
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


class _Fetch(Protocol):
    def __call__(self, copy: SecondCopy, /) -> Path | None: ...


class SecondCopy(Protocol):
    """What lies elsewhere and can be put back. Both raise Missing, Damaged, or ArchiveError while it is away."""

    def read_original(self, sha256: str) -> bytes: ...

    def read_package_file(self, package: str, name: str) -> bytes:
        """Return one file of a package, named from the packages' folder (`key/v2`) and from the package's own."""


@dataclass(frozen=True)
class Repair:
    """What became of one problem."""

    problem: Problem
    mended: bool
    aside: Path | None = None
    """Where what was wrong is kept."""
    why: str = ""
    """Why it could not be mended, in Indonesian."""
    away: bool = False
    """The second copy cannot be reached now: worth another try later."""


def mend_originals(
    store: Originals, problems: Iterable[Problem], second: SecondCopy | None, aside: Path
) -> Iterator[Repair]:
    """Mend what `Originals.check` has found, one by one; what was wrong goes under the folder `aside`."""
    for problem in problems:
        place = aside / problem.path.relative_to(store.root)
        name = problem.path.name
        if problem.kind == "foreign" or not _SHA256.fullmatch(name):
            yield _moved(problem, place)
            continue
        yield _fetched(
            problem, second, lambda copy, name=name, place=place: _original(store, copy, name, place)
        )


def mend_package(
    folder: Path, name: str, problems: list[Problem], second: SecondCopy | None, aside: Path
) -> Iterator[Repair]:
    """Mend what `check_package` has found in `folder / name`; what was wrong goes under the folder `aside`."""
    package = folder / name
    _clear_unfinished(folder / STAGING)
    broken = {problem.path for problem in problems if problem.kind != "foreign"}
    for problem in problems:
        if problem.path == package:
            yield _whole(folder, name, problem, second)
        elif problem.kind == "foreign":
            yield _moved(problem, aside / problem.path.relative_to(package))
        else:
            inside = problem.path.relative_to(package).as_posix()
            place = aside / inside
            yield _fetched(
                problem,
                second,
                lambda copy, inside=inside, place=place: _file(folder, name, inside, broken, copy, place),
            )


def _clear_unfinished(staging: Path) -> None:
    """Remove what repairs that died left half-written, a day ago or longer."""
    for path in staging.glob(f"*{_UNFINISHED}"):
        if path.stat().st_mtime < time.time() - 86400:
            path.unlink(missing_ok=True)


def _original(store: Originals, second: SecondCopy, sha256: str, aside: Path) -> Path | None:
    return aside if store.put_back(sha256, second.read_original(sha256), aside) else None


def _file(
    folder: Path, name: str, inside: str, broken: set[Path], second: SecondCopy, aside: Path
) -> Path | None:
    package = folder / name
    data = second.read_package_file(name, inside)
    wanted = _wanted(package, name, inside, broken, second)
    if wanted is not None and hashlib.sha256(data).hexdigest() != wanted:
        raise Damaged(f"Salinan kedua dari {package / inside} juga sudah berubah dari isi semula.")
    unfinished = folder / STAGING / f"{secrets.token_hex(16)}{_UNFINISHED}"
    with speaking_of(package / inside):
        return aside if put_in_place(package / inside, data, unfinished, aside) else None


def _wanted(package: Path, name: str, inside: str, broken: set[Path], second: SecondCopy) -> str | None:
    """Return the SHA-256 a file must have: by our own manifest, or by the second copy's where ours is broken."""
    if inside == TAG_MANIFEST:
        return (
            None  # nothing names its checksum; the package is read as a whole once more when all is in place
        )
    manifest = MANIFEST if inside.startswith("data/") else TAG_MANIFEST
    own = package / manifest
    text = second.read_package_file(name, manifest) if own in broken else own.read_bytes()
    return read_manifest(text.decode("utf-8", "replace")).get(inside, "")


def _whole(folder: Path, name: str, problem: Problem, second: SecondCopy | None) -> Repair:
    """Fetch a package that is gone; one that is there as a whole but unreadable is left to a person."""
    if problem.kind != "missing" or (folder / name).exists():
        return Repair(problem, mended=False, why=problem.sentence)
    return _fetched(problem, second, lambda copy: _fetch_package(folder, name, copy))


def _fetch_package(folder: Path, name: str, second: SecondCopy) -> None:
    package = folder / name
    with speaking_of(package), staging_folder(folder / STAGING, package) as staging:
        names = [TAG_MANIFEST]
        for manifest in (TAG_MANIFEST, MANIFEST):
            text = second.read_package_file(name, manifest).decode("utf-8", "replace")
            names += read_manifest(text)
        for inside in names:
            if not _PLAIN.fullmatch(inside):
                raise Damaged(f"Salinan kedua paket {package} menyebut nama berkas yang tidak sah.")
            make_folder((staging / inside).parent)
            write_flushed(staging / inside, second.read_package_file(name, inside))
        if found := check_package(staging):
            raise Damaged(f"Salinan kedua paket {package} juga tidak utuh: {found[0].sentence}")
        make_folder(package.parent)
        staging.rename(package)
        flush_folder(package.parent)


def _moved(problem: Problem, aside: Path) -> Repair:
    try:
        with speaking_of(problem.path):
            set_aside(problem.path, aside)
    except ArchiveError as error:
        return Repair(problem, mended=False, why=str(error))
    return Repair(problem, mended=True, aside=aside)


def _fetched(problem: Problem, second: SecondCopy | None, fetch: _Fetch) -> Repair:
    if second is None:
        return Repair(problem, mended=False, why=problem.sentence)
    try:
        return Repair(problem, mended=True, aside=fetch(second))
    except Missing:
        return Repair(
            problem, mended=False, why=f"{problem.sentence} Di salinan kedua berkas itu tidak ada pula."
        )
    except Damaged as error:
        return Repair(problem, mended=False, why=f"{problem.sentence} {error}")
    except ArchiveError as error:
        return Repair(
            problem,
            mended=False,
            away=True,
            why=f"{problem.sentence} Salinan kedua belum dapat dibaca: {error}",
        )
