"""preserve and amend: every version is packaged for good, and once more when something of it becomes known later."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import archive
from newsroom.models import Package, log, reread_after
from pipeline.copies import promise_package
from pipeline.packing import late_digest, make_sip
from pipeline.stores import need_room, packages_folder

_GOLDEN = 0.6180339887498949
"""Multiples of it, less their whole parts, lie evenly in any number: first looks are spread by it."""


def preserve(package: Package) -> None:
    """Write one version of a story as a BagIt package. Raises archive.ArchiveError, DiskFull."""
    begun = timezone.now()
    path = _made_before(package)
    if path is None:
        need_room()
        path = archive.make_package(make_sip(package), packages_folder())
    now = timezone.now()
    relative = str(path.relative_to(packages_folder()))
    promise_package(relative)
    with transaction.atomic():
        package.done(
            path=relative,
            checked_at=now,
            recheck_at=_first_look(package),
            sound=True,
            digest=_digest_of(path),
        )
        # What became known before it was begun is in it.
        Package.objects.filter(pk=package.pk, questioned_at__lte=begun).update(questioned_at=None)
        log("preserve", story=package.story, version=package.version, note=relative)


def amend(package: Package) -> None:
    """Promise the next revision of a package where more is known of its version than it holds."""
    asked = package.questioned_at
    later = Package.objects.filter(
        story=package.story_id, version=package.version, revision__gt=package.revision
    )
    digest = late_digest(package.story, package.story.sealed(package.version))
    with transaction.atomic():
        if digest != package.digest and not later.exists():
            Package.objects.create(
                story=package.story, version=package.version, revision=package.revision + 1
            )
        # Whatever has become known meanwhile has its own question.
        Package.objects.filter(pk=package.pk, questioned_at=asked).update(questioned_at=None)


def _made_before(package: Package) -> Path | None:
    """Return the sound package of a worker that died before it could say so; what it holds is not made again."""
    name = archive.package_name(package.version, package.revision)
    path = packages_folder() / package.story.key / name
    return path if path.is_dir() and not archive.check_package(path) else None


def _digest_of(path: Path) -> str:
    """Return what a package says it held of what may still come; packages of older releases say nothing."""
    metadata = json.loads((path / "data" / archive.METADATA).read_bytes())
    return str(metadata.get("late_sha256", ""))


def _first_look(package: Package) -> datetime:
    """Return when a new package is first re-read: those made on one day are spread over the whole span."""
    return timezone.now() + reread_after() * ((package.pk * _GOLDEN) % 1)
