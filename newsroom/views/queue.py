"""The queue: what needs me next?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.findings import tally
from newsroom.models import Person, SavedView, State, Story, StoryQuerySet
from newsroom.tickets import ticket_in
from newsroom.views import own
from newsroom.views.access import fragment
from newsroom.views.queue_filters import (
    NOW,
    Filters,
    in_tab,
    known_categories,
    names_of_tabs,
    narrowed,
    ordered,
    tabs,
    uncounted,
)
from newsroom.views.queue_rows import row_of, with_all_a_row_shows

PER_PAGE = 25
COUNTED_AT_ONCE = 200
"""Stories whose findings are counted for a list of those that have some, should they not be counted yet."""


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("queue")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the stories that wait, by their clock or as the address asks; to those who see only their own, these."""
    person: Person = request.user
    if not person.sees:
        return own.home(request)
    if not request.GET and (first := _first_view(person)):
        return redirect(address_of(first))
    names = names_of_tabs(person)
    tab = request.GET.get("status", "")
    tab = tab if tab in names else names[0]
    filters = Filters(request.GET)
    wanted = filters.wanted
    visible: StoryQuerySet = Story.objects.all().visible_to(person)
    number = ticket_in(wanted.get("q", ""))
    if number is not None and "HX-Request" not in request.headers and visible.filter(pk=number).exists():
        return redirect("story", pk=number)
    now = timezone.now()
    stories = visible if number is not None else in_tab(visible, tab, person, now)
    if wanted.get("temuan"):
        for story in uncounted(stories)[:COUNTED_AT_ONCE]:
            tally(story)
    stories = ordered(narrowed(stories, wanted, person, now), wanted.get("urut", ""), tab, person)
    page = Paginator(with_all_a_row_shows(stories, person), PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "section": "queue",
        "tabs": tabs(visible, person, tab, now),
        "tab": tab,
        "filters": filters,
        "chips": filters.chips(tab),
        "words": wanted.get("q", ""),
        "page": page,
        "rows": [row_of(story, person, now) for story in page],
        "newest": visible.aggregate(newest=Max("pk"))["newest"] or 0,
        "outcome": request.session.pop("queue_outcome", None),
        **_desk(request, filters, tab),
    }
    return render(request, "newsroom/queue.html", {**context, "empty": _why_empty(tab, wanted)})


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
    address = f"{reverse('queue')}?status=antre&urut=terbaru"
    return render(request, "newsroom/_arrivals.html", {"count": count, "since": since, "address": address})


def address_of(view: SavedView) -> str:
    """Return where a saved view is seen."""
    return f"{reverse('queue')}?{view.query}&tampilan={view.pk}"


def _first_view(person: Person) -> SavedView | None:
    return person.saved_views.filter(first=True).first()


def _desk(request: HttpRequest, filters: Filters, tab: str) -> dict[str, Any]:
    """Return what those of the desk have besides the list: views, and what is done to many at once."""
    person: Person = request.user
    query = filters.address(tab)
    views = [
        {
            "view": view,
            "address": address_of(view),
            "mine": view.person_id == person.pk,
            # The same list, however the address is written.
            "current": _as_list(view.query) == _as_list(query),
        }
        for view in SavedView.objects.filter(Q(person=person) | Q(shared=True)).select_related("person")[:60]
    ]
    return {
        "views": views,
        "current_view": next((view for view in views if view["current"]), None),
        "query": query,
        "sites": settings.REDAKSI.sites,
        "categories": known_categories(),
        "plain": tab == NOW and not filters.wanted,
    }


def _as_list(query: str) -> list[tuple[str, str]]:
    return sorted(QueryDict(query).items())


def _why_empty(tab: str, wanted: dict[str, Any]) -> dict[str, str]:
    """Say why there is nothing to see, and what to do."""
    narrowing = [name for name in wanted if name not in ("q", "urut")]
    if narrowing == ["jam"]:
        return {
            "terlambat": {"title": _("Tidak ada yang terlambat"), "words": _("Semua masih dalam waktunya.")},
            "mendesak": {
                "title": _("Tidak ada yang hampir habis waktunya"),
                "words": _("Semua masih punya cukup waktu, atau sudah terlambat."),
            },
            "dijeda": {
                "title": _("Tidak ada jam yang dijeda"),
                "words": _("Jam yang dijeda tampil di sini beserta alasannya."),
            },
        }[wanted["jam"]]
    if narrowing:
        return {
            "title": _("Tidak ada yang cocok dengan saringan ini"),
            "words": _("Lepaskan salah satu saringannya, atau lihat tab lainnya."),
        }
    return {
        NOW: {
            "title": _("Tidak ada yang perlu dikerjakan sekarang"),
            "words": _(
                "Kiriman kontributor yang masuk lewat surel akan tampil di sini dengan sendirinya, "
                "lengkap dengan foto dan batas waktunya."
            ),
        },
        "antre": {
            "title": _("Antrean kosong"),
            "words": _("Semua kiriman sudah diputuskan. Yang baru masuk akan tampil di sini."),
        },
        "dikembalikan": {
            "title": _("Tidak ada yang sedang diperbaiki"),
            "words": _("Berita yang Anda kembalikan menunggu kontributornya di sini."),
        },
        "terverifikasi": {
            "title": _("Tidak ada yang menunggu tayang"),
            "words": _("Berita yang layak tampil di sini sampai semua situsnya memuatnya."),
        },
        "ditolak": {
            "title": _("Tidak ada yang ditolak"),
            "words": _("Berita yang ditolak tetap tersimpan di sini dan dapat dikembalikan ke antrean."),
        },
    }[tab]
