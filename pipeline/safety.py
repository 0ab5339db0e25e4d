"""How old the last backup and the last drill are, in words for the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from config import Finding
from newsroom.models import Safeguard, Submission

BACKUP_WITHIN = timedelta(days=8)
DRILL_WITHIN = timedelta(days=100)
"""A season: whoever rehearses once in three months has ten days' grace."""
NEW_OFFICE = timedelta(days=8)


def check() -> Iterator[Finding]:
    """Yield what is to be said of backups and drills; of an office that has just begun nothing is asked yet."""
    yield _of(
        Safeguard.Kind.BACKUP, "cadangan", "Cadangan terakhir", BACKUP_WITHIN, "manage.py backup FOLDER"
    )
    yield _of(
        Safeguard.Kind.DRILL,
        "latihan pemulihan",
        "Latihan pemulihan terakhir",
        DRILL_WITHIN,
        "manage.py drill FOLDER",
    )


def _of(kind: str, subject: str, title: str, within: timedelta, command: str) -> Finding:
    rows = Safeguard.objects.filter(kind=kind)
    last = rows.filter(ok=True).last()
    newest = rows.last()
    if newest is not None and not newest.ok:
        first = newest.note.splitlines()[:1] or [""]
        told = f"{title} ({ago(timezone.now() - newest.at)}) menemukan masalah: {first[0]}"
        return Finding(subject, False, told)
    if last is None:
        oldest = Submission.objects.order_by("id").first()
        young = oldest is None or timezone.now() - oldest.kept_at < NEW_OFFICE
        return Finding(subject, young, f"{title}: belum pernah. Jalankan `{command}`.")
    age = timezone.now() - last.at
    advice = f" Jalankan `{command}`." if age > within else ""
    return Finding(subject, age <= within, f"{title} {ago(age)}.{advice}")


def ago(age: timedelta) -> str:
    """Return an age in plain words."""
    if age < timedelta(hours=1):
        return "baru saja"
    if age < timedelta(days=1):
        return f"{age.seconds // 3600} jam lalu"
    return f"{age.days} hari lalu"
