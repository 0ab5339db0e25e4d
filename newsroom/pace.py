"""How long a story took: until it was verified, and from then until a site had it.

Read from the log and the pauses each time, never stored. The time runs as it did on the desk (newsroom/clocks.py):
anew when the contributor has sent the story again or a verification was taken back, on from where it stood when a
rejection was taken back, and not at all during a pause.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

NOTHING = timedelta(0)
ANEW = ("resubmit", "reopen", "ask_changes")
REJECTED = ("spike", "refuse")
DEEDS = ("verify", "send_back", "unspike", "schedule", *ANEW, *REJECTED)
"""What of the log is needed."""


@dataclass
class Course:
    """One story as the log tells it."""

    received_at: datetime
    embargo_until: datetime | None = None
    deeds: list[tuple[str, datetime]] = field(default_factory=list)
    """Oldest first."""
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """From when to when; None: it lasts."""

    @property
    def verified_at(self) -> datetime | None:
        """When it was verified; of several verifications the last."""
        return next((at for verb, at in reversed(self.deeds) if verb == "verify"), None)

    def to_verify(self) -> timedelta:
        """Return how long the desk took from its arrival, or from when it came back, to its last verification."""
        began, outside, waits = self.received_at, NOTHING, True
        rejected: datetime | None = None  # since when, of a story that was waiting
        verified = self.verified_at or self.received_at
        last = max((place for place, (verb, _at) in enumerate(self.deeds) if verb == "verify"), default=0)
        for verb, at in self.deeds[:last]:
            if verb in REJECTED:
                rejected = at if waits else None
            if verb == "unspike" and rejected is not None:
                outside += at - rejected
            elif verb in (*ANEW, "unspike"):
                began, outside = at, NOTHING
            if verb != "schedule":
                waits = verb in (*ANEW, "unspike")
        return max(verified - began - outside - self._paused(began, verified), NOTHING)

    def due_from(self) -> datetime:
        """Return when the time to publish it began: with its verification, or when its embargo ended."""
        verified = self.verified_at or self.received_at
        if self.embargo_until is not None:
            return max(verified, self.embargo_until)
        brought_forward = (at for verb, at in reversed(self.deeds) if verb == "schedule" and at > verified)
        return next(brought_forward, verified)

    def to_publish(self, until: datetime) -> timedelta:
        """Return how much of the time to publish it had gone by at `until`."""
        began = self.due_from()
        return max(until - began - self._paused(began, until), NOTHING)

    def _paused(self, since: datetime, until: datetime) -> timedelta:
        return sum((_overlap(pause, since, until) for pause in self.pauses), NOTHING)


def _overlap(pause: tuple[datetime, datetime | None], since: datetime, until: datetime) -> timedelta:
    begin, end = pause
    return max(min(end or until, until) - max(begin, since), NOTHING)
