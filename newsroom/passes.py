"""Links that make an account or a new password: single use, expiring, known to us by their checksum only."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Contributor, Letter, Pass, Person, Role, log
from newsroom.people import LONGEST, address, end_sessions, leader, may_invite_contributors, tidy
from newsroom.templatetags.office import moment

LASTS = {Pass.Kind.INVITATION: timedelta(days=7), Pass.Kind.RESET: timedelta(hours=24)}
PLACE = "{tautan}"
"""Stands in a letter where the link goes as it leaves; the letter's row never holds the secret."""
GONE = "(tautan ini sudah ditarik)"


def mails() -> bool:
    """Say whether letters leave by themselves; otherwise the link is shown to be passed on."""
    return bool(settings.REDAKSI.outgoing.host)


def invite(by: Person, *, name: object, email: object, role: str, unit: object = "") -> Pass:
    """Invite somebody to an account. Raises ActRefused."""
    leader(by)
    if role not in Role.values:
        raise ActRefused(_("Pilih salah satu peran."))
    return _invited(
        by,
        name=tidy(name, LONGEST["name"]),
        email=address(email),
        role=role,
        unit=tidy(unit, LONGEST["unit"]),
    )


def invite_contributor(by: Person, contributor: Contributor) -> Pass:
    """Invite a contributor of the list to an account of their own. Raises ActRefused."""
    if not may_invite_contributors(by):
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
    if contributor.person_id:
        raise ActRefused(_("Kontributor ini sudah punya akun."))
    if contributor.address.startswith("@") or contributor.blocked:
        raise ActRefused(_("Undangan hanya untuk satu alamat surel yang tidak diblokir."))
    return _invited(
        by,
        name=contributor.name,
        email=contributor.address,
        role=Role.CONTRIBUTOR,
        unit=contributor.outlet,
        contributor=contributor,
    )


def _invited(by: Person, *, name: str, email: str, **fields: Any) -> Pass:
    if not name:
        raise ActRefused(_("Nama wajib diisi; satu kata pun boleh."))
    if not email and mails():
        raise ActRefused(_("Isi alamat surelnya; undangan dikirim ke sana."))
    if email and Person.objects.filter(email__iexact=email, is_active=True).exists():
        raise ActRefused(_("Alamat surel ini sudah dipakai akun lain."))
    with transaction.atomic():
        for old in Pass.objects.filter(
            kind=Pass.Kind.INVITATION, email=email, used_at=None, withdrawn_at=None
        ).exclude(email=""):
            _withdrawn(old)  # of two links for one address only the newest is good
        made = _made(Pass.Kind.INVITATION, by, name=name, email=email, **fields)
        log("invite", by=by, note=f"{name}: {Role(made.role).label}")
    return made


def first() -> Pass | None:
    """Make the link to the first account of an empty house; those made before are void. None once anybody has one."""
    if Person.objects.exists():
        return None
    with transaction.atomic():
        for old in Pass.objects.filter(kind=Pass.Kind.INVITATION, by=None, used_at=None, withdrawn_at=None):
            _withdrawn(old)
        made = _made(Pass.Kind.INVITATION, None, name="", role=Role.ADMIN)
        log("invite", note=f"akun pertama: {Role(made.role).label}")
    return made


def is_first(row: Pass) -> bool:
    """Say whether the link makes the first account: nobody has invited to it."""
    return row.kind == Pass.Kind.INVITATION and row.by_id is None


def reset(person: Person, by: Person | None) -> Pass:
    """Make a link for a new password; asked for by an admin, or (`by` None) by the person. Raises ActRefused."""
    if by is not None:
        leader(by)
    if not person.is_active:
        raise ActRefused(_("Akun ini ditutup. Buka dahulu akunnya."))
    with transaction.atomic():
        for old in person.passes.filter(kind=Pass.Kind.RESET, used_at=None, withdrawn_at=None):
            _withdrawn(old)
        made = _made(
            Pass.Kind.RESET, by, name=person.name, email=person.email, role=person.role, person=person
        )
        log("reset_link", by=by, person=person)
    return made


