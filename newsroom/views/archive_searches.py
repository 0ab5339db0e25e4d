"""Searches of the archive kept under a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.models import Person, SavedSearch
from newsroom.views.archive_asked import KINDS

MOST = 30
"""Searches one person keeps."""
LONGEST = 1_000
_NAMES = (
    "q",
    "dari",
    "sampai",
    "acara_dari",
    "acara_sampai",
    "tampil",
    "urut",
    *(name for name, _title in KINDS.values()),
)


class SearchForm(forms.Form):
    nama = forms.CharField(max_length=60)
    bersama = forms.BooleanField(required=False)


@login_required
@require_POST
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name; a name used before now means this one."""
    person: Person = request.user
    form = SearchForm(request.POST)
    asked = _understood(request.POST.get("tanya", ""))
    back = f"{reverse('archive')}?{asked}"
    if not form.is_valid():
        messages.error(request, _("Beri nama pencarian ini, paling panjang 60 huruf."))
        return redirect(back)
    if len(asked) > LONGEST:
        messages.error(request, _("Pencarian ini terlalu panjang untuk disimpan. Kurangi saringannya."))
        return redirect(back)
    name = " ".join(form.cleaned_data["nama"].split())
    if person.saved_searches.exclude(name=name).count() >= MOST:
        messages.error(
            request, _("Paling banyak %(most)d pencarian. Hapus yang tidak dipakai.") % {"most": MOST}
        )
        return redirect(back)
    shared = form.cleaned_data["bersama"] and person.sees
    kept, _made = SavedSearch.objects.update_or_create(
        person=person, name=name, defaults={"query": asked, "shared": shared}
    )
    messages.success(request, _("Pencarian “%(name)s” disimpan.") % {"name": kept})
    return redirect(back)


@login_required
@require_POST
def drop_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a search of one's own."""
    kept = get_object_or_404(SavedSearch, pk=pk)
    if kept.person_id != request.user.pk:
        raise PermissionDenied
    kept.delete()
    messages.success(request, _("Pencarian “%(name)s” dihapus.") % {"name": kept})
    return redirect("archive")


def kept_searches(person: Person, address: str) -> dict[str, Any]:
    """Return the searches `person` has or is shared, and what is asked now as it would be kept."""
    query = _understood(address)
    seen = Q(person=person) | Q(shared=True) if person.sees else Q(person=person)
    rows = [
        {
            "search": kept,
            "address": f"{reverse('archive')}?{kept.query}",
            "mine": kept.person_id == person.pk,
            "current": _as_asked(kept.query) == _as_asked(query),
        }
        for kept in SavedSearch.objects.filter(seen).select_related("person")[:60]
    ]
    return {
        "searches": rows,
        "current_search": next((row for row in rows if row["current"]), None),
        "search_query": query,
    }


def _understood(address: str) -> str:
    """Return of an address what is a search, without its page."""
    given, kept = QueryDict(address.removeprefix("?").replace("\0", "")), QueryDict(mutable=True)
    for name in _NAMES:
        if values := [value[:200] for value in given.getlist(name) if value.strip()]:
            kept.setlist(name, values[:12])
    return kept.urlencode()


def _as_asked(query: str) -> list[tuple[str, list[str]]]:
    return sorted((name, sorted(values)) for name, values in QueryDict(query).lists())
