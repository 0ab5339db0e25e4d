"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom import heartbeat
from newsroom.models import (
    Collage,
    Delivery,
    Disposition,
    Letter,
    Mailbox,
    Notice,
    Package,
    Photo,
    Proposal,
    Shelf,
    Sighting,
    State,
    Story,
    Submission,
    Upload,
)
from newsroom.photos import LOOKED_AFTER


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
        context["heartbeat"] = heartbeat.header()
    return context


def stuck() -> dict[str, QuerySet[Any]]:
    """Return everything that is held, failed or waits for a person, by its cause."""
    names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
    mails = Submission.objects.all().attention()
    return {
        "held": mails.filter(disposition=Disposition.HELD),
        "failed": mails.exclude(disposition=Disposition.HELD),
        # Those of a queued story are told in its row; a rejected one tells them on its page.
        "proposals": Proposal.objects.filter(answer=Proposal.Answer.OPEN).exclude(
            story__state__in=(State.QUEUED, State.SPIKED)
        ),
        "exposed": Photo.objects.exclude(exposed="").filter(story__state__in=LOOKED_AFTER),
        "drawn": Photo.objects.exclude(exposed="").exclude(story__state__in=LOOKED_AFTER),
        "deliveries": Delivery.objects.all().attention(),
        "mailboxes": Mailbox.objects.filter(name__in=names).stuck(),
        "undecided": Mailbox.objects.filter(name__in=names).undecided(),
        "unfetched": Sighting.objects.filter(mailbox__in=names).attention(),
        "unmoved": Mailbox.objects.filter(name__in=names).unmoved(),
        "stories": Story.objects.filter(state=State.VERIFIED).stuck(),
        "packages": Package.objects.all().attention(),
        "shelves": Shelf.objects.all().stuck(),
        "uploads": Upload.objects.all().attention(),
        "letters": Letter.objects.all().attention(),
        "notices": Notice.objects.filter(sent_at=None).stuck(),
        "collages": Collage.objects.filter(story=None).stuck(),
    }


def attention_count() -> int:
    """Count everything that is held, failed or waits for a person."""
    return sum(rows.count() for rows in stuck().values())
