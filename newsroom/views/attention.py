"""Needs attention: what is stuck, and what do I do?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom import desk
from newsroom.context import stuck
from newsroom.models import (
    Collage,
    Copy,
    CopyPlace,
    Delivery,
    Disposition,
    Letter,
    Mailbox,
    Notice,
    Package,
    Shelf,
    Sight,
    Story,
    Submission,
    Upload,
)
from newsroom.views.access import operators
from newsroom.views.sites import health_of, retried
from newsroom.views.standing import paused_words, title

PER_GROUP = 50
"""Rows shown of one cause: a thousand held mails have one cause, and the count tells how many there are."""
PER_PAGE = 30

RETRIED: dict[str, type[Model]] = {
    "surel": Submission,
    "tayangan": Delivery,
    "kotak-surat": Mailbox,
    "berita": Story,
    "paket": Package,
    "rak": Shelf,
    "salinan": Copy,
    "tempat-salinan": CopyPlace,
    "unggahan": Upload,
    "surat": Letter,
    "pemberitahuan": Notice,
    "kolase": Collage,
}


@operators
@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    """Group what is stuck by its cause."""
    rows = stuck()
    held = rows["held"].select_related("contributor").most_trusted_first()
    deliveries = rows["deliveries"].select_related("story").order_by("site", "error", "next_attempt_at")
    context = {
        "section": "attention",
        "counts": {name: found.count() for name, found in rows.items()},
        "held": held[:PER_GROUP],
        "failed": rows["failed"].order_by("-received_at")[:PER_GROUP],
        "proposals": rows["proposals"].select_related("story", "submission").order_by("id")[:PER_GROUP],
        "exposed": rows["exposed"].select_related("story").order_by("-story__released_at")[:PER_GROUP],
        "drawn": rows["drawn"].select_related("story").order_by("-story__received_at")[:PER_GROUP],
        "sites": [
            {"lane": lane, "title": title(lane.site), "paused": paused_words(lane) if lane.paused_at else ""}
            for lane in rows["sites"].select_related("paused_by").order_by("name")
        ],
        "deliveries": _by_cause(deliveries[:PER_GROUP]),
        "deliveries_shown": PER_GROUP,
        "shown_again": _placed(rows["shown_again"].select_related("delivery__story")),
        "drifted": _by_site(rows["drifted"].select_related("delivery__story")),
        "uncompared": [(title(row.site), row) for row in rows["uncompared"].order_by("site")],
        "mailboxes": rows["mailboxes"].order_by("name"),
        "undecided": rows["undecided"].order_by("name"),
        "unfetched": rows["unfetched"].order_by("-seen_at", "-pk")[:PER_GROUP],
        "unmoved": rows["unmoved"].order_by("name"),
        "stories": rows["stories"].order_by("sealed_at")[:PER_GROUP],
        "overdue": rows["overdue"].order_by("sealed_at")[:PER_GROUP],
        "unexplained": rows["unexplained"].order_by("reason_due_at")[:PER_GROUP],
        "now": timezone.now(),
        "packages": rows["packages"].select_related("story").order_by("story", "version")[:PER_GROUP],
        "shelves": rows["shelves"].order_by("prefix")[:PER_GROUP],
        "copies": rows["copies"].order_by("id")[:PER_GROUP],
        "strangers": rows["strangers"],
        "holdings": rows["holdings"].select_related("medium").order_by("medium__name", "name")[:PER_GROUP],
        "uploads": rows["uploads"].select_related("person").order_by("sent_at")[:PER_GROUP],
        "letters": rows["letters"].select_related("story").order_by("id")[:PER_GROUP],
        "notices": rows["notices"].order_by("id")[:PER_GROUP],
        "collages": rows["collages"].order_by("start")[:PER_GROUP],
        "collage_drafts": rows["collage_drafts"].order_by("start")[:PER_GROUP],
    }
    return render(request, "newsroom/attention.html", context)


@operators
@require_POST
def retry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in RETRIED:
        raise Http404
    row = get_object_or_404(RETRIED[kind], pk=pk)
    try:
        desk.retry(row, request.user)
    except desk.ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Dicoba lagi sekarang. Bila masih gagal, sebabnya tampil lagi di sini."))
    return redirect("attention")


@operators
@require_POST
def retry_site(request: HttpRequest, name: str) -> HttpResponse:
    """Try everything again that is held up at one site."""
    health_of(name)
    retried(request, name)
    return redirect("site_health", name) if request.POST.get("dari") == "situs" else redirect("attention")


@operators
@require_POST
def handled(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a letter that did not arrive out of sight."""
    letter = get_object_or_404(Letter, pk=pk)
    try:
        desk.handled(letter, request.user)
    except desk.ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Baik. Suratnya tidak dikirim lagi."))
    return redirect("attention")


