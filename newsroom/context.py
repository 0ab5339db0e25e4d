"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from newsroom.models import Delivery, Letter, Mailbox, Package, State, Story, Submission


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the office, the mailboxes' heartbeat and the counts of the rail."""
    context: dict[str, Any] = {"office": settings.REDAKSI.office}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return context
    stories = Story.objects.all().visible_to(person)
    context["queue_count"] = stories.filter(state=State.QUEUED).count()
    if person.operates:
        context["attention_count"] = attention_count()
        names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
        context["mailboxes"] = Mailbox.objects.filter(name__in=names).order_by("name")
    return context


def attention_count() -> int:
    """Count everything that is held, failed or waits for a person."""
    return (
        Submission.objects.all().attention().count()
        + Delivery.objects.all().attention().count()
        + Package.objects.all().attention().count()
        + Letter.objects.all().attention().count()
    )
