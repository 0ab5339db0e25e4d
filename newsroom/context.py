"""What every page's frame shows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.http import HttpRequest

from newsroom import heartbeat, setting_up
from newsroom.approval import mine
from newsroom.models import (
    ASSISTED,
    Collage,
    Copy,
    CopyPlace,
    Delivery,
    Disposition,
    Drift,
    Holding,
    Lane,
    Letter,
    Mailbox,
    Notice,
    Package,
    Photo,
    Proposal,
    Right,
    Role,
    Round,
    Shelf,
    Sight,
    Sighting,
    State,
    Story,
    Submission,
    Upload,
)
from newsroom.photos import LOOKED_AFTER


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the office, the mailboxes' heartbeat and the counts of the rail."""
    context: dict[str, Any] = {"office": settings.REDAKSI.office, "approval_count": None}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        signin = settings.REDAKSI.signin
        return context | {"oidc": signin.oidc, "mails": bool(settings.REDAKSI.outgoing.host)}
    stories = Story.objects.all().visible_to(person)
    waiting = State.QUEUED if person.sees else State.RETURNED  # what needs this person next
    context["queue_count"] = stories.filter(state=waiting).count()
    if settings.REDAKSI.approval.chain and person.may(Right.APPROVE):
        context["approval_count"] = mine(person).count()
    if person.role == Role.ADMIN:
        context["setup"] = setting_up.banner()
    if person.sees:
        context["mention_count"] = person.mentions.filter(read_at=None).count()
        context["attention_count"] = attention_count()
        context["by_hand"] = any(site.kind == ASSISTED for site in settings.REDAKSI.sites)
        context["task_count"] = Delivery.objects.all().tasks().count() if context["by_hand"] else 0
        context["heartbeat"] = heartbeat.header()
    return context


def stuck() -> dict[str, QuerySet[Any]]:
    """Return everything that is held, failed or waits for a person, by its cause."""
    names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
    mails = Submission.objects.all().attention()
    exposed = Photo.objects.exclude(exposed="")
    # Asked of each exposed photo: beginning at the stories would read all that were ever published.
    looked_after = Exists(Story.objects.filter(pk=OuterRef("story_id"), state__in=LOOKED_AFTER))
    return {
        "held": mails.filter(disposition=Disposition.HELD),
        "failed": mails.exclude(disposition=Disposition.HELD),
        # Those of a queued story are told in its row; a rejected one tells them on its page.
        "proposals": Proposal.objects.filter(answer=Proposal.Answer.OPEN).exclude(
            story__state__in=(State.QUEUED, State.SPIKED)
        ),
        "exposed": exposed.filter(looked_after),
        "drawn": exposed.exclude(looked_after),
        "sites": Lane.objects.all().of([site.name for site in settings.REDAKSI.sites]).troubled(),
        "shown_again": Sight.objects.all().open().filter(drift=Drift.SHOWN),
        "drifted": Sight.objects.all().open().exclude(drift=Drift.SHOWN),
        "uncompared": Round.objects.all().refused(),
        "deliveries": Delivery.objects.all().attention(),
        "mailboxes": Mailbox.objects.filter(name__in=names).stuck(),
        "undecided": Mailbox.objects.filter(name__in=names).undecided(),
        "unfetched": Sighting.objects.filter(mailbox__in=names).attention(),
        "unmoved": Mailbox.objects.filter(name__in=names).unmoved(),
        "stories": Story.objects.filter(state=State.VERIFIED).stuck(),
        "overdue": _overdue(),
        "unexplained": Story.objects.all().unexplained(),
        "packages": Package.objects.all().attention(),
        "shelves": Shelf.objects.all().stuck(),
        "copies": Copy.objects.all().stuck(),
        "strangers": CopyPlace.objects.all().stuck(),
        "holdings": Holding.objects.all().changed(),
        "uploads": Upload.objects.all().attention(),
        "letters": Letter.objects.all().attention(),
        "notices": Notice.objects.filter(sent_at=None).stuck(),
        "collages": Collage.objects.all().attention(),
        "collage_drafts": Collage.objects.all().proposals(),
    }


def attention_causes() -> dict[str, int]:
    """Count what is stuck by its cause; causes without any are left out."""
    first, *others = (
        rows.order_by().annotate(cause=Value(name, output_field=CharField())).values_list("cause")
        for name, rows in stuck().items()
    )
    rows, values = first.union(*others, all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cause, COUNT(*) FROM ({rows}) AS stuck GROUP BY cause", values)  # noqa: S608
        return dict(cursor.fetchall())


def _overdue() -> QuerySet[Any]:
    return Story.objects.all().overdue().filter(error="")


def attention_count() -> int:
    """Count everything that is held, failed or waits for a person."""
    mailboxes = tuple(mailbox.name for mailbox in settings.REDAKSI.mailboxes)
    sites = tuple((site.name, site.kind) for site in settings.REDAKSI.sites)
    question, values = counting(connection.vendor, mailboxes, sites)
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return int(cursor.fetchone()[0]) + _overdue().count()


@lru_cache(maxsize=8)
def counting(
    database: str, mailboxes: tuple[str, ...], sites: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[Any, ...]]:
    """Write the counts of everything stuck as one question to this kind of database, for these mailboxes and sites.

    Every page asks it, and writing it takes much longer than asking: it is written once. So nothing in it
    may depend on the moment it is asked, or on other settings than these; what is overdue stays outside.
    """
    lasting = [rows for name, rows in stuck().items() if name != "overdue"]
    first, *others = (rows.order_by().values_list(Value(1)) for rows in lasting)
    rows, values = first.union(*others, all=True).query.sql_with_params()
    return f"SELECT COUNT(*) FROM ({rows}) AS stuck", tuple(values)  # noqa: S608 - the ORM wrote the rows
