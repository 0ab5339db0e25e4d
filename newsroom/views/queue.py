"""The queue: what needs me next?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from newsroom.models import LogEntry, Person, Photo, Proposal, State, Story, Submission, Trust
from newsroom.personal import barring
from newsroom.photos import barred
from newsroom.tickets import ticket_in
from newsroom.views.access import fragment
from newsroom.views.clock import Clock, clock

PER_PAGE = 25


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    current: bool


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


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("queue")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the stories that wait, by where they stand."""
    person: Person = request.user
    states = _states(person)
    tab = request.GET.get("status", "")
    if tab not in states:
        tab = next(iter(states))
    visible = Story.objects.all().visible_to(person)
    words = request.GET.get("q", "").strip()[:200]
    number = ticket_in(words)
    if number is not None and visible.filter(pk=number).exists():
        return redirect("story", pk=number)
    stories = _holding(_in_order(visible, states[tab], person), words)
    page = Paginator(_with_all_a_row_shows(stories), PER_PAGE).get_page(request.GET.get("hal"))
    now = timezone.now()
    context = {
        "section": "queue",
        "tabs": _tabs(visible, states, tab),
        "tab": tab,
        "words": words,
        "page": page,
        "rows": [_row(story, now) for story in page],
        "newest": visible.aggregate(newest=Max("pk"))["newest"] or 0,
    }
    return render(request, "newsroom/queue.html", context)


@fragment
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Tell how many stories have come since the page was opened; the page itself stays as it is."""
    try:
        since = int(request.GET.get("sejak", ""))
    except ValueError:
        return HttpResponse(status=204)
    if not 0 <= since < 2**63:
        return HttpResponse(status=204)
    visible = Story.objects.all().visible_to(request.user)
    count = visible.filter(state=State.QUEUED, pk__gt=since).count()
    return render(request, "newsroom/_arrivals.html", {"count": count, "since": since})


def _states(person: Person) -> dict[str, State | None]:
    states: dict[str, State | None] = {
        "antre": State.QUEUED,
        "dikembalikan": State.RETURNED,
        "terverifikasi": State.VERIFIED,
        "ditolak": State.SPIKED,
    }
    # A contributor asks where each of their own stories stands, the released ones too.
    return states if person.operates else {"semua": None, **states}


def _tabs(visible: QuerySet[Story], states: dict[str, State | None], tab: str) -> list[Tab]:
    counts = dict(visible.order_by().values_list("state").annotate(count=Count("pk")))
    return [
        Tab(
            name,
            str(state.label) if state else _("Semua"),
            counts.get(state, 0) if state else sum(counts.values()),
            name == tab,
        )
        for name, state in states.items()
    ]


def _in_order(visible: QuerySet[Story], state: State | None, person: Person) -> QuerySet[Story]:
    """The one that has waited longest comes first; what is behind us, newest first."""
    stories = visible.filter(state=state) if state else visible
    if state == State.QUEUED and person.operates:
        return stories.order_by("received_at", "pk")
    return stories.order_by("-received_at", "-pk")


def _holding(stories: QuerySet[Story], words: str) -> QuerySet[Story]:
    for word in words.split()[:10]:
        stories = stories.filter(
            Q(headline__icontains=word)
            | Q(body__icontains=word)
            | Q(byline_outlet__icontains=word)
            | Q(contributor__name__icontains=word)
        )
    return stories


def _with_all_a_row_shows(stories: QuerySet[Story]) -> QuerySet[Story]:
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
    return (
        stories.select_related("contributor", "author")
        .annotate(asked=Subquery(notes.values("note")[:1]))
        .prefetch_related(
            "photos",
            "overrules",
            Prefetch("submissions", mails.order_by("id")),
            Prefetch("proposals", offers),
        )
    )


def _row(story: Story, now: datetime) -> Row:
    photos = [photo for photo in story.photos.all() if photo.readable and not photo.left_out]
    open_to_change = story.state in (State.QUEUED, State.RETURNED)
    waiting = clock(story.received_at, now) if story.state == State.QUEUED else None
    mail = next((mail for mail in story.submissions.all() if mail.trust), None)
    badges = list(_badges(story, photos, now)) if open_to_change else []
    again = next((mail for mail in story.submissions.all() if mail.duplicate_of_id), None)
    return Row(
        story,
        next(iter(photos), None),
        waiting,
        badges,
        mail if open_to_change else None,
        again if open_to_change else None,
    )


def _badges(story: Story, photos: list[Photo], now: datetime) -> Iterable[Badge]:
    mails: list[Any] = list(story.submissions.all())
    if any(mail.admitted_by_id and mail.trust != Trust.NEW for mail in mails):  # which says so by itself
        yield Badge(_("pengirim baru"), "info")
    if offers := len(story.proposals.all()):
        several = _("%(count)d usulan perubahan") % {"count": offers}
        yield Badge(several if offers > 1 else _("usulan perubahan"), "info")
    if any(mail.duplicate_of_id for mail in mails):
        yield Badge(_("kiriman ulang?"), "soon")
    if barring(story):
        yield Badge(_("data pribadi"), "late")
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
    if story.embargo_until and story.embargo_until > now:
        yield Badge(_("embargo"), "info")
