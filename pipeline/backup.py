"""back_up: database, originals, packages and settings, saved to a folder on another disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from archive import ArchiveError, Damaged, Missing
from archive.bag import MANIFEST, TAG_MANIFEST, read_manifest
from archive.disk import sha256_of, speaking_of
from archive.vault import Vault, Writing
from newsroom.models import Package, Photo, Safeguard, Story, Submission
from pipeline import database
from pipeline.stores import originals, packages_folder

SETTINGS_FILE = "settings.yaml"
SECRET = ("secret_key", "secrets")
"""What of the data folder is secret: whoever has it can sign in as anybody, or send as the office."""


@dataclass
class Made:
    """One finished backup."""

    name: str
    path: Path
    files: int = 0
    bytes: int = 0
    new_files: int = 0
    new_bytes: int = 0
    secrets: bool = False
    dropped: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What could not be saved because it is damaged or gone; all else is."""


def back_up(
    target: Path,
    *,
    recipients: Sequence[str] = (),
    passphrase: str = "",
    with_secrets: bool = False,
    keep: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Made:
    """Write one backup into `target`. Raises ArchiveError, DatabaseNotCopied; then no backup is there."""
    vault = Vault.for_writing(target, recipients, passphrase)
    scratch = settings.REDAKSI.data / "tmp"
    scratch.mkdir(exist_ok=True)
    with vault.locked(), speaking_of(target):
        name = _free_name(vault)
        told("Menyalin basis data …")
        with closing(Writing(vault, name, scratch)) as writing:
            # First the rows, then the files they speak of: a file is on disk before its row is written.
            counts = _counts()
            with database.dumped(scratch) as file:
                writing.keep_own(database.dump_name(), file)
            secret = bool(vault.recipients) or with_secrets
            _own_files(writing, secret)
            told("Menyalin berkas asli dan paket …")
            problems = list(_pooled(writing))
            path = writing.finish(_head(counts, secret))
        made = Made(name, path, writing.files, writing.bytes, writing.new_files, writing.new_bytes, secret)
        made.problems = problems
        if keep is not None:
            try:
                made.dropped = vault.drop_all_but(keep)
            except ArchiveError as error:
                made.problems.append(str(error))  # this backup is whole all the same, and is written down
    _note(target, made, counts)
    return made


def _free_name(vault: Vault) -> str:
    """Return the time as a name, with a number behind it where that name is taken."""
    moment = f"{timezone.now():%Y%m%dT%H%M%SZ}"
    same = [name for name in vault.names() if name.startswith(moment)]
    return f"{moment}-{len(same) + 1}" if same else moment


def _counts() -> dict[str, int]:
    return {
        "stories": Story.objects.count(),
        "submissions": Submission.objects.count(),
        "photos": Photo.objects.count(),
        "packages": Package.objects.exclude(path="").count(),
    }


def _head(counts: dict[str, int], secret: bool) -> dict[str, Any]:
    leaves = MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes()
    return {
        "made_at": timezone.now().isoformat(),
        "office": settings.REDAKSI.office.name,
        "migrations": sorted(f"{app}.{name}" for app, name in leaves),
        "counts": counts,
        "secrets": secret,
    }


def _own_files(writing: Writing, secret: bool) -> None:
    """Save what is small and this backup's own: the settings, the office's mark, the secrets."""
    source = settings.REDAKSI.source
    if source is not None and source.path.is_file():
        with source.path.open("rb") as file:
            writing.keep_own(SETTINGS_FILE, file)
    logo = settings.REDAKSI.office.logo
    if logo is not None and logo.is_file():
        with logo.open("rb") as file:
            writing.keep_own(f"logo/{logo.name}", file)
    for path in _files(*(settings.REDAKSI.data / name for name in SECRET)) if secret else ():
        with path.open("rb") as file:
            writing.keep_own(_place(path), file)


def _pooled(writing: Writing) -> Iterator[str]:
    """Bring originals, packages and unsent uploads into the pool; yield what cannot be saved as it should be."""
    for path, sha256 in _kept():
        try:
            writing.keep(_place(path), path, sha256)
        except (Damaged, Missing) as error:
            yield str(error)
    for path in _files(settings.REDAKSI.data / "uploads"):
        try:
            writing.keep(_place(path), path, sha256_of(path))
        except (OSError, Damaged, Missing):
            continue  # it was sent, or grew, in this moment: what was sent is an original


def _kept() -> Iterator[tuple[Path, str]]:
    """Yield the originals and the packages' files with the SHA-256 they are known by: nothing is read for it."""
    root = originals().root
    for path in _files(root):
        if len(path.name) == 64 and path.parent.parent.parent == root:
            yield path, path.name
    folder = packages_folder()
    if not folder.is_dir():
        return
    for tags in sorted(folder.glob(f"*/*/{TAG_MANIFEST}")):
        yield from _packaged(tags.parent)


def _packaged(package: Path) -> Iterator[tuple[Path, str]]:
    known: dict[str, str] = {}
    for name in (MANIFEST, TAG_MANIFEST):
        try:
            known |= read_manifest((package / name).read_text("utf-8", "replace"))
        except OSError:
            continue  # its own line says that it is gone
    for name, digest in sorted(known.items()):
        yield package / name, digest
    yield package / TAG_MANIFEST, sha256_of(package / TAG_MANIFEST)


def _files(*roots: Path) -> Iterator[Path]:
    for root in roots:
        if root.is_file():
            yield root
        for folder, folders, names in os.walk(root):
            folders.sort()
            yield from (
                Path(folder) / name for name in sorted(names) if not (Path(folder) / name).is_symlink()
            )


def _place(path: Path) -> str:
    return path.relative_to(settings.REDAKSI.data).as_posix()


def _note(target: Path, made: Made, counts: dict[str, int]) -> None:
    Safeguard.objects.create(
        kind=Safeguard.Kind.BACKUP,
        target=str(target)[:500],
        name=made.name,
        ok=not made.problems,
        note="\n".join(made.problems[:20]),
        counts={**counts, "files": made.files, "bytes": made.bytes},
    )


def as_line(made: Made) -> str:
    """Return what a command prints of it: one JSON object."""
    row = {name: value for name, value in vars(made).items() if name != "path"}
    return json.dumps({**row, "path": str(made.path)}, ensure_ascii=False)


def room_for(size: int, folder: Path) -> bool:
    """Say whether so much fits into a folder."""
    return shutil.disk_usage(folder).free > size
