"""make_collage: the photos of a period become one picture, and the picture a story in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import collage
from newsroom.editing import first_revision
from newsroom.models import Collage, Person, Photo, State, Story, log
from newsroom.photos import barred, barred_as_sealed
from photos import Edits, focus_in_crop
from pipeline.prepare import queue_story
from pipeline.stores import PUBLISHED, make_renditions, originals, rendition
from prose import dates

FEWEST = 6
"""A collage of fewer photos is none; with fewer the period simply passes."""
MOST = 24


class CollageRefused(Exception):
    """No collage was made. The text says in Indonesian why."""


@dataclass(frozen=True)
class _Chosen:
    story: int
    sha256: str
    name: str
    """What people know the photo by."""
    caption: str
    credit: str
    taken_on: date
    edits: Edits
    masked: Mapping[str, Any]
    """The editor's word on these edits."""

    def as_drawn(self) -> dict[str, Any]:
        """Return the photo as the collage's own row keeps it."""
        return {
            "story": self.story,
            "sha256": self.sha256,
            "name": self.name,
            "edits": self.edits.to_json(),
            "masked": self.masked,
        }


def make_collage(row: Collage) -> None:
    """Make the collage of a period and put it into the queue. Raises CollageRefused."""
    made, chosen = draw(row.start, row.end)
    title = f"Kolase Foto {_period(row.start, row.end)}"
    sha256 = originals().keep(made.print_jpeg)
    make_renditions(sha256, made.print_jpeg)
    lines = [f"- {dates.long_date(item.taken_on)}: {item.caption}" for item in chosen if item.caption]
    body = f"{len(chosen)} foto kegiatan {_period(row.start, row.end)} dalam satu gambar.\n\n" + "\n".join(
        lines
    )
    with transaction.atomic():
        still_open(row, chosen)
        story = queue_story(
            identity=f"collage {row.start} {row.end}", headline=title, body=body, author=row.asked_by
        )
        if not story.photos.exists():
            Photo.objects.create(
                story=story,
                sha256=sha256,
                filename=f"kolase_{row.start:%Y%m}_{row.end:%Y%m}.jpg",
                caption=f"{title}.",
                credit=settings.REDAKSI.office.name,
                alt=f"Kolase {len(chosen)} foto kegiatan, {_period(row.start, row.end)}",
                drawn_from=_drawn(made, chosen),
            )
            first_revision(story, "collage", row.asked_by)
        row.done(story=story, left_out=list(made.left_out))
        log("collage", by=row.asked_by, story=story, note=_period(row.start, row.end))


def _drawn(made: collage.Made, chosen: Sequence[_Chosen]) -> list[dict[str, Any]]:
    """Return what the picture shows, for its own row: what is burned in can be called to account later."""
    unseen = {place for place, _why in made.left_out}
    return [item.as_drawn() for place, item in enumerate(chosen) if place not in unseen]


def draw(start: date, end: date) -> tuple[collage.Made, list[_Chosen]]:
    """Choose the period's photos and draw them. Raises CollageRefused when it cannot be."""
    try:
        collage.check_period(start, end)
    except collage.PeriodRefused as error:
        raise CollageRefused(str(error)) from error
    chosen = choose(start, end)
    if len(chosen) < FEWEST:
        raise CollageRefused(
            f"Baru ada {len(chosen)} foto tayang pada {_period(start, end)}; kolase memerlukan "
            f"sedikitnya {FEWEST}. Pilih periode lain."
        )
    tiles = [_tile(item) for item in chosen]
    title = f"Kolase {_period(start, end)}"
    try:
        made = collage.make(tiles, title=title, subtitle=settings.REDAKSI.office.name)
    except collage.CollageError as error:
        raise CollageRefused(str(error)) from error
    return made, chosen


def ask(start: date, end: date, by: Person | None = None) -> Collage:
    """Have the collage of a period made; the same period is one collage. Raises CollageRefused."""
    try:
        collage.check_period(start, end)
    except collage.PeriodRefused as error:
        raise CollageRefused(str(error)) from error
    row, made = Collage.objects.get_or_create(start=start, end=end, defaults={"asked_by": by})
    if not made and row.story is None:
        row.retry()
    return row


