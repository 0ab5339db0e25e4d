"""Contributors: whose mail is taken up, and whose is set aside?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from newsroom import contributor_sheet
from newsroom.acts import ActRefused
from newsroom.contributors import FIELDS, Entry, add, block, change, stamp
from newsroom.models import Contributor, Submission
from newsroom.views.access import operators
from newsroom.views.sheet_form import chosen_sheet, looked_at

PER_PAGE = 30
"""Rows of a sheet shown before it is taken; the counts tell of all."""
SHOWN_MAILS = 10


@operators
@require_safe
def contributors(request: HttpRequest) -> HttpResponse:
    """List the allow-list, by name."""
    words = request.GET.get("q", "").strip()[:200]
    tab = "diblokir" if request.GET.get("tampil") == "diblokir" else "semua"
    found = _holding(Contributor.objects.all(), words)
    shown = found.filter(blocked=tab == "diblokir")
    page = Paginator(_heard(shown).select_related("person"), PER_PAGE).get_page(request.GET.get("hal"))
    blocked = found.filter(blocked=True).count()
    context = {
        "section": "more",
        "page": page,
        "words": words,
        "tab": tab,
        "counts": {"semua": found.count() - blocked, "diblokir": blocked},
    }
    return render(request, "newsroom/contributors.html", context)


@operators
def add_contributor(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or take what was written into it."""
    written = _written(request)
    if request.method != "POST":
        return _form(request, None, {**written, "address": request.GET.get("alamat", "")[:254]})
    try:
        made = add(Entry.written(written), request.user)
    except ActRefused as error:
        return _form(request, None, written, refusal=str(error))
    messages.success(request, _("%(name)s ditambahkan ke daftar kontributor.") % {"name": made.name})
    return redirect("contributors")


@operators
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line of the list, or take its changes; of two people at once the second is told."""
    row = get_object_or_404(Contributor.objects.select_related("person", "added_by"), pk=pk)
    if request.method != "POST":
        return _form(request, row, _as_written(row))
    written = _written(request)
    try:
        change(row, Entry.written(written), request.user, seen=request.POST.get("seen", ""))
    except ActRefused as error:
        row.refresh_from_db()
        return _form(request, row, written, refusal=str(error))
    messages.success(request, _("Tersimpan."))
    return redirect("contributor", pk=pk)


@operators
@require_POST
def block_contributor(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Contributor, pk=pk)
    wanted = request.POST.get("blokir") == "1"
    try:
        changed = block(row, request.user, blocked=wanted)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("contributor", pk=pk)
    if not changed:
        messages.info(request, _("Orang lain sudah melakukannya."))
    elif wanted:
        messages.success(
            request,
            _("Diblokir. Surelnya tetap disimpan dan dikesampingkan; blokir dapat dibuka kapan saja."),
        )
    else:
        messages.success(request, _("Blokir dibuka. Surel berikutnya dinilai seperti biasa."))
    return redirect("contributor", pk=pk)


@operators
def import_contributors(request: HttpRequest) -> HttpResponse:
    """Show what a sheet would do; take it when the person has seen it."""
    if request.method != "POST":
        return render(request, "newsroom/contributors_import.html", {"section": "more"})
    try:
        text = chosen_sheet(request)
        lines = contributor_sheet.read(text)
        if request.POST.get("masukkan") == "1":
            taken = contributor_sheet.take(lines, request.user, source=request.POST.get("nama", "")[:100])
            told = ngettext("%(count)d kontributor dicatat.", "%(count)d kontributor dicatat.", taken)
            messages.success(request, told % {"count": taken})
            return redirect("contributors")
    except ActRefused as error:
        return render(
            request,
            "newsroom/contributors_import.html",
            {"section": "more", "refusal": str(error)},
            status=422,
        )
    context = {"section": "more", **looked_at(request, text, lines)}
    return render(request, "newsroom/contributors_import.html", context)


@operators
@require_safe
def export_contributors(request: HttpRequest) -> StreamingHttpResponse:
    """Give the whole list as CSV; the mark at its start tells Excel that it is UTF-8."""
    rows = contributor_sheet.write(Contributor.objects.order_by("name", "address").iterator(500))
    response = StreamingHttpResponse(
        (line.encode() for line in ("\ufeff", *rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="kontributor.csv"'
    return response


def _holding(rows: QuerySet[Contributor], words: str) -> QuerySet[Contributor]:
    for word in words.split()[:10]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(outlet__icontains=word)
            | Q(initials__iexact=word)
        )
    return rows


def _heard(rows: QuerySet[Contributor]) -> QuerySet[Contributor]:
    """Say of each row when we last heard from it and how often; computed for the page's rows only."""
    mails = Submission.objects.filter(contributor=OuterRef("pk")).order_by()
    counted = mails.values("contributor").annotate(count=Count("pk")).values("count")
    newest = mails.order_by("-received_at").values("received_at")[:1]
    return rows.annotate(mails=Coalesce(Subquery(counted), 0), heard_at=Subquery(newest))


def _form(
    request: HttpRequest, row: Contributor | None, written: dict[str, Any], refusal: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "more",
        "row": row,
        "written": written,
        "refusal": refusal,
        "outlets": _outlets(),
    }
    if row is not None:
        mails = Submission.objects.filter(contributor=row).order_by("-received_at", "-pk")
        now = _as_written(row)
        context.update(
            seen=stamp(row),
            mails=mails.only("subject", "received_at", "disposition", "trust", "evidence")[:SHOWN_MAILS],
            count=mails.count(),
            now=[now[name] for name in ("address", "name", "outlet", "initials")] if refusal else [],
        )
    return render(request, "newsroom/contributor.html", context, status=422 if refusal else 200)


def _outlets() -> list[str]:
    known = Contributor.objects.exclude(outlet="").order_by("outlet").values_list("outlet", flat=True)
    return list(known.distinct()[:200])


def _as_written(row: Contributor) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _written(request: HttpRequest) -> dict[str, Any]:
    words = {name: request.POST.get(name, "")[:500] for name in FIELDS if name != "lists"}
    return {**words, "lists": request.POST.get("lists") == "1"}
