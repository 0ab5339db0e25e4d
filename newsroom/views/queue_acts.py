"""What is done from the queue: to many stories at once, to a clock, and to the views kept of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from newsroom import bulk, clocks
from newsroom.acts import ActRefused
from newsroom.models import PRESENT_FOR, Person, Presence, SavedView
from newsroom.views.access import fragment, operators, story_for
from newsroom.views.queue import address_of
from newsroom.views.queue_filters import STATES, Filters, names_of_tabs
from newsroom.views.queue_rows import opened_by

MOST_VIEWS = 30
"""Views one person keeps: more than anybody finds again."""
LONGEST = 1_000
"""Characters of an address that are kept."""
VALUES = {"send_back": "catatan_kembali", "spike": "catatan_tolak", "category": "kategori", "pause": "jeda"}
"""The field of the form that says what to do it with."""
DONE = {
    "send_back": gettext_lazy("%(count)d dikembalikan"),
    "spike": gettext_lazy("%(count)d ditolak"),
    "unspike": gettext_lazy("%(count)d kembali ke antrean"),
    "category": gettext_lazy("%(count)d diberi kategori"),
    "sites": gettext_lazy("%(count)d diganti situsnya"),
    "pause": gettext_lazy("%(count)d dijeda"),
    "resume": gettext_lazy("%(count)d berjalan lagi"),
}


@operators
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Do one act to each of the stories picked, and tell of each what became of it."""
    act = request.POST.get("aksi", "")
    value: Any = request.POST.get(VALUES.get(act, ""), "").strip()
    if act == "sites":
        value = request.POST.getlist("situs")
    back = _back(request)
    try:
        outcome = bulk.do(act, _picked(request), request.user, value)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect(back)
    request.session["queue_outcome"] = _told(outcome)
    return redirect(back)


@operators
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clock of a story stand still."""
    found = story_for(request, pk)
    try:
        clocks.pause(found, request.user, request.POST.get("jeda", ""))
        messages.success(request, _("Jam dijeda. Waktu jeda tidak dihitung."))
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("story", pk=pk)


@operators
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clock of a story run on."""
    found = story_for(request, pk)
    try:
        clocks.resume(found, request.user)
        messages.success(request, _("Jam berjalan lagi."))
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("story", pk=pk)


@fragment
@require_POST
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a story's page is open, and tell who else has it open."""
    found = story_for(request, pk)
    person: Person = request.user
    if not person.sees:
        return HttpResponse(status=204)
    now = timezone.now()
    Presence.objects.filter(person=person, at__lte=now - PRESENT_FOR).delete()
    Presence.objects.update_or_create(story=found, person=person, defaults={"at": now})
    others = found.presences.all().now().exclude(person=person).select_related("person")
    words = opened_by([row.person for row in others])
    return render(request, "newsroom/_present.html", {"words": words})


class ViewForm(forms.Form):
    nama = forms.CharField(max_length=60)
    bersama = forms.BooleanField(required=False)
    pembuka = forms.BooleanField(required=False)


@operators
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is seen under a name; a name used before now means this list."""
    person: Person = request.user
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Beri nama tampilan ini, paling panjang 60 huruf."))
        return redirect(_back(request))
    query = _understood(request)
    if len(query) > LONGEST:
        messages.error(request, _("Tampilan ini terlalu panjang untuk disimpan. Kurangi saringannya."))
        return redirect(_back(request))
    name = " ".join(form.cleaned_data["nama"].split())
    if person.saved_views.exclude(name=name).count() >= MOST_VIEWS:
        messages.error(
            request, _("Paling banyak %(most)d tampilan. Hapus yang tidak dipakai.") % {"most": MOST_VIEWS}
        )
        return redirect(_back(request))
    with transaction.atomic():
        if form.cleaned_data["pembuka"]:
            person.saved_views.update(first=False)
        view, _made = SavedView.objects.update_or_create(
            person=person,
            name=name,
            defaults={
                "query": query,
                "shared": form.cleaned_data["bersama"],
                "first": form.cleaned_data["pembuka"],
            },
        )
    messages.success(request, _("Tampilan “%(name)s” disimpan.") % {"name": view})
    return redirect(address_of(view))


@operators
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk)
    if view.person_id != request.user.pk:
        raise PermissionDenied
    view.delete()
    messages.success(request, _("Tampilan “%(name)s” dihapus.") % {"name": view})
    return redirect(f"{reverse('queue')}?{urlencode({'status': names_of_tabs(request.user)[0]})}")


def _picked(request: HttpRequest) -> list[bulk.Picked]:
    found = (re.fullmatch(r"([0-9]{1,18})-([0-9]{0,18})", value) for value in request.POST.getlist("pilih"))
    return [bulk.Picked(int(one[1]), int(one[2]) if one[2] else None) for one in found if one]


def _understood(request: HttpRequest) -> str:
    """Return the list the form was sent from, of which only what a list knows is kept."""
    query = QueryDict(request.POST.get("kembali", "")[:2000])
    tab = query.get("status", "")
    return Filters(query).address(tab if tab in names_of_tabs(request.user) else next(iter(STATES)))


def _back(request: HttpRequest) -> str:
    return f"{reverse('queue')}?{_understood(request)}"


def _told(outcome: bulk.Outcome) -> dict[str, Any]:
    """Say what became of the stories, in what a session can hold."""
    parts = []
    if outcome.done:
        parts.append(str(DONE[outcome.act]) % {"count": len(outcome.done)})
    if skipped := len(outcome.skipped):
        parts.append(ngettext("%(count)d dilewati", "%(count)d dilewati", skipped) % {"count": skipped})
    return {
        "words": ", ".join(parts),
        "skipped": [
            {
                "pk": row.story.pk if row.story else None,
                "headline": str(row.story or ""),
                "reason": row.reason,
            }
            for row in outcome.skipped
        ],
        # What a click took out of the queue, one click brings back.
        "undo": [f"{story.pk}-{story.revision_id}" for story in outcome.done]
        if outcome.act == "spike"
        else [],
    }