def ask_reset(written: str) -> None:
    """Mail a link to whoever is called so, by account name or address; say nothing of whether there is one."""
    known = Person.objects.filter(is_active=True).exclude(email="")
    written = written.strip()
    found = list(known.filter(Q(username__iexact=written) | Q(email__iexact=written))[:2])
    if len(found) == 1:
        reset(found[0], None)


def _made(kind: Pass.Kind, by: Person | None, **fields: Any) -> Pass:
    made = Pass(kind=kind, by=by, **fields)
    _renewed(made)
    return made


def _renewed(row: Pass) -> None:
    """Draw a new secret: links made before are void. A letter with the new one is written where letters leave."""
    row.nonce = secrets.token_hex(32)
    row.token_sha256 = _sha256(_token(row))
    row.expires_at = timezone.now() + LASTS[Pass.Kind(row.kind)]
    _unsent(row)
    row.letter = _letter(row) if mails() and row.email else None
    row.save()


def _unsent(row: Pass) -> None:
    """Take back a letter that has not left."""
    if row.letter_id:
        Letter.objects.filter(pk=row.letter_id, sent_at=None, leaving_at=None).delete()


def _withdrawn(row: Pass) -> bool:
    open_rows = Pass.objects.filter(pk=row.pk, used_at=None, withdrawn_at=None)
    done = bool(open_rows.update(withdrawn_at=timezone.now()))
    _unsent(row)
    return done


def may_handle(row: Pass, by: Person) -> bool:
    """Say whether `by` may see the link, renew it and withdraw it."""
    if by.leads_people:
        return True
    ordinary = row.kind == Pass.Kind.INVITATION and row.role == Role.CONTRIBUTOR
    return ordinary and may_invite_contributors(by)


def renew(row: Pass, by: Person) -> None:
    """Make the link anew and send it once more. Raises ActRefused."""
    _handled(row, by)
    with transaction.atomic():
        now = Pass.objects.select_for_update().get(pk=row.pk)
        if now.used_at or now.withdrawn_at:
            raise ActRefused(_("Tautan ini sudah dipakai atau ditarik. Buat yang baru."))
        _renewed(now)
        log("invite_again", by=by, person=now.person, note=now.name)
    row.refresh_from_db()


def withdraw(row: Pass, by: Person) -> bool:
    """Void the link; False when it was used or withdrawn already. Raises ActRefused."""
    _handled(row, by)
    with transaction.atomic():
        done = _withdrawn(row)
        if done:
            log("invite_withdraw", by=by, person=row.person, note=row.name)
    row.refresh_from_db()
    return done


def _handled(row: Pass, by: Person) -> None:
    if not may_handle(row, by):
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


def link(row: Pass) -> str:
    """Return the address to open, as long as the row is open."""
    return settings.REDAKSI.web.public_url + reverse("use_pass", args=[_token(row)])


def found(token: str) -> Pass | None:
    """Return the row a link belongs to, whether it is still open or not."""
    rows = Pass.objects.select_related("person", "by")
    row: Pass | None = rows.filter(token_sha256=_sha256(token)).first()
    return row


def accept(row: Pass, *, username: str, name: str, password: str) -> Person:
    """Make the account of an invitation. Raises ActRefused, ValidationError (by field)."""
    person = Person(
        username=username.strip(),
        name=tidy(name, LONGEST["name"]),
        email=row.email,
        unit=row.unit,
        role=row.role,
        role_since=timezone.localdate(),
    )
    _check(person, password)
    person.set_password(password)
    try:
        with transaction.atomic():
            _used(row)
            if is_first(row) and Person.objects.exists():
                raise ActRefused(_("Tautan ini sudah dipakai, ditarik, atau lewat waktunya."))
            person.save()
            Pass.objects.filter(pk=row.pk).update(person=person)
            _joined(row, person)
            log("invite_accept", by=person, person=person, note=str(person.get_role_display()))
    except IntegrityError as error:
        raise ValidationError({"username": [_("Nama akun ini sudah dipakai. Pilih yang lain.")]}) from error
    return person


