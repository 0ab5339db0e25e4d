"""The office's spelling list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.acts import ActRefused
from newsroom.models import Spelling
from newsroom.spellings import add, change, stamp
from newsroom.views.access import operators

PER_PAGE = 50


@operators
def spellings(request: HttpRequest) -> HttpResponse:
    """List the pairs, or add one; what is refused stays in its fields."""
    if not request.user.edits:
        raise PermissionDenied
    wrong, right = request.POST.get("wrong", ""), request.POST.get("right", "")
    refusal = ""
    if request.method == "POST":
        try:
            made = add(wrong, right, request.user)
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Ditambahkan: %(pair)s.") % {"pair": made})
            return redirect("spellings")
    words = request.GET.get("q", "").strip()[:80]
    found = Spelling.objects.filter(Q(wrong__icontains=words) | Q(right__icontains=words))
    page = Paginator(found.order_by("-active", "wrong"), PER_PAGE).get_page(request.GET.get("hal"))
    for row in page:
        row.seen = stamp(row)
    context = {
        "section": "more",
        "page": page,
        "words": words,
        "refusal": refusal,
        "wrong": wrong,
        "right": right,
    }
    return render(request, "newsroom/spellings.html", context, status=422 if refusal else 200)


@operators
@require_POST
def change_spelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one pair, take it out of use or put it back; of two people at once the second is told."""
    if not request.user.edits:
        raise PermissionDenied
    row = get_object_or_404(Spelling, pk=pk)
    active = {"0": False, "1": True}.get(request.POST.get("dipakai", ""), row.active)
    try:
        change(
            row, request.POST.get("right", ""), request.user, active=active, seen=request.POST.get("seen", "")
        )
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tersimpan: %(pair)s.") % {"pair": row})
    return redirect("spellings")
