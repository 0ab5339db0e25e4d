"""What has happened becomes what people are told: one row for each person and event, by what each has chosen.

Events are read from the rows that keep them anyway (the log, comments, approvals, clocks, notices), from a bookmark on.
What is younger than a while is read again and again: a row may become visible later than one with a higher number.
The same event never makes a second row for the same person, so reading twice, or dying in between, does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from newsroom import clocks
from newsroom.approval import seats
from newsroom.hearing import MAIL, OFF, Choices, channel, choices_of, may_hear, reachable
from newsroom.models import (
    Approval,
    Bookmark,
    Channel,
    Letter,
    LogEntry,
    Mention,
    Notice,
    Person,
    Revision,
    Right,
    State,
    Story,
    Term,
    Tiding,
)
from newsroom.roles import RIGHTS
from pipeline.own_addresses import forget

SETTLES = timedelta(minutes=5)
"""After this long nothing appears any more among what was written before."""
KEPT = timedelta(days=90)
STALE = timedelta(days=2)
"""What could not be told for so long is not told any more."""
DEEDS = {
    "queue": ("arrived", ""),
    "resubmit": ("arrived", "again"),
    "send_back": ("returned", ""),
    "ask": ("returned", "asked"),
    "ask_changes": ("returned", "changes"),
}
"""Lines of the log that people hear of."""


@dataclass(frozen=True)
class Event:
    """Something that has happened, and whom it concerns: `people`, or everybody who may hear of its kind."""

    key: str
    kind: str
    at: datetime
    twist: str = ""
    story: Story | None = None
    name: str = ""
    people: frozenset[int] | None = None
    but: int | None = None
    """Whoever did it needs no notice of it."""


def open_bookmarks() -> None:
    """Begin to read where things stand now: what happened before there was anybody to tell is not told."""
    for name, rows in (("log", LogEntry), ("mention", Mention), ("notice", Notice)):
        if not Bookmark.objects.filter(name=name).exists():
            last = rows._default_manager.aggregate(last=Max("pk"))["last"] or 0
            Bookmark.objects.get_or_create(name=name, defaults={"position": last})
    Bookmark.objects.get_or_create(name="clock")


def gather() -> int:
    """Write down whom to tell of what has happened; return how many rows that made."""
    now = timezone.now()
    marks = {mark.name: mark for mark in Bookmark.objects.all()}
    if len(marks) < 4:
        return 0  # no worker has started yet
    events = [
        *_deeds(marks["log"].position),
        *_mentions(marks["mention"].position),
        *_approvals(),
        *_clocks(marks["clock"].at - 2 * SETTLES, now),
        *_troubles(marks["notice"].position),
    ]
    made = _write(events, now) if events else 0
    settled = now - SETTLES
    _move(marks["log"], LogEntry.objects.filter(at__lt=settled))
    # Whom a changed comment calls is as young as the change.
    called = Mention.objects.filter(comment__at__lt=settled).exclude(comment__changed_at__gte=settled)
    _move(marks["mention"], called)
    _move(marks["notice"], Notice.objects.filter(created_at__lt=settled))
    Bookmark.objects.filter(name="clock", at__lt=now).update(at=now)
    return made


def _move(mark: Bookmark, rows: QuerySet[Any]) -> None:
    last = rows.filter(pk__gt=mark.position).aggregate(last=Max("pk"))["last"]
    if last:
        mark.move(last)


# What has happened


def _deeds(position: int) -> Iterator[Event]:
    rows = LogEntry.objects.filter(pk__gt=position, verb__in=DEEDS).exclude(story=None)
    for row in rows.select_related("story__contributor"):
        kind, twist = DEEDS[row.verb]
        yield Event(
            key=f"log:{row.pk}",
            kind=kind,
            at=row.at,
            twist=twist,
            story=row.story,
            people=None if kind == "arrived" else _whose(row.story, twist),
            but=row.by_id,
        )


def _whose(story: Story, twist: str) -> frozenset[int]:
    """Return whom a story goes back to: its writers; the editor who verified it where the leadership asks."""
    if twist != "changes":
        return frozenset(story.written_by)
    sealed = Revision.objects.filter(story=story, sealed=True).order_by("-id").values_list("by", flat=True)
    return frozenset(pk for pk in sealed[:1] if pk)


def _mentions(position: int) -> Iterator[Event]:
    rows = Mention.objects.filter(pk__gt=position, read_at=None, comment__deleted_at=None)
    for row in rows.select_related("comment__story", "comment__by"):
        yield Event(
            key=f"comment:{row.comment_id}",
            kind="mention",
            at=row.comment.at,
            story=row.comment.story,
            name=str(row.comment.by),
            people=frozenset({row.person_id}),
        )


def _approvals() -> Iterator[Event]:
    """Yield every step whose turn it is, however long: whoever comes into the office later hears of it, too."""
    rows = Approval.objects.all().current().filter(story__state=State.VERIFIED)
    holders: dict[str, frozenset[int]] = {}
    for row in rows.select_related("story__contributor"):
        if row.role not in holders:
            holders[row.role] = frozenset(seat.person.pk for seat in seats(row.role))
        yield Event(
            key=f"approval:{row.pk}",
            kind="approval",
            at=timezone.now(),
            story=row.story,
            people=holders[row.role] - row.story.written_by,
        )


def _clocks(since: datetime, now: datetime) -> Iterator[Event]:
    """Yield the clocks near their end, and those that have run out since."""
    needing = clocks.needing(Story.objects.all(), now).only("due_at", "state")
    soon = [row for row in clocks.soon(needing, now) if clocks.soon_at(row.due_at, row.state) > since]
    late = clocks.late(needing.filter(due_at__gt=since), now)
    for kind, rows in (("soon", soon), ("late", late)):
        for row in rows:
            key = f"{kind}:{row.pk}:{row.due_at:%Y%m%d%H%M%S}"
            yield Event(key=key, kind=kind, at=row.due_at, story=row)


def _troubles(position: int) -> Iterator[Event]:
    """Yield what was noticed of sites and mailboxes; that it is over only to those who were told of it."""
    for row in Notice.objects.filter(pk__gt=position):
        kind, _colon, name = row.about.partition(":")
        if kind not in ("site", "mailbox"):
            continue
        over = row.kind == Notice.Kind.CLEAR
        site = settings.REDAKSI.site(name) if kind == "site" else None
        yield Event(
            key=f"notice:{row.pk}",
            kind=kind,
            at=row.created_at,
            twist="over" if over else "",
            name=site.title if site else name,
            people=_who_was_told(row) if over else None,
        )


def _who_was_told(clear: Notice) -> frozenset[int]:
    alarms = Notice.objects.filter(about=clear.about, kind=Notice.Kind.ALARM, pk__lt=clear.pk)
    alarm = alarms.order_by("-pk").first()
    told = Tiding.objects.filter(
        event=f"notice:{alarm.pk if alarm else 0}",
        outcome__in=(Tiding.Outcome.TOLD, Tiding.Outcome.DOUBTFUL),
    )
    return frozenset(told.values_list("person", flat=True))


# Whom it concerns


@dataclass(frozen=True)
class Listener:
    person: Person
    choices: Choices
    ways: set[str]


def _write(events: list[Event], now: datetime) -> int:
    """Make the rows that are not there yet, and return how many."""
    keys = [event.key for event in events]
    known = set(Tiding.objects.filter(event__in=keys).values_list("person", "event"))
    rows: list[Tiding] = []
    channels: dict[tuple[int, str], Channel] = {}
    for listener in listeners(_among(events)):
        person = listener.person
        for event in events:
            if (person.pk, event.key) in known or not _concerns(event, person):
                continue
            wish = listener.choices.wishes[event.kind]
            if wish.when == OFF or wish.way not in listener.ways or _has_a_letter(event, person, wish.way):
                continue
            at = (person.pk, wish.way)
            channels[at] = channels.get(at) or channel(person, wish.way)
            due_at, digest = listener.choices.due(event.kind, wish.when, now)
            rows.append(
                Tiding(
                    person=person,
                    channel=channels[at],
                    kind=event.kind,
                    twist=event.twist,
                    event=event.key,
                    story=event.story,
                    name=event.name[:150],
                    at=event.at,
                    due_at=due_at,
                    digest=digest,
                )
            )
    # Of two workers that read the same the constraint lets one row through.
    Tiding.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _among(events: list[Event]) -> QuerySet[Person] | None:
    """Return among whom the listeners are, where every event says so."""
    named = [event.people for event in events]
    if any(people is None for people in named):
        return None
    return Person.objects.filter(pk__in=frozenset().union(*(people or () for people in named)))


def listeners(people: QuerySet[Person] | None = None) -> Iterator[Listener]:
    """Yield everybody who can be told something, with what they have chosen."""
    rows = Person.objects.all() if people is None else people
    rows = rows.filter(is_active=True).select_related("hearing").prefetch_related("terms", "channels")
    for person in rows:
        if ways := reachable(person):
            yield Listener(person, choices_of(person), ways)


def somebody_hears(kinds: Iterable[str] = ("site", "mailbox")) -> bool:
    """Say whether any person has chosen to hear of troubles, or would by their role."""
    operating = [role for role, rights in RIGHTS.items() if Right.OPERATE in rights]
    people = Person.objects.filter(
        Q(role__in=operating) | Q(pk__in=Term.objects.holding().filter(role__in=operating).values("person"))
    )
    return any(
        wish.when != OFF and wish.way in listener.ways
        for listener in listeners(people)
        for kind in kinds
        if (wish := listener.choices.wishes.get(kind))
    )


def _concerns(event: Event, person: Person) -> bool:
    if person.pk == event.but or (event.people is not None and person.pk not in event.people):
        return False
    return may_hear(person, event.kind)


def _has_a_letter(event: Event, person: Person, way: str) -> bool:
    """Say whether the same was written to the same address already, as a letter in the thread of their mail."""
    if event.kind != "returned" or way != MAIL:
        return False
    near = (event.at - timedelta(minutes=1), event.at + timedelta(minutes=1))
    letters = Letter.objects.filter(story=event.story, to__iexact=person.email, created_at__range=near)
    return letters.filter(kind__in=(Letter.Kind.NOTE, Letter.Kind.REQUEST)).exists()


def clear_tidings(now: Callable[[], datetime] = timezone.now) -> None:
    """Let go of what nobody needs: rows told long ago, what has grown stale, addresses of closed accounts."""
    at = now()
    Tiding.objects.filter(settled_at__lt=at - KEPT).delete()
    stale = Tiding.objects.filter(outcome="", due_at__lt=at - STALE)
    stale.update(outcome=Tiding.Outcome.MOOT, settled_at=at)
    for row in Channel.objects.filter(person__is_active=False).exclude(file=""):
        forget(row)
