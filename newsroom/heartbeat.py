"""When each mailbox was last looked into, and when its silence becomes a trouble. Computed, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsroom.models import Heartbeat, Mailbox, Submission
from newsroom.waiting import LEASE

LATE_AFTER, SILENT_AFTER = 3, 6
"""Missed looks after which the header turns amber, and red with a notice."""
SHORTEST = timedelta(minutes=1)
"""A mailbox looked into every other second is no trouble because one look took ten."""
WORKER_SILENT_AFTER = timedelta(minutes=1)
GRADES = ("good", "soon", "bad")
"""How loudly a state is shown, the calmest first."""


@dataclass(frozen=True)
class Beat:
    """One mailbox of the settings as it stands now."""

    name: str
    state: str
    """`good`, `late`, `silent`, `wrong` (it has told us why), `never` (not yet) or `asks` (for a person)."""
    tone: str
    """One of GRADES."""
    since: datetime | None
    """When it was last looked into; None when it never was."""
    error: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether people must hear of it, wherever they are."""
        return self.tone == "bad"


def beats(now: datetime | None = None) -> list[Beat]:
    """Return how each mailbox of the settings stands, in their order."""
    at = now or timezone.now()
    rows = {row.name: row for row in Mailbox.objects.all()}
    started = Heartbeat.objects.order_by("started_at").values_list("started_at", flat=True).first()
    return [_beat(box.name, box.every, rows.get(box.name), started, at) for box in settings.REDAKSI.mailboxes]


def worker_last_seen() -> datetime | None:
    """Return when a worker was last alive; None when none runs."""
    return Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()


def worker_runs(now: datetime | None = None) -> bool:
    """Say whether a worker has beaten lately."""
    seen = worker_last_seen()
    return seen is not None and (now or timezone.now()) - seen <= WORKER_SILENT_AFTER


def header() -> dict[str, Any]:
    """Return what the header says of all mailboxes: the one that is worst off speaks."""
    now = timezone.now()
    found = beats(now)
    if not found:
        return {"state": "none", "tone": "bad"}
    if not worker_runs(now):
        return {
            "state": "stopped",
            "tone": "bad",
            "since": worker_last_seen(),
            "told": settings.REDAKSI.notices.named,
        }
    worst = max(found, key=lambda beat: (GRADES.index(beat.tone), -_stamp(beat.since)))
    return {
        "state": worst.state,
        "tone": worst.tone,
        "since": worst.since,
        "name": worst.name if len(found) > 1 else "",
        "count": len(found),
        "new": _new_today([beat.name for beat in found], now),
        "told": settings.REDAKSI.notices.named,
    }


def _beat(name: str, every: int, row: Mailbox | None, started: datetime | None, now: datetime) -> Beat:
    if row is None:
        return Beat(name, "never", "soon", None)
    since = _sign_of_life(row)
    if row.start_at is None and row.survey and not row.error:
        return Beat(name, "asks", "soon", since)
    pace = max(SHORTEST, timedelta(seconds=every))
    # Nobody could look before a worker ran: a night without one is told at once, but is no alarm at dawn.
    silent = (now - max(filter(None, (since, started)), default=now)) / pace > SILENT_AFTER
    if row.error:
        return Beat(name, "wrong", "bad" if silent else "soon", since, row.error)
    if silent:
        return Beat(name, "silent", "bad", since)
    if since is None:
        return Beat(name, "never", "soon", None)
    late = (now - since) / pace > LATE_AFTER
    return Beat(name, "late" if late else "good", "soon" if late else "good", since)


def _sign_of_life(row: Mailbox) -> datetime | None:
    """Return when the mailbox last let us in. A long look shows by its claim, renewed with every mail."""
    if row.claimed_until is None or row.error:
        return row.checked_at
    return max(filter(None, (row.checked_at, row.claimed_until - LEASE)))


def _new_today(names: list[str], now: datetime) -> int:
    midnight = timezone.localtime(now, settings.REDAKSI.office.tz).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return Submission.objects.filter(mailbox__in=names, kept_at__gte=midnight).count()


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
