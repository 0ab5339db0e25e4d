"""Finding what was published: one index of words, stems and marks, on SQLite's FTS5 or on PostgreSQL's GIN.

Every question becomes one expression of the index, filters and permissions too; so the newest matches are read
off it in its own order, however many there are. How it is built: docs/search.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from newsroom.indexing import KINDS, catch_up, day_marks, index, mark, pair, place_at, stale, waiting
from newsroom.models import Contributor, Entry, KnownWord, Leader, Person, Story, Tag
from newsroom.query import Query, Term, parse
from prose.lexemes import stem

__all__ = [
    "BEST",
    "KINDS",
    "NEWEST",
    "Facet",
    "Facets",
    "Filters",
    "Found",
    "catch_up",
    "facets",
    "find",
    "index",
    "numbers",
    "parse",
    "search",
    "stale",
    "waiting",
]

COUNTED = 2_000
"""Of more matches than this, the newest are looked at for facets, and `total` says no more than that."""
RANKED = 500
"""So many of the newest matches are put in order by how well they match."""
COMPLETED = 24
"""Words an unfinished one is completed with, the most common first."""
NEWEST, BEST = "newest", "best"


@dataclass(frozen=True)
class Filters:
    """What matches are narrowed to. Several values of a kind are alternatives; kinds are all asked for."""

    since: date | None = None
    """Released on this day or later, in the office's zone; `until` includes its day."""
    until: date | None = None
    event_since: date | None = None
    event_until: date | None = None
    leader: tuple[int, ...] = ()
    contributor: tuple[int, ...] = ()
    outlet: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    tag: tuple[int, ...] = ()
    photographer: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    """`released`, `corrected` (which is released, too), `retracted`."""

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))


@dataclass(frozen=True)
class Found:
    """One page of matches."""

    stories: list[int]
    """Their numbers, in order."""
    total: int
    more: bool
    """There are more than `total`: it was counted no further."""


@dataclass(frozen=True)
class Facet:
    value: int | str
    label: str
    count: int


@dataclass(frozen=True)
class Facets:
    kinds: dict[str, list[Facet]]
    """For each of KINDS its values, the most common first."""
    months: list[tuple[int, int]]
    """202611 and how many, the newest first."""
    total: int
    more: bool
    """Only the newest `total` were counted."""


def search(
    query: Query,
    filters: Filters = Filters(),
    *,
    person: Person | None = None,
    order: str = NEWEST,
    page: int = 1,
    per_page: int = 30,
) -> Found:
    """Return a page of the stories that match and that `person` may see (None: all of them)."""
    asked = _Asked.of(query, filters, person)
    if asked is None:
        return Found([], 0, False)
    start = (max(page, 1) - 1) * per_page
    if order == BEST and query.wanted and start < RANKED:
        ranked = _ranked(asked.places(RANKED), query)
        found = ranked[start : start + per_page]
        if len(ranked) == RANKED and len(found) < per_page:
            found += asked.places(per_page - len(found), RANKED)
    else:
        found = asked.places(per_page, start)
    whole = len(found) < per_page and (found or start == 0)
    total = start + len(found) if whole else asked.count()
    return Found(
        [place & _PK for place in found], min(total, max(COUNTED, start + len(found))), total > COUNTED
    )


def facets(
    query: Query,
    filters: Filters = Filters(),
    *,
    person: Person | None = None,
    most: int = 12,
) -> Facets:
    """Count by what the newest matches can be narrowed further."""
    asked = _Asked.of(query, filters, person)
    rows = asked.facets() if asked else []
    values: dict[str, list[int | str]] = {kind: [] for kind in KINDS}
    # One text for the parser and one list for each counter: twice as quick as row by row.
    for of_story in json.loads(f"[{','.join(told for told, _ in rows[:COUNTED])}]"):
        for kind, found in of_story.items():
            values[kind] += found
    counts = {kind: Counter(found) for kind, found in values.items()}
    months = Counter(month for _, month in rows[:COUNTED])
    return Facets(
        {kind: _labelled(kind, counts[kind], most) for kind in KINDS},
        sorted(months.items(), reverse=True),
        min(len(rows), COUNTED),
        len(rows) > COUNTED,
    )


def numbers(
    query: Query,
    filters: Filters = Filters(),
    *,
    person: Person | None = None,
    most: int = COUNTED,
) -> list[int]:
    """Return the numbers of the newest matches, at most `most`."""
    asked = _Asked.of(query, filters, person)
    return [place & _PK for place in asked.places(most)] if asked else []


