"""Destruction of records: the proposals, one of them, and the answer of a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom import destroying, records, sheets
from newsroom.acts import ActRefused
from newsroom.models import Destruction, Record
from newsroom.views.records import archivists, numbers_in, readers, row_of, show

PER_PAGE = 30
LABELS = ("number", "reason", "committee")


@readers
@require_safe
def destructions(request: HttpRequest) -> HttpResponse:
    """List the proposals, newest first."""
    rows = Destruction.objects.select_related("proposed_by", "decided_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    return show(request, "newsroom/destructions.html", "destructions", {"page": page})


@archivists
def propose_destruction(request: HttpRequest) -> HttpResponse:
    """Propose the destruction of what was chosen; what is refused stays in its fields."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = (
        Record.objects.all().due(timezone.localdate()).filter(story__in=numbers_in(sent.getlist("pilih")))
    )
    rows = list(chosen.select_related("story").order_by("closed_on", "pk"))
    written = {name: request.POST.get(name, "")[:2000] for name in LABELS}
    refusal = ""
    if request.method == "POST":
        try:
            made = destroying.propose(rows, request.user, **written)
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Usulan dicatat. Sekarang seorang pimpinan memutuskannya."))
            return redirect("destruction", made.pk)
    lines = records.retentions(row.code for row in rows)
    context: dict[str, Any] = {"rows": [row_of(row, lines.get(row.code)) for row in rows], "refusal": refusal}
    return show(request, "newsroom/destruction_new.html", "destructions", {**context, "written": written})


@readers
@require_safe
def destruction(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal: what it is about, who proposed and who answered."""
    made = get_object_or_404(Destruction.objects.select_related("proposed_by", "decided_by"), pk=pk)
    page = Paginator(made.items.all(), 50).get_page(request.GET.get("hal"))
    context = {"made": made, "page": page, "why_not": destroying.why_not(made, request.user)}
    return show(request, "newsroom/destruction.html", "destructions", context)


@require_POST
def decide_destruction(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse a proposal: the second person's word."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if not request.user.sees:
        raise PermissionDenied
    made = get_object_or_404(Destruction, pk=pk)
    try:
        destroying.decide(
            made,
            request.user,
            approve=request.POST.get("putusan") == "setuju",
            answer=request.POST.get("catatan", "")[:2000],
        )
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Putusan dicatat."))
    return redirect("destruction", pk)


@readers
@require_safe
def destruction_files(_request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand out the list of exact files as CSV."""
    made = get_object_or_404(Destruction, pk=pk)
    written = ("\ufeff", *sheets.written(destroying.FILES, destroying.file_list(made)))
    response = StreamingHttpResponse(
        (line.encode() for line in written), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="pemusnahan-{made.pk}.csv"'
    return response
