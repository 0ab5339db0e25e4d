"""The look ahead of a correction or a take-down: what readers will see, beside the button that confirms it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from newsroom import personal
from newsroom.announcing import ANNOUNCED, announcements
from newsroom.forms import Paper, lay_out
from newsroom.models import Revision
from newsroom.views.access import story_for, writers
from newsroom.views.story import show
from newsroom.workflow import why_not


@writers
@require_POST
def announce(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Show what readers will see of the move as it is being written; without script, on the story's page."""
    if verb not in ANNOUNCED:
        raise Http404
    story = story_for(request, pk)
    paper = lay_out(story, request.user, request.POST)
    note = request.POST.get(f"note_{verb}", "")[:4000]
    if reason := why_not(story, verb, request.user):
        if "HX-Request" not in request.headers:
            return show(request, paper, refusal=reason, notes={verb: note}, status=403)
        return HttpResponse(status=403)
    found = _ahead(paper, verb, note)
    if "HX-Request" in request.headers:
        return render(request, "newsroom/_announced.html", {"story": story, "ahead": found})
    return show(request, paper, notes={verb: note}, open_verb=verb, ahead=found)


def _ahead(paper: Paper, verb: str, note: str) -> dict[str, Any]:
    paper.form.is_valid()
    words = {name: paper.form.cleaned_data[name] for name in Revision.TEXT if name in paper.form.cleaned_data}
    shown = announcements(paper.story, verb, note, timezone.now(), words)
    return {
        "objection": personal.objection_to_note(note),
        "sites": [
            {"one": one, "html": mark_safe(one.html)}  # noqa: S308 - nh3 has the last word in prose.to_html
            for one in shown
        ],
    }
