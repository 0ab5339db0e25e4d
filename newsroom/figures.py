"""What an office has done in a month or a year, and how quickly: counted from rows and the log each time it is asked.

docs/desk.md says how each figure is counted; what was imported from before (`origin`) is not the desk's work. However many stories there are, the questions are the same few, and
each reads the period's rows by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from newsroom.models import (
    PUBLIC,
    PUBLISH_WITHIN,
    VERIFY_WITHIN,
    Contributor,
    Delivery,
    LogEntry,
    Pause,
    State,
    Story,
)
from newsroom.pace import DEEDS, Course
from newsroom.period import Period

STANDING = (State.VERIFIED, *PUBLIC)
"""States of a story whose verification has not been taken back."""


@dataclass
class Pace:
    """How many were in their time, of those whose time is over or who are done, and how long the done ones took."""

    within: timedelta
    judged: int = 0
    in_time: int = 0
    took: list[timedelta] = field(default_factory=list)

    def done(self, took: timedelta) -> None:
        self.judged += 1
        self.in_time += took <= self.within
        self.took.append(took)

    def waits(self, gone: timedelta) -> None:
        """Judge what is not done yet: late is late; what still has time is no figure yet."""
        self.judged += gone > self.within

    @property
    def share(self) -> int | None:
        return percent(self.in_time, self.judged)

    @property
    def minutes(self) -> int | None:
        """Half of them took no longer; whole minutes."""
        return int(median(self.took).total_seconds() // 60) if self.took else None


@dataclass
class Tally:
    """The figures of the office, or of one contributor."""

    received: int = 0
    out: int = 0
    """Of those received, the ones readers have been shown by now."""
    verified: int = 0
    published: int = 0
    withdrawn: int = 0
    """Of those published."""
    verifying: Pace = field(default_factory=lambda: Pace(VERIFY_WITHIN))
    publishing: Pace = field(default_factory=lambda: Pace(PUBLISH_WITHIN))

    @property
    def out_share(self) -> int | None:
        return percent(self.out, self.received)


@dataclass
class SiteTally:
    promised: int = 0
    shown: int = 0
    pace: Pace = field(default_factory=lambda: Pace(PUBLISH_WITHIN))

    @property
    def share(self) -> int | None:
        return percent(self.shown, self.promised)


@dataclass(frozen=True)
class Figures:
    period: Period
    whole: Tally
    contributors: dict[int | None, Tally]
    """By the contributor's number; None: stories of no contributor, such as collages."""
    sites: dict[str, SiteTally]

    def named(self) -> list[tuple[str, str, Tally]]:
        """Return name, outlet and figures of each contributor, those who sent most first; of nobody's stories last."""
        rows = Contributor.objects.filter(pk__in=[pk for pk in self.contributors if pk])
        names = {pk: (name, outlet) for pk, name, outlet in rows.values_list("pk", "name", "outlet")}
        told = [(*names.get(pk, ("", "")), tally) for pk, tally in self.contributors.items()]
        return sorted(
            told, key=lambda row: (not row[0], -row[2].received, -row[2].published, row[0].casefold())
        )


@dataclass(frozen=True)
class _Showing:
    """What became of one story at one of its sites."""

    site: str
    at: datetime | None
    """When the site first showed it; None: it does not yet."""


