"""How a story's clock is shown; what it counts stands in newsroom/clocks.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.clocks import SOON_AFTER, left, time_for
from newsroom.models import PUBLIC, VERIFY_WITHIN, Delivery, Person, State, Story
from newsroom.templatetags.office import lasting


@dataclass(frozen=True)
class Clock:
    words: str
    tone: str
    """`calm`, `soon`, `late` or `paused`."""
    task: str = ""
    """What is to be done until then."""


def clock(since: datetime, now: datetime, within: timedelta = VERIFY_WITHIN) -> Clock:
    """Say how long is left of a time that runs without a stop, or how late it is."""
    return _told(min(within - (now - since), within), within)


def clock_of(story: Story, now: datetime) -> Clock | None:
    """Say how long the story's clock still has, or how late it is; None when none runs."""
    rest, within = left(story, now), time_for(story.state)
    if rest is None:
        return None
    told = _told(min(rest, within), within)
    task = _("verifikasi") if within == VERIFY_WITHIN else _("penayangan")
    if story.paused_at:
        return Clock(_("dijeda, %(rest)s") % {"rest": told.words}, "paused", task)
    return Clock(told.words, told.tone, task)


def clock_for(story: Story, person: Person, now: datetime) -> Clock | None:
    """Return the clock of what somebody is to do now; a contributor's story has one until it is verified."""
    if story.state == State.QUEUED:
        return clock_of(story, now)
    held = story.state == State.VERIFIED and story.embargo_until is not None and story.embargo_until > now
    if not person.sees or held or (story.state in PUBLIC and not owed(story)):
        return None
    return clock_of(story, now)


def owed(story: Story) -> list[Delivery]:
    """Return the deliveries of a public story that its sites have not confirmed as of its version."""
    names = {site.name for site in settings.REDAKSI.sites}
    return [row for row in story.deliveries.all() if row.sent_version < story.version and row.site in names]


def _told(rest: timedelta, within: timedelta) -> Clock:
    if rest < timedelta(0):
        return Clock(_("terlambat %(time)s") % {"time": lasting(-rest)}, "late")
    tone = "soon" if rest <= within * (1 - SOON_AFTER) else "calm"
    return Clock(_("sisa %(time)s") % {"time": lasting(rest)}, tone)
