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
from newsroom.waiting import LEASE
from pipeline.backoff import BACKOFF, backoff
from pipeline.lines import opened
from pipeline.starts import start_of
from pipeline.stores import need_room, originals

logger = logging.getLogger(__name__)

AT_ONCE = 100
"""Mails taken in by one look; when more wait, the next look follows at once and sees what is new by then."""
BACKLOG = 50
"""From so many mails on, the newest come first: today's news does not wait behind last year's."""
LISTED_AT_ONCE = 500
GIVE_UP = len(BACKOFF)
"""Attempts at fetching one mail before a person must look; the nightly comparison tries it once more."""
RECONCILE_AFTER = timedelta(days=1)
RENEW_EVERY = timedelta(seconds=5)
"""A claim is renewed no oftener: each renewal is a flush of the disk."""
SETTLED_AT_ONCE = 200
SETTLE_FAULTS = 3
"""Failures at marking or moving after which the server is left alone until the next look."""
SETTLE_WAIT, SETTLE_LONGEST = timedelta(minutes=5), timedelta(hours=6)


def receive(mailbox: Mailbox) -> None:
    """Take the new mails of a mailbox in, one at a time. Each is in the ledger before it is fetched."""
    wanted = next((box for box in settings.REDAKSI.mailboxes if box.name == mailbox.name), None)
    if wanted is None:
        return  # taken out of the settings this very moment
    new = 0
    with opened(wanted) as inbox:
        start = start_of(mailbox, wanted, inbox)
        if start is not None:
            _list(inbox, mailbox, start)
            new = _take_in(inbox, mailbox, wanted.largest_mb)
            _settle(inbox, wanted, mailbox)
        waiting = _of(mailbox, inbox).waiting().exists()
    now = timezone.now()
    mailbox.done(checked_at=now, new=new)
    again = now if waiting else now + timedelta(seconds=wanted.every)
    Mailbox.objects.filter(pk=mailbox.pk).update(next_attempt_at=again)


def _of(mailbox: Mailbox, inbox: ingest.Inbox) -> Any:
    """Return the ledger of the mailbox as the server numbers it now."""
    return Sighting.objects.filter(mailbox=mailbox.name, uidvalidity=inbox.uidvalidity)


def _list(inbox: ingest.Inbox, mailbox: Mailbox, start: ingest.Start) -> None:
    """Write what is new into the ledger; once a day the server's whole list is compared with it."""
    now = timezone.now()
    whole = mailbox.reconciled_at is None or now - mailbox.reconciled_at >= RECONCILE_AFTER
    ledger = _of(mailbox, inbox)
    _forget_other_numbers(inbox, mailbox)
    _rename_reused(inbox, ledger, whole)
    fresh = inbox.uids(set(ledger.values_list("uid", flat=True)), start, whole=whole)
    for first in range(0, len(fresh), LISTED_AT_ONCE):
        part = fresh[first : first + LISTED_AT_ONCE]
        glances = inbox.glance(part)
        rows = [
            Sighting(
                mailbox=mailbox.name,
                uidvalidity=inbox.uidvalidity,
                uid=uid,
                size=glances[uid].size if uid in glances else None,
                arrived_at=glances[uid].arrived_at if uid in glances else None,
            )
            for uid in part
        ]
        Sighting.objects.bulk_create(rows, ignore_conflicts=True)
        _renew(mailbox)
    if whole:
        ledger.unfetched().filter(parked=True, attempts__gt=0).update(parked=False, next_attempt_at=None)
        mailbox.hold(reconciled_at=now)


def _forget_other_numbers(inbox: ingest.Inbox, mailbox: Mailbox) -> None:
    """Drop what was to be fetched or moved in a folder that has been made anew: it is listed afresh."""
    others = Sighting.objects.filter(mailbox=mailbox.name).exclude(uidvalidity=inbox.uidvalidity)
    others.unfetched().delete()
    others.unmoved().update(settle_attempts=0, settle_error="")


def _rename_reused(inbox: ingest.Inbox, ledger: Any, whole: bool) -> None:
    """Take a UID off its old row where the server has given it to another mail, so that this one is new."""
    kept = ledger.exclude(submission=None).exclude(uid__contains="~").order_by("-id")
    rows = kept.values_list("uid", "size", "arrived_at")
    # A server that reuses a number reuses the last one; the others are compared once a day.
    known = {uid: ingest.Glance(size, arrived_at) for uid, size, arrived_at in (rows if whole else rows[:1])}
    for uid in inbox.reused(known):
        row = ledger.get(uid=uid)
        ledger.filter(pk=row.pk).update(uid=f"{uid}~{row.pk}", settled=True)


def _take_in(inbox: ingest.Inbox, mailbox: Mailbox, largest_mb: int) -> int:
    """Fetch and keep what waits, and return how much of it was new; one that fails stops no other."""
    waiting = _of(mailbox, inbox).waiting()
    order = "-id" if waiting.count() > BACKLOG else "id"
    new = 0
    for sighting in list(waiting.order_by(order)[:AT_ONCE]):
        if (sighting.size or 0) > largest_mb * 1_000_000 and not sighting.wanted:
            _set_aside(inbox, sighting, largest_mb)
        else:
            new += _take(inbox, sighting)
        _renew(mailbox)
    return new


