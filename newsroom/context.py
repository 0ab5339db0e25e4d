"""What every page's frame shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from newsroom.models import (
    Collage,
    Delivery,
    Disposition,
    Letter,
    Mailbox,
    Package,
    Shelf,
    State,
    Story,
    Submission,
)

SILENT_AFTER = timedelta(minutes=10)
"""A mailbox nobody has looked into for so long is told of loudly."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the office, the mailboxes' heartbeat and the counts of the rail."""
    context: dict[str, Any] = {"office": settings.REDAKSI.office}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return context
    stories = Story.objects.all().visible_to(person)
    waiting = State.QUEUED if person.operates else State.RETURNED  # what needs this person next
    context["queue_count"] = stories.filter(state=waiting).count()
    if person.operates:
        context["attention_count"] = attention_count()
        context["heartbeat"] = _heartbeat()
    return context


def stuck() -> dict[str, QuerySet[Any]]:
    """Return everything that is held, failed or waits for a person, by its cause."""
    names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
    mails = Submission.objects.all().attention()
    return {
        "held": mails.filter(disposition=Disposition.HELD),
        "failed": mails.exclude(disposition=Disposition.HELD),
        "deliveries": Delivery.objects.all().attention(),
        "mailboxes": Mailbox.objects.filter(name__in=names).stuck(),
        "stories": Story.objects.filter(state=State.VERIFIED).stuck(),
        "packages": Package.objects.all().attention(),
        "shelves": Shelf.objects.all().stuck(),
        "letters": Letter.objects.all().attention(),
        "collages": Collage.objects.filter(story=None).stuck(),
    }


def attention_count() -> int:
    """Count everything that is held, failed or waits for a person."""
    return sum(rows.count() for rows in stuck().values())


def _heartbeat() -> dict[str, Any]:
    """Return when the mailboxes were last looked into: the one that was waited for longest speaks."""
    names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
    mailboxes = list(Mailbox.objects.filter(name__in=names))
    looks = [mailbox.checked_at for mailbox in mailboxes]
    never = None in looks or len(mailboxes) < len(names)
    checked_at = None if never or not looks else min(look for look in looks if look)
    return {
        "none": not names,
        "checked_at": checked_at,
        "wrong": any(mailbox.error for mailbox in mailboxes),
        "silent": checked_at is not None and timezone.now() - checked_at > SILENT_AFTER,
    }
