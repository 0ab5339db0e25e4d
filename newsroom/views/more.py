"""The rest: help, contributors, the person's own account, the mailboxes' heartbeat."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.views.access import fragment


@login_required
@require_safe
def more(request: HttpRequest) -> HttpResponse:
    return render(request, "newsroom/more.html", {"section": "more"})


@fragment
@require_safe
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Renew the header's line about the mailboxes."""
    return render(request, "newsroom/_heartbeat.html")
