"""The clock of a story that waits: verified within three hours of its arrival, as the procedure asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from newsroom.templatetags.office import lasting

VERIFY_WITHIN = timedelta(hours=3)
SOON_AFTER = VERIFY_WITHIN * 0.75


@dataclass(frozen=True)
class Clock:
    words: str
    tone: str
    """`calm`, `soon` or `late`."""


def clock(received_at: datetime, now: datetime) -> Clock:
    """Say how long is left, or how late it is."""
    waited = now - received_at
    if waited > VERIFY_WITHIN:
        return Clock(_("terlambat %(time)s") % {"time": lasting(waited - VERIFY_WITHIN)}, "late")
    left = min(VERIFY_WITHIN - waited, VERIFY_WITHIN)
    return Clock(_("sisa %(time)s") % {"time": lasting(left)}, "soon" if waited >= SOON_AFTER else "calm")