def open_period(today: date | None = None) -> None:
    """Let the period that has ended last wait for its collage, once it has photos enough."""
    start, end = last_period(today or timezone.localdate(), settings.REDAKSI.collage.months)
    if not Collage.objects.filter(start=start, end=end).exists() and len(choose(start, end)) >= FEWEST:
        ask(start, end)


def last_period(today: date, months: int) -> tuple[date, date]:
    """Return the first and last day of the latest whole period of `months` before `today`."""
    this_month = today.year * 12 + today.month - 1
    after = this_month - this_month % months
    return _first_of(after - months), _first_of(after) - timedelta(days=1)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def choose(start: date, end: date) -> list[_Chosen]:
    """Return the period's published photos in order of date, at most MOST, evenly over the period."""
    candidates = _candidates(start, end)
    if len(candidates) <= MOST:
        return candidates
    return [candidates[number * len(candidates) // MOST] for number in range(MOST)]


def _candidates(start: date, end: date) -> list[_Chosen]:
    """Return the period's published photos in order of date.

    They, their edits and captions are those that were verified. A photo readers must not see (newsroom.photos)
    is never among them, nor one that is itself a collage.
    """
    zone = settings.REDAKSI.office.tz
    since = datetime.combine(start, time.min, zone)
    until = datetime.combine(end + timedelta(days=1), time.min, zone)
    stories = Story.objects.filter(
        state=State.RELEASED, received_at__gte=since, received_at__lt=until, collage=None
    ).order_by("received_at")
    candidates: list[_Chosen] = []
    seen: set[str] = set()
    for story in stories.prefetch_related("photos"):
        sealed = story.sealed().photos
        shut = set(barred_as_sealed(story, sealed))
        shut |= {row.sha256 for row in story.photos.all() if not row.readable or row.drawn_from}
        day = timezone.localtime(story.received_at, zone).date()
        for photo in sealed:
            if photo["sha256"] not in shut | seen:
                seen.add(photo["sha256"])
                candidates.append(_chosen(story, photo, day))
    flagged = _flagged_anywhere(seen)
    return [item for item in candidates if item.sha256 not in flagged]


def _chosen(story: Story, photo: Mapping[str, Any], day: date) -> _Chosen:
    return _Chosen(
        story=story.pk,
        sha256=photo["sha256"],
        name=photo["caption"] or photo["filename"] or photo["sha256"][:12],
        caption=photo["caption"],
        credit=photo["credit"],
        taken_on=day,
        edits=Edits.from_json(photo.get("edits") or {}),
        masked=photo.get("masked") or {},
    )


def _flagged_anywhere(hashes: set[str]) -> set[str]:
    """Return the photos that must not be shown in some story: another may hold the same file unflagged."""
    rows = Photo.objects.filter(sha256__in=hashes).filter(Q(child=True) | Q(victim=True) | Q(document=True))
    return {row.sha256 for row in rows if barred(row)}


def still_open(row: Collage, chosen: Sequence[_Chosen]) -> None:
    """Raise CollageRefused when a photo was flagged while the collage was drawn."""
    now = {item.sha256: item for item in _candidates(row.start, row.end)}
    if any(now.get(item.sha256) != item for item in chosen):
        raise CollageRefused(
            "Ada foto yang ditandai, diralat, atau ditarik ketika kolase sedang dibuat. Coba lagi."
        )


def _tile(item: _Chosen) -> collage.Tile:
    # What was blurred or cropped is drawn as readers saw it, never from the original.
    changed = item.edits.changes
    data = rendition(item.sha256, PUBLISHED, item.edits) if changed else originals().path(item.sha256)
    return collage.Tile(
        data=data,
        caption=item.caption,
        taken_on=item.taken_on,
        credit=item.credit,
        focus=focus_in_crop(item.edits),
    )


def _period(start: date, end: date) -> str:
    first, last = dates.long_date(start).split(" ", 2)[2], dates.long_date(end).split(" ", 2)[2]
    if first.split()[1] == last.split()[1]:
        first = first.split()[0]
    return f"{first}–{last}"
