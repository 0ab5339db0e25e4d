"""What a contributor has sent, and what became of it: theirs alone, and nothing of the desk's own matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from newsroom.models import (
    Approval,
    Delivery,
    Disposition,
    Draft,
    Letter,
    LogEntry,
    Person,
    Revision,
    Share,
    State,
    Story,
    Submission,
    Trust,
    Upload,
)

STORY, MAIL, UPLOAD = "story", "mail", "upload"
ASKED_FOR = timedelta(days=30)
"""How long a request for files is shown that nobody has answered."""
MONTHS = 12
NOTED = ("send_back", "spike", "correct", "retract", "explain", "restore", "share", "unshare", "ask")
TOLD = (
    *NOTED,
    *("queue", "receive", "accepted", "resubmit", "edit", "verify", "reopen", "release", "withdraw"),
    *("unspike", "take", "decline", "proposed", "reply", "split", "mask", "undo_text"),
)
"""The lines of a story's log its contributor reads, with their notes where NOTED; the others are the desk's own."""


def mails(person: Person) -> QuerySet[Submission]:
    """Return the mails this person has sent, by their address or by the form."""
    sent = Upload.objects.filter(person=person).exclude(submission=None).values("submission")
    found: QuerySet[Submission] = Submission.objects.filter(Q(contributor__person=person) | Q(pk__in=sent))
    return found


def storyless(person: Person) -> QuerySet[Submission]:
    """Keep those that are no story of their own: waiting, held, unread, or a change proposed for one."""
    return mails(person).filter(Q(story=None) | Q(disposition=Disposition.PROPOSED))


def sent(person: Person) -> QuerySet[Any]:
    """Return everything this person has sent as (kind, pk, at), the newest first; what is sent back stands elsewhere."""
    stories = Story.objects.filter(contributor__person=person).exclude(state=State.RETURNED)
    waiting = Upload.objects.filter(person=person, submission=None).exclude(sent_at=None)
    parts = [
        rows.order_by().annotate(kind=Value(kind), at=F(field)).values_list("kind", "pk", "at")
        for kind, rows, field in (
            (STORY, stories, "received_at"),
            (MAIL, storyless(person), "received_at"),
            (UPLOAD, waiting, "sent_at"),
        )
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-at", "-pk", "kind")


def told_of(stories: QuerySet[Story], person: Person) -> QuerySet[Story]:
    """Add to each story what its sentence is made of."""
    log = LogEntry.objects.filter(story=OuterRef("pk")).order_by("-id")
    sealed = Revision.objects.filter(story=OuterRef("pk"), sealed=True, version=OuterRef("version"))
    latest = sealed.order_by("-id")
    return (
        stories.select_related("contributor")
        .defer("body")
        .annotate(
            asked_note=Subquery(log.filter(verb="send_back").values("note")[:1]),
            asked_at=Subquery(log.filter(verb="send_back").values("at")[:1]),
            spiked_verb=Subquery(log.filter(verb__in=("spike", "refuse")).values("verb")[:1]),
            spiked_note=Subquery(log.filter(verb="spike").values("note")[:1]),
            again_at=Subquery(log.filter(verb="resubmit").values("at")[:1]),
            told_why=Subquery(latest.values("why")[:1]),
            told_notice=Subquery(latest.values("notice")[:1]),
            released_headline=Subquery(latest.values("headline")[:1]),
            awaits_approval=Exists(Approval.objects.filter(story=OuterRef("pk"), answer="")),
            begun=Exists(Draft.objects.filter(story=OuterRef("pk"), person=person).exclude(words={})),
            last_shared=Subquery(
                Share.objects.filter(story=OuterRef("pk"), undone_at=None).order_by("-at").values("at")[:1]
            ),
        )
        .prefetch_related("deliveries")
    )


def returned(person: Person) -> QuerySet[Story]:
    """Return the stories this person is asked to mend, the latest request first."""
    stories = Story.objects.filter(contributor__person=person, state=State.RETURNED)
    return told_of(stories, person).order_by(F("asked_at").desc(nulls_last=True), "-pk")


def requests(person: Person, now: datetime) -> list[Letter]:
    """Return the desk's requests to attach files that no later mail of the same thread has answered."""
    letters = (
        Letter.objects.filter(kind=Letter.Kind.REQUEST, submission__in=mails(person).values("pk"))
        .filter(created_at__gt=now - ASKED_FOR)
        .exclude(story__state__in=(State.SPIKED, State.RETRACTED))
        .select_related("submission", "story")
        .order_by("-id")
    )
    later = mails(person).filter(received_at__gt=now - ASKED_FOR)
    answers = list(later.values_list("references", "revision_of", "story", "received_at"))
    return [letter for letter in letters[:20] if not any(_answers(letter, answer) for answer in answers)]


def _answers(letter: Letter, answer: Sequence[Any]) -> bool:
    references, revision_of, story, at = answer
    if at < letter.created_at:
        return False
    same = story is not None and story == letter.story_id
    return same or revision_of == letter.submission_id or letter.message_id in references.split()


def history(story: Story, person: Person) -> list[LogEntry]:
    """Return the lines of a story's log this person may read, the newest first."""
    rows: list[LogEntry] = list(story.log.select_related("by").order_by("-id"))
    if person.sees:
        return rows
    mine = [row for row in rows if row.verb in TOLD]
    for row in mine:
        joined = row.verb == "spike" and story.merged_into_id
        row.note = row.note if row.verb in NOTED and not joined else ""
    return mine


@dataclass(frozen=True)
class Figures:
    """What was sent in a span of time, and what has become of it by now."""

    sent: int
    published: int
    returned: int
    median: timedelta | None
    """From its arrival until readers had it."""


@dataclass(frozen=True)
class Month:
    first: datetime
    figures: Figures


def figures(person: Person, now: datetime) -> tuple[Figures, Figures, list[Month]]:
    """Return this month's figures, this year's, and those of the last twelve months, the newest first."""
    today = timezone.localtime(now)
    start = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    firsts = [start]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1, hour=0))
    new_year = start.replace(month=1)
    sent_back = LogEntry.objects.filter(story=OuterRef("pk"), verb="send_back")
    stories = Story.objects.filter(contributor__person=person, received_at__gte=min(firsts[-1], new_year))
    rows = list(stories.values_list("received_at", "released_at", Exists(sent_back)))
    until = [now + timedelta(days=1), *firsts[:-1]]
    months = [
        Month(first, _figures([row for row in rows if first <= row[0] < end]))
        for first, end in zip(firsts, until, strict=True)
    ]
    return months[0].figures, _figures([row for row in rows if row[0] >= new_year]), months


def _figures(rows: Sequence[tuple[datetime, datetime | None, bool]]) -> Figures:
    spans = [(released - received).total_seconds() for received, released, _again in rows if released]
    return Figures(
        len(rows),
        len(spans),
        sum(again for _received, _released, again in rows),
        timedelta(seconds=median(spans)) if spans else None,
    )


def blocked(mail: Submission) -> bool:
    """Say whether the mail was set aside because its sender is blocked."""
    return mail.trust == Trust.BLOCKED


def live(story: Story) -> list[Delivery]:
    """Return where readers find the story now."""
    return [row for row in story.deliveries.all() if row.state == "live" and row.url]
