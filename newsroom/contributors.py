"""The allow-list: whose mail is taken up, whose is set aside. Every change is a log line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from publicsuffixlist import PublicSuffixList

from newsroom.acts import ActRefused
from newsroom.models import Contributor, Person, log

# fmt: off
FREE_MAIL = frozenset((
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "rocketmail.com", "outlook.com",
    "outlook.co.id", "hotmail.com", "hotmail.co.id", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
    "aol.com", "gmx.com", "gmx.net", "mail.com", "email.com", "proton.me", "protonmail.com", "pm.me",
    "zoho.com", "yandex.com", "mail.ru", "tutanota.com", "fastmail.com", "plasa.com", "telkom.net",
    "inbox.com", "qq.com", "163.com", "naver.com",
))
# fmt: on
"""Domains at which anybody can have an address: whoever allows one of them whole allows everybody."""
FIELDS = ("address", "name", "outlet", "initials", "lists")
LONGEST = {"address": 254, "name": 150, "outlet": 150, "initials": 30}
_NAME = re.compile(r"[^\s<>@,;:\"()\[\]\\]+")
_DOMAIN = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")


@dataclass(frozen=True)
class Entry:
    """One line of the allow-list as somebody writes it."""

    address: str
    name: str = ""
    outlet: str = ""
    initials: str = ""
    lists: bool = False

    @classmethod
    def written(cls, fields: Mapping[str, Any]) -> Entry:
        """Tidy what was typed. Raises ActRefused with the sentence that says what is wrong."""
        words = {name: " ".join(str(fields.get(name) or "").split()) for name in LONGEST}
        words["address"] = checked_address(words["address"])
        words["name"] = words["name"] or words["address"]
        for name, longest in LONGEST.items():
            if name != "address":
                words[name] = "".join(letter for letter in words[name] if letter.isprintable())
            if len(words[name]) > longest:
                raise ActRefused(
                    _("Terlalu panjang: paling banyak %(longest)d huruf.") % {"longest": longest}
                )
        return cls(**words, lists=bool(fields.get("lists")))

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}


def checked_address(written: str) -> str:
    """Return an address or `@domain` lower-cased. Raises ActRefused."""
    address = written.strip().strip("<>").removeprefix("mailto:").strip().lower()
    name, at, domain = address.rpartition("@")
    if not at and _DOMAIN.fullmatch(address):
        raise ActRefused(
            _("Tulis @%(domain)s bila yang dimaksud semua alamat di domain itu.") % {"domain": address}
        )
    if (name and not _NAME.fullmatch(name)) or not _DOMAIN.fullmatch(domain) or len(address) > 254:
        raise ActRefused(
            _("“%(address)s” bukan alamat surel atau @domain.") % {"address": written.strip()[:80]}
        )
    if not name and domain in FREE_MAIL:
        raise ActRefused(
            _(
                "@%(domain)s dipakai siapa saja, jadi tidak dapat didaftarkan seluruhnya. Daftarkan alamatnya satu per satu."
            )
            % {"domain": domain}
        )
    if not name and _suffixes().publicsuffix(domain) == domain:
        raise ActRefused(
            _("@%(domain)s dipakai banyak kantor. Tulis domain kantornya, misalnya @dinas.contoh.go.id.")
            % {"domain": domain}
        )
    return address


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def stamp(contributor: Contributor) -> str:
    """Sum up a line as somebody sees it, to tell later whether it has changed meanwhile."""
    seen = "\0".join(str(getattr(contributor, name)) for name in (*FIELDS, "blocked"))
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def add(entry: Entry, by: Person) -> Contributor:
    """Put a new line on the list. Raises ActRefused."""
    operator(by)
    try:
        with transaction.atomic():
            made = Contributor.objects.create(**entry.values(), added_by=by)
            join_account(made)
            log("contributor_add", by=by, note=f"{made.address}: {made.name}")
    except IntegrityError as error:
        raise ActRefused(_("%(address)s sudah ada di daftar.") % {"address": entry.address}) from error
    return made


def change(contributor: Contributor, entry: Entry, by: Person, *, seen: str) -> None:
    """Change a line that still stands as it was `seen` (its stamp). Raises ActRefused."""
    operator(by)
    try:
        with transaction.atomic():
            now = Contributor.objects.get(pk=contributor.pk)
            before = {name: getattr(now, name) for name in (*FIELDS, "blocked")}
            if stamp(now) != seen or not Contributor.objects.filter(pk=now.pk, **before).update(
                **entry.values()
            ):
                raise ActRefused(
                    _(
                        "Orang lain baru saja mengubah kontributor ini. Lihat isinya sekarang, lalu ulangi perubahan Anda."
                    )
                )
            contributor.refresh_from_db()
            join_account(contributor)
            told = [
                f"{name}: {before[name]} → {value}"
                for name, value in entry.values().items()
                if before[name] != value
            ]
            if told:
                log("contributor_change", by=by, note=f"{contributor.address}; " + "; ".join(told))
    except IntegrityError as error:
        raise ActRefused(_("%(address)s sudah ada di daftar.") % {"address": entry.address}) from error


def block(contributor: Contributor, by: Person | None, *, blocked: bool) -> bool:
    """Block a line or take the block back; False when it stood so already. Raises ActRefused."""
    if by is not None:
        operator(by)
    with transaction.atomic():
        changed = Contributor.objects.filter(pk=contributor.pk, blocked=not blocked).update(blocked=blocked)
        if changed:
            log("contributor_block" if blocked else "contributor_unblock", by=by, note=contributor.address)
    contributor.refresh_from_db()
    return bool(changed)


def remember(address: str, by: Person, *, name: str = "", outlet: str = "") -> Contributor:
    """Put the sender of a mail on the list; one who is there already stays as they are. Raises ActRefused."""
    entry = Entry.written({"address": address, "name": name, "outlet": outlet})
    known = Contributor.objects.filter(address=entry.address).first()
    return known or add(entry, by)


def join_account(contributor: Contributor) -> None:
    """An account and a contributor of one address are one person."""
    if contributor.person_id is None and not contributor.address.startswith("@"):
        account = Person.objects.filter(email__iexact=contributor.address, contributor=None).first()
        if account:
            Contributor.objects.filter(pk=contributor.pk, person=None).update(person=account)
            contributor.refresh_from_db()


def operator(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
