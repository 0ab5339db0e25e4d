"""What the public archive may show: the one place that says so. Docs: docs/public-archive.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

import config
from newsroom import dressing
from newsroom.models import (
    Destruction,
    InfoClass,
    LogEntry,
    Record,
    Revision,
    Security,
    State,
    Story,
)
from newsroom.photos import barred_as_sealed

TOLD = ("correct", "retract", "withdraw", "explain", "restore")
"""Deeds whose words readers are told."""
STYLE = config.Style()
_NOT_OUT = [state for state in State.values if state != State.RELEASED]


@dataclass(frozen=True)
class Shown:
    """One story as the public archive shows it: its sealed text of the present version, and no more."""

    story: Story
    sealed: Revision
    barred: frozenset[str]
    """Photos that must not be shown."""

    @property
    def headline(self) -> str:
        return str(self.sealed.headline)

    @property
    def photos(self) -> list[tuple[int, dict[str, Any]]]:
        """The photos readers may see with their numbers, from 1."""
        numbered = enumerate(self.sealed.photos, start=1)
        return [(number, photo) for number, photo in numbered if photo["sha256"] not in self.barred]

    @property
    def outfit(self) -> dressing.Outfit:
        return dressing.dressed(self.sealed, STYLE)

    @property
    def lead(self) -> str:
        return self.outfit.lead[:300]

    @property
    def first(self) -> dict[str, Any] | None:
        """Where the first photo is found."""
        return next(({"number": number, **photo} for number, photo in self.photos), None)


def readable() -> QuerySet[Story]:
    """Return the stories that are out now and open to everybody, newest first."""
    # Asked this way round, no database takes the index of states: that of times gives the order, too.
    out = Story.objects.filter(released_at__isnull=False).exclude(state__in=_NOT_OUT)
    return _open(out).order_by("-released_at", "-pk")


def withdrawn() -> QuerySet[Story]:
    """Return the stories that were out and are withdrawn: of them only the notice is told."""
    return Story.objects.filter(state=State.RETRACTED, released_at__isnull=False)


def gone(story: Story) -> bool:
    """Say whether the story was out once and readers may not see it any more, for whatever reason."""
    return story.state in (State.RELEASED, State.RETRACTED) and story.released_at is not None


def shown(stories: Iterable[Story]) -> list[Shown]:
    """Return stories with their sealed texts; a constant number of queries however many they are."""
    rows = list(stories)
    wanted = Revision.objects.filter(sealed=True, story__in=[row.pk for row in rows]).order_by("id")
    texts = {(text.story_id, text.version): text for text in wanted}
    found = Story.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related(Prefetch("photos"))
    with_photos = {row.pk: row for row in found}
    made = []
    for row in rows:
        sealed, whole = texts.get((row.pk, row.version)), with_photos.get(row.pk)
        if sealed is not None and whole is not None and whole.state == row.state:
            made.append(Shown(row, sealed, frozenset(barred_as_sealed(whole, sealed.photos))))
    return made


def stamp() -> int:
    """Return a number that is another one after anything was done: what lists are kept under."""
    return LogEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def months() -> list[tuple[int, int]]:
    """Return the years and months from the newest story back to the oldest: read off an index, none is counted."""
    newest = readable().values_list("released_at", flat=True).first()
    oldest = readable().order_by("released_at").values_list("released_at", flat=True).first()
    if newest is None or oldest is None:
        return []
    first, last = (timezone.localtime(at, settings.REDAKSI.office.tz) for at in (oldest, newest))
    span = range(last.year * 12 + last.month - 1, first.year * 12 + first.month - 2, -1)
    return [(number // 12, number % 12 + 1) for number in span]


def in_month(year: int, month: int) -> QuerySet[Story]:
    """Return the stories of a month of the office's zone, newest first."""
    zone = settings.REDAKSI.office.tz
    begin = datetime.combine(date(year, month, 1), time.min, zone)
    end = datetime.combine(date(year + month // 12, month % 12 + 1, 1), time.min, zone)
    return readable().filter(released_at__gte=begin, released_at__lt=end)


def told(most: int) -> list[tuple[Revision, bool]]:
    """Return the newest notices to readers, and whether their story may be named."""
    deeds = LogEntry.objects.filter(verb__in=TOLD, story__isnull=False).order_by("-at", "-id")
    stories = {pk for pk in deeds.values_list("story", flat=True)[: 2 * most] if pk is not None}
    open_ones = set(readable().filter(pk__in=stories).values_list("pk", flat=True))
    closed = set(withdrawn().filter(pk__in=stories).values_list("pk", flat=True))
    rows = (
        Revision.objects.filter(sealed=True, story__in=open_ones | closed)
        .exclude(notice="")
        .select_related("story")
        .order_by("-at", "-id")
    )
    seen: set[tuple[int, int]] = set()
    lines: list[tuple[Revision, bool]] = []
    for row in rows[: 4 * most]:
        # Of what is withdrawn only its last word is told; earlier notes speak of a text nobody may read.
        if row.story_id in closed and row.version != row.story.version:
            continue
        if (row.story_id, row.version) not in seen:
            seen.add((row.story_id, row.version))
            lines.append((row, row.story_id in open_ones))
    return lines[:most]


def _open(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Leave out what is exempt, what is of a higher security class, and what was approved to be destroyed."""
    rows = Record.objects.filter(story=OuterRef("pk"))
    closed = (
        rows.filter(info_class=InfoClass.EXEMPT)
        | rows.exclude(security=Security.ORDINARY)
        | rows.filter(destruction__state=Destruction.State.APPROVED)
    )
    return stories.filter(~Exists(closed))
