"""What people do about mails and about rows that are stuck; every act is a log line."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import contributors
from newsroom.acts import ActRefused
from newsroom.models import (
    Copy,
    CopyPlace,
    Delivery,
    Disposition,
    Lane,
    Letter,
    Package,
    Person,
    Shelf,
    Story,
    Submission,
    log,
    reread_after,
)
from newsroom.waiting import Waiting


def admit(
    submission: Submission, by: Person, *, remember: bool = False, name: str = "", outlet: str = ""
) -> None:
    """Let a held or ignored mail onto the road; with `remember` its sender joins the allow-list.

    `name` and `outlet` are the contributor's; without a name the one in the mail is taken. Raises ActRefused.
    """
    _operator(by)
    with transaction.atomic():
        waiting = Submission.objects.filter(
            pk=submission.pk, disposition__in=(Disposition.HELD, Disposition.IGNORED), story=None
        )
        if not waiting.update(
            disposition=Disposition.UNREAD,
            reason="",
            admitted_by=by,
            attempts=0,
            next_attempt_at=None,
            error="",
            parked=False,
        ):
            raise ActRefused(_("Surel ini sudah ditangani orang lain. Muat ulang halaman."))
        if remember and submission.sender_address:
            contributors.remember(
                submission.sender_address, by, name=name or submission.sender_name[:150], outlet=outlet
            )
        log("admit", by=by, submission=submission)


def set_aside(submission: Submission, by: Person, why: str) -> None:
    """Take a held mail out of sight; it stays in the archive."""
    _operator(by)
    with transaction.atomic():
        waiting = Submission.objects.filter(
            pk=submission.pk, disposition__in=(Disposition.HELD, Disposition.FAILED), story=None
        )
        if not waiting.update(
            disposition=Disposition.IGNORED, reason=why or _("Dikesampingkan oleh editor.")
        ):
            raise ActRefused(_("Surel ini sudah ditangani orang lain. Muat ulang halaman."))
        log("set_aside", by=by, submission=submission, note=why)


def retry(row: Waiting, by: Person) -> None:
    """Make a row that failed due now."""
    _operator(by)
    with transaction.atomic():
        if isinstance(row, Letter):
            # One that came back leaves once more; whoever clicks second finds nothing wrong with it.
            Letter.objects.filter(pk=row.pk).exclude(error="").update(sent_at=None, leaving_at=None)
        row.retry()
        if isinstance(row, Delivery):
            Lane.to(row.site).free()
        if isinstance(row, Submission):
            Submission.objects.filter(pk=row.pk, disposition=Disposition.FAILED).update(
                disposition=Disposition.UNREAD, reason=""
            )
        elif isinstance(row, Package):
            # It stays in front of the editors until it has been re-read and found whole.
            Package.objects.filter(pk=row.pk).exclude(path="").update(checked_at=None)
        elif isinstance(row, Copy):
            # One that was written is read once more; one that was not is tried again.
            long_ago = timezone.now() - 2 * reread_after()
            Copy.objects.filter(pk=row.pk, kept_at__isnull=False).update(checked_at=long_ago)
        elif isinstance(row, CopyPlace):
            CopyPlace.objects.filter(pk=row.pk).update(scanned_at=None)
        elif isinstance(row, Shelf):
            Shelf.objects.filter(pk=row.pk).update(checked_at=None)
        subject: dict[str, object] = {"note": row.site if isinstance(row, Delivery) else str(row)}
        if isinstance(row, Submission):
            subject["submission"] = row
        elif isinstance(row, Delivery | Package | Letter):
            subject["story"] = row.story
        elif isinstance(row, Story):
            subject["story"] = row
        log("retry", by=by, **subject)


def handled(letter: Letter, by: Person) -> None:
    """Take a letter that did not arrive out of sight: somebody has told its receiver otherwise."""
    _operator(by)
    with transaction.atomic():
        # It stays parked, so that it is not sent after all.
        if not Letter.objects.filter(pk=letter.pk).exclude(error="").update(error="", parked=True):
            raise ActRefused(_("Surat ini sudah ditangani orang lain. Muat ulang halaman."))
        log("handled", by=by, story=letter.story, note=str(letter))


def _operator(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