def find(stories: QuerySet[Story], text: str) -> QuerySet[Story]:
    """Keep the stories that match what was typed, the newest few thousand at most."""
    query = parse(text)
    if query.ticket is not None:
        return stories.filter(pk=query.ticket)
    return stories.filter(pk__in=numbers(query, most=5_000)) if query else stories


_PK = (1 << 30) - 1


class _Asked:
    """A question as the index understands it."""

    def __init__(self, wanted: Sequence[_Part], unwanted: Sequence[_Part], first: int, last: int) -> None:
        self._between = [first, last]
        self._where = "place BETWEEN %s AND %s"
        self._values: list[object] = [first, last]
        self._table, self._column = "newsroom_entry", "place"
        self._in_order = True
        """Matches are read off the index in the order of their places."""
        if not wanted and not unwanted:
            return
        if connection.vendor == "postgresql":
            self._where = f"vector @@ %s::tsquery AND {self._where}"
            self._values.insert(0, _in_postgresql(wanted, unwanted))
            self._in_order = False
        else:
            self._table, self._column = "newsroom_words", "rowid"
            self._where = "newsroom_words MATCH %s AND rowid BETWEEN %s AND %s"
            self._values.insert(0, _in_fts5(wanted, unwanted))

    @classmethod
    def of(cls, query: Query, filters: Filters, person: Person | None) -> _Asked | None:
        """Return the question; None when nothing can match."""
        wanted = [_term(term) for term in query.terms if not term.excluded]
        unwanted = [_term(term) for term in query.terms if term.excluded]
        for kind in KINDS:
            if values := getattr(filters, kind):
                wanted.append(_Part("or", tuple(mark(kind, value) for value in values)))
        if filters.event_since or filters.event_until:
            wanted.append(_Part("or", day_marks(filters.event_since, filters.event_until)))
        if person is not None and not person.sees:
            own = Contributor.objects.filter(person=person).values_list("pk", flat=True)
            wanted.append(_Part("or", tuple(mark("contributor", pk) for pk in own)))
        if any(not part.tokens for part in wanted):
            return None
        first, last = _first(filters.since), _last(filters.until)
        if query.ticket is not None:
            place = Entry.objects.filter(story=query.ticket).values_list("place", flat=True).first()
            first = last = place if place is not None and first <= place <= last else -1
            wanted, unwanted = [part for part in wanted if part.tokens[0].startswith("=")], []
        return cls(wanted, unwanted, first, last)

    @cached_property
    def _few(self) -> list[int] | None:
        """The places of all matches, the newest first; None where they are many or the index has them in order.

        PostgreSQL guesses how many stories hold a word. Where it guesses too many it walks from the newest story
        through all of them, a second for a million; so few matches are fetched as they lie and put in order here.
        """
        if self._in_order:
            return None
        question = f"SELECT {self._column} FROM {self._table} WHERE {self._where} LIMIT %s"  # noqa: S608 - our own names
        with connection.cursor() as cursor:
            cursor.execute(question, [*self._values, COUNTED + 1])
            found = [place for (place,) in cursor.fetchall()]
        return sorted(found, reverse=True) if len(found) <= COUNTED else None

    def places(self, most: int, start: int = 0) -> list[int]:
        """Return the places of the matches, the newest first."""
        if self._few is not None:
            return self._few[start : start + most]
        question = f"SELECT {self._column} FROM {self._table} WHERE {self._where} ORDER BY {self._column} DESC LIMIT %s OFFSET %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(question, [*self._values, most, start])
            return [place for (place,) in cursor.fetchall()]

    def count(self) -> int:
        """Count the matches, no further than one more than COUNTED."""
        if self._few is not None:
            return len(self._few)
        if not self._in_order:
            return COUNTED + 1
        inner = f"SELECT 1 FROM {self._table} WHERE {self._where} LIMIT %s"  # noqa: S608 - our own names
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS matches", [*self._values, COUNTED + 1])  # noqa: S608
            return int(cursor.fetchone()[0])

    def facets(self) -> list[tuple[str, int]]:
        """Return of the newest matches, one more than COUNTED, what they are found by, as JSON, and their month."""
        newest = f"SELECT {self._column} FROM {self._table} WHERE {self._where} ORDER BY {self._column} DESC LIMIT %s"  # noqa: S608
        chosen, values = f"place IN ({newest})", [*self._values, COUNTED + 1]
        if self._few is not None:
            chosen, values = "place = ANY(%s)", [self._few]
        question = f"SELECT facets, month FROM newsroom_entry WHERE {chosen} ORDER BY place DESC"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(question, values)
            return list(cursor.fetchall())


