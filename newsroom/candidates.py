"""Which photos a collage may show, which are the best of them, and why the others are not chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import photos
from newsroom.models import Collage, Leader, Photo, Revision, State, Story, Tag
from newsroom.photos import FLAGS, barred, barred_as_sealed

SHARP, EXPOSED, LARGE = 0.5, 0.25, 0.25
"""What sharpness, exposure and size weigh."""
ENOUGH_PIXELS = 6_000_000
"""More make no photo of a page better."""
FEW_PIXELS = 1_000_000
MIDDLE = 0.475
"""Of the exposure: neither dark nor pale."""


@dataclass(frozen=True)
class Candidate:
    """A published photo as it was verified, with what it is ranked by."""

    story: int
    headline: str
    revision: int
    """The sealed text it is known from."""
    sha256: str
    name: str
    """What people know the photo by."""
    caption: str
    credit: str
    day: date
    category: str
    event: tuple[Any, ...]
    """Photos of one event share it."""
    edits: Mapping[str, Any]
    masked: Mapping[str, Any]
    """The editor's word on these edits."""
    width: int = 0
    height: int = 0
    sharpness: float | None = None
    exposure: float | None = None
    dhash: str = ""
    score: float = 0.0
    """0 to 1, beside the other candidates."""
    marks: tuple[str, ...] = ()
    """The score in words."""

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"

    def as_drawn(self) -> dict[str, Any]:
        """Return the photo as the collage's own row keeps it."""
        return {
            "story": self.story,
            "sha256": self.sha256,
            "name": self.name,
            "edits": dict(self.edits),
            "masked": dict(self.masked),
        }


@dataclass(frozen=True)
class Shut:
    """A published photo that no collage may show, and why."""

    name: str
    story: int
    why: str


@dataclass(frozen=True)
class Field:
    """What there is to choose from."""

    open: tuple[Candidate, ...] = ()
    """In order of date."""
    shut: tuple[Shut, ...] = ()

    def by_sha256(self) -> dict[str, Candidate]:
        return {one.sha256: one for one in self.open}

    def ranked(self) -> list[Candidate]:
        """Return the best first."""
        return sorted(self.open, key=_best_first)


@dataclass(frozen=True)
class Proposal:
    """Which photos to take, in order of date, and why the others are left."""

    chosen: tuple[Candidate, ...]
    left: Mapping[str, str] = field(default_factory=dict)
    """Reasons by SHA-256, in words."""


def gather(
    start: date, end: date, leader: Leader | None = None, tag: Tag | None = None, category: str = ""
) -> Field:
    """Return the period's published photos; photos, edits and captions are those that were verified.

    A photo readers must not see (newsroom.photos) in whatever story, one too like such a photo, one that
    cannot be read and one that is itself a collage are never among the open ones.
    """
    stories = _stories(start, end)
    only = _covering(stories, leader, tag)
    opened: dict[str, Candidate] = {}
    shut: dict[str, Shut] = {}
    flagged = _flagged(stories)
    for story, sealed in _sealed(stories):
        _sort_out(story, sealed, flagged, opened, shut)
    wanted = [
        one
        for one in opened.values()
        if one.sha256 not in shut
        and (only is None or one.story in only[0] or one.sha256 in only[1])
        and (not category or category == one.category)
    ]
    return Field(tuple(_scored(wanted)), tuple(shut.values()))


def of(row: Collage) -> Field:
    """Return what a collage's editor chooses from."""
    return gather(row.start, row.end, row.leader, row.tag, row.category)


def propose(
    found: Field, count: int, fewest: int = 6, keep: Collection[str] = (), without: Collection[str] = ()
) -> Proposal:
    """Choose the best photos: every month in its turn, one of an event, none that is like another.

    Photos of `keep` (SHA-256) are taken whatever they are. Where events do not suffice for `fewest`, they
    give a second photo.
    """
    taken = [one for one in found.open if one.sha256 in keep]
    pool = [one for one in found.ranked() if one.sha256 not in keep and one.sha256 not in without]
    left: dict[str, str] = {}
    for one in _in_turns(pool, taken):
        if len(taken) >= count:
            break
        if why := _stands_back(one, taken):
            left[one.sha256] = why
        else:
            taken.append(one)
    for one in pool:
        if len(taken) >= min(fewest, count):
            break
        if one.sha256 not in {other.sha256 for other in taken} and not _like(one, taken):
            taken.append(one)
            left.pop(one.sha256, None)
    held = {one.sha256 for one in taken}
    for one in pool:
        if one.sha256 not in held:
            left.setdefault(one.sha256, _stands_back(one, taken) or _("Peringkatnya di bawah yang terpilih."))
    return Proposal(tuple(sorted(taken, key=lambda one: (one.day, one.story, one.sha256))), left)


