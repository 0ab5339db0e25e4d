"""What is done with accounts and roles. Each act has a permission, one conditional change and a log line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Channel, Contributor, Delivery, Pass, Person, Right, Role, Term, log

LONGEST = {"name": 150, "degrees_before": 60, "degrees_after": 60, "initials": 30, "unit": 150, "phone": 30}
LONGEST_REASON = 300
SPOKEN = {
    "name": "nama",
    "degrees_before": "gelar di depan",
    "degrees_after": "gelar di belakang",
    "initials": "inisial",
    "unit": "unit",
    "phone": "nomor WhatsApp",
    "language": "bahasa",
    "email": "surel",
}
"""What of a profile is called in the log, which keeps no more of a change than that."""


@dataclass(frozen=True)
class Profile:
    """What is known of a person, as somebody writes it."""

    name: str
    degrees_before: str = ""
    degrees_after: str = ""
    initials: str = ""
    unit: str = ""
    phone: str = ""
    language: str = ""

    @classmethod
    def written(cls, fields: Mapping[str, Any]) -> Self:
        """Tidy what was typed. Raises ActRefused with the sentence that says what is wrong."""
        words = {name: tidy(fields.get(name), longest) for name, longest in LONGEST.items()}
        if not words["name"]:
            raise ActRefused(_("Nama wajib diisi; satu kata pun boleh."))
        words["degrees_before"] = words["degrees_before"].strip(" ,")
        words["degrees_after"] = words["degrees_after"].strip(" ,")
        words["phone"] = phone_number(words["phone"])
        language = str(fields.get("language") or "")
        return cls(**words, language=language if language in ("id", "en") else "")


def tidy(written: object, longest: int) -> str:
    """Return one line without signs that cannot be printed. Raises ActRefused when it is too long."""
    line = " ".join(str(written or "").split())
    line = "".join(letter for letter in line if letter.isprintable())
    if len(line) > longest:
        raise ActRefused(_("Terlalu panjang: paling banyak %(longest)d huruf.") % {"longest": longest})
    return line


def phone_number(written: str) -> str:
    """Return a phone number as digits with the country's code, Indonesia's by default. Raises ActRefused."""
    if not written:
        return ""
    digits = re.sub(r"[\s().\-]", "", written)
    if digits.startswith("0"):
        digits = f"62{digits[1:]}"
    digits = digits.removeprefix("+")
    if not re.fullmatch(r"[1-9]\d{7,14}", digits, re.ASCII):
        raise ActRefused(_("“%(phone)s” bukan nomor telepon. Contoh: 0812 3456 7890.") % {"phone": written})
    return digits


def address(written: object) -> str:
    """Return an address lower-cased, empty when none is written. Raises ActRefused."""
    found = tidy(written, 254).lower()
    try:
        if found:
            validate_email(found)
    except ValidationError as error:
        raise ActRefused(_("“%(address)s” bukan alamat surel.") % {"address": found}) from error
    return found


def leader(by: Person) -> None:
    if not by.leads_people:
        raise ActRefused(_("Hanya admin yang dapat mengatur orang dan peran."))


def change_profile(person: Person, profile: Profile, by: Person, *, email: str | None = None) -> list[str]:
    """Write a profile down; the names of what changed. `email` only an admin changes. Raises ActRefused."""
    if by.pk != person.pk or email is not None:
        leader(by)
    values = dict(vars(profile))
    if email is not None:
        values["email"] = address(email)
        others = Person.objects.filter(email__iexact=values["email"]).exclude(pk=person.pk)
        if values["email"] and others.exists():
            raise ActRefused(_("Alamat surel ini sudah dipakai akun lain."))
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**values)
        person.refresh_from_db()
        if "email" in changed and person.email:
            Contributor.objects.filter(address=person.email, person=None).update(person=person)
        if "email" in changed:
            for row in Channel.objects.filter(person=person, way=Channel.Way.MAIL):
                row.retry()  # what the old address refused, the new one may take
        if changed:
            log("profile", by=by, person=person, note=", ".join(SPOKEN[name] for name in changed))
    return changed


def give_role(person: Person, role: str, by: Person, *, seen: str, reason: str = "") -> None:
    """Give another main role; the one before becomes a term that has ended. Raises ActRefused."""
    leader(by)
    if role not in Role.values:
        raise ActRefused(_("Pilih salah satu peran."))
    reason = tidy(reason, LONGEST_REASON)
    today = timezone.localdate()
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        if row.role != seen:
            raise ActRefused(_("Orang lain baru saja mengubah peran ini. Lihat yang sekarang, lalu ulangi."))
        if row.role == role:
            return
        if row.role == Role.ADMIN:
            _not_the_last_admin(row)
        _into_the_past(row, by)
        Person.objects.filter(pk=row.pk).update(role=role, role_since=today)
        told = f"{Role(row.role).label} → {Role(role).label}"
        log("role", by=by, person=row, note=f"{told}. {reason}" if reason else told)
    person.refresh_from_db()


def give_term(
    person: Person,
    by: Person,
    *,
    role: str,
    starts: date | None,
    ends: date | None,
    acting: str = "",
    instead_of: Person | None = None,
    reason: str = "",
) -> Term:
    """Give a role from a day to a day. Raises ActRefused."""
    leader(by)
    if role not in Role.values or acting not in Term.Acting.values:
        raise ActRefused(_("Pilih salah satu peran."))
    if not person.is_active:
        raise ActRefused(_("Akun ini ditutup. Buka dahulu akunnya."))
    if starts is None:
        raise ActRefused(_("Isi tanggal mulainya."))
    if ends is not None and ends < starts:
        raise ActRefused(_("Tanggal selesai mendahului tanggal mulai."))
    if acting and ends is None:
        raise ActRefused(_("Plt. dan Plh. selalu berbatas waktu. Isi tanggal selesainya."))
    if instead_of is not None and instead_of.pk == person.pk:
        raise ActRefused(_("Orang tidak dapat menggantikan dirinya sendiri."))
    with transaction.atomic():
        made = Term.objects.create(
            person=person,
            role=role,
            starts=starts,
            ends=ends,
            acting=acting,
            instead_of=instead_of,
            reason=tidy(reason, LONGEST_REASON),
            set_by=by,
        )
        span = f"{starts:%d/%m/%Y}–{f'{ends:%d/%m/%Y}' if ends else 'seterusnya'}"
        place = f" menggantikan {instead_of}" if instead_of else ""
        log("term", by=by, person=person, note=f"{made.title}{place}, {span}. {made.reason}".strip())
    person.refresh_from_db()
    return made


def end_term(term: Term, by: Person) -> bool:
    """End a term before its last day; False when it had ended already. Raises ActRefused."""
    leader(by)
    now = timezone.now()
    with transaction.atomic():
        if not Term.objects.filter(pk=term.pk, ended_at=None).update(ended_at=now, ended_by=by):
            return False
        log("term_end", by=by, person=term.person, note=term.title)
    term.refresh_from_db()
    return True


def close(person: Person, by: Person) -> bool:
    """Close an account: sessions and terms end at once, tasks are free again. False when it was closed already.

    Raises ActRefused. Nothing the person wrote or decided is touched.
    """
    leader(by)
    if person.pk == by.pk:
        raise ActRefused(_("Anda tidak dapat menutup akun sendiri. Mintalah admin lain."))
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        if row.role == Role.ADMIN and row.is_active:
            _not_the_last_admin(row)
        if not Person.objects.filter(pk=row.pk, is_active=True).update(is_active=False):
            return False
        _into_the_past(row, by)
        Term.objects.filter(person=row, ended_at=None).update(ended_at=timezone.now(), ended_by=by)
        Pass.objects.filter(person=row, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        freed = Delivery.objects.filter(taken_by=row).update(taken_by=None, taken_at=None)
        ended = end_sessions(row)
        log("account_close", by=by, person=row, note=f"{ended} sesi, {freed} tugas dilepas")
    person.refresh_from_db()
    return True


def reopen(person: Person, by: Person) -> bool:
    """Open a closed account with its main role only; False when it is open. Raises ActRefused."""
    leader(by)
    with transaction.atomic():
        opened = Person.objects.filter(pk=person.pk, is_active=False)
        if not opened.update(is_active=True, role_since=timezone.localdate()):
            return False
        log("account_open", by=by, person=person, note=str(person.get_role_display()))
    person.refresh_from_db()
    return True


def drop_factors(person: Person, by: Person) -> int:
    """Remove a person's second factors, for whoever lost phone and codes; how many. Raises ActRefused."""
    leader(by)
    with transaction.atomic():
        count, _rows = Authenticator.objects.filter(user=person).delete()
        if count:
            end_sessions(person)
            log("factors_drop", by=by, person=person)
    return count


