"""Whose trouble a failed delivery is: its story's, or that of the whole site, which is then left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

import config
from newsroom.models import ASSISTED, Delivery, Lane
from publishers import PublishError, Refused, SiteAway, SiteRefused, Unreachable

PROBE = timedelta(minutes=1)
"""A site that is away is knocked at this often, however many stories wait."""
ASK_AGAIN = timedelta(hours=1)
"""A site that refuses us is asked this often by itself, in case somebody has mended it there."""


def succeeded(lane: Lane, now: datetime | None = None) -> None:
    """Write that the site has taken a story; if it was away, everything that waited for it is due now."""
    at = now or timezone.now()
    lane.free(tried_at=at, succeeded_at=at)


def failed(lane: Lane, row: Delivery, error: Exception, now: datetime | None = None) -> datetime | None:
    """Shut the lane when the trouble is the whole site's, and return until when; None when it is the row's own.

    One story's failure alone may be its own: it shuts the lane when no story could have got through, or when it
    is the second in a row. A story that has failed while others went through shuts it only as the second.
    """
    site = settings.REDAKSI.site(row.site)
    if site is None or site.kind == ASSISTED or not isinstance(error, PublishError | config.SettingsError):
        return None
    at = now or timezone.now()
    lane.count_failure(at)
    whole = isinstance(error, SiteAway | SiteRefused | config.SettingsError)
    if not whole and not isinstance(error, Unreachable):
        if isinstance(error, Refused) and lane.attempts and not lane.refused:
            lane.free()  # it has answered
        return None
    before = lane.attempts
    Lane.objects.filter(pk=lane.pk).update(attempts=F("attempts") + 1)
    if not before and (row.attempts or not whole):
        return None
    refused = isinstance(error, SiteRefused | config.SettingsError)
    asked = timedelta(seconds=getattr(error, "wait", None) or 0)
    until = at + max(ASK_AGAIN if refused else PROBE, asked)
    lane.shut(str(error), until, refused=refused)
    return until
