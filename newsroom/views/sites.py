"""The sites: how is each one, what waits for it, and what do I do?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from newsroom import sites as acts
from newsroom.acts import ActRefused
from newsroom.models import Delivery, Lane, State
from newsroom.sites import Health
from newsroom.templatetags.office import lasting, number, short
from newsroom.views.access import operators
from newsroom.views.standing import paused_words

PER_PAGE = 20


@dataclass(frozen=True)
class Waits:
    """One story that waits for a site."""

    delivery: Delivery
    what: str
    """`new`, `correct` or `retract`."""
    words: str
    own: bool
    """The trouble is this story's alone."""


@operators
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """List the sites of the settings, each with how it is."""
    rows = [{"health": health, "words": state_words(health)} for health in acts.healths()]
    return render(request, "newsroom/sites.html", {"section": "more", "rows": rows})


@operators
@require_safe
def site_health(request: HttpRequest, name: str) -> HttpResponse:
    """Show one site: its state, its figures, and what waits for it."""
    health = health_of(name)
    owed = Delivery.objects.all().waiting_at(name).select_related("story", "taken_by")
    page = Paginator(owed, PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "section": "more",
        "health": health,
        "words": state_words(health),
        "page": page,
        "queue": [_waits(delivery, health) for delivery in page],
        "figures": _figures(health),
        "waiting_for": lasting(timezone.now() - health.oldest) if health.oldest else "",
        "longest": acts.LONGEST_REASON,
    }
    return render(request, "newsroom/site_health.html", context)


@operators
@require_POST
def pause_site(request: HttpRequest, name: str) -> HttpResponse:
    health_of(name)
    try:
        acts.pause(name, request.user, request.POST.get("alasan", ""))
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Situs dijeda. Yang sedang dikirim diselesaikan dulu; penarikan tetap dikirim.")
        )
    return redirect("site_health", name)


@operators
@require_POST
def resume_site(request: HttpRequest, name: str) -> HttpResponse:
    health_of(name)
    try:
        acts.resume(name, request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Situs dilanjutkan. Yang menunggu dikirim sekarang."))
    return redirect("site_health", name)


def health_of(name: str) -> Health:
    """Return how a site of the settings is. Raises Http404."""
    found = acts.healths([name])
    if not found:
        raise Http404
    return found[0]


def state_words(health: Health) -> str:
    """Say in a line how a site is."""
    lane = health.lane
    match health.state:
        case "paused":
            return paused_words(lane)
        case "refused":
            return _("Menolak kita sejak %(time)s") % {"time": short(lane.since)}
        case "away":
            return _("Tidak dapat dipakai sejak %(time)s") % {"time": short(lane.since)}
        case "stuck":
            return ngettext(
                "%(count)s berita menunggu tindakan Anda",
                "%(count)s berita menunggu tindakan Anda",
                health.parked,
            ) % {"count": number(health.parked)}
        case "unused":
            return _("Belum ada berita yang dikirim ke sini")
    return _("Berjalan baik")


def _waits(delivery: Delivery, health: Health) -> Waits:
    if delivery.story.state == State.RETRACTED:
        what = "retract"
    else:
        what = "correct" if delivery.state == "live" else "new"
    own = bool(delivery.error) and (delivery.parked or not health.lane.error)
    if delivery.by_hand:
        words, own = _("Dikerjakan dengan tangan"), False
    elif own:
        words = delivery.error
    elif health.lane.paused_at and what != "retract":
        words = _("Menunggu situs dilanjutkan")
    else:
        words = _("Menunggu situs pulih") if health.lane.error else _("Menunggu giliran")
    return Waits(delivery, what, words, own)


def _figures(health: Health) -> dict[str, Any]:
    found = acts.figures(health.name, health.lane)
    usual = _span(found.usual) if found.usual is not None else ""
    return {
        "delivered": found.delivered,
        "stories": found.stories,
        "usual": usual,
        "failures": found.failures,
    }


def _span(length: timedelta) -> str:
    """Write a length of time; below a minute in seconds, for that is what most sites take."""
    if length >= timedelta(minutes=1):
        return lasting(length)
    seconds = max(1, round(length.total_seconds()))
    return ngettext("%(count)s detik", "%(count)s detik", seconds) % {"count": seconds}


def retried(request: HttpRequest, name: str) -> None:
    """Try everything again at a site, and say so; a paused one says that it stays paused."""
    acts.retry(name, request.user)
    if Lane.objects.all().of([name]).exclude(paused_at=None).exists():
        messages.warning(
            request,
            _("Situs ini masih dijeda: hanya penarikan yang dicoba sekarang. Tekan “Lanjutkan” dulu."),
        )
    else:
        messages.success(request, _("Semuanya dicoba lagi sekarang."))
