"""The guide for contributors, made from the settings: to read, to print, to send as a link."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

import config


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show the guide to everybody; it holds nothing that is not meant for contributors."""
    redaksi: config.Settings = settings.REDAKSI
    context = {
        "section": "guide",
        "address": office_address(redaksi),
        "largest_mail": redaksi.office.largest_mail_mb,
        "uploads": redaksi.uploads,
        "form": redaksi.web.public_url + reverse("upload"),
        "guide": redaksi.web.public_url + reverse("guide"),
    }
    response = render(request, "newsroom/guide.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def office_address(redaksi: config.Settings) -> str:
    """Return the address contributors write to; empty when the settings name none."""
    users = (mailbox.user for mailbox in redaksi.mailboxes if mailbox.kind == "imap")
    return redaksi.office.address or next((user for user in users if "@" in user), "")