@operators
@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as it came, and what became of it."""
    mails = Submission.objects.select_related(
        "contributor", "admitted_by", "story", "revision_of__story", "duplicate_of__story"
    )
    mail = get_object_or_404(mails, pk=pk)
    context = {
        "section": "attention",
        "mail": mail,
        "attachments": mail.attachments.order_by("id"),
        "history": mail.log.select_related("by").order_by("-id"),
        "waits": mail.disposition in (Disposition.HELD, Disposition.IGNORED) and mail.story is None,
        "can_set_aside": mail.disposition in (Disposition.HELD, Disposition.FAILED) and mail.story is None,
        "can_retry": mail.disposition == Disposition.FAILED
        or (mail.disposition == Disposition.UNREAD and mail.error),
    }
    return render(request, "newsroom/submission.html", context)


@operators
@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(Submission, pk=pk)
    who = {"name": request.POST.get("nama", "")[:500], "outlet": request.POST.get("unit", "")[:500]}
    try:
        desk.admit(mail, request.user, remember=request.POST.get("ingat") == "1", **who)
    except desk.ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Surel diterima dan sedang disiapkan; sebentar lagi ada di antrean."))
    return redirect(_back(request))


@operators
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(Submission, pk=pk)
    try:
        desk.set_aside(mail, request.user, request.POST.get("alasan", "").strip()[:500])
    except desk.ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Surel dikesampingkan. Anda masih dapat menerimanya nanti."))
    return redirect(_back(request))


@operators
@require_safe
def ignored(request: HttpRequest) -> HttpResponse:
    """List the mails that were set aside, by us or by a person, with the reason."""
    mails = Submission.objects.filter(disposition=Disposition.IGNORED).select_related("story", "contributor")
    page = Paginator(mails.order_by("-received_at", "-pk"), PER_PAGE).get_page(request.GET.get("hal"))
    return render(request, "newsroom/ignored.html", {"section": "attention", "page": page})


def _by_cause(deliveries: Iterable[Delivery]) -> list[dict[str, Any]]:
    """Put what one site holds up for one reason together: a dead site is one trouble, not fifty."""
    causes = groupby(deliveries, key=lambda row: (row.site, row.error))
    return [
        {"site": site, "title": title(site), "error": error, "rows": list(rows)}
        for (site, error), rows in causes
    ]


def _placed(sights: QuerySet[Sight]) -> list[tuple[Sight, str]]:
    """Name the site of each."""
    return [(row, title(row.delivery.site)) for row in sights.order_by("found_at")[:PER_GROUP]]


def _by_site(sights: QuerySet[Sight]) -> list[dict[str, Any]]:
    """Put what was changed at one site together."""
    rows = sights.order_by("delivery__site", "-found_at")[:PER_GROUP]
    sites = groupby(rows, key=lambda row: row.delivery.site)
    return [{"title": title(site), "rows": list(found)} for site, found in sites]


def _back(request: HttpRequest) -> str:
    """Return the list the person came from; nothing outside these is followed."""
    return "ignored" if request.POST.get("dari") == "dikesampingkan" else "attention"
