"""Packages: one version of a story as preserved, a BagIt bag (RFC 8493) that is made once and never changed.

The bag is written by ourselves and validated by the Library of Congress' bagit-python before it gets its
name. bagit-python could write it too, but changes the whole process's working directory while it does
(`os.chdir`), under the feet of every other thread; its validation does not.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import bagit

from archive.bag import DECLARATION, DECLARATION_TEXT, INFO, MANIFEST, TAG_MANIFEST, manifest_text
from archive.disk import (
    ArchiveError,
    Damaged,
    flush_folder,
    make_folder,
    sha256_of,
    speaking_of,
    write_flushed,
)
from archive.fixity import check_package

METADATA = "metadata.json"
STAGING = ".staging"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class SIP:
    """Files handed over for preservation, and what is known of them (OAIS: submission information package)."""

    identifier: str
    """Our own, ASCII: the story's key."""
    version: int
    title: str
    files: Mapping[str, bytes | Path] = field(repr=False)
    """Payload by name; names are ours: ASCII letters, digits, `._-`, and `/` between folders.

    A path whose last part is a SHA-256 is an original, and is compared with its name while it is copied.
    """
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """JSON values; kept as metadata.json."""
    revision: int = 1
    """Of the package: what became known of a version after it was packaged makes another one, beside the first."""

    @property
    def name(self) -> str:
        """The package's folder under the identifier's."""
        return package_name(self.version, self.revision)

    def __post_init__(self) -> None:
        seen = {METADATA}
        for name in (self.identifier, *self.files):
            if not all(_NAME.fullmatch(step) and not step.endswith(".") for step in name.split("/")):
                raise ValueError(f"not a name for a package: {name!r}")
        for name in self.files:
            if name.lower() in seen:
                raise ValueError(f"a name twice in one package: {name!r}")
            seen.add(name.lower())
        if "/" in self.identifier or min(self.version, self.revision) < 1:
            raise ValueError("an identifier has no folders; versions and revisions start at 1")


def package_name(version: int, revision: int = 1) -> str:
    """Return the name of a package's folder: `v2`, and `v2-r3` for its third revision."""
    return f"v{version}" if revision == 1 else f"v{version}-r{revision}"


def make_package(sip: SIP, folder: Path) -> Path:
    """Make the package `<folder>/<identifier>/v<version>[-r<revision>]` and return its path.

    Safe to repeat: a package that is there, whole and equal is returned. One that is damaged raises Damaged,
    one with other content ArchiveError; neither is touched. On disk when this returns.
    """
    package = folder / sip.identifier / sip.name
    with speaking_of(folder):
        _clear_abandoned(folder / STAGING, package)
        if package.exists():
            return _same(sip, package)
        with staging_folder(folder / STAGING, package) as staging:
            _write_bag(sip, staging)
            make_folder(package.parent)
            try:
                staging.rename(package)
            except OSError:
                if not package.exists():
                    raise
                return _same(sip, package)  # another worker was faster
            flush_folder(package.parent)
    return package


def _write_bag(sip: SIP, staging: Path) -> None:
    total = 0
    digests = {}
    for name, source in _payload(sip):
        target = staging / "data" / name
        make_folder(target.parent)
        digests[f"data/{name}"] = _write(target, source)
        total += target.stat().st_size
    tags = {
        DECLARATION: DECLARATION_TEXT,
        INFO: _bag_info(sip, f"{total}.{len(digests)}"),
        MANIFEST: manifest_text(digests),
    }
    tag_digests = {name: write_flushed(staging / name, text.encode()) for name, text in tags.items()}
    write_flushed(staging / TAG_MANIFEST, manifest_text(tag_digests).encode())
    for below, _, _ in os.walk(staging):
        flush_folder(Path(below))
    try:
        bagit.Bag(str(staging)).validate()
    except bagit.BagError as error:
        raise ArchiveError(
            f"Paket {sip.identifier} versi {sip.version} tidak terbaca kembali dengan benar setelah ditulis "
            f"({error}). Periksa disknya, lalu coba lagi."
        ) from error


def _payload(sip: SIP) -> Iterator[tuple[str, bytes | Path]]:
    yield from sip.files.items()
    text = json.dumps(sip.metadata, ensure_ascii=False, indent=2, sort_keys=True)
    yield METADATA, f"{text}\n".encode()


def _write(target: Path, source: bytes | Path) -> str:
    if isinstance(source, bytes):
        return write_flushed(target, source)
    with speaking_of(source):
        file = source.open("rb")
    with file:
        digest = write_flushed(target, file)
    if _SHA256.fullmatch(source.name) and source.name != digest:
        raise Damaged(f"Berkas asli {source} sudah berubah dari isi semula. Pulihkan dari salinan cadangan.")
    return digest


def _bag_info(sip: SIP, oxum: str) -> str:
    lines = {
        "Bag-Software-Agent": "Redaksi",
        "Bagging-Date": date.today().isoformat(),  # noqa: DTZ011 - the day on the wall of the office
        "External-Description": " ".join(sip.title.split()),
        "External-Identifier": sip.identifier,
        "Internal-Sender-Identifier": f"{sip.identifier} {sip.name}",
        "Payload-Oxum": oxum,
    }
    return "".join(f"{label}: {value}\n" for label, value in lines.items() if value)


def _same(sip: SIP, package: Path) -> Path:
    found = check_package(package)
    if found:
        raise Damaged(f"Paket {package} rusak dan tidak ditimpa: {found[0].sentence}")
    digests = {f"data/{name}": _digest(source) for name, source in _payload(sip)}
    if (package / MANIFEST).read_bytes() != manifest_text(digests).encode():
        raise ArchiveError(
            f"Paket {package} sudah ada dengan isi lain. Paket tidak pernah diubah; simpan sebagai versi baru."
        )
    return package


def _digest(source: bytes | Path) -> str:
    return hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else sha256_of(source)


@contextmanager
def staging_folder(root: Path, package: Path) -> Iterator[Path]:
    """Give an empty folder beside the packages, locked as ours; what is left of it at the end is removed."""
    make_folder(root)
    while True:
        staging = root / f"{package.parent.name}.{package.name}.{secrets.token_hex(8)}"
        staging.mkdir()
        handle = _lock(staging)
        if handle is not None:
            break  # else another worker took it for abandoned in the instant before it was locked
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        os.close(handle)


def _clear_abandoned(root: Path, package: Path) -> None:
    """Remove staging folders of this package whose maker has died: nobody holds their lock any more."""
    for staging in root.glob(f"{package.parent.name}.{package.name}.*"):
        handle = _lock(staging)
        if handle is not None:
            shutil.rmtree(staging, ignore_errors=True)
            os.close(handle)


def _lock(staging: Path) -> int | None:
    """Lock a staging folder; return the handle that holds the lock, or None when it is another's or gone."""
    try:
        handle = os.open(staging, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    if staging.exists():
        return handle
    os.close(handle)
    return None