def _take(inbox: ingest.Inbox, sighting: Sighting) -> bool:
    """Fetch and keep one mail; say whether its bytes are new to us."""
    need_room(sighting.size or 0)
    try:
        raw = inbox.fetch(sighting.uid, sighting.size)
    except ingest.MailboxError as error:
        _stumble(inbox, sighting, error)
        return False
    if raw is None:
        sighting.delete()  # gone before it could be fetched; should it come back, it is new
        return False
    need_room(len(raw.data))
    originals().keep(raw.data)
    with transaction.atomic():  # one flush for both rows
        submission, is_new = _submission(raw, {})
        Sighting.objects.filter(pk=sighting.pk).update(
            submission=submission, attempts=0, next_attempt_at=None, error="", parked=False
        )
    return is_new


def _set_aside(inbox: ingest.Inbox, sighting: Sighting, largest_mb: int) -> None:
    """Leave a mail that is too large for a person to decide, who is told who wrote what."""
    size = f"{(sighting.size or 0) / 1e6:.0f}"
    sentence = (
        f"Surel ini {size} MB, lebih besar dari batas {largest_mb} MB, jadi belum diambil. "
        "Ambil bila isinya memang diperlukan."
    )
    Sighting.objects.filter(pk=sighting.pk).update(parked=True, error=sentence, **_head(inbox, sighting))


def _stumble(inbox: ingest.Inbox, sighting: Sighting, error: ingest.MailboxError) -> None:
    """Let one mail wait by itself. Raises the error when it is the line that is broken, not the mail."""
    attempts = sighting.attempts + 1
    Sighting.objects.filter(pk=sighting.pk).update(
        attempts=attempts,
        error=str(error),
        next_attempt_at=timezone.now() + backoff(sighting.attempts),
        parked=attempts >= GIVE_UP,
    )
    if not inbox.alive():
        raise error
    if not sighting.subject:
        Sighting.objects.filter(pk=sighting.pk).update(**_head(inbox, sighting))


def _head(inbox: ingest.Inbox, sighting: Sighting) -> dict[str, str]:
    try:
        sender, subject = inbox.head(sighting.uid)
    except ingest.MailboxError as error:
        logger.info("kepala surel %s tidak terbaca: %s", sighting, error)
        return {}
    return {"sender": f"{sender.name} {sender.address}".strip()[:300], "subject": subject[:2000]}


def keep(raw: ingest.RawMessage, evidence: dict[str, Any] | None = None) -> tuple[Submission, bool]:
    """Keep a mail's bytes for good and make its submission; the same bytes twice make one.

    `evidence` is what the door knows of the sender besides the bytes: who had signed in, the envelope.
    """
    need_room(len(raw.data))
    originals().keep(raw.data)
    return _submission(raw, evidence or {})


def _submission(raw: ingest.RawMessage, evidence: dict[str, Any]) -> tuple[Submission, bool]:
    try:
        with transaction.atomic():
            return Submission.objects.get_or_create(
                sha256=raw.sha256,
                defaults={
                    "size": len(raw.data),
                    "mailbox": raw.mailbox,
                    "received_at": raw.received_at or timezone.now(),
                    "evidence": evidence,
                },
            )
    except IntegrityError:
        return Submission.objects.get(sha256=raw.sha256), False


def _settle(inbox: ingest.Inbox, wanted: config.Mailbox, mailbox: Mailbox) -> None:
    """Mark or move what is kept. What fails waits by itself and is tried again; it never holds up mail."""
    if getattr(wanted, "after", "nothing") == "nothing":
        return
    faults = 0
    for sighting in _of(mailbox, inbox).unsettled().order_by("id")[:SETTLED_AT_ONCE]:
        row = Sighting.objects.filter(pk=sighting.pk)
        try:
            inbox.settle(sighting.uid)
        except ingest.MailboxError as error:
            wait = min(SETTLE_WAIT * 2 ** min(sighting.settle_attempts, 10), SETTLE_LONGEST)
            row.update(
                settle_attempts=sighting.settle_attempts + 1,
                settle_error=str(error),
                settle_at=timezone.now() + wait,
            )
            faults += 1
            if faults == SETTLE_FAULTS or not inbox.alive():
                return
        else:
            row.update(settled=True, settle_error="", settle_at=None)
        _renew(mailbox)


def _renew(mailbox: Mailbox) -> None:
    """Hold on to the mailbox: a look at many mails takes longer than a claim lasts."""
    now = timezone.now()
    if mailbox.claimed_until is None or mailbox.claimed_until - now > LEASE - RENEW_EVERY:
        return
    mailbox.hold(checked_at=now)
    mailbox.claimed_until = now + LEASE
    Lane.renew(mailbox.claim)


def sync_mailboxes() -> None:
    """Give every mailbox of the settings its heartbeat row."""
    for mailbox in settings.REDAKSI.mailboxes:
        Mailbox.objects.get_or_create(name=mailbox.name)
