"""What people do about tasks at a portal: take one up, let it go, tell what was done there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Delivery, Person, State, log

LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class Answer:
    """What a person says they did at the portal, and what their page had shown them when they said it."""

    question: str
    """What was asked; an answer to another question is refused."""
    seen: str
    """When the answer on their page was told, empty when there was none."""
    url: str
    reason: str = ""
    """Why we should take their word for it."""
    never: bool = False
    """The story was never at the portal."""


def question(task: Delivery) -> str:
    return str(task.ledger.get("asked", ""))


def take(task: Delivery, by: Person, *, seen: int | None) -> None:
    """Say that `by` is at it. `seen` is who was at it on their page. Raises ActRefused."""
    _operator(by)
    with transaction.atomic():
        free = Delivery.objects.filter(pk=task.pk, asked=True, taken_by=seen)
        if not free.update(taken_by=by, taken_at=timezone.now()):
            raise ActRefused(_busy(task))
        log("take_task", by=by, story=task.story, version=task.story.version, note=task.site)


def let_go(task: Delivery, by: Person) -> None:
    """Take back that `by` is at it. Raises ActRefused."""
    _operator(by)
    with transaction.atomic():
        if not Delivery.objects.filter(pk=task.pk, taken_by=by).update(taken_by=None, taken_at=None):
            raise ActRefused(_busy(task))
        log("leave_task", by=by, story=task.story, version=task.story.version, note=task.site)


def tell(task: Delivery, by: Person, answer: Answer) -> None:
    """Keep a person's answer for the worker, who looks whether it is so. Raises ActRefused.

    An answer that has been found true may be given anew while the story is live: the address was another's.
    """
    _operator(by)
    with transaction.atomic():
        row = Delivery.objects.select_for_update().select_related("story").get(pk=task.pk)
        again = not row.owed
        _fits(row, answer)
        _acceptable(row, answer)
        now = timezone.now()
        kept = {
            "token": answer.question,
            "url": answer.url,
            "at": now.isoformat(),
            "by": str(by),
            "unread": answer.reason,
            "never": answer.never,
        }
        changes: dict[str, Any] = {"sent_version": row.story.version - 1} if again else {}
        free = Delivery.objects.filter(pk=row.pk, claim=row.claim, sent_version=row.sent_version)
        if not free.update(
            ledger={**row.ledger, "told": kept},
            asked=True,
            attempts=0,
            next_attempt_at=None,
            error="",
            parked=False,
            **changes,
        ):
            raise ActRefused(_("Jawaban lain sedang diperiksa. Tunggu sebentar, lalu muat ulang halaman."))
        note = " · ".join(filter(None, (row.site, answer.url, answer.reason)))
        log(_verb(answer, again), by=by, story=row.story, version=row.story.version, note=note)


def _verb(answer: Answer, again: bool) -> str:
    if answer.never:
        return "never_there"
    if answer.reason:
        return "record_task"
    return "change_address" if again else "tell_task"


def _fits(row: Delivery, answer: Answer) -> None:
    """Raise ActRefused when the answer is to something that is no longer as its giver saw it."""
    now = timezone.now()
    if row.claimed_until and row.claimed_until > now:
        raise ActRefused(_("Jawaban lain sedang diperiksa. Tunggu sebentar, lalu muat ulang halaman."))
    changeable = row.asked if row.owed else row.state == "live"
    if not changeable or not answer.question or answer.question != question(row):
        raise ActRefused(_("Tugas ini sudah berubah sejak halaman Anda dibuka. Baca lagi, lalu kerjakan."))
    known = row.told
    if known.get("at", "") != answer.seen:
        raise ActRefused(
            _("%(who)s baru saja mencatat alamat untuk tugas ini. Periksa dulu hasilnya.")
            % {"who": known.get("by") or "Redaksi"}
        )


def _acceptable(row: Delivery, answer: Answer) -> None:
    retracting = row.story.state == State.RETRACTED
    if answer.never:
        if not retracting or row.remote_id:
            raise ActRefused(_("Berita ini tercatat pernah tayang di sana, jadi perlu ditarik."))
        return
    if answer.reason and not (row.told and row.error):
        raise ActRefused(_("Periksa dulu alamatnya. Bila tidak terbaca, barulah dapat dicatat sendiri."))
    if not answer.url and retracting and row.remote_id:
        return  # the publisher knows where it was
    if not _is_address(answer.url):
        raise ActRefused(_("Tempelkan alamat halamannya, lengkap dengan https://."))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and len(url) <= LONGEST_ADDRESS
        and not any(letter.isspace() or not letter.isprintable() for letter in url)
    )


def _busy(task: Delivery) -> str:
    row = Delivery.objects.select_related("taken_by").get(pk=task.pk)
    if not row.asked:
        return _("Tugas ini sudah selesai atau berubah.")
    if row.taken_by is None:
        return _("Tugas ini sudah dilepas dan belum ada yang mengerjakannya.")
    return _("%(who)s sudah mengerjakan tugas ini.") % {"who": row.taken_by}


def _operator(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


def told_at(task: Delivery) -> datetime | None:
    at = task.told.get("at")
    return datetime.fromisoformat(at) if at else None
