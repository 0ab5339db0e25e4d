"""Approval by phone: a link for one person, one step and one sealed text, answered once without signing in.

Opening a link changes nothing, however often and by whomever: programs that show previews of links open it too.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from newsroom import passes, personal
from newsroom.acts import ActRefused
from newsroom.approval import Signature, current, has_pin, seat, withdraw_links
from newsroom.models import (
    Approval,
    ApprovalLink,
    ApprovalPin,
    Letter,
    LogEntry,
    Person,
    Revision,
    State,
    Story,
    log,
)
from newsroom.models.approval import MOST_WRONG_PINS, ended_since
from newsroom.photos import barred_as_sealed
from newsroom.templatetags.office import moment
from newsroom.workflow import move
from prose.personal import hide

BY_PHONE = ("approve", "ask_changes", "refuse")
"""The moves a link can make."""


class LinkGone(ActRefused):
    """The link is good for nothing any more. The text says why and what to do."""


class WrongPin(ActRefused):
    """The PIN was not right. The text says how many tries are left."""


@dataclass(frozen=True)
class Sent:
    link: ApprovalLink
    message: str = ""
    """For WhatsApp: headline and link."""
    address: str = ""
    """For WhatsApp: opens it with the message written."""


def send(story: Story, person: Person, way: str, by: Person, now: datetime) -> Sent:
    """Make a link for the step whose turn it is; links this person had before are void. Raises ActRefused."""
    step = _sendable(story, person, way, by)
    token, nonce = secrets.token_urlsafe(32), ""
    if way == ApprovalLink.Way.MAIL:
        nonce = secrets.token_hex(32)
        token = _drawn(nonce)
    link = ApprovalLink(
        approval=step,
        person=person,
        way=way,
        nonce=nonce,
        token_sha256=_sha256(token),
        by=by,
        made_at=now,
        expires_at=now + timedelta(hours=settings.REDAKSI.approval.hours),
    )
    with transaction.atomic():
        if current(Story.objects.select_for_update().get(pk=story.pk)) != step:
            raise ActRefused(_("Berita ini baru saja diputuskan orang lain. Muat ulang halaman."))
        withdraw_links([step], now, person)
        with translation.override("id"):  # a letter and a log are in the office's own words
            if way == ApprovalLink.Way.MAIL:
                link.letter = _letter(link)
            note = f"{person}, lewat {link.get_way_display()}"
        link.save()
        log("approval_link", by=by, story=story, person=person, version=story.version, note=note)
    if way == ApprovalLink.Way.MAIL:
        return Sent(link)
    with translation.override("id"):
        message = MESSAGE.format(link=_address(token), **_words(link))
    return Sent(link, message, f"https://wa.me/{person.phone}?text={quote(message, safe='')}")


def _sendable(story: Story, person: Person, way: str, by: Person) -> Approval:
    """Return the step a link may be sent for. Raises ActRefused."""
    step = current(story)
    if not by.edits:
        raise ActRefused(_("Hanya editor yang dapat mengirim tautan persetujuan."))
    if step is None:
        raise ActRefused(_("Berita ini tidak sedang menunggu persetujuan. Muat ulang halaman."))
    if seat(person, step.role) is None or person.pk in story.written_by:
        raise ActRefused(_("%(who)s tidak dapat menjawab tahap ini sekarang.") % {"who": person})
    if way not in ApprovalLink.Way.values:
        raise ActRefused(_("Pilih surel atau WhatsApp."))
    if way == ApprovalLink.Way.MAIL and not person.email:
        raise ActRefused(_("%(who)s belum punya alamat surel pada profilnya.") % {"who": person})
    if way == ApprovalLink.Way.WHATSAPP and not person.phone:
        raise ActRefused(_("%(who)s belum punya nomor WhatsApp pada profilnya.") % {"who": person})
    if settings.REDAKSI.approval.pin and not has_pin(person):
        raise ActRefused(
            _("%(who)s belum membuat PIN. Mintalah membuatnya di halaman “Perlu disetujui”.")
            % {"who": person}
        )
    if reason := hidden(step):
        raise ActRefused(reason)
    return step


def withdraw(story: Story, by: Person, now: datetime) -> int:
    """Withdraw every open link of a story; how many there were. Raises ActRefused."""
    if not by.edits:
        raise ActRefused(_("Hanya editor yang dapat menarik tautan persetujuan."))
    with transaction.atomic():
        count = withdraw_links(Approval.objects.filter(story=story), now)
        if count:
            log("approval_withdraw", by=by, story=story, version=story.version, note=f"{count} tautan")
    return count


def found(token: str) -> ApprovalLink | None:
    """Return the link a token belongs to, whether it is still good or not."""
    rows = ApprovalLink.objects.select_related(
        *("person", "by", "approval__story__contributor", "approval__revision", "approval__by")
    )
    row: ApprovalLink | None = rows.filter(token_sha256=_sha256(token)).first()
    return row


def gone(link: ApprovalLink, now: datetime) -> str:
    """Say why the link is good for nothing any more; empty while it is good."""
    step, story = link.approval, link.approval.story
    if link.used_at:
        return _("Tautan ini sudah dipakai pada %(when)s.") % {"when": moment(link.used_at)}
    if link.wrong_pins >= MOST_WRONG_PINS:
        return _("PIN salah lima kali, jadi tautan ini ditutup. Minta tautan baru.")
    if reason := _overtaken(step, story):
        return reason
    if link.withdrawn_at:
        return _("Tautan ini sudah diganti atau ditarik. Pakai tautan yang terbaru.")
    if link.expires_at <= now:
        return _("Waktu tautan ini sudah lewat. Minta tautan baru.")
    if seat(link.person, step.role) is None or ended_since(link):
        return _("%(who)s tidak lagi memegang jabatan ini, jadi tautannya tidak berlaku.") % {
            "who": link.person
        }
    return ""


def _overtaken(step: Approval, story: Story) -> str:
    """Say what became of the step or its text since the link was made; empty when nothing did."""
    if step.answer not in (Approval.Answer.OPEN, Approval.Answer.VOID):
        return _("Tahap ini sudah dijawab oleh %(who)s pada %(when)s: %(what)s.") % {
            "who": step.by,
            "when": moment(step.answered_at),
            "what": Approval.Answer(step.answer).label.lower(),
        }
    if story.state == State.SPIKED:
        return _("Berita ini sudah ditolak editor, jadi tidak perlu disetujui lagi.")
    if story.revision_id == step.revision_id and story.state == State.VERIFIED:
        return ""
    if _differs(step.revision, story):
        return _("Teks berubah sejak tautan dikirim. Minta tautan baru.")
    return _("Editor membuka kembali berita ini sejak tautan dikirim. Minta tautan baru.")


def _differs(sealed: Revision, story: Story) -> bool:
    latest = story.revision
    if latest is None or latest.photos != sealed.photos:
        return True
    return any(getattr(latest, name) != getattr(sealed, name) for name in Revision.TEXT)


def hidden(step: Approval) -> str:
    """Say why a step's text must not be shown to whoever holds a link; empty when it may."""
    if personal.objection(step.story):
        return _(
            "Berita ini memuat data pribadi yang belum ditangani, jadi isinya tidak ditampilkan lewat tautan. "
            "Baca dan putuskan setelah masuk ke Redaksi, atau minta editor memeriksanya lagi."
        )
    return ""


