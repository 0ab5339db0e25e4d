"""One row of the queue: what can be told of a story at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.findings import tally
from newsroom.models import (
    PUBLIC,
    Approval,
    LogEntry,
    Pause,
    Person,
    Photo,
    Presence,
    Proposal,
    Role,
    State,
    Story,
    StoryQuerySet,
    Submission,
    Trust,
)
from newsroom.photos import barred
from newsroom.views.clock import Clock, clock_for, owed


@dataclass(frozen=True)
class Badge:
    words: str
    tone: str = "calm"


@dataclass(frozen=True)
class Row:
    story: Story
    thumbnail: Photo | None
    clock: Clock | None
    badges: list[Badge]
    mail: Submission | None = None
    """The mail it came by, whose sender's badge is shown."""
    again: Submission | None = None
    """The mail of it that repeats another story."""
    pause: Pause | None = None
    present: str = ""
    """Who else has the story open, in words."""


def with_all_a_row_shows(stories: StoryQuerySet, person: Person) -> StoryQuerySet:
    """Fetch along what the rows tell; as many questions for one row as for a hundred."""
    mails = Submission.objects.select_related("duplicate_of__story").only(
        "story_id",
        "admitted_by_id",
        "trust",
        "evidence",
        "likeness",
        "duplicate_of__received_at",
        "duplicate_of__story__headline",
    )
    offers = Proposal.objects.filter(answer=Proposal.Answer.OPEN).only("story_id")
    notes = LogEntry.objects.filter(story=OuterRef("pk"), verb__in=("send_back", "spike")).order_by("-id")
    steps = Approval.objects.filter(story=OuterRef("pk")).open().order_by("step")
    others = Presence.objects.all().now().exclude(person=person).select_related("person")
    return (
        stories.select_related("contributor", "author")
        .defer("body")
        .annotate(asked=Subquery(notes.values("note")[:1]), waits_for=Subquery(steps.values("role")[:1]))
        .prefetch_related(
            "photos",
            "deliveries",
            Prefetch("submissions", mails.order_by("id")),
            Prefetch("proposals", offers),
            Prefetch("pauses", Pause.objects.filter(ended_at=None).select_related("by")),
            Prefetch("presences", others if person.sees else others.none()),
        )
    )


def row_of(story: Story, person: Person, now: datetime) -> Row:
    """Return what the row of one story tells."""
    photos = [photo for photo in story.photos.all() if photo.readable and not photo.left_out]
    open_to_change = story.state in (State.QUEUED, State.RETURNED)
    mail = next((mail for mail in story.submissions.all() if mail.trust), None)
    again = next((mail for mail in story.submissions.all() if mail.duplicate_of_id), None)
    return Row(
        story,
        next(iter(photos), None),
        clock_for(story, person, now),
        list(_badges(story, photos, now)) if open_to_change else list(_on_sites(story)),
        mail if open_to_change else None,
        again if open_to_change else None,
        next(iter(story.pauses.all()), None) if story.paused_at else None,
        opened_by([presence.person for presence in story.presences.all()]),
    )


def opened_by(people: Iterable[Person]) -> str:
    """Say who has the story open: `Sulastri sedang membuka`; empty when nobody has."""
    names = sorted({str(person) for person in people}, key=str.casefold)
    if not names:
        return ""
    if len(names) > 2:
        return _("%(who)s dan %(count)d orang lain sedang membuka") % {
            "who": names[0],
            "count": len(names) - 1,
        }
    return _("%(who)s sedang membuka") % {"who": _(" dan ").join(names)}


def _on_sites(story: Story) -> Iterator[Badge]:
    """Say whose approval the story waits for, how many sites have it as it is now, and whether one makes trouble."""
    if waits_for := getattr(story, "waits_for", None):
        yield Badge(_("menunggu %(office)s") % {"office": Role(waits_for).label}, "soon")
    if story.state not in PUBLIC:
        return
    promised, missing = len(story.deliveries.all()), owed(story)
    if missing:
        yield Badge(
            _("%(done)d dari %(all)d situs") % {"done": promised - len(missing), "all": promised}, "info"
        )
    if any(row.error for row in missing):
        yield Badge(_("situs tertahan"), "late")


def _badges(story: Story, photos: list[Photo], now: datetime) -> Iterator[Badge]:
    mails: list[Any] = list(story.submissions.all())
    if story.findings is None or story.personal_findings is None:  # the office's lists have changed since
        tally(story)
    if story.trial:
        yield Badge(_("surel uji"), "info")
    if any(mail.admitted_by_id and mail.trust != Trust.NEW for mail in mails):  # which says so by itself
        yield Badge(_("pengirim baru"), "info")
    if offers := len(story.proposals.all()):
        several = _("%(count)d usulan perubahan") % {"count": offers}
        yield Badge(several if offers > 1 else _("usulan perubahan"), "info")
    if any(mail.duplicate_of_id for mail in mails):
        yield Badge(_("kiriman ulang?"), "soon")
    if story.personal_findings:
        yield Badge(_("data pribadi"), "late")
    if story.findings:
        yield Badge(
            ngettext("%(count)d temuan", "%(count)d temuan", story.findings) % {"count": story.findings},
            "soon",
        )
    yield from _of_photos(story, photos)
    if story.embargo_until and story.embargo_until > now:
        yield Badge(_("embargo"), "info")


def _of_photos(story: Story, photos: list[Photo]) -> Iterator[Badge]:
    if any(barred(photo) for photo in photos):
        yield Badge(_("foto belum boleh tayang"), "late")
    broken = sum(not photo.readable for photo in story.photos.all())
    if broken:
        yield Badge(
            ngettext("%(count)d foto rusak", "%(count)d foto rusak", broken) % {"count": broken}, "late"
        )
    if not photos:
        yield Badge(_("tanpa foto"))
    elif any(not photo.caption for photo in photos):
        yield Badge(_("tanpa keterangan foto"), "soon")
