"""A released story's message for WhatsApp."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import prose
from newsroom.models import Story
from newsroom.sharing import message, shareable
from newsroom.views.access import fragment, story_for


@fragment
@require_safe
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the message with the address on another site, or again while no site has the story yet."""
    story = story_for(request, pk)
    found = sharing(story, request.GET.get("situs", ""))
    return render(request, "newsroom/_share.html", {"story": story, **found})


def sharing(story: Story, wanted: str = "") -> dict[str, Any]:
    """Return the message for one of the sites that have the story, and what the others are; empty where none may be shared."""
    places = shareable(story)
    if not places:
        return {}
    site, row = next(((site, row) for site, row in places if site.name == wanted), places[0])
    text = message(story, site, row)
    return {
        "share_sites": [site for site, _row in places],
        "share_site": site,
        "share_text": text,
        "share_link": prose.whatsapp_link(text),
    }