def new_password(row: Pass, password: str) -> Person:
    """Set the new password a link was made for; all sessions end. Raises ActRefused, ValidationError."""
    person = row.person
    if person is None:
        raise ActRefused(_("Tautan ini sudah dipakai, ditarik, atau lewat waktunya."))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    person.set_password(password)
    with transaction.atomic():
        _used(row)
        Person.objects.filter(pk=person.pk).update(password=person.password)
        end_sessions(person)
        log("password_reset", by=person, person=person)
    return person


def _used(row: Pass) -> None:
    """Use the link up; of two clicks at once the second is told. Raises ActRefused."""
    now = timezone.now()
    still = Pass.objects.filter(
        pk=row.pk, token_sha256=row.token_sha256, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    if not still.update(used_at=now):
        raise ActRefused(_("Tautan ini sudah dipakai, ditarik, atau lewat waktunya."))


def _check(person: Person, password: str) -> None:
    """Raise ValidationError, by field, for what cannot be."""
    wrong: dict[str, list[str]] = {}
    try:
        person.clean_fields(exclude=["password", "email"])
    except ValidationError as error:
        wrong.update(error.message_dict)
    if person.username and Person.objects.filter(username__iexact=person.username).exists():
        wrong["username"] = [_("Nama akun ini sudah dipakai. Pilih yang lain.")]
    try:
        validate_password(password, person)
    except ValidationError as error:
        wrong["password"] = error.messages
    if wrong:
        raise ValidationError(wrong)


def _joined(row: Pass, person: Person) -> None:
    """An account and a contributor of one address are one person."""
    lines = Contributor.objects.filter(person=None)
    if row.contributor_id:
        lines.filter(pk=row.contributor_id).update(person=person)
    elif person.email:
        lines.filter(address=person.email).update(person=person)


def _token(row: Pass) -> str:
    return salted_hmac("newsroom.pass", f"{row.kind}:{row.nonce}", algorithm="sha256").hexdigest()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


INVITATION = (
    "Yth. {name},\n\nAnda diundang memakai Redaksi, ruang redaksi {office}, sebagai {role}. "
    "Buka tautan ini untuk memilih nama akun dan kata sandi:\n\n{link}\n\n"
    "Tautan berlaku sekali pakai, sampai {until}. Jangan teruskan kepada orang lain. "
    "Bila Anda tidak mengenal kantor ini, abaikan surat ini.\n\nSalam,\n{office}\n"
)
RESET = (
    "Yth. {name},\n\nAda permintaan kata sandi baru untuk akun Anda di Redaksi. Buka tautan ini:\n\n{link}\n\n"
    "Tautan berlaku sekali pakai, sampai {until}. Bila Anda tidak memintanya, abaikan surat ini: "
    "kata sandi Anda tetap.\n\nSalam,\n{office}\n"
)


def _letter(row: Pass) -> Letter:
    office = settings.REDAKSI.office
    host = urlsplit(settings.REDAKSI.web.public_url).hostname or "redaksi.invalid"
    invitation = row.kind == Pass.Kind.INVITATION
    body = (INVITATION if invitation else RESET).format(
        name=row.name,
        office=office.name,
        role=Role(row.role).label,
        link=PLACE,
        until=moment(row.expires_at),
    )
    return Letter.objects.create(
        kind=Letter.Kind.ACCOUNT,
        to=row.email,
        subject=f"Undangan ke Redaksi {office.name}" if invitation else "Kata sandi baru untuk Redaksi",
        body=body,
        message_id=f"<{uuid.uuid4().hex}@{host}>",
    )


def whole(letter: Letter) -> str:
    """Return a letter's text as it leaves, its link put in."""
    if letter.kind != Letter.Kind.ACCOUNT:
        return letter.body
    row = letter.passes.first()
    return letter.body.replace(PLACE, link(row) if row is not None and row.open else GONE)
