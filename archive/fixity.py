"""Fixity of a package: whether every file is there and is what it was, and which one is not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import bagit

from archive.bag import (
    DECLARATION,
    DECLARATION_TEXT,
    INFO,
    MANIFEST,
    TAG_MANIFEST,
    manifest_text,
    read_manifest,
)
from archive.disk import Problem, sentence_for
from archive.pace import Reading

_TAGS = (DECLARATION, INFO, MANIFEST, TAG_MANIFEST)
_RESTORE = "Pulihkan dari salinan cadangan."


def check_package(path: Path, reading: Reading | None = None) -> list[Problem]:
    """Re-read a package and name each file in it that is damaged, missing or foreign; empty when all is well.

    Raises nothing: what cannot be read is a problem too. The package is not changed. `reading` sets the pace and
    counts.
    """
    reading = reading or Reading()
    if not path.is_dir():
        return [Problem(path, "missing", f"Paket {path} tidak ada. {_RESTORE}")]
    try:
        seen, unreadable = _read(path, reading)
        found = [*unreadable, *_tag_problems(path, seen), *_payload_problems(path, seen, unreadable)]
        found += _foreign(path)
    except OSError as error:
        return [Problem(path, "unreadable", sentence_for(error, path))]
    if found:
        return found
    try:
        # All checksums were right; the library has the last word on whether this is a bag at all.
        bagit.Bag(str(path)).validate(completeness_only=True)
    except (bagit.BagError, OSError, ValueError) as error:
        return [Problem(path, "damaged", f"Paket {path} bukan paket BagIt yang sah ({error}). {_RESTORE}")]
    return []


def _read(path: Path, reading: Reading) -> tuple[dict[str, str], list[Problem]]:
    """Return the SHA-256 of every file of the bag by name, and those that cannot be read."""
    digests: dict[str, str] = {}
    unreadable = []
    for name in _files(path):
        if not name.startswith("data/") and name not in _TAGS:
            continue
        try:
            digests[name] = reading.sha256(path / name)
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable.append(Problem(path / name, "unreadable", sentence_for(error, path / name)))
    return digests, unreadable


def _tag_problems(path: Path, seen: dict[str, str]) -> Iterator[Problem]:
    """Compare the bag's own files with what is known of them, and tell which of two that disagree is wrong."""
    for name in _TAGS:
        if not (path / name).is_file():
            yield _missing(path / name)
    text = _text(path / TAG_MANIFEST)
    recorded = read_manifest(text)
    if set(recorded) != {DECLARATION, INFO, MANIFEST} or manifest_text(recorded) != text:
        yield from [_damaged(path / TAG_MANIFEST)] if TAG_MANIFEST in seen else []
        return
    if DECLARATION in seen and _text(path / DECLARATION) != DECLARATION_TEXT:
        yield _damaged(path / DECLARATION)
    elif recorded[DECLARATION] != _sha256(DECLARATION_TEXT):
        yield _damaged(path / TAG_MANIFEST)
    if INFO in seen and recorded[INFO] != seen[INFO]:
        # A changed file has another checksum altogether; a changed note differs in a letter or two.
        same = sum(one == other for one, other in zip(recorded[INFO], seen[INFO], strict=False))
        yield _damaged(path / (TAG_MANIFEST if same > len(seen[INFO]) / 2 else INFO))
    if MANIFEST in seen and recorded[MANIFEST] != seen[MANIFEST]:
        # A manifest that fits every file it names is right, and the note of its checksum is wrong.
        fits = _text(path / MANIFEST) == manifest_text(_payload(seen))
        yield _damaged(path / (TAG_MANIFEST if fits else MANIFEST))


def _payload_problems(path: Path, seen: dict[str, str], unreadable: list[Problem]) -> Iterator[Problem]:
    recorded = read_manifest(_text(path / TAG_MANIFEST)).get(MANIFEST)
    actual = _payload(seen)
    if recorded == _sha256(manifest_text(actual)):
        return  # the payload is proven, even where its manifest has rotted
    listed = read_manifest(_text(path / MANIFEST))
    told = {problem.path for problem in unreadable}
    for name, digest in sorted(listed.items()):
        if name not in actual and path / name not in told:
            yield _missing(path / name)
        elif name in actual and actual[name] != digest:
            yield _damaged(path / name)
    for name in sorted(actual.keys() - listed.keys()):
        yield _foreign_file(path / name)


def _payload(seen: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in seen.items() if name.startswith("data/")}


def _foreign(path: Path) -> Iterator[Problem]:
    for name in _files(path, links=True):
        outside = not name.startswith("data/") and name not in _TAGS
        if outside or (path / name).is_symlink():
            yield _foreign_file(path / name)


def _files(path: Path, links: bool = False) -> list[str]:
    """Return the names of the files in a package, links only when asked for."""
    names = []
    for folder, folders, files in os.walk(path):
        here = Path(folder)
        for name in (*files, *(name for name in folders if (here / name).is_symlink())):
            if links or not (here / name).is_symlink():
                names.append((here / name).relative_to(path).as_posix())
    return sorted(names)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(path: Path) -> Problem:
    return Problem(path, "damaged", f"{path} sudah berubah dari isi semula. {_RESTORE}")


def _missing(path: Path) -> Problem:
    return Problem(path, "missing", f"{path} hilang. {_RESTORE}")


def _foreign_file(path: Path) -> Problem:
    return Problem(path, "foreign", f"{path} bukan bagian dari paket; periksa asalnya, lalu pindahkan.")
