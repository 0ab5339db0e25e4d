"""The mailboxes: when was each looked into, what waits there, and what is asked of me?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Min, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import config
from newsroom import mailboxes as acts
from newsroom.acts import ActRefused
from newsroom.models import Mailbox, Sighting
from newsroom.views.access import operators

PER_PAGE = 30
BACKLOG = 10
"""From so many waiting mails on, the page shows how far the fetching has come."""


@dataclass(frozen=True)
class Backlog:
    """How far a long row of waiting mails has come."""

    left: int
    bytes: int
    done: int
    total: int


@dataclass(frozen=True)
class Box:
    """One mailbox of the settings as the page shows it."""

    row: Mailbox
    place: str
    """The address, or the folder on this machine."""
    folder: str
    after: str
    every: int
    surveyed_at: datetime | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What a person may choose from; empty when nothing is asked."""
    backlog: Backlog | None = None
    unmoved: int = 0
    unmoved_why: str = ""


@operators
@require_safe
def mailboxes(request: HttpRequest) -> HttpResponse:
    """Show every mailbox, and the mails in them that wait for a person."""
    rows = {row.name: row for row in Mailbox.objects.all()}
    names = [wanted.name for wanted in settings.REDAKSI.mailboxes]
    left = Sighting.objects.attention().filter(mailbox__in=names).order_by("-seen_at", "-pk")
    context = {
        "section": "more",
        "boxes": [
            _box(wanted, rows.get(wanted.name) or Mailbox(name=wanted.name))
            for wanted in settings.REDAKSI.mailboxes
        ],
        "page": Paginator(left, PER_PAGE).get_page(request.GET.get("hal")),
    }
    return render(request, "newsroom/mailboxes.html", context)


@operators
@require_POST
def choose_start(request: HttpRequest, pk: int) -> HttpResponse:
    mailbox = get_object_or_404(Mailbox, pk=pk)
    try:
        acts.choose_start(mailbox, request.POST.get("jawaban", ""), request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Baik. Surel mulai diambil sebentar lagi, yang terbaru lebih dulu."))
    return redirect("mailboxes")


@operators
@require_POST
def fetch_anyway(request: HttpRequest, pk: int) -> HttpResponse:
    sighting = get_object_or_404(Sighting, pk=pk)
    try:
        acts.fetch_anyway(sighting, request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Surel diambil sebentar lagi. Bila gagal, sebabnya tampil lagi di sini."))
    return redirect("mailboxes")


@operators
@require_POST
def settle_now(request: HttpRequest, pk: int) -> HttpResponse:
    acts.settle_now(get_object_or_404(Mailbox, pk=pk), request.user)
    messages.success(request, _("Dicoba lagi sekarang. Bila masih gagal, sebabnya tampil lagi di sini."))
    return redirect("mailboxes")


def _box(wanted: config.Mailbox, row: Mailbox) -> Box:
    if isinstance(wanted, config.FolderMailbox):
        return Box(row, str(wanted.path), "", "", wanted.every, backlog=_backlog(wanted.name))
    unmoved = Sighting.objects.filter(mailbox=wanted.name).unmoved()
    last = unmoved.order_by(F("settle_at").desc(nulls_last=True)).first()
    asked = row.start_at is None and "answers" in row.survey
    after = {
        "mark": _("Sesudah disimpan, surel ditandai sudah dibaca."),
        "move": _("Sesudah disimpan, surel dipindahkan ke folder %(folder)s.") % {"folder": wanted.move_to},
        "nothing": _("Tidak ada yang diubah di kotak surel."),
    }[wanted.after]
    return Box(
        row,
        place=wanted.user,
        folder=wanted.folder,
        after=after,
        every=wanted.every,
        surveyed_at=datetime.fromisoformat(row.survey["at"]) if asked else None,
        answers=_answers(row.survey["answers"]) if asked else [],
        backlog=_backlog(wanted.name),
        unmoved=unmoved.count(),
        unmoved_why=last.settle_error if last else "",
    )


def _answers(found: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    words = {
        "now": _("Mulai dari sekarang"),
        "7": _("7 hari terakhir"),
        "30": _("30 hari terakhir"),
        "all": _("Semua surel"),
    }
    return [{"value": value, "words": words[value], **found.get(value, {})} for value in acts.ANSWERS]


def _backlog(name: str) -> Backlog | None:
    """Return how far the mails seen since the oldest waiting one have come; None when few wait."""
    ledger = Sighting.objects.filter(mailbox=name)
    waiting = ledger.unfetched().filter(parked=False)
    left = waiting.count()
    if left < BACKLOG:
        return None
    sums = waiting.aggregate(began=Min("seen_at"), bytes=Sum("size"))
    done = ledger.filter(seen_at__gte=sums["began"]).exclude(submission=None).count()
    return Backlog(left=left, bytes=sums["bytes"] or 0, done=done, total=done + left)
