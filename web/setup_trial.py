"""The setup's test mail: laid into the mailbox by us or sent by a person, and followed on the screen."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import config
import ingest
from newsroom import heartbeat, trials
from newsroom.models import Mailbox, State
from newsroom.views.access import fragment
from newsroom.workflow import MoveRefused, move
from web.setup_writing import administrators

KEPT = "setup_trial"
"""The session's name for the test mail that is under way."""


@administrators
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """Offer a test mail, or show how far it has come."""
    context = {
        "section": "more",
        "at_setup": True,
        "step": "uji",
        "number": 5,
        "boxes": settings.REDAKSI.mailboxes,
        "under_way": KEPT in request.session,
        **_standing(request),
    }
    return render(request, "web/setup_trial.html", context)


@require_POST
@administrators
def begin(request: HttpRequest) -> HttpResponse:
    """Lay a test mail into the mailbox, or say what to send to it."""
    boxes = settings.REDAKSI.mailboxes
    box = next((one for one in boxes if one.name == request.POST.get("kotak", "")), None)
    if box is None:
        messages.error(request, _("Pilih kotak surelnya."))
        return redirect("setup_trial")
    code, now = trials.draw(), timezone.now()
    kept = {"code": code, "mailbox": box.name, "sha256": "", "at": now.isoformat()}
    if request.POST.get("cara") != "sendiri":
        data = _mail(code, now)
        try:
            ingest.put(box, data)
        except ingest.MailboxError as error:
            messages.error(request, str(error))
            return redirect("setup_trial")
        kept["sha256"] = hashlib.sha256(data).hexdigest()
        Mailbox.objects.filter(name=box.name, parked=False).update(next_attempt_at=None)
    request.session[KEPT] = kept
    return redirect("setup_trial")


@fragment
@administrators
@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """Answer the page's asking how far the test mail has come."""
    if KEPT not in request.session:
        return HttpResponse(status=204)
    return render(request, "web/_setup_journey.html", _standing(request))


@require_POST
@administrators
def drop(request: HttpRequest) -> HttpResponse:
    """Reject the test story, and begin anew."""
    story = _standing(request).get("story")
    if story is not None and story.state == State.QUEUED:
        try:
            move(story, "spike", request.user, note=_("Surel uji dari penyiapan"))
        except MoveRefused as error:
            messages.error(request, str(error))
            return redirect("setup_trial")
        messages.success(request, _("Berita uji ditolak. Ia tidak pernah ditayangkan."))
    request.session.pop(KEPT, None)
    return redirect("setup_trial")


def _standing(request: HttpRequest) -> dict[str, Any]:
    kept = request.session.get(KEPT)
    if not kept:
        return {}
    since = datetime.fromisoformat(kept["at"])
    found = trials.journey(kept["code"], kept["sha256"], kept["mailbox"], since)
    box = next((one for one in settings.REDAKSI.mailboxes if one.name == kept["mailbox"]), None)
    return {
        "journey": found,
        "story": found.mail.story if found.mail else None,
        "kept": kept,
        "address": _address(box),
        "trouble": "" if found.over else _trouble(kept["mailbox"], box),
    }


def _trouble(name: str, box: config.Mailbox | None) -> str:
    """Say what stands in the way of a mail that does not come."""
    row = Mailbox.objects.filter(name=name).first()
    if box is None:
        return _("Kotak surel ini tidak ada lagi di pengaturan.")
    if not heartbeat.worker_runs():
        return _("Pekerja Redaksi tidak berjalan, jadi surel belum diambil. Jalankan `manage.py run`.")
    if row is not None and row.error:
        return str(row.error)
    if row is not None and row.start_at is None and row.survey:
        return _("Pilih dahulu di halaman Kotak surel, mulai kapan surelnya diambil.")
    return ""


def _address(box: config.Mailbox | None) -> str:
    if isinstance(box, config.ImapMailbox) and "@" in box.user:
        return box.user
    return settings.REDAKSI.office.address or ""


def _mail(code: str, at: datetime) -> bytes:
    """Write the test mail: a few lines that say what they are."""
    sender = parseaddr(settings.REDAKSI.outgoing.sender)[1] or "redaksi@localhost"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Redaksi <{sender}>"
    mail["To"] = f"Redaksi <{sender}>"
    mail["Subject"] = f"Surel uji {code}"
    mail["Date"] = format_datetime(timezone.localtime(at))
    mail["Message-ID"] = make_msgid(domain="redaksi.invalid")
    mail.set_content(
        _(
            "Surel ini ditaruh oleh penyiapan Redaksi untuk memastikan bahwa surel yang masuk sampai ke antrean.\n\n"
            "Isinya bukan berita dan tidak pernah ditayangkan. Tolak bila sudah selesai dilihat.\n"
        )
    )
    return bytes(mail)
