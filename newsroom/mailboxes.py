"""What people decide about mailboxes: how far back to go, and which mail is fetched in spite of its size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Mailbox, Person, Sighting, log

ANSWERS: dict[str, int | None] = {"now": 0, "7": 7, "30": 30, "all": None}
"""How far back a first look may go, in days; None: to the first mail."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def choose_start(mailbox: Mailbox, answer: str, by: Person | None, *, again: bool = False) -> None:
    """Say how far back to go in a mailbox; the mails are fetched from then on.

    Only the first answer counts, unless `again`. Raises ActRefused.
    """
    _operator(by)
    if answer not in ANSWERS:
        raise ActRefused(_("Pilih salah satu: mulai sekarang, 7 hari, 30 hari, atau semua."))
    days = ANSWERS[answer]
    start_at = LONG_AGO if days is None else timezone.now() - timedelta(days=days)
    with transaction.atomic():
        waiting = Mailbox.objects.filter(pk=mailbox.pk)
        if not again:
            waiting = waiting.filter(start_at=None)
        # What the ledger does not hold is looked for anew, through the whole folder.
        if not waiting.update(start_at=start_at, reconciled_at=None, next_attempt_at=None, parked=False):
            raise ActRefused(
                _("Awal pengambilan kotak surel ini sudah dipilih orang lain. Muat ulang halaman.")
            )
        log("choose_start", by=by, note=f"{mailbox.name}: {answer}")
    mailbox.refresh_from_db()


def fetch_anyway(sighting: Sighting, by: Person) -> None:
    """Have a mail fetched that was left: because of its size, or because it failed again and again."""
    _operator(by)
    with transaction.atomic():
        left = Sighting.objects.filter(pk=sighting.pk).attention()
        if not left.update(wanted=True, parked=False, attempts=0, error="", next_attempt_at=None):
            raise ActRefused(_("Surel ini sudah diambil atau sedang diambil. Muat ulang halaman."))
        Mailbox.objects.filter(name=sighting.mailbox).update(next_attempt_at=None, parked=False)
        log("fetch_anyway", by=by, note=f"{sighting.mailbox}: {sighting}"[:500])


def settle_now(mailbox: Mailbox, by: Person) -> None:
    """Have the mails of a mailbox that could not be marked or moved tried again at once."""
    _operator(by)
    with transaction.atomic():
        Sighting.objects.filter(mailbox=mailbox.name).unmoved().update(settle_at=None)
        Mailbox.objects.filter(pk=mailbox.pk).update(next_attempt_at=None, parked=False)
        log("settle_now", by=by, note=mailbox.name)


def _operator(by: Person | None) -> None:
    if by is not None and not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