def _in_turns(pool: Sequence[Candidate], taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the best of each month in turns; months with the fewest begin, and one that has been taken from waits."""
    months: dict[str, list[Candidate]] = {}
    for one in pool:
        months.setdefault(one.month, []).append(one)
    order = sorted(months, key=lambda month: (len(months[month]), month))
    while any(months.values()):
        for month in sorted(order, key=lambda month: sum(one.month == month for one in taken)):
            while months[month]:
                one = months[month].pop(0)
                before = len(taken)
                yield one
                if len(taken) > before:
                    break


def _stands_back(one: Candidate, taken: Iterable[Candidate]) -> str:
    """Say why a photo is not proposed beside those that are; empty when it may be."""
    for other in taken:
        if _alike(one, other):
            return _("Mirip dengan “%(photo)s”.") % {"photo": other.name}
    for other in taken:
        if one.event == other.event:
            return _("Acaranya sudah diwakili “%(photo)s”.") % {"photo": other.name}
    return ""


def _like(one: Candidate, taken: Iterable[Candidate]) -> bool:
    return any(_alike(one, other) for other in taken)


def _alike(one: Candidate, other: Candidate) -> bool:
    return bool(one.dhash and other.dhash) and _near(one.dhash, other.dhash)


def _near(one: str, other: str) -> bool:
    return photos.distance(int(one, 16), int(other, 16)) <= photos.NEAR


def _best_first(one: Candidate) -> tuple[Any, ...]:
    return (-one.score, one.day, one.sha256)


# What there is


def _stories(start: date, end: date) -> QuerySet[Story]:
    """Return the released stories of a period by the day of their event, or else of their arrival."""
    zone = settings.REDAKSI.office.tz
    since = datetime.combine(start, time.min, zone)
    until = datetime.combine(end + timedelta(days=1), time.min, zone)
    arrived = Q(event_on=None, received_at__gte=since, received_at__lt=until)
    return Story.objects.filter(
        arrived | Q(event_on__gte=start, event_on__lte=end), state=State.RELEASED, collage=None
    )


def _covering(
    stories: QuerySet[Story], leader: Leader | None, tag: Tag | None
) -> tuple[set[int], set[str]] | None:
    """Return the stories and the photos that are described so; None where nothing was asked."""
    if leader is None and tag is None:
        return None
    described: dict[str, Any] = {}
    if leader is not None:
        described["leaders"] = leader
    if tag is not None:
        described["tags"] = tag
    whole = set(stories.filter(**described).values_list("pk", flat=True))
    single = Photo.objects.filter(story__in=stories.values("pk"), **described)
    return whole, set(single.values_list("sha256", flat=True))


def _sealed(stories: QuerySet[Story]) -> Iterator[tuple[Story, Revision]]:
    """Yield each story in order of arrival with its verified text, by a handful of questions."""
    latest: dict[int, Revision] = {}
    revisions = Revision.objects.filter(
        story__in=stories.values("pk"), sealed=True, version=F("story__version")
    )
    for revision in revisions.only("id", "story_id", "photos", "category").order_by("id"):
        latest[revision.story_id] = revision
    for story in stories.order_by("received_at", "id").prefetch_related("photos"):
        if story.pk in latest:
            yield story, latest[story.pk]


def _flagged(stories: QuerySet[Story]) -> dict[str, tuple[Photo, str]]:
    """Return the photos that must not be shown in some story: another may hold the same file unflagged."""
    ours = Photo.objects.filter(story__in=stories.values("pk")).values("sha256")
    rows = Photo.objects.filter(Q(child=True) | Q(victim=True) | Q(document=True), sha256__in=ours)
    return {row.sha256: (row, why) for row in rows.order_by("id") if (why := barred(row))}


def _sort_out(
    story: Story,
    sealed: Revision,
    flagged: Mapping[str, tuple[Photo, str]],
    opened: dict[str, Candidate],
    shut: dict[str, Shut],
) -> None:
    rows = {row.sha256: row for row in story.photos.all()}
    reasons = barred_as_sealed(story, sealed.photos)
    for photo in sealed.photos:
        sha256 = photo["sha256"]
        row = rows.get(sha256)
        if (row and (row.drawn_from or not row.readable)) or photo.get("drawn_from"):
            continue
        known = flagged.get(sha256)
        why = reasons.get(sha256) or (known[1] if known else "") or _like_flagged(row, flagged)
        if why:
            shut[sha256] = Shut(photo["caption"] or photo["filename"] or sha256[:12], story.pk, why)
        else:
            opened.setdefault(sha256, _candidate(story, sealed, photo, row))


def _like_flagged(row: Photo | None, flagged: Mapping[str, tuple[Photo, str]]) -> str:
    """Say that a photo is like one that is barred, where no editor has said that it is another."""
    if row is None or not row.dhash:
        return ""
    for other, _why in flagged.values():
        asked = [flag for flag in FLAGS if getattr(other, flag) and not getattr(row, flag)]
        told = all(f"{other.sha256}:{flag}" in row.told_apart for flag in asked)
        if other.dhash and asked and not told and _near(row.dhash, other.dhash):
            return _(
                "Foto ini mirip dengan “%(photo)s” yang ditandai. Jawab dulu pertanyaannya pada beritanya."
            ) % {"photo": other}
    return ""


def _candidate(story: Story, sealed: Revision, photo: Mapping[str, Any], row: Photo | None) -> Candidate:
    day = story.event_on or timezone.localtime(story.received_at, settings.REDAKSI.office.tz).date()
    place = story.event_place.strip().casefold()
    return Candidate(
        story=story.pk,
        headline=story.headline,
        revision=sealed.pk,
        sha256=photo["sha256"],
        name=photo["caption"] or photo["filename"] or photo["sha256"][:12],
        caption=photo["caption"],
        credit=photo["credit"],
        day=day,
        category=sealed.category,
        event=(day, place) if story.event_on and place else (story.pk,),
        edits=photo.get("edits") or {},
        masked=photo.get("masked") or {},
        width=row.width if row else 0,
        height=row.height if row else 0,
        sharpness=row.sharpness if row else None,
        exposure=row.exposure if row else None,
        dhash=row.dhash if row else "",
    )


# How good they are


def _scored(wanted: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates in order of date, each weighed beside the others."""
    rows = sorted(wanted, key=lambda one: (one.day, one.story))
    sharps = sorted(one.sharpness for one in rows if one.sharpness is not None)
    # Not the sharpest of all: a photo of gravel would make every portrait look soft.
    usual = sharps[len(sharps) * 3 // 4] if sharps else 0.0
    return [_weighed(one, usual) for one in rows]


def _weighed(one: Candidate, usual: float) -> Candidate:
    sharp = 0.5 if one.sharpness is None or not usual else min(1.0, one.sharpness / usual)
    exposed = 0.5 if one.exposure is None else 1 - min(1.0, abs(one.exposure - MIDDLE) / MIDDLE)
    pixels = one.width * one.height
    large = 0.5 if not pixels else min(1.0, pixels / ENOUGH_PIXELS) ** 0.5
    score = SHARP * sharp + EXPOSED * exposed + LARGE * large
    return replace(one, score=round(score, 4), marks=tuple(_marks(one, sharp, exposed, pixels)))


def _marks(one: Candidate, sharp: float, exposed: float, pixels: int) -> Iterator[str]:
    if one.sharpness is not None:
        yield _("tajam") if sharp >= 0.66 else _("cukup tajam") if sharp >= 0.33 else _("kurang tajam")
    if one.exposure is not None:
        light = _("terlalu gelap") if one.exposure < MIDDLE else _("terlalu terang")
        yield _("terangnya pas") if exposed >= 0.5 else light
    if 0 < pixels < FEW_PIXELS:
        yield _("kecil untuk dicetak")
    elif pixels:
        yield _("cukup besar")