@dataclass(frozen=True)
class _Part:
    """Tokens of which one must be there (`or`), or that must follow each other (`phrase`)."""

    how: str
    tokens: tuple[str, ...] = field(default=())


def _term(term: Term) -> _Part:
    if term.exact:
        return _Part("phrase", term.words)
    found = [f"~{stem(term.words[0])}"]
    if term.begun:
        found += _completed(term.words[0])
    return _Part("or", tuple(found))


def _completed(begun: str) -> list[str]:
    """Return the most common words that begin so."""
    table = KnownWord._meta.db_table
    if connection.vendor == "postgresql":
        question = f'SELECT word FROM {table} WHERE word LIKE %s AND stories > 0 ORDER BY stories DESC, word COLLATE "C" LIMIT %s'  # noqa: S608
        values: list[object] = [f"{begun}%", COMPLETED]  # a word has neither % nor _
    else:
        question = f"SELECT word FROM {table} WHERE word >= %s AND word < %s AND stories > 0 ORDER BY stories DESC, word LIMIT %s"  # noqa: S608
        values = [begun, f"{begun}\U0010ffff", COMPLETED]
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [word for (word,) in cursor.fetchall()]


def _in_fts5(wanted: Sequence[_Part], unwanted: Sequence[_Part]) -> str:
    def told(part: _Part) -> str:
        if part.how == "phrase":
            return f'"{" ".join(part.tokens)}"'
        return "(" + " OR ".join(f'"{token}"' for token in part.tokens) + ")"

    text = " AND ".join(map(told, wanted)) or '"=all"'
    return f"({text}) NOT ({' OR '.join(map(told, unwanted))})" if unwanted else text


def _in_postgresql(wanted: Sequence[_Part], unwanted: Sequence[_Part]) -> str:
    def told(part: _Part) -> str:
        quoted = [f"'{token}'" for token in part.tokens]
        if part.how != "phrase":
            return f"({' | '.join(quoted)})"
        pairs = [f"'{pair(*two)}'" for two in pairwise(part.tokens)]
        return f"({' & '.join([*pairs, ' <-> '.join(quoted)])})"

    text = " & ".join(map(told, wanted)) or "'=all'"
    return f"{text} & !({' | '.join(map(told, unwanted))})" if unwanted else text


def _ranked(places: list[int], query: Query) -> list[int]:
    """Put the matches in order by how well they match; of equal ones the newest stands first."""
    texts = dict(Entry.objects.filter(place__in=places).values_list("place", "tokens"))
    return sorted(places, key=lambda place: (-_score(texts.get(place, ""), query), -place))


def _score(tokens: str, query: Query) -> int:
    """Weigh a match: words in the headline, as they are written, and one after another count for more."""
    told = f" {tokens.partition(' ~')[0]} "
    headline = told.partition(" _ ")[0] + " "
    stems = {stem(word) for word in headline.split()}
    score = 0
    for term in query.wanted:
        as_written = f" {' '.join(term.words)} "
        score += 10 * (as_written in headline or (not term.exact and stem(term.words[0]) in stems))
        score += 3 * min(told.count(as_written), 5)
    together = " ".join(word for term in query.wanted for word in term.words)
    if len(query.wanted) > 1:
        score += 20 * (f" {together} " in headline) + 15 * (f" {together} " in told)
    return score


def _labelled(kind: str, counted: Counter[int | str], most: int) -> list[Facet]:
    """Give the values of a facet their names; values written alike but for case and signs are one."""
    labels = _names(kind, counted)
    alike: dict[str, list[int | str]] = {}
    for value, _count in counted.most_common():
        if value in labels:
            alike.setdefault(mark(kind, value), []).append(value)
    told = [Facet(same[0], labels[same[0]], sum(counted[value] for value in same)) for same in alike.values()]
    return sorted(told, key=lambda one: (-one.count, one.label.casefold()))[:most]


def _names(kind: str, values: Iterable[int | str]) -> dict[int | str, str]:
    models = {"leader": Leader, "tag": Tag, "contributor": Contributor}
    if model := models.get(kind):
        return {row.pk: str(row) for row in model._default_manager.filter(pk__in=list(values))}
    titles = {site.name: site.title for site in settings.REDAKSI.sites} if kind == "site" else {}
    return {value: str(titles.get(value, value)) for value in values}


def _first(day: date | None) -> int:
    return place_at(_midnight(day)) if day else 0


def _last(day: date | None) -> int:
    return place_at(_midnight(day + timedelta(days=1))) - 1 if day else (1 << 63) - 1


def _midnight(day: date) -> datetime:
    zone: ZoneInfo = settings.REDAKSI.office.tz
    return datetime.combine(day, time.min, zone)
