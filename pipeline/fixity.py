"""check_fixity and check_originals: all that is kept is re-read in time, and what has rotted is put right.

What is found is written down before it is mended, so that a worker that dies in between leaves no secret.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

import archive
from archive.disk import plain
from newsroom.models import (
    Attachment,
    FixityDay,
    FixityFinding,
    Package,
    Photo,
    Proof,
    Shelf,
    Submission,
    log,
    reread_after,
)
from newsroom.waiting import Waiting
from pipeline.copies import second_copy, sweep
from pipeline.stores import originals, packages_folder

SHELVES = 256
KEPT: tuple[tuple[type[Model], str], ...] = (
    (Submission, "sha256"),
    (Photo, "sha256"),
    (Attachment, "sha256"),
    (Proof, "page_sha256"),
    (Proof, "picture_sha256"),
)
"""What stands among the originals, and where its SHA-256 is written down."""
BEAT = timedelta(minutes=1)
"""How often a long look renews its claim."""

Mend = Callable[[list[archive.Problem], Path], Iterable[archive.Repair]]


class Rotten(Exception):
    """A kept file is no longer what it was. The text names it and says what to do."""


def check_fixity(package: Package) -> None:
    """Re-read a package; what is found is named, and mended from the second copy. Raises Rotten, ArchiveError."""
    reading = reading_for(package)
    folder = packages_folder()
    problems = archive.check_package(folder / package.path, reading)

    def mend(found: list[archive.Problem], aside: Path) -> Iterable[archive.Repair]:
        return archive.mend_package(folder, package.path, found, second_copy(), aside)

    subject = {"story": package.story, "version": package.version}
    repairs = _attend(problems, FixityDay.Kind.PACKAGE, mend, **subject)
    if problems and all(repair.mended for repair in repairs):
        left = archive.check_package(folder / package.path, reading)
        repairs = [archive.Repair(problem, mended=False, why=problem.sentence) for problem in left]
        for problem in left:
            _found(problem, FixityDay.Kind.PACKAGE, **subject)
    FixityDay.count(FixityDay.Kind.PACKAGE, reading.files, reading.bytes, len(problems))
    open_rows = FixityFinding.objects.open().filter(path__startswith=f"{_relative(folder / package.path)}/")
    open_rows |= FixityFinding.objects.open().filter(path=_relative(folder / package.path))
    _conclude(package, repairs, open_rows)
    now = timezone.now()
    package.done(checked_at=now, recheck_at=now + reread_after(), sound=True)


def check_originals(shelf: Shelf) -> None:
    """Re-read one shelf of the originals; what is found is named, and mended. Raises Rotten, ArchiveError."""
    reading = reading_for(shelf)
    store = originals()
    sweep(shelf.prefix)
    problems = list(store.check(expected_on(shelf.prefix), shelf=shelf.prefix, reading=reading))

    def mend(found: list[archive.Problem], aside: Path) -> Iterable[archive.Repair]:
        return archive.mend_originals(store, found, second_copy(), aside)

    repairs = _attend(problems, FixityDay.Kind.ORIGINAL, mend)
    FixityDay.count(FixityDay.Kind.ORIGINAL, reading.files, reading.bytes, len(problems))
    place = _relative(store.root / shelf.prefix)
    _conclude(shelf, repairs, FixityFinding.objects.open().filter(path__startswith=f"{place}/"))
    shelf.done(checked_at=timezone.now(), looks=F("looks") + 1)


def expected_on(prefix: str) -> list[str]:
    """Return the SHA-256 of every original a row speaks of that begins so."""
    return [
        sha256
        for model, field in KEPT
        for sha256 in model._default_manager.filter(**{f"{field}__startswith": prefix}).values_list(
            field, flat=True
        )
        if sha256
    ]


def open_shelves() -> None:
    """Make the shelves once; their first looks are spread over the whole span."""
    if Shelf.objects.count() == SHELVES:
        return
    now = timezone.now()
    Shelf.objects.bulk_create(
        [Shelf(prefix=f"{n:02x}", checked_at=now - reread_after() * n / SHELVES) for n in range(SHELVES)],
        ignore_conflicts=True,
    )


def reading_for(row: Waiting) -> archive.Reading:
    """Return a look at the pace of the settings, that renews the claim on `row` while it lasts."""
    renewed = timezone.now()

    def beat() -> None:
        nonlocal renewed
        if timezone.now() - renewed > BEAT:
            row.hold()
            renewed = timezone.now()

    return archive.Reading(_pace(settings.REDAKSI.archive.reread_mb_per_second), beat)


@lru_cache(maxsize=1)
def _pace(mb_per_second: float) -> archive.Pace:
    """Return the one pace of this process: looks side by side share it."""
    return archive.Pace(mb_per_second * 1_000_000)


def _attend(problems: list[archive.Problem], what: str, mend: Mend, **subject: Any) -> list[archive.Repair]:
    """Write down what was found, mend what can be mended, and write that down, too."""
    if not problems:
        return []
    known = set(FixityFinding.objects.open().values_list("path", flat=True))
    rows = {problem.path: _found(problem, what, **subject) for problem in problems}
    if new := [problem.sentence for problem in problems if _relative(problem.path) not in known]:
        log("fixity_failed", note=" ".join(new), **subject)
    FixityFinding.objects.filter(pk__in=[row.pk for row in rows.values()]).update(mending_at=timezone.now())
    aside = (
        Path(settings.REDAKSI.data) / "set-aside" / f"{timezone.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    )
    repairs = []
    for repair in mend(problems, aside):
        repairs.append(repair)
        if not repair.mended:
            FixityFinding.objects.filter(pk=rows[repair.problem.path].pk).update(mending_at=None)
            continue
        _settle(rows[repair.problem.path], repair, **subject)
    return repairs


def _found(problem: archive.Problem, what: str, **subject: Any) -> FixityFinding:
    row, _made = FixityFinding.objects.get_or_create(
        path=_relative(problem.path),
        settled_at=None,
        defaults={"what": what, "kind": problem.kind, "sentence": problem.sentence, **subject},
    )
    return row


def _settle(row: FixityFinding, repair: archive.Repair, **subject: Any) -> None:
    moved = repair.problem.kind == "foreign" or ".rusak-" in repair.problem.path.name
    outcome = FixityFinding.Outcome.MOVED if moved else FixityFinding.Outcome.MENDED
    aside = _relative(repair.aside) if repair.aside else ""
    note = f"{_relative(repair.problem.path)}: {outcome.label}" + (f"; {aside}" if aside else "")
    with transaction.atomic():
        FixityFinding.objects.filter(pk=row.pk).update(
            settled_at=timezone.now(), outcome=outcome, aside=aside
        )
        log("fixity_repaired", note=note, **subject)


def _conclude(row: Waiting, repairs: list[archive.Repair], before: Any) -> None:
    """Let a row wait with what could not be mended; what was open before and is whole now is settled."""
    left = [repair for repair in repairs if not repair.mended]
    still = {_relative(repair.problem.path) for repair in left}
    for finding in before.exclude(path__in=still):
        outcome = FixityFinding.Outcome.MENDED if finding.mending_at else FixityFinding.Outcome.WHOLE
        FixityFinding.objects.filter(pk=finding.pk).update(settled_at=timezone.now(), outcome=outcome)
    if not left:
        return
    sentences = plain(" ".join(repair.why for repair in left))
    changes: dict[str, Any] = {"checked_at": timezone.now()}
    changes |= {"sound": False} if isinstance(row, Package) else {"looks": F("looks") + 1}
    row.hold(**changes)
    told = f"{'Paket arsip' if isinstance(row, Package) else 'Berkas asli'} tidak utuh: {sentences}"
    if any(repair.away for repair in left):
        raise archive.ArchiveError(told)
    raise Rotten(f"{told} Pulihkan dari salinan cadangan, lalu periksa lagi.")


def _relative(path: Path) -> str:
    return plain(path.relative_to(settings.REDAKSI.data).as_posix())
