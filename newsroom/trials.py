"""The setup's test mail: known by a code in its subject that only we can have drawn, and never published."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from newsroom.models import Disposition, Sighting, Submission

LASTS = timedelta(hours=24)
"""How long a code is good for."""
_CODE = re.compile(r"\bUJI-([A-Z2-7]{9})-([A-Z2-7]{8})\b")


def draw() -> str:
    """Return a new code for the subject of a test mail."""
    minutes = int(timezone.now().timestamp()) // 60
    told = _written(minutes.to_bytes(4, "big") + secrets.token_bytes(1))[:8]
    told += secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return f"UJI-{told}-{_seal(told)}"


def code_in(subject: str) -> str:
    """Return the code of ours in a subject while it is good and no test mail has come by it; else nothing."""
    found = _CODE.search(subject)
    if not found or not constant_time_compare(found[2], _seal(found[1])):
        return ""
    minutes = int.from_bytes(base64.b32decode(found[1][:8])[:4], "big")
    drawn = datetime.fromtimestamp(minutes * 60, tz=timezone.get_default_timezone())
    if timezone.now() - drawn > LASTS:
        return ""
    come = Submission.objects.filter(kept_at__gte=drawn, subject__contains=found[0])
    return "" if come.filter(disposition=Disposition.ACCEPTED).exists() else found[0]


def _seal(told: str) -> str:
    return _written(salted_hmac("newsroom.trial", told, algorithm="sha256").digest())[:8]


def _written(data: bytes) -> str:
    return base64.b32encode(data).decode()


@dataclass(frozen=True)
class Stop:
    """One step a test mail takes."""

    words: str
    at: datetime | None
    """None: not there yet."""


@dataclass(frozen=True)
class Journey:
    stops: list[Stop]
    mail: Submission | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens by itself."""
        return bool(self.mail and self.mail.disposition)


def journey(code: str, sha256: str, mailbox: str, since: datetime) -> Journey:
    """Return how far the test mail with this code has come; `sha256` of its bytes where we know them."""
    mails = Submission.objects.filter(kept_at__gte=since).select_related("story")
    mine = mails.filter(sha256=sha256) if sha256 else mails.filter(subject__contains=code)
    mail = mine.order_by("-id").first()
    seen = Sighting.objects.filter(mailbox=mailbox, seen_at__gte=since)
    seen = mail.sightings.all() if mail else seen.unfetched() if sha256 else seen.none()
    sighting = seen.order_by("-id").first()
    deed = mail.log.order_by("id").first() if mail and mail.disposition else None
    story = mail.story if mail else None
    queued = story.log.filter(verb="queue").first() if story else None
    return Journey(
        [
            Stop(_("diterima"), sighting.seen_at if sighting else mail.kept_at if mail else None),
            Stop(_("disimpan"), mail.kept_at if mail else None),
            Stop(_("dibaca"), deed.at if deed else None),
            Stop(_("masuk antrean"), queued.at if queued else None),
        ],
        mail,
    )
