"""The checks' panel on a story's page: what they say, and what is done with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from newsroom import checking
from newsroom.editing import may_edit
from newsroom.models import Story
from newsroom.views.access import fragment, story_for, writers
from newsroom.views.mail import act_on


@fragment
@require_POST
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the words as they are being written; say so when somebody else has saved since the page was opened."""
    story = story_for(request, pk)
    written = {name: str(value) for name, value in request.POST.items()}
    overtaken = request.POST.get("seen", str(story.revision_id or "")) != str(story.revision_id or "")
    context = {
        **checking.panel(story, request.user, written),
        "latest": story.revision if overtaken else None,
    }
    return render(request, "newsroom/_checks.html", context)


@writers
@require_POST
def fix_finding(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Make a fix in the saved text, for browsers whose page does it not itself."""

    def act(story: Story) -> str:
        checking.fix(story, name, request.user, seen=story.revision_id)
        return _("Diperbaiki dan tersimpan.")

    return act_on(request, pk, act)


@writers
@require_POST
def ignore_finding(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Leave a finding alone from now on, in this story."""
    reason = request.POST.get(f"alasan-{name}", "")
    if request.headers.get("HX-Request"):
        story = story_for(request, pk)
        if may_edit(story, request.user):
            checking.ignore(story, name, request.user, reason)
        return findings(request, pk)

    def act(story: Story) -> str:
        checking.ignore(story, name, request.user, reason)
        return _("Diabaikan pada berita ini.")

    return act_on(request, pk, act)


@writers
@require_POST
def heed_findings(request: HttpRequest, pk: int, name: str = "") -> HttpResponse:
    """Tell again of what was ignored in this story, or of one finding."""
    if request.headers.get("HX-Request"):
        story = story_for(request, pk)
        if may_edit(story, request.user):
            checking.heed(story, request.user, name)
        return findings(request, pk)

    def act(story: Story) -> str:
        count = checking.heed(story, request.user, name)
        told = ngettext("%(count)d temuan tampil lagi.", "%(count)d temuan tampil lagi.", count)
        return told % {"count": count}

    return act_on(request, pk, act)
