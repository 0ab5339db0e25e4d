"""What the text itself tells of an event: offered to the archivist with one tap, never said by the program."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from newsroom.models import Leader, Photo, Revision, Story, Tag
from prose.dates import existing, find_written

LOOKED_AT = 6_000
"""Letters of a text that are looked through."""
BEFORE = timedelta(days=400)
"""How long before its release an event may lie that a text tells of."""
MOST = 8
MOST_KNOWN = 2_000
"""Tags that are looked for in a text."""
_KINDS = (
    "aula|balai|gedung|gor|halaman|hotel|jalan|kampus|kantor|kecamatan|kelurahan|desa|lapangan|masjid|museum|"
    "pasar|pelabuhan|pendopo|puskesmas|ruang|rumah|sekolah|stadion|taman|terminal"
)
_PLACE = re.compile(
    rf"\b[Dd]i\s+((?:(?:{_KINDS})\s+(?:\w+\s+)?)?[A-Z][\w.'’-]*(?:\s+[A-Z][\w'’-]*){{0,5}}|(?:{_KINDS})\s+\w+)"
)


@dataclass(frozen=True)
class Proposals:
    event_on: date | None = None
    places: tuple[str, ...] = ()
    leaders: tuple[Leader, ...] = ()
    tags: tuple[Tag, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.event_on or self.places or self.leaders or self.tags)


def propose(story: Story, sealed: Revision, leaders: Iterable[Leader]) -> Proposals:
    """Return what the text and captions tell and nobody has said yet. Asks for the tags, and nothing else."""
    body = sealed.body[:LOOKED_AT]
    text = "\n".join((sealed.headline, body, *(photo["caption"] for photo in sealed.photos)))
    has_leaders = {row.pk for row in story.leaders.all()}
    has_tags = {row.pk for row in story.tags.all()}
    at = story.event_on or _day(story)
    named = [row for row in leaders if row.pk not in has_leaders and _in_office(row, at)]
    tags = Tag.objects.filter(retired=False)[:MOST_KNOWN]
    return Proposals(
        event_on=None if story.event_on else event_day(body, _day(story)),
        places=() if story.event_place else tuple(_places(body, sealed.dateline_city)),
        leaders=tuple(row for row in named if stands_in(row.name, text))[:MOST],
        tags=tuple(row for row in tags if row.pk not in has_tags and stands_in(row.name, text))[:MOST],
    )


def propose_for_photo(photo: Photo, leaders: Iterable[Leader]) -> Proposals:
    """Return the leaders whose names stand in the photo's caption."""
    has = {row.pk for row in photo.leaders.all()}
    named = [row for row in leaders if row.pk not in has and stands_in(row.name, photo.caption)]
    return Proposals(leaders=tuple(named[:MOST]))


def event_day(text: str, released: date) -> date | None:
    """Return the first day the text names that is not after its release; a year that lacks is taken from that."""
    for written in find_written(text):
        for year in (written.year,) if written.year else (released.year, released.year - 1):
            day = existing(year, written.month, written.day)
            if day and released - BEFORE <= day <= released:
                return day
    return None


def stands_in(name: str, text: str) -> bool:
    """Say whether a name stands in a text as words of its own, whatever its capitals."""
    return bool(name) and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _places(body: str, dateline: str) -> list[str]:
    found = [" ".join(match[1].split()).rstrip(".,") for match in _PLACE.finditer(body)]
    return [place[:150] for place in dict.fromkeys((*found[:2], dateline)) if place][:3]


def _day(story: Story) -> date:
    return timezone.localdate(story.released_at or story.received_at)


def _in_office(leader: Leader, at: date) -> bool:
    return not (leader.starts and leader.starts > at) and not (leader.ends and leader.ends < at)
