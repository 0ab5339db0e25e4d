"""How whole the archive is, and the report on it that an auditor takes away."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from newsroom.copying import lag
from newsroom.models import (
    Copy,
    FixityDay,
    FixityFinding,
    FixityReport,
    Holding,
    LogEntry,
    Medium,
    Package,
    Person,
    Shelf,
    log,
    reread_after,
)

LATE = timedelta(days=1)
"""How long after its time a look may still wait for its turn before the page says so."""
LONGEST = 3 * 366
"""Days one report may span."""


class ReportRefused(Exception):
    """The report was not made. The text says in Indonesian why and what to do."""


@dataclass(frozen=True)
class Standing:
    """How whole the archive is now, and how old the looks are."""

    packages: int
    unsound: int
    oldest: datetime | None
    """The oldest look at anything that is kept."""
    ages: tuple[int, int, int]
    """Packages and shelves whose last look lies in the newest, the middle and the oldest third of the span."""
    unseen: int
    """Shelves of originals that wait for their first look."""
    open_findings: int
    days: int

    @property
    def on_time(self) -> bool:
        return self.oldest is None or timezone.now() - self.oldest <= timedelta(days=self.days) + LATE


def standing() -> Standing:
    """Count what is kept and how long ago it was last looked at; the questions are the same however much that is."""
    now, span = timezone.now(), reread_after()
    thirds = {
        "new": Count("pk", filter=Q(checked_at__gt=now - span / 3)),
        "middle": Count("pk", filter=Q(checked_at__lte=now - span / 3, checked_at__gt=now - span * 2 / 3)),
        "old": Count("pk", filter=Q(checked_at__lte=now - span * 2 / 3)),
    }
    made = Package.objects.exclude(path="")
    packages = made.aggregate(
        count=Count("pk"),
        unsound=Count("pk", filter=Q(sound=False)),
        oldest=Min("checked_at"),
        **thirds,
    )
    shelves = Shelf.objects.filter(looks__gt=0).aggregate(oldest=Min("checked_at"), **thirds)
    return Standing(
        packages=packages["count"],
        unsound=packages["unsound"],
        oldest=min(filter(None, (packages["oldest"], shelves["oldest"])), default=None),
        ages=(
            packages["new"] + shelves["new"],
            packages["middle"] + shelves["middle"],
            packages["old"] + shelves["old"],
        ),
        unseen=Shelf.objects.filter(looks=0).count(),
        # A foreign file beside the second copy leaves the archive whole; it is told by itself.
        open_findings=FixityFinding.objects.open().exclude(what=FixityDay.Kind.COPY).count(),
        days=span.days,
    )


def make_report(start: date, end: date, by: Person | None) -> FixityReport:
    """Write down for good what was looked at and found from `start` to `end`, both included. Raises ReportRefused."""
    if start > end:
        raise ReportRefused("Tanggal awal sesudah tanggal akhir. Tukar keduanya, lalu buat lagi.")
    if (end - start).days > LONGEST:
        raise ReportRefused("Masa laporan paling lama tiga tahun. Perpendek, lalu buat lagi.")
    if start > timezone.localdate():
        raise ReportRefused("Masa itu belum tiba. Pilih tanggal yang sudah lewat.")
    now = timezone.now()
    told = {
        **_head(start, end, now, by),
        "kept": _kept(),
        "second_copy": _second_copy(),
        "media_register": _media_register(),
        "looks": _looks(start, end),
        "findings": _findings(start, end),
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    with transaction.atomic():
        report = FixityReport.objects.create(
            start=start,
            end=end,
            made_at=now,
            made_by=by,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        log("fixity_report", by=by, note=f"{start} – {end}, SHA-256 {report.sha256}")
    return report


def _head(start: date, end: date, now: datetime, by: Person | None) -> dict[str, Any]:
    archive = settings.REDAKSI.archive
    return {
        "format": "redaksi-fixity-report",
        "format_version": 1,
        "office": settings.REDAKSI.office.name,
        "zone": settings.REDAKSI.office.zone,
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "made_at": _moment(now),
        "made_by": str(by) if by else "Redaksi",
        "algorithm": "SHA-256",
        "schedule": {
            "reread_days": archive.reread_days,
            "megabytes_per_second": archive.reread_mb_per_second,
        },
    }


def _kept() -> dict[str, Any]:
    found = standing()
    shelves = Shelf.objects.order_by("prefix")
    return {
        "packages": found.packages,
        "packages_not_whole": found.unsound,
        "open_findings": found.open_findings,
        "oldest_look": _moment(found.oldest) if found.oldest else None,
        "on_time": found.on_time,
        "shelves_waiting_for_their_first_look": found.unseen,
        "shelves_of_originals": [
            {"sha256_begins": row.prefix, "checked_at": _looked_at(row)} for row in shelves
        ],
    }


def _second_copy() -> dict[str, Any]:
    """Say how far the second copy is behind, and how whole it is, now."""
    found = lag()
    kept = Copy.objects.exclude(kept_at=None).aggregate(
        copies=Count("pk"), not_whole=Count("pk", filter=Q(sound=False)), oldest_look=Min("checked_at")
    )
    scanned = found.begun.scanned_at if found.begun else None
    return {
        "configured": found.wanted,
        "begun_at": _moment_or_none(found.begun.begun_at if found.begun else None),
        "copies": kept["copies"],
        "copies_not_whole": kept["not_whole"],
        "oldest_look": _moment_or_none(kept["oldest_look"]),
        "files_waiting": found.files,
        "bytes_waiting": found.bytes,
        "waiting_since": _moment_or_none(found.oldest),
        "trouble": found.trouble or None,
        "foreign_files": FixityFinding.objects.open().filter(what=FixityDay.Kind.COPY).count(),
        "looked_for_foreign_files_at": _moment_or_none(scanned),
    }


def _media_register() -> dict[str, Any]:
    """Say what the register of storage media knows, now."""
    living = Holding.objects.all().living()
    found = living.aggregate(
        files=Count("pk"),
        bytes=Sum("size"),
        never=Count("pk", filter=Q(checked_at=None)),
        changed=Count("pk", filter=~Q(found_sha256="")),
        oldest=Min("checked_at"),
    )
    return {
        "media_in_use": Medium.objects.filter(retired_at=None).count(),
        "files": found["files"],
        "bytes": found["bytes"] or 0,
        "files_without_second_copy": living.alone().count(),
        "files_never_checked": found["never"],
        "files_changed": found["changed"],
        "oldest_check": _moment_or_none(found["oldest"]),
    }


def _looked_at(shelf: Shelf) -> str | None:
    return _moment(shelf.checked_at) if shelf.looks and shelf.checked_at else None


def _looks(start: date, end: date) -> dict[str, Any]:
    rows = FixityDay.objects.filter(day__gte=start, day__lte=end)
    sums = rows.values("kind").annotate(
        all_looks=Sum("looks"), all_files=Sum("files"), all_bytes=Sum("bytes"), all_problems=Sum("problems")
    )
    return {
        "totals": [
            {
                "kind": row["kind"],
                "looks": row["all_looks"],
                "files": row["all_files"],
                "bytes": row["all_bytes"],
                "problems": row["all_problems"],
            }
            for row in sums.order_by("kind")
        ],
        "days": [
            {
                "day": row.day.isoformat(),
                "kind": row.kind,
                "looks": row.looks,
                "files": row.files,
                "bytes": row.bytes,
                "problems": row.problems,
            }
            for row in rows
        ],
    }


def _findings(start: date, end: date) -> list[dict[str, Any]]:
    tz = settings.REDAKSI.office.tz
    first = datetime.combine(start, time.min, tz)
    last = datetime.combine(end + timedelta(days=1), time.min, tz)
    rows = FixityFinding.objects.all().between(first, last).select_related("story")
    return [
        {
            "file": row.path,
            "kind": row.kind,
            "of": row.what,
            "story": row.story.key if row.story else None,
            "version": row.version,
            "sentence": row.sentence,
            "found_at": _moment(row.found_at),
            "found_by": "Redaksi",
            "settled_at": _moment(row.settled_at) if row.settled_at else None,
            "outcome": row.outcome or None,
            "settled_by": _who(row),
            "set_aside": row.aside or None,
        }
        for row in rows
    ]


def _who(row: FixityFinding) -> str | None:
    """Return who put a file right: the program, or the person who had it looked at again."""
    if row.settled_at is None:
        return None
    if row.outcome != FixityFinding.Outcome.WHOLE:
        return "Redaksi"
    deeds: QuerySet[LogEntry] = LogEntry.objects.filter(
        verb="retry", at__gte=row.found_at, at__lte=row.settled_at
    )
    mine = deeds.filter(story=row.story) if row.story else deeds.filter(note=_shelf(row.path))
    asked = mine.select_related("by").order_by("-id").first()
    return str(asked.by) if asked and asked.by else "Redaksi"


def _shelf(path: str) -> str:
    return path.split("/")[1] if "/" in path else ""


def _moment_or_none(at: datetime | None) -> str | None:
    return _moment(at) if at else None


def _moment(at: datetime) -> str:
    return timezone.localtime(at, settings.REDAKSI.office.tz).isoformat(timespec="seconds")
