"""Taking a story into the index: its words, their stems, and marks of all it can be narrowed by."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from newsroom.models import Attachment, Entry, KnownWord, Revision, State, Story
from prose.lexemes import stem, words

VERSION = 2
"""Of what the index holds; a higher one has every story taken in anew."""
KINDS = {
    "leader": "l",
    "contributor": "k",
    "outlet": "o",
    "site": "s",
    "category": "c",
    "tag": "t",
    "photographer": "p",
    "place": "a",
    "state": "z",
}
"""What stories can be narrowed by, and the letter of its marks."""

LONGEST = 16_000
"""Words of one story that are indexed; PostgreSQL knows no further places in a text (16,383)."""
MOST = 250
"""Places of one word that are indexed; PostgreSQL keeps no more (255). Both databases answer alike."""
WIDEST = 330_000
"""Bytes of different words of one story that are indexed; with stems, pairs and places PostgreSQL holds a megabyte."""
_GAP = "_"
_SINCE_1900 = 2_208_988_800
_YEARS = range(1900, 2172)


def index(story: Story) -> None:
    """Take what readers have of the story into the index, replacing what stood there; unreleased ones leave it."""
    with transaction.atomic():
        old = Entry.objects.filter(story=story).first()
        if story.released_at is None:
            _forget(old)
            return
        entry = entry_of(story)
        known = Counter(_distinct(entry.tokens))
        known.subtract(_distinct(old.tokens) if old else ())
        if old and old.place != entry.place:
            old.delete()
        entry.save()
        place_words(entry)
        _count(known)


def stale(stories: QuerySet[Story] | Iterable[int]) -> None:
    """Have these stories taken in anew by the worker: what they are described by, or its name, has changed."""
    chosen = stories.values("pk") if isinstance(stories, QuerySet) else list(stories)
    Entry.objects.filter(story__in=chosen).update(made_by=0)


def waiting() -> QuerySet[Story]:
    """Return the released stories the index does not hold as they are, the newest first. Asks every story."""
    current = Entry.objects.filter(made_by=VERSION).values("story")
    return Story.objects.filter(released_at__isnull=False).exclude(pk__in=current).order_by("-pk")


def catch_up(most: int = 200) -> int:
    """Take stories in anew that the index holds, but not as they are; return how many. Asks an index only."""
    outdated = Entry.objects.exclude(made_by=VERSION).order_by("made_by")
    stories = [entry.story for entry in outdated.select_related("story")[:most]]
    for story in stories:
        index(story)
    return len(stories)


def entry_of(story: Story) -> Entry:
    """Return the story's entry as it should be; nothing is written. Raises Revision.DoesNotExist."""
    sealed = story.sealed()
    of_story = facets_of(story, sealed)
    tokens = _tokens(_texts(story, sealed))
    marks = ["=all", *(mark(kind, value) for kind, values in of_story.items() for value in values)]
    marks += _event_marks(story.event_on)
    stems = dict.fromkeys(f"~{stem(word)}" for word in tokens if word != _GAP)
    released: datetime = story.released_at.astimezone(settings.REDAKSI.office.tz)
    return Entry(
        place=place_at(released, story.pk),
        story=story,
        month=released.year * 100 + released.month,
        tokens=" ".join((*tokens, *stems, *dict.fromkeys(marks))),
        facets=of_story,
        made_by=VERSION,
    )


def place_at(moment: datetime, pk: int = 0) -> int:
    """Return where a story released at `moment` stands among all others."""
    seconds = min(max(int(moment.timestamp()) + _SINCE_1900, 0), (1 << 33) - 1)
    return (seconds << 30) | pk


def mark(kind: str, value: int | str) -> str:
    """Return the token that stands for a value; names that differ by case or signs only have the same."""
    if isinstance(value, int):
        return f"={KINDS[kind]}{value}"
    told = " ".join(words(value)) or value
    return f"={KINDS[kind]}{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def day_marks(since: date | None, until: date | None) -> tuple[str, ...]:
    """Return the fewest marks that cover the days: decades, years, months, days."""
    first = max(since or date(_YEARS[0], 1, 1), date(_YEARS[0], 1, 1))
    last = min(until or date(_YEARS[-1], 12, 31), date(_YEARS[-1], 12, 31))
    marks = []
    while first <= last:
        width, following = next(
            (width, end) for width, end in _spans(first) if width == 8 or end - timedelta(days=1) <= last
        )
        marks.append(_day_mark(first, width))
        first = following
    return tuple(marks)


