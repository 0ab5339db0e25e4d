"""How each site is, and what people decide about a site as a whole. Computed from its lane and what waits there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

import config
from newsroom.acts import ActRefused
from newsroom.models import Delivery, Lane, Person, State, log

FIGURES = timedelta(days=30)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Health:
    """One site of the settings as it stands now."""

    name: str
    title: str
    kind: str
    state: str
    """`paused`, `refused`, `away`, `stuck` (single stories wait for a person), `unused` or `good`."""
    lane: Lane
    waiting: int
    parked: int
    """Of those that wait, the ones that wait for a person."""
    oldest: datetime | None
    """Since when the oldest of them is owed."""
    takedowns: int = 0
    """Of those that wait, the take-downs of what readers still see there."""

    @property
    def tone(self) -> str:
        tones = {"paused": "soon", "refused": "late", "away": "late", "stuck": "late", "unused": "info"}
        return tones.get(self.state, "good")


def healths(names: Iterable[str] | None = None) -> list[Health]:
    """Return how the sites of the settings are, in their order: all, or those of these names."""
    wanted = [site for site in settings.REDAKSI.sites if names is None or site.name in names]
    lanes = lanes_of(site.name for site in wanted)
    owed = Delivery.objects.all().owed().filter(site__in=[site.name for site in wanted]).order_by()
    counted = owed.values("site").annotate(
        waiting=Count("pk"),
        held=Count("pk", filter=Q(parked=True) & ~Q(asked=True)),
        gone=Count("pk", filter=Q(story__state=State.RETRACTED, state="live")),
        oldest=Min("story__sealed_at"),
    )
    queues = {row["site"]: row for row in counted}
    return [_health(site, lanes.get(site.name), queues.get(site.name, {})) for site in wanted]


def lanes_of(names: Iterable[str]) -> dict[str, Lane]:
    """Return the lanes to these sites by the site's name, with who has paused them."""
    found = Lane.objects.all().of(list(names)).select_related("paused_by")
    return {lane.site: lane for lane in found}


def _health(site: config.Site, lane: Lane | None, queue: dict[str, Any]) -> Health:
    lane = lane or Lane()
    waiting, held = queue.get("waiting", 0), queue.get("held", 0)
    if lane.paused_at:
        state = "paused"
    elif lane.error:
        state = "refused" if lane.refused else "away"
    elif held:
        state = "stuck"
    else:
        state = "good" if lane.succeeded_at or waiting else "unused"
    return Health(
        name=site.name,
        title=site.title,
        kind=site.kind,
        state=state,
        lane=lane,
        waiting=waiting,
        parked=held,
        oldest=queue.get("oldest"),
        takedowns=queue.get("gone", 0),
    )


@dataclass(frozen=True)
class Figures:
    """What a site has taken in the last 30 days."""

    delivered: int
    """Versions: new stories, corrections and take-downs."""
    stories: int
    """Of them, stories shown there for the first time."""
    usual: timedelta | None
    """Half of these were shown within this time of their release."""
    failures: int


def figures(site: str, lane: Lane, now: datetime | None = None) -> Figures:
    """Count what the site has confirmed lately; each receipt says when."""
    since = (now or timezone.now()) - FIGURES
    rows = Delivery.objects.filter(site=site, confirmed_at__gte=since)
    delivered, spans = 0, []
    for receipts, released_at in rows.values_list("receipts", "story__released_at").iterator():
        sent = [one for one in receipts if one.get("state") != "kept"]
        moments = [(one, parse_datetime(str(one["at"]))) for one in sent]
        delivered += sum(1 for _one, at in moments if at and at >= since)
        first = next((at for one, at in moments if one.get("state") == "live"), None)
        if first and first >= since and released_at:
            spans.append(max(first - released_at, timedelta()))
    oldest = timezone.localdate(since).isoformat()
    failures = sum(count for day, count in lane.failures.items() if day >= oldest)
    seconds = median(span.total_seconds() for span in spans) if spans else None
    usual = None if seconds is None else timedelta(seconds=seconds)
    return Figures(delivered=delivered, stories=len(spans), usual=usual, failures=failures)


def pause(site: str, by: Person, reason: str) -> None:
    """Let nothing but take-downs leave for a site. Raises ActRefused."""
    _operator(by)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ActRefused(_("Tulis dulu alasan jedanya, agar rekan tahu mengapa berita tidak terkirim."))
    with transaction.atomic():
        Lane.to(site)
        free = Lane.objects.all().of([site]).filter(paused_at=None)
        if not free.update(paused_at=timezone.now(), paused_by=by, paused_reason=reason):
            raise ActRefused(_("Situs ini sudah dijeda orang lain. Muat ulang halaman."))
        log("pause_site", by=by, note=f"{site}: {reason}")


def resume(site: str, by: Person) -> None:
    """Let stories leave for a site again; what went wrong before is tried at once. Raises ActRefused."""
    _operator(by)
    with transaction.atomic():
        held = Lane.objects.all().of([site]).exclude(paused_at=None)
        if not held.update(paused_at=None, paused_by=None, paused_reason=""):
            raise ActRefused(_("Situs ini sudah dilanjutkan orang lain. Muat ulang halaman."))
        Lane.to(site).free()
        log("resume_site", by=by, note=site)


def retry(site: str, by: Person) -> int:
    """Try everything again that waits for a site, what waits for a person too; return how many rows."""
    _operator(by)
    with transaction.atomic():
        Lane.to(site).free()
        held = Delivery.objects.all().owed().filter(site=site).exclude(asked=True)
        held = held.exclude(error="", next_attempt_at=None)
        pks = list(held.order_by().values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=pks).update(attempts=0, next_attempt_at=None, parked=False, error="")
        log("retry", by=by, note=site)
    return len(pks)


def _operator(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
