"""The clock of a story that waits: verified within three hours of its arrival, as the procedure asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from newsroom.templatetags.office import lasting

VERIFY_WITHIN = timedelta(hours=3)
SOON_AFTER = 0.75
"""The part of its time after which a clock is near its end."""


@dataclass(frozen=True)
class Clock:
    words: str
    tone: str
    """`calm`, `soon` or `late`."""


def clock(since: datetime, now: datetime, within: timedelta = VERIFY_WITHIN) -> Clock:
    """Say how long is left, or how late it is."""
    waited = now - since
    if waited > within:
        return Clock(_("terlambat %(time)s") % {"time": lasting(waited - within)}, "late")
    left = min(within - waited, within)
    tone = "soon" if waited >= within * SOON_AFTER else "calm"
    return Clock(_("sisa %(time)s") % {"time": lasting(left)}, tone)
