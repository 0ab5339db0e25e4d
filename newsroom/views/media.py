"""The register of storage media: what is kept outside Redaksi, where is it, and what has only one copy?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom import media as acts
from newsroom.acts import ActRefused
from newsroom.copying import lag, lag_words
from newsroom.models import Holding, Medium
from newsroom.views.access import archivists
from newsroom.views.sheet_form import chosen_sheet, looked_at

PER_PAGE = 50
"""Rows of a sheet shown before it is taken; the counts tell of all."""
PRINTED = 2000
"""Rows of a printed list."""
MEDIUM_FIELDS = ("kind", "name", "stands", "holder", "note")
HOLDING_FIELDS = ("name", "size", "sha256", "story", "description", "taken_on")


@archivists
@require_safe
def media(request: HttpRequest) -> HttpResponse:
    """List the media, with what needs a person."""
    found = lag()
    context = {
        "section": "archive",
        "media": Medium.objects.counted().order_by(F("retired_at").asc(nulls_first=True), "name"),
        "alone": Holding.objects.all().alone().aggregate(bytes=Sum("size"))["bytes"],
        "alone_count": Holding.objects.all().alone().count(),
        "changed": Holding.objects.all().changed().select_related("medium")[:PER_PAGE],
        "lag": found,
        "words": lag_words(found),
    }
    return render(request, "newsroom/media.html", context)


@archivists
def add_medium(request: HttpRequest) -> HttpResponse:
    return _medium_form(request, Medium())


@archivists
def change_medium(request: HttpRequest, pk: int) -> HttpResponse:
    return _medium_form(request, get_object_or_404(Medium, pk=pk))


@archivists
@require_safe
def medium(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one medium and what lies on it."""
    row = get_object_or_404(Medium.objects.counted().select_related("added_by"), pk=pk)
    words = request.GET.get("q", "").strip()[:200]
    holdings = _holding(row.holdings.all(), words).select_related("story").order_by("name", "pk")
    everything = request.GET.get("cetak") == "1"
    page = Paginator(holdings, PRINTED if everything else PER_PAGE).get_page(request.GET.get("hal"))
    alone = Holding.objects.filter(medium=row).alone()
    shown = [one.pk for one in page]
    context = {
        "section": "archive",
        "medium": row,
        "page": page,
        "words": words,
        "alone_count": alone.count(),
        "alone": set(alone.filter(pk__in=shown).values_list("pk", flat=True)),
        "changed_count": row.holdings.changed().count(),
    }
    return render(request, "newsroom/medium.html", context)


@archivists
def add_holding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the empty form of one file, or take what was written into it."""
    row = get_object_or_404(Medium, pk=pk)
    written = {name: request.POST.get(name, "")[:2000] for name in HOLDING_FIELDS}
    context: dict[str, Any] = {"section": "archive", "medium": row, "written": written}
    if request.method != "POST":
        return render(request, "newsroom/holding.html", context)
    try:
        made = acts.add_holding(row, request.user, written)
    except ActRefused as error:
        return render(request, "newsroom/holding.html", {**context, "refusal": str(error)}, status=422)
    messages.success(request, _("%(name)s dicatat.") % {"name": made.name})
    return redirect("medium", pk=pk)


@archivists
def import_holdings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the helper's output would do; take it when the person has seen it."""
    row = get_object_or_404(Medium, pk=pk)
    context: dict[str, Any] = {"section": "archive", "medium": row}
    if request.method != "POST":
        return render(request, "newsroom/holdings_import.html", context)
    try:
        text = chosen_sheet(request)
        lines = acts.read(text, row)
        if request.POST.get("masukkan") == "1":
            counts = acts.take(row, lines, request.user, source=request.POST.get("nama", "")[:100])
            _tell(request, counts)
            return redirect("medium", pk=pk)
    except ActRefused as error:
        return render(
            request, "newsroom/holdings_import.html", {**context, "refusal": str(error)}, status=422
        )
    context |= looked_at(request, text, lines, ("changed", "wrong", "new", "measured", "same"))
    context["useful"] = len(lines) - context["counts"]["wrong"]
    return render(request, "newsroom/holdings_import.html", context)


@archivists
@require_POST
def accept_holding(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Holding.objects.select_related("medium", "story"), pk=pk)
    try:
        acts.accept(row, request.user, request.POST.get("terlihat", ""))
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Isi baru diterima dan menjadi patokan pemeriksaan berikutnya."))
    return redirect("media")


@archivists
@require_safe
def alone(request: HttpRequest) -> HttpResponse:
    """List what lies on one medium only."""
    rows = (
        Holding.objects.all().alone().select_related("medium", "story").order_by("medium__name", "name", "pk")
    )
    everything = request.GET.get("cetak") == "1"
    page = Paginator(rows, PRINTED if everything else PER_PAGE).get_page(request.GET.get("hal"))
    total = Holding.objects.all().alone().aggregate(bytes=Sum("size"))["bytes"]
    context = {"section": "archive", "page": page, "bytes": total or 0}
    return render(request, "newsroom/alone.html", context)


def _medium_form(request: HttpRequest, row: Medium) -> HttpResponse:
    written: dict[str, Any] = {name: getattr(row, name) for name in MEDIUM_FIELDS}
    written["retired"] = row.retired_at is not None
    context: dict[str, Any] = {
        "section": "archive",
        "medium": row if row.pk else None,
        "kinds": Medium.Kind.choices,
    }
    if request.method != "POST":
        return render(request, "newsroom/medium_form.html", {**context, "written": written})
    written = {name: request.POST.get(name, "")[:2000] for name in MEDIUM_FIELDS}
    written["retired"] = request.POST.get("retired") == "1"
    try:
        made = acts.save_medium(row, request.user, written, retired=written["retired"])
    except ActRefused as error:
        context |= {"written": written, "refusal": str(error)}
        return render(request, "newsroom/medium_form.html", context, status=422)
    messages.success(request, _("Tersimpan."))
    return redirect("medium", pk=made.pk)


def _holding(rows: Any, words: str) -> Any:
    for word in words.split()[:10]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(description__icontains=word) | Q(sha256__startswith=word.lower())
        )
    return rows


def _tell(request: HttpRequest, counts: dict[str, int]) -> None:
    told = _("%(new)d berkas baru dicatat, %(same)d masih sama.") % {
        "new": counts["new"],
        "same": counts["same"] + counts["measured"],
    }
    messages.success(request, told)
    if counts["changed"]:
        loud = _("%(count)d berkas sudah bukan yang dulu dicatat. Periksa sebelum medianya dipakai.")
        messages.error(request, loud % {"count": counts["changed"]})