def photos_of(step: Approval) -> Sequence[dict[str, Any]]:
    """Return the photos of the sealed text that may be shown, each with its `number` in it."""
    bars = barred_as_sealed(step.story, step.revision.photos)
    return [
        {**photo, "number": number}
        for number, photo in enumerate(step.revision.photos, start=1)
        if photo["sha256"] not in bars
    ]


def asks_pin(link: ApprovalLink) -> bool:
    return settings.REDAKSI.approval.pin or has_pin(link.person)


def answer(token: str, verb: str, *, note: str, pin: str, where: str, now: datetime) -> LogEntry:
    """Answer a step by its link: use the link up and make the move, both or neither.

    Raises LinkGone, WrongPin, ActRefused, MoveRefused.
    """
    link = found(token)
    if link is None or verb not in BY_PHONE:
        raise LinkGone(_("Tautan ini tidak dikenal. Minta tautan baru."))
    if reason := gone(link, now):
        raise LinkGone(reason)
    if reason := hidden(link.approval):
        raise ActRefused(reason)
    asked = asks_pin(link)
    if asked:
        _check_pin(link, pin, now, where)
    with transaction.atomic():
        story = Story.objects.select_for_update().get(pk=link.approval.story_id)
        link = found(token) or link  # as it is now that the story stands still
        if reason := gone(link, now):
            raise LinkGone(reason)
        open_links = ApprovalLink.objects.filter(pk=link.pk, used_at=None, withdrawn_at=None)
        if not open_links.update(used_at=now):
            raise LinkGone(_("Tautan ini baru saja dipakai."))
        with translation.override("id"):
            way = link.get_way_display()
        road = f"Tautan {way} dari {link.by}, {'dengan' if asked else 'tanpa'} PIN; {where}"
        return move(story, verb, link.person, note, Signature(link.approval_id, road))


