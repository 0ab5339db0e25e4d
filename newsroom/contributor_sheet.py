"""The allow-list as a sheet: read from any CSV an office's spreadsheet writes, written for any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import sheets
from newsroom.acts import ActRefused
from newsroom.contributors import Entry, checked_address, join_account, operator
from newsroom.models import Contributor, Person, log

COLUMNS = {
    "address": "alamat surel, alamat email, alamat e-mail, alamat, email, e-mail, surel, address, mail, email address",
    "name": "nama, nama kontributor, nama lengkap, name, full name, contributor",
    "outlet": "unit, unit kerja, kantor, instansi, opd, skpd, dinas, media, outlet, office, organisation, organization",
    "initials": "inisial, kode, paraf, initials, code",
    "lists": "milis, lewat milis, lists, list, mailing list",
    "blocked": "diblokir, blokir, blocked",
}
"""Our columns and how people head them."""


@dataclass(frozen=True)
class Line:
    """One row of a sheet and what taking it would do."""

    number: int
    address: str
    fields: dict[str, Any]
    """The columns the sheet has, tidied."""
    fate: str
    """`new`, `changed`, `same` or `wrong`."""
    reason: str = ""
    """What is wrong with it, or which columns change."""


def read(text: str) -> list[Line]:
    """Say of every row what taking it would do; one bad row spoils no other. Raises ActRefused."""
    advice = _(
        "Baris pertama harus memuat judul kolom: alamat, nama, unit, inisial (atau address,name,outlet,initials)."
    )
    known = {row.address: row for row in Contributor.objects.all()}
    seen: dict[str, int] = {}
    return [
        _line(number, written, known, seen)
        for number, written in sheets.rows(text, COLUMNS, ("address",), advice)
    ]


def take(lines: Iterable[Line], by: Person | None, *, source: str) -> int:
    """Put the new and changed rows on the list; return how many. Raises ActRefused."""
    if by is not None:
        operator(by)
    new = changed = 0
    for line in lines:
        if line.fate not in ("new", "changed"):
            continue
        with transaction.atomic():
            fresh = {"name": line.address, "added_by": by, **line.fields}
            row, made = Contributor.objects.update_or_create(
                address=line.address, defaults=line.fields, create_defaults=fresh
            )
            join_account(row)
        new, changed = new + made, changed + (not made)
    if new or changed:
        log("contributors", by=by, note=f"{new} baru, {changed} diubah dari {source}"[:500])
    return new + changed


def write(contributors: Iterable[Contributor]) -> Iterator[str]:
    """Yield the list as CSV, a line at a time."""
    return sheets.written(
        ("address", "name", "outlet", "initials", "lists", "blocked"),
        (
            (
                row.address,
                row.name,
                row.outlet,
                row.initials,
                "ya" if row.lists else "",
                "ya" if row.blocked else "",
            )
            for row in contributors
        ),
    )


def _line(number: int, written: dict[str, str], known: dict[str, Contributor], seen: dict[str, int]) -> Line:
    shown = written.get("address", "")
    try:
        address = checked_address(shown)
        entry = Entry.written(written)
    except ActRefused as error:
        return Line(number, shown[:254], {}, "wrong", str(error) if shown else _("Kolom alamat kosong."))
    if address in seen:
        again = _("Alamat ini sudah ada di baris %(number)d berkas ini.") % {"number": seen[address]}
        return Line(number, address, {}, "wrong", again)
    seen[address] = number
    fields: dict[str, Any] = {
        key: getattr(entry, key) for key in ("name", "outlet", "initials") if key in written
    }
    fields.update({key: written[key].lower() in sheets.YES for key in ("lists", "blocked") if key in written})
    row = known.get(address)
    if row is None:
        return Line(number, address, fields, "new")
    if not written.get("name"):
        fields.pop("name", None)
    differing = [key for key, value in fields.items() if getattr(row, key) != value]
    told = "; ".join(
        f"{_label(key)}: {_shown(getattr(row, key))} → {_shown(fields[key])}" for key in differing
    )
    return Line(number, address, fields, "changed" if differing else "same", told)


def _label(key: str) -> str:
    return {
        "name": _("nama"),
        "outlet": _("unit"),
        "initials": _("inisial"),
        "lists": _("lewat milis"),
        "blocked": _("diblokir"),
    }[key]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return f"“{value}”" if value else "–"