def percent(part: int, whole: int) -> int | None:
    """Return a share in hundredths, 100 only for all and 0 only for none; None of nothing."""
    if not whole:
        return None
    return 100 if part == whole else min(99, max(part * 100 // whole, 1 if part else 0))


def figures(period: Period, now: datetime | None = None) -> Figures:
    """Count what was received, verified and published in `period`."""
    now = now or timezone.now()
    found = Figures(period, Tally(), defaultdict(Tally), defaultdict(SiteTally))
    _count_received(found)
    stories = _of(period)
    rows = list(
        stories.values_list("pk", "contributor_id", "state", "released_at", "received_at", "embargo_until")
    )
    courses = {pk: Course(received_at, embargo) for pk, *_others, received_at, embargo in rows}
    _tell_courses(courses, stories)
    showings = _showings(period)
    for pk, contributor, state, released_at, *_times in rows:
        tallies = (found.whole, found.contributors[contributor])
        if state in STANDING and period.holds(courses[pk].verified_at):
            _count_verified(tallies, courses[pk])
        if period.holds(released_at):
            _count_published(tallies, state, courses[pk], showings.get(pk, []), now)
            _count_sites(found.sites, courses[pk], showings.get(pk, []), now)
    return found


def _of(period: Period) -> QuerySet[Story]:
    """Return the stories that were verified or published in the period."""
    verified = LogEntry.objects.filter(verb="verify", at__gte=period.begins, at__lt=period.ends)
    released = Q(released_at__gte=period.begins, released_at__lt=period.ends)
    return Story.objects.filter(released | Q(pk__in=verified.values("story")), origin=None)


def _count_received(found: Figures) -> None:
    period = found.period
    arrived = Story.objects.filter(
        received_at__gte=period.begins, received_at__lt=period.ends, trial=False, origin=None
    )
    counts = arrived.values_list("contributor").annotate(
        received=Count("pk"), out=Count("pk", filter=Q(released_at__isnull=False))
    )
    for contributor, received, out in counts:
        for tally in (found.whole, found.contributors[contributor]):
            tally.received += received
            tally.out += out


def _tell_courses(courses: dict[int, Course], stories: QuerySet[Story]) -> None:
    """Fill in what the log and the pauses tell of each story."""
    deeds = LogEntry.objects.filter(verb__in=DEEDS, story__in=stories.values("pk")).order_by("id")
    for story, verb, at in deeds.values_list("story_id", "verb", "at").iterator():
        if story in courses:  # and not verified in this very moment
            courses[story].deeds.append((verb, at))
    pauses = Pause.objects.filter(story__in=stories.values("pk")).order_by("id")
    for story, at, ended_at in pauses.values_list("story_id", "at", "ended_at"):
        if story in courses:
            courses[story].pauses.append((at, ended_at))


def _showings(period: Period) -> dict[int, list[_Showing]]:
    """Return when each site first showed the stories of the period; sites that never had to are left out."""
    first = KeyTransform("0", "receipts")
    rows = Delivery.objects.filter(
        story__released_at__gte=period.begins, story__released_at__lt=period.ends, story__origin=None
    ).annotate(first_at=KeyTextTransform("at", first), first_state=KeyTextTransform("state", first))
    known = {site.name for site in settings.REDAKSI.sites}
    found: dict[int, list[_Showing]] = defaultdict(list)
    told = rows.values_list("story_id", "story__state", "site", "sent_version", "first_at", "first_state")
    for story, state, site, sent, first_at, first_state in told.iterator():
        if first_state == "live":
            found[story].append(_Showing(site, parse_datetime(first_at)))
        elif not sent and site in known and state == State.RELEASED:
            found[story].append(_Showing(site, None))
    return found


def _count_verified(tallies: Iterable[Tally], course: Course) -> None:
    for tally in tallies:
        tally.verified += 1
        tally.verifying.done(course.to_verify())


def _count_published(
    tallies: Iterable[Tally], state: str, course: Course, shown: list[_Showing], now: datetime
) -> None:
    moments = [showing.at for showing in shown if showing.at]
    for tally in tallies:
        tally.published += 1
        tally.withdrawn += state == State.RETRACTED
        if not shown:
            continue
        if len(moments) == len(shown):
            tally.publishing.done(course.to_publish(max(moments)))
        else:
            tally.publishing.waits(course.to_publish(now))


def _count_sites(
    sites: dict[str, SiteTally], course: Course, shown: Iterable[_Showing], now: datetime
) -> None:
    for showing in shown:
        tally = sites[showing.site]
        tally.promised += 1
        if showing.at:
            tally.shown += 1
            tally.pace.done(course.to_publish(showing.at))
        else:
            tally.pace.waits(course.to_publish(now))