def _check_pin(link: ApprovalLink, pin: str, now: datetime, where: str) -> None:
    """Compare the PIN; each try is counted before it is looked at, so that many at once gain nothing."""
    tries = ApprovalLink.objects.filter(pk=link.pk, used_at=None, wrong_pins__lt=MOST_WRONG_PINS)
    if not tries.update(wrong_pins=F("wrong_pins") + 1):
        raise LinkGone(_("PIN salah lima kali, jadi tautan ini ditutup. Minta tautan baru."))
    kept = ApprovalPin.objects.filter(person=link.person).values_list("pin", flat=True).first()
    if kept and check_password(pin.strip(), kept):
        ApprovalLink.objects.filter(pk=link.pk).update(wrong_pins=F("wrong_pins") - 1)
        return
    link.refresh_from_db(fields=["wrong_pins"])
    story = link.approval.story
    log("approval_pin_wrong", story=story, person=link.person, version=story.version, note=where)
    left = MOST_WRONG_PINS - link.wrong_pins
    if left <= 0:
        raise LinkGone(_("PIN salah lima kali, jadi tautan ini ditutup. Minta tautan baru."))
    raise WrongPin(_("PIN tidak cocok. Sisa %(left)d kali mencoba.") % {"left": left})


def set_pin(person: Person, pin: str, again: str, now: datetime) -> None:
    """Keep the PIN a person has chosen, by its hash. Raises ActRefused."""
    pin = pin.strip()
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12):
        raise ActRefused(_("PIN terdiri atas 6 sampai 12 angka."))
    if len(set(pin)) == 1 or pin in "01234567890123456789" or pin in "98765432109876543210":
        raise ActRefused(_("PIN itu terlalu mudah ditebak. Pilih angka lain."))
    if pin != again.strip():
        raise ActRefused(_("Kedua PIN tidak sama. Tulis sekali lagi."))
    with transaction.atomic():
        ApprovalPin.objects.update_or_create(
            person=person, defaults={"pin": make_password(pin), "set_at": now}
        )
        log("approval_pin", by=person, person=person)


LETTER = (
    "Yth. {name},\n\nBerita berikut menunggu persetujuan Anda sebagai {title}:\n\n{headline}\n\n"
    "Baca dan putuskan lewat tautan ini:\n\n{link}\n\n"
    "Tautan ini untuk Anda saja, berlaku sekali pakai, sampai {until}. Jangan diteruskan.\n\nSalam,\n{office}\n"
)
MESSAGE = (
    "{office}: mohon persetujuan {name} ({title}) atas berita\n\n{headline}\n\n{link}\n\n"
    "Untuk Anda saja, sekali pakai, sampai {until}."
)


def _letter(link: ApprovalLink) -> Letter:
    host = urlsplit(settings.REDAKSI.web.public_url).hostname or "redaksi.invalid"
    return Letter.objects.create(
        kind=Letter.Kind.APPROVAL,
        to=link.person.email,
        subject=hide(f"Mohon persetujuan: {link.approval.revision.headline}"),
        body=LETTER.format(link=passes.PLACE, **_words(link)),
        message_id=f"<{uuid.uuid4().hex}@{host}>",
    )


def whole(letter: Letter) -> str:
    """Return a letter's text as it leaves, its link put in where it has one."""
    if letter.kind != Letter.Kind.APPROVAL:
        return passes.whole(letter)
    link = letter.approval_links.first()
    good = link is not None and link.used_at is None and link.withdrawn_at is None
    return letter.body.replace(passes.PLACE, _address(_drawn(link.nonce)) if good else passes.GONE)


def _words(link: ApprovalLink) -> dict[str, str]:
    taken = seat(link.person, link.approval.role)
    return {
        "name": link.person.titled_name,
        "title": taken.title if taken else "",
        "headline": hide(link.approval.revision.headline),
        "until": moment(link.expires_at),
        "office": settings.REDAKSI.office.name,
    }


def _address(token: str) -> str:
    return settings.REDAKSI.web.public_url + reverse("approve_by_link", args=[token])


def _drawn(nonce: str) -> str:
    return salted_hmac("newsroom.approval", nonce, algorithm="sha256").hexdigest()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
