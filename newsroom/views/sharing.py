"""A released story's message for WhatsApp, and who has shared it where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

import prose
from newsroom import sharing as acts
from newsroom.acts import ActRefused
from newsroom.models import Person, Share, Story
from newsroom.sharing import may_note, message, photos_to_share, shareable
from newsroom.templatetags.office import short
from newsroom.views.access import story_for, writers


@require_safe
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the message on a page of its own; to a page's own script the card, with the address on the site it names."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204) if _by_script(request) else redirect_to_login(request.path)
    story = story_for(request, pk)
    template = "newsroom/_share.html" if _by_script(request) else "newsroom/share.html"
    found = sharing(story, request.user, request.GET.get("situs", ""))
    response = render(request, template, {"section": _section(request.user), "story": story, **found})
    response["Cache-Control"] = "no-store"
    return response


@writers
@require_POST
def note_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the story was shared: by a tap on one of the card's buttons, or because somebody says so."""
    story = story_for(request, pk)
    channel = request.POST.get("grup", "")
    try:
        acts.note_share(story, request.user, request.POST.get("cara", ""), channel)
    except ActRefused as error:
        return _answered(request, story, str(error), refused=True)
    return _answered(request, story, _("Dicatat: berita ini sudah dibagikan."))


@writers
@require_POST
def undo_share(request: HttpRequest, pk: int, share_pk: int) -> HttpResponse:
    """Take a wrong mark back."""
    story = story_for(request, pk)
    mark = get_object_or_404(story.shares.select_related("story"), pk=share_pk)
    try:
        acts.undo_share(mark, request.user)
    except ActRefused as error:
        return _answered(request, story, str(error), refused=True)
    return _answered(request, story, _("Tanda sudah dibagikan dihapus."))


def sharing(story: Story, person: Person, wanted: str = "") -> dict[str, Any]:
    """Return the message for one of the sites that have the story, what the others are, and who shared it; empty where none may be shared."""
    places = shareable(story)
    if not places:
        return {}
    site, row = next(((site, row) for site, row in places if site.name == wanted), places[0])
    text = message(story, site, row)
    photos = photos_to_share(story)
    return {
        "share_sites": [site for site, _row in places],
        "share_site": site,
        "share_text": text,
        "share_link": prose.whatsapp_link(text),
        "share_photos": " ".join(reverse("share_photo", args=[story.pk, number]) for number in photos),
        "share_photo_count": len(photos),
        **shares(story, person),
    }


def shares(story: Story, person: Person) -> dict[str, Any]:
    """Return who has shared the story, and whether this person may say that they did."""
    rows = list(story.shares.standing().select_related("by"))
    return {
        "share_rows": [{"share": row, "mine": row.by_id == person.pk} for row in rows],
        "share_words": share_words(rows),
        "share_noted": may_note(person),
    }


def share_words(rows: Sequence[Share]) -> str:
    """Say how often a story was shared and by whom last, the latest being first; empty while nobody did."""
    if not rows:
        return ""
    return ngettext(
        "Dibagikan %(count)d×, terakhir %(time)s oleh %(who)s",
        "Dibagikan %(count)d×, terakhir %(time)s oleh %(who)s",
        len(rows),
    ) % {"count": len(rows), "time": short(rows[0].at), "who": rows[0].by}


def _answered(request: HttpRequest, story: Story, words: str, *, refused: bool = False) -> HttpResponse:
    if _by_script(request):
        context = {"story": story, "share_said": words, "share_refused": refused}
        status = 409 if refused else 200
        return render(
            request, "newsroom/_shares.html", {**context, **shares(story, request.user)}, status=status
        )
    (messages.error if refused else messages.success)(request, words)
    return redirect("share", pk=story.pk)


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _section(person: Person) -> str:
    return "published" if person.sees else "queue"
