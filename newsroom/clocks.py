"""The clocks of the procedure: verified within three hours of arrival, on all sites within two of verification.

A story whose clock runs has `due_at`. While it is paused the clock stands still: the time it still had is kept,
and the pause does not count. Lateness never bars anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import (
    PUBLIC,
    PUBLISH_WITHIN,
    VERIFY_WITHIN,
    Delivery,
    DeliveryQuerySet,
    Pause,
    Person,
    State,
    Story,
    StoryQuerySet,
    log,
)
from newsroom.personal import without

SOON_AFTER = 0.75
"""The part of its time after which a clock is near its end."""
SHORTEST_REASON = 5


def time_for(state: str) -> timedelta:
    """Return how long the procedure gives a story in this state."""
    return VERIFY_WITHIN if state == State.QUEUED else PUBLISH_WITHIN


def left(story: Story, now: datetime) -> timedelta | None:
    """Return what the story's clock still has, negative when it is late; None when no clock runs."""
    return story.due_at - (story.paused_at or now) if story.due_at else None


def running(stories: StoryQuerySet) -> StoryQuerySet:
    """Keep the stories whose clock runs, or stands still in a pause; of public ones those a site does not have yet."""
    return stories.filter(due_at__isnull=False).filter(~Q(state__in=PUBLIC) | Exists(_owed()))


def needing(stories: StoryQuerySet, now: datetime) -> StoryQuerySet:
    """Keep what somebody is to do something about now: what an embargo holds back waits for its time."""
    return running(stories).exclude(state=State.VERIFIED, embargo_until__gt=now)


def in_order(stories: StoryQuerySet) -> StoryQuerySet:
    """Order by the clock, the one that runs out first at the top; what is paused comes last."""
    return stories.order_by(F("paused_at").asc(nulls_first=True), "due_at", "pk")


def soon(stories: StoryQuerySet, now: datetime) -> StoryQuerySet:
    """Keep the stories whose clock is near its end and not past it."""
    near = {state: now + time_for(state) * (1 - SOON_AFTER) for state in (State.QUEUED, State.VERIFIED)}
    ends = Q(state=State.QUEUED, due_at__lte=near[State.QUEUED])
    ends |= ~Q(state=State.QUEUED) & Q(due_at__lte=near[State.VERIFIED])
    return stories.filter(ends, due_at__gte=now, paused_at=None)


def soon_at(due_at: datetime, state: str) -> datetime:
    """Return when the clock of a story in this state comes near its end."""
    return due_at - time_for(state) * (1 - SOON_AFTER)


def late(stories: StoryQuerySet, now: datetime) -> StoryQuerySet:
    """Keep the stories whose time is over."""
    return stories.filter(due_at__lt=now, paused_at=None)


def after(story: Story, verb: str, target: str, now: datetime) -> dict[str, Any]:
    """Return what a move changes of the story's clock. A pause ends with it; what the worker does touches neither."""
    if verb == "release":
        return {} if story.deliveries.exists() else {"due_at": None, "paused_at": None}
    if story.state == target == State.VERIFIED:  # the leadership's word is part of the two hours
        return {}
    changes: dict[str, Any] = {"due_at": None, "paused_at": None, "time_left": None}
    if target == State.QUEUED:
        # What was rejected by mistake has the time it had; everything else is looked at anew.
        given = story.time_left if verb == "unspike" and story.time_left is not None else VERIFY_WITHIN
        changes["due_at"] = now + given
    elif target == State.VERIFIED:
        changes["due_at"] = max(now, story.embargo_until or now) + PUBLISH_WITHIN
    elif target in PUBLIC:
        changes["due_at"] = now + PUBLISH_WITHIN if story.deliveries.exists() else None
    elif target == State.SPIKED and story.state == State.QUEUED:
        changes["time_left"] = left(story, now)
    return changes


def end_pause(story: Story, by: Person | None, now: datetime) -> None:
    """Note that the story's clock does not stand still any more."""
    story.pauses.filter(ended_at=None).update(ended_at=now, ended_by=by)


def pause(story: Story, by: Person, reason: str) -> None:
    """Let the story's clock stand still, and note why. Raises ActRefused."""
    _may(by)
    reason = without(story, " ".join(reason.split()))[:300]
    if len(reason) < SHORTEST_REASON:
        raise ActRefused(_("Tuliskan alasan jedanya, misalnya “menunggu konfirmasi narasumber”."))
    with transaction.atomic():
        now = timezone.now()
        running = Story.objects.filter(pk=story.pk, paused_at=None).exclude(due_at=None)
        if not running.update(paused_at=now):
            raise ActRefused(_("Jam berita ini tidak sedang berjalan atau sudah dijeda. Muat ulang halaman."))
        Pause.objects.create(story=story, by=by, reason=reason, at=now)
        log("pause", by=by, story=story, version=story.version, note=reason)
    story.refresh_from_db(fields=["paused_at", "due_at"])


def resume(story: Story, by: Person) -> None:
    """Let the story's clock run on from where it stood. Raises ActRefused."""
    _may(by)
    with transaction.atomic():
        now = timezone.now()
        row = Story.objects.select_for_update().get(pk=story.pk)
        if row.paused_at is None or row.due_at is None:
            raise ActRefused(_("Jam berita ini tidak sedang dijeda. Muat ulang halaman."))
        due_at = row.due_at + (now - row.paused_at)
        if not Story.objects.filter(pk=row.pk, paused_at=row.paused_at).update(paused_at=None, due_at=due_at):
            raise ActRefused(_("Jam berita ini tidak sedang dijeda. Muat ulang halaman."))
        end_pause(row, by, now)
        log("resume", by=by, story=row, version=row.version)
    story.refresh_from_db(fields=["paused_at", "due_at"])


def settle(story: Story) -> None:
    """Stop the clock of a story that every site has as of its version."""
    with transaction.atomic():
        settled = Story.objects.filter(pk=story.pk, state__in=PUBLIC).exclude(due_at=None)
        if settled.exclude(Exists(_owed())).update(due_at=None, paused_at=None):
            end_pause(story, None, timezone.now())


def _owed() -> DeliveryQuerySet:
    sites = [site.name for site in settings.REDAKSI.sites]
    return Delivery.objects.all().owed().filter(story=OuterRef("pk"), site__in=sites)


def _may(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
