"""The office's lists for the checks: how words are spelled here, and what abbreviations stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from newsroom import pair_sheet
from newsroom.acts import ActRefused
from newsroom.pairs import ABBREVIATIONS, SPELLINGS, PairList, add, change, stamp
from newsroom.views.access import operators
from newsroom.views.sheet_form import chosen_sheet, looked_at

PER_PAGE = 50
"""Rows of a sheet shown before it is taken; the counts tell of all."""
KINDS = {kind.name: kind for kind in (SPELLINGS, ABBREVIATIONS)}
WORDS: dict[str, dict[str, Any]] = {
    SPELLINGS.name: {
        "title": gettext_lazy("Ejaan"),
        "about": gettext_lazy(
            "Kata yang dicari di setiap naskah, dan tulisannya di kantor ini. Huruf besar dan kecil mengikuti naskah."
        ),
        "key": gettext_lazy("Sering ditulis"),
        "value": gettext_lazy("Yang benar"),
        "headings": "keliru, benar, dipakai",
        "file": "ejaan.csv",
    },
    ABBREVIATIONS.name: {
        "title": gettext_lazy("Singkatan"),
        "about": gettext_lazy(
            "Singkatan yang kepanjangannya diketahui kantor ini. Bila naskah memakainya tanpa penjelasan, "
            "pemeriksaan menawarkan kepanjangannya pada penyebutan pertama. Besar kecil huruf singkatan dibedakan."
        ),
        "key": gettext_lazy("Singkatan"),
        "value": gettext_lazy("Kepanjangan"),
        "headings": "singkatan, kepanjangan, dipakai",
        "file": "singkatan.csv",
    },
}


def editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in those who may change the lists; hand the list on that the address names."""

    @operators
    def guarded(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
        if not request.user.edits:
            raise PermissionDenied
        return view(request, KINDS[kind], **kwargs)

    return guarded


@editors
def pairs(request: HttpRequest, kind: PairList) -> HttpResponse:
    """List the pairs, or add one; what is refused stays in its fields."""
    key, value = request.POST.get("key", ""), request.POST.get("value", "")
    refusal = ""
    if request.method == "POST":
        try:
            made = add(kind, key, value, request.user)
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Ditambahkan: %(pair)s.") % {"pair": made})
            return redirect(kind.name)
    words = request.GET.get("q", "").strip()[:80]
    wanted = Q(**{f"{kind.key}__icontains": words}) | Q(**{f"{kind.value}__icontains": words})
    found = kind.model.objects.filter(wanted).order_by("-active", kind.key)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("hal"))
    for row in page:
        row.key, row.value, row.seen = kind.key_of(row), kind.value_of(row), stamp(kind, row)
    context = {"page": page, "words": words, "refusal": refusal, "key": key, "value": value}
    return _show(request, kind, "newsroom/pairs.html", context)


@editors
@require_POST
def change_pair(request: HttpRequest, kind: PairList, pk: int) -> HttpResponse:
    """Change one pair, take it out of use or put it back; of two people at once the second is told."""
    row = get_object_or_404(kind.model, pk=pk)
    active = {"0": False, "1": True}.get(request.POST.get("dipakai", ""), row.active)
    value, seen = request.POST.get("value", ""), request.POST.get("seen", "")
    try:
        change(kind, row, value, request.user, active=active, seen=seen)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tersimpan: %(pair)s.") % {"pair": row})
    # Back to the page of the list, and to the words, that were looked at.
    kept = {name: request.GET[name][:80] for name in ("q", "hal") if name in request.GET}
    return redirect(f"{reverse(kind.name)}?{urlencode(kept)}" if kept else kind.name)


@editors
def import_pairs(request: HttpRequest, kind: PairList) -> HttpResponse:
    """Show what a sheet would do; take it when the person has seen it."""
    template = "newsroom/pairs_import.html"
    if request.method != "POST":
        return _show(request, kind, template, {})
    try:
        text = chosen_sheet(request)
        lines = pair_sheet.read(kind, text)
        if request.POST.get("masukkan") == "1":
            source = request.POST.get("nama", "")[:100]
            taken = pair_sheet.take(kind, lines, request.user, source=source)
            told = ngettext("%(count)d baris dicatat.", "%(count)d baris dicatat.", taken)
            messages.success(request, told % {"count": taken})
            return redirect(kind.name)
    except ActRefused as error:
        return _show(request, kind, template, {"refusal": str(error)})
    return _show(request, kind, template, looked_at(request, text, lines))


@editors
@require_safe
def export_pairs(request: HttpRequest, kind: PairList) -> StreamingHttpResponse:
    """Give the whole list as CSV; the mark at its start tells Excel that it is UTF-8."""
    lines = (line.encode() for line in ("\ufeff", *pair_sheet.write(kind)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{WORDS[kind.name]["file"]}"'
    return response


def _show(request: HttpRequest, kind: PairList, template: str, context: dict[str, Any]) -> HttpResponse:
    whole = {
        "section": "more",
        "kind": kind,
        "said": WORDS[kind.name],
        "lists": [(name, WORDS[name]["title"]) for name in KINDS],
        **{f"{act}_url": reverse(f"{act}_{kind.name}") for act in ("import", "export")},
        **context,
    }
    return render(request, template, whole, status=422 if context.get("refusal") else 200)
