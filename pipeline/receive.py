"""receive: every new mail's bytes are on disk, under their SHA-256, before anything reads them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

import config
import ingest
from newsroom.models import Lane, Mailbox, Sighting, Submission
from pipeline.stores import need_room, originals

logger = logging.getLogger(__name__)


def receive(mailbox: Mailbox) -> None:
    """Take every new mail of a mailbox in, one at a time."""
    wanted = next(box for box in settings.REDAKSI.mailboxes if box.name == mailbox.name)
    with ingest.open_mailbox(wanted) as inbox:
        seen = Sighting.objects.filter(mailbox=mailbox.name, uidvalidity=inbox.uidvalidity)
        new = _take_in(inbox, inbox.uids(set(seen.values_list("uid", flat=True))), mailbox)
        _settle(inbox, wanted, mailbox)
    now = timezone.now()
    mailbox.done(checked_at=now, new=new)
    Mailbox.objects.filter(pk=mailbox.pk).update(next_attempt_at=now + timedelta(seconds=wanted.every))


def _take_in(inbox: ingest.Inbox, uids: list[str], mailbox: Mailbox) -> int:
    """Keep each mail in turn; one that cannot be fetched stops no other, two in a row are a broken line."""
    new = 0
    fault: ingest.MailboxError | None = None
    stumbled = False
    for uid in uids:
        need_room()
        try:
            raw = inbox.fetch(uid)
        except ingest.MailboxError as error:
            if stumbled:
                raise
            fault, stumbled = fault or error, True
            continue
        stumbled = False
        if raw is not None:
            submission, is_new = keep(raw)
            sight(raw, submission)
            new += is_new
        mailbox.hold()
        Lane.renew(mailbox.claim)
    if fault:
        raise fault
    return new


def keep(raw: ingest.RawMessage, evidence: dict[str, Any] | None = None) -> tuple[Submission, bool]:
    """Keep a mail's bytes for good and make its submission; the same bytes twice make one.

    `evidence` is what the door knows of the sender besides the bytes: who had signed in, the envelope.
    """
    need_room(len(raw.data))
    originals().keep(raw.data)
    try:
        with transaction.atomic():
            return Submission.objects.get_or_create(
                sha256=raw.sha256,
                defaults={
                    "size": len(raw.data),
                    "mailbox": raw.mailbox,
                    "received_at": raw.received_at or timezone.now(),
                    "evidence": evidence or {},
                },
            )
    except IntegrityError:
        return Submission.objects.get(sha256=raw.sha256), False


def sight(raw: ingest.RawMessage, submission: Submission) -> None:
    """Write the ledger: this UID need not be fetched again."""
    Sighting.objects.get_or_create(
        mailbox=raw.mailbox,
        uidvalidity=raw.uidvalidity,
        uid=raw.uid,
        defaults={"submission": submission},
    )


def _settle(inbox: ingest.Inbox, wanted: config.Mailbox, mailbox: Mailbox) -> None:
    """Mark or move what is kept. A failure here is told and tried again, and never blocks the mail itself."""
    if getattr(wanted, "after", "nothing") == "nothing":
        return
    unsettled = Sighting.objects.filter(mailbox=mailbox.name, uidvalidity=inbox.uidvalidity, settled=False)
    for sighting in unsettled.order_by("id"):
        inbox.settle(sighting.uid)
        Sighting.objects.filter(pk=sighting.pk).update(settled=True)


def sync_mailboxes() -> None:
    """Give every mailbox of the settings its heartbeat row."""
    for mailbox in settings.REDAKSI.mailboxes:
        Mailbox.objects.get_or_create(name=mailbox.name)