def end_sessions(person: Person, *, but: str = "") -> int:
    """End a person's sessions, all but the one with the key `but`; how many there were."""
    rows = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    for row in rows:
        row.end()
    return len(rows)


def end_session(person: Person, pk: int) -> bool:
    """End one session of a person; False when it is not there."""
    row = UserSession.objects.filter(user=person, pk=pk).first()
    if row is None:
        return False
    row.end()
    log("session_end", by=person, person=person)
    return True


def end_sessions_by(person: Person, by: Person) -> int:
    """End all sessions of somebody. Raises ActRefused."""
    leader(by)
    ended = end_sessions(person)
    log("session_end", by=by, person=person, note=f"{ended} sesi")
    return ended


def may_invite_contributors(by: Person) -> bool:
    return by.may(Right.OPERATE) or by.leads_people


def _not_the_last_admin(row: Person) -> None:
    # The rows are locked until the change is done, so two admins cannot remove each other.
    admins = Person.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
    if not any(admin.pk != row.pk for admin in admins):
        raise ActRefused(_("Ini admin terakhir. Jadikan orang lain admin dahulu."))


def _into_the_past(row: Person, by: Person) -> None:
    """Write the main role down as a term that ends now."""
    today = timezone.localdate()
    since = row.role_since or timezone.localdate(row.date_joined)
    Term.objects.create(
        person=row,
        role=row.role,
        starts=min(since, today),
        ends=today,
        set_by=by,
        ended_at=timezone.now(),
        ended_by=by,
        reason="Peran utama sebelumnya",
    )
