"""Trying one site now, at a person's wish."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

import config
import publishers
from config import Finding
from newsroom.models import Lane
from newsroom.views.access import operators
from newsroom.views.sites import health_of


@operators
@require_POST
def check_site(request: HttpRequest, name: str) -> HttpResponse:
    """Try the site without changing what readers see; where all is well, what waits for it leaves at once."""
    health = health_of(name)
    findings = _findings(name)
    well = all(finding.ok for finding in findings)
    lane = Lane.to(name)
    if well and lane.error:
        lane.free(tried_at=timezone.now())
    context = {"health": health, "findings": findings, "freed": well and bool(lane.error), "section": "more"}
    page = "_site_check.html" if request.headers.get("HX-Request") else "site_check.html"
    return render(request, f"web/{page}", context)


def _findings(name: str) -> list[Finding]:
    site = next(site for site in settings.REDAKSI.sites if site.name == name)
    try:
        # One of its own: the worker's is the worker's, and knows what this one is to find out.
        return publishers.build(site, settings.REDAKSI.office.zone).check()
    except config.SettingsError as error:
        return [Finding(f"situs {name}", False, str(error))]
