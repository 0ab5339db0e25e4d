"""How far back taking mail in goes: by the settings, or by a person who has seen how much that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import config
import ingest
from newsroom.mailboxes import ANSWERS, LONG_AGO
from newsroom.models import Mailbox, Sighting

SURVEY_AGAIN = timedelta(hours=6)
"""Age at which a survey nobody has answered is made anew."""


def start_of(mailbox: Mailbox, wanted: config.Mailbox, inbox: ingest.Inbox) -> ingest.Start | None:
    """Return where taking mail in begins; None while a person has not said so. Raises MailboxError."""
    if not isinstance(wanted, config.ImapMailbox):
        return ingest.EVERYTHING
    if mailbox.start_at is None:
        _begin(mailbox, wanted, inbox)
    if mailbox.start_at is None:
        return None
    at = mailbox.start_at if mailbox.start_at > LONG_AGO else None
    survey = mailbox.survey
    return ingest.Start(at, survey.get("uidvalidity", 0), survey.get("uidnext", 0))


def _begin(mailbox: Mailbox, wanted: config.ImapMailbox, inbox: ingest.Inbox) -> None:
    """Begin as the settings say, or count what each answer would bring and leave it to a person."""
    now = timezone.now()
    numbering = {"uidvalidity": inbox.uidvalidity, "uidnext": inbox.uidnext}
    if wanted.since_days is not None:
        days = min(wanted.since_days, (now - LONG_AGO).days)
        mailbox.hold(start_at=now - timedelta(days=days), survey=numbering)
    elif Sighting.objects.filter(mailbox=mailbox.name).exists():
        # Mail was taken in before anybody was asked: it goes on as it began.
        mailbox.hold(start_at=LONG_AGO, survey=numbering)
    elif not _fresh(mailbox.survey, inbox, now):
        found = _counted(mailbox, inbox, now)
        # A person may have answered meanwhile; what was counted then no longer matters.
        Mailbox.objects.filter(pk=mailbox.pk, start_at=None).update(
            survey={"at": now.isoformat(), **numbering, "answers": found}
        )
        mailbox.refresh_from_db()


def _fresh(survey: dict[str, Any], inbox: ingest.Inbox, now: datetime) -> bool:
    if survey.get("uidvalidity") != inbox.uidvalidity or "at" not in survey:
        return False
    return now - datetime.fromisoformat(survey["at"]) < SURVEY_AGAIN


def _counted(mailbox: Mailbox, inbox: ingest.Inbox, now: datetime) -> dict[str, dict[str, int]]:
    """Count mails and bytes for each answer; no mail is fetched for it."""
    found = {answer: {"mails": 0, "bytes": 0} for answer in ANSWERS}
    uids = inbox.uids(())
    for first in range(0, len(uids), 500):
        for glance in inbox.glance(uids[first : first + 500]).values():
            for answer, days in ANSWERS.items():
                since = None if days is None else now - timedelta(days=days)
                if since is None or (glance.arrived_at and glance.arrived_at >= since):
                    found[answer]["mails"] += 1
                    found[answer]["bytes"] += glance.size or 0
        mailbox.hold()
    return found
