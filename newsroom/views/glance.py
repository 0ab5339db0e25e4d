"""A story read at a glance, beside the queue on very wide screens: is this the one I open next?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import prose
from newsroom.findings import look_over
from newsroom.models import State
from newsroom.personal import barring
from newsroom.views.access import fragment, story_for
from newsroom.views.clock import clock_for

PARAGRAPHS, PHOTOS, FINDINGS = 3, 6, 6
"""What is shown of each; the rest stands on the story's page."""


@fragment
@require_safe
def glance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the story's headline, lead, photos, findings and clock; nothing can be changed here."""
    story = story_for(request, pk)
    photos = [photo for photo in story.photos.all() if photo.readable and not photo.left_out]
    open_to_change = story.state in (State.QUEUED, State.RETURNED)
    findings = look_over(story) if open_to_change else []
    paragraphs = prose.paragraphs(story.body)
    context = {
        "story": story,
        "clock": clock_for(story, request.user, timezone.now()),
        "mail": story.submissions.exclude(trust="").defer("source_text", "segments").order_by("id").first(),
        "paragraphs": paragraphs[:PARAGRAPHS],
        "more_text": len(paragraphs) > PARAGRAPHS,
        "photos": photos[:PHOTOS],
        "photo_count": len(photos),
        "findings": findings[:FINDINGS],
        "findings_left": len(findings) - FINDINGS,
        "personal": barring(story) if open_to_change else [],
        "decides": request.user.edits and story.state == State.QUEUED,
        "open_to_change": open_to_change,
    }
    return render(request, "newsroom/_glance.html", context)