def _spans(first: date) -> Iterable[tuple[int, date]]:
    """Yield what may begin on this day, the widest first: how many digits name it, and what follows it."""
    if (first.month, first.day) == (1, 1):
        if first.year % 10 == 0:
            yield 3, date(first.year + 10, 1, 1)
        yield 4, date(first.year + 1, 1, 1)
    if first.day == 1:
        yield 6, date(first.year + first.month // 12, first.month % 12 + 1, 1)
    yield 8, first + timedelta(days=1)


def _event_marks(day: date | None) -> list[str]:
    return [_day_mark(day, width) for width in (3, 4, 6, 8)] if day else []


def _day_mark(day: date, width: int) -> str:
    return f"=e{day.isoformat().replace('-', '')[:width]}"


def facets_of(story: Story, sealed: Revision) -> dict[str, list[Any]]:
    """Return the values a story is narrowed by, of each kind that it has any of."""
    photos = list(story.photos.filter(left_out=False).prefetch_related("tags", "leaders"))
    described = (story, *photos)
    found: dict[str, Iterable[Any]] = {
        "leader": sorted({row.pk for of in described for row in of.leaders.all()}),
        "contributor": [story.contributor_id],
        "outlet": [sealed.byline_outlet],
        "site": story.deliveries.order_by("site").values_list("site", flat=True),
        "category": [sealed.category],
        "tag": sorted({row.pk for of in described for row in of.tags.all()}),
        "photographer": [sealed.photographer, *(photo["credit"] for photo in sealed.photos)],
        "place": [story.event_place, sealed.dateline_city],
        "state": states_of(story),
    }
    tidy = {kind: [value for value in values if value] for kind, values in found.items()}
    return {kind: list(dict.fromkeys(values)) for kind, values in tidy.items() if values}


def states_of(story: Story) -> list[str]:
    """Return how a released story stands: what is corrected is released, too."""
    if story.state == State.RETRACTED:
        return ["retracted"]
    corrected = story.revisions.filter(sealed=True, why="correct").exists()
    return ["released", "corrected"] if corrected else ["released"]


def _texts(story: Story, sealed: Revision) -> Iterable[str]:
    """Yield what of a story is searched, the most telling first."""
    yield sealed.headline
    yield sealed.body
    yield " ".join((sealed.dateline_city, story.event_place))
    yield " ".join((sealed.byline_outlet, sealed.byline_writer, sealed.photographer))
    for photo in sealed.photos:
        yield photo["caption"]
        yield photo["credit"]
    yield from (str(row) for row in chain(story.leaders.all(), story.tags.all()))
    kept = Attachment.objects.filter(submission__in=story.mails.values("pk")).order_by("id")
    yield from kept.values_list("words", flat=True)


def _tokens(texts: Iterable[str]) -> list[str]:
    """Return the words of the texts with a gap between two, so that no phrase reaches across."""
    told: list[str] = []
    times: Counter[str] = Counter()
    room = WIDEST
    for word in _with_gaps(texts):
        times[word] += 1
        room -= len(word.encode()) if times[word] == 1 else 0
        if room < 0 or len(told) == LONGEST:
            break
        told.append(word if times[word] <= MOST else _GAP)
    return told


def _with_gaps(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from words(text)
        yield _GAP


def _distinct(tokens: str) -> set[str]:
    """Return the words of an entry, without gaps, stems and marks."""
    return set(tokens.partition(" ~")[0].split()) - {_GAP}


def _forget(entry: Entry | None) -> None:
    if entry is not None:
        _count(Counter(dict.fromkeys(_distinct(entry.tokens), -1)))
        entry.delete()


def _count(changes: Counter[str]) -> None:
    """Keep how many stories hold each word."""
    rows = [(word, by) for word, by in sorted(changes.items()) if by]
    table = KnownWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (word, stories) VALUES (%s, %s) "  # noqa: S608 - our own table
            f"ON CONFLICT (word) DO UPDATE SET stories = {table}.stories + excluded.stories",
            rows,
        )


def place_words(entry: Entry) -> None:
    """Give PostgreSQL the entry's tokens with their places; SQLite's triggers have done it already."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE newsroom_entry SET vector = %s::tsvector WHERE place = %s",
            [vector_of(entry.tokens), entry.place],
        )


def pair(first: str, second: str) -> str:
    """Return the token that stands for two words, one after the other.

    PostgreSQL's index knows no places: for a phrase of common words it would read every story that holds them all.
    """
    return f"+{zlib.crc32(f'{first} {second}'.encode()):08x}"


def vector_of(tokens: str) -> str:
    """Return the tokens as PostgreSQL writes a tsvector: each with its places; pairs, stems and marks without."""
    places: dict[str, list[str]] = {}
    before = _GAP
    for number, token in enumerate(tokens.split(" "), 1):
        # Stems and marks are told from words by their first sign; no phrase holds any.
        word = token != _GAP and token[0] not in "~="
        if token != _GAP:
            places.setdefault(token, []).extend([str(number)] if word else [])
        if word and before != _GAP:
            places.setdefault(pair(before, token), [])
        before = token if word else _GAP
    return " ".join(f"'{token}':{','.join(at)}" if at else f"'{token}'" for token, at in places.items())
