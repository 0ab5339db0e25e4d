"""The allow-list as a sheet: read from any CSV an office's spreadsheet writes, written for any of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.contributors import Entry, checked_address, join_account, operator
from newsroom.models import Contributor, Person, log

LONGEST = 1_000_000
"""Bytes of a sheet; ten thousand contributors take about 700 kB."""
MOST = 10_000
COLUMNS = {
    "address": "alamat surel, alamat email, alamat e-mail, alamat, email, e-mail, surel, address, mail, email address",
    "name": "nama, nama kontributor, nama lengkap, name, full name, contributor",
    "outlet": "unit, unit kerja, kantor, instansi, opd, skpd, dinas, media, outlet, office, organisation, organization",
    "initials": "inisial, kode, paraf, initials, code",
    "lists": "milis, lewat milis, lists, list, mailing list",
    "blocked": "diblokir, blokir, blocked",
}
"""Our columns and how people head them."""
_KEYS = {word: key for key, words in COLUMNS.items() for word in words.split(", ")}
_YES = {"ya", "y", "yes", "true", "1", "x", "benar"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def decoded(data: bytes) -> str:
    """Decode a sheet: UTF-8, UTF-16 or Windows-1252, with or without a mark. Raises ActRefused."""
    if len(data) > LONGEST:
        raise ActRefused(_("Berkas ini terlalu besar. Bagi menjadi beberapa berkas di bawah 1 MB."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ActRefused(
            _("Ini berkas Excel. Simpan sebagai CSV dulu (Simpan sebagai → CSV), lalu unggah lagi.")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> list[Line]:
    """Say of every row what taking it would do; one bad row spoils no other. Raises ActRefused."""
    columns, rows = _table(text.replace("\0", ""))
    known = {row.address: row for row in Contributor.objects.all()}
    seen: dict[str, int] = {}
    lines = []
    for number, cells in rows:
        written = {key: _cell(cells[index]) for key, index in columns.items() if index < len(cells)}
        if not any(written.values()):
            continue
        if len(lines) >= MOST:
            raise ActRefused(_("Berkas ini memuat lebih dari 10.000 baris. Bagi menjadi beberapa berkas."))
        lines.append(_line(number, written, known, seen))
    if not lines:
        raise ActRefused(_("Berkas ini tidak memuat satu baris pun di bawah judul kolomnya."))
    return lines


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
    """Yield the list as CSV, a line at a time; no cell is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("address", "name", "outlet", "initials", "lists", "blocked"))
    for row in contributors:
        yield _taken(out)
        cells = (row.address, row.name, row.outlet, row.initials)
        flags = ("ya" if row.lists else "", "ya" if row.blocked else "")
        sheet.writerow([*(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells), *flags])
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _table(text: str) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Return which column holds what, and the rows below with their line numbers. Raises ActRefused."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    declared = re.match(r'"?sep=(.)"?\n', text)
    skipped = 1 if declared else 0
    text = text[declared.end() :] if declared else text
    first = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    delimiter = declared[1] if declared else max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    at = 1 + skipped
    try:
        for cells in reader:
            rows.append((at, cells))
            at = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ActRefused(_("Baris %(number)d tidak dapat dibaca sebagai CSV.") % {"number": at}) from error
    rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    columns: dict[str, int] = {}
    for index, heading in enumerate(rows[0][1] if rows else []):
        key = _KEYS.get(" ".join(heading.lower().replace("_", " ").split()))
        if key:
            columns.setdefault(key, index)
    if "address" not in columns:
        raise ActRefused(
            _(
                "Baris pertama harus memuat judul kolom: alamat, nama, unit, inisial (atau address,name,outlet,initials)."
            )
        )
    return columns, rows[1:]


def _cell(written: str) -> str:
    """Undo the apostrophe that keeps a cell from being a formula."""
    text = written.strip()
    return text[1:].strip() if text.startswith("'") and text[1:2] in "=+-@" else text


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
    fields.update({key: written[key].lower() in _YES for key in ("lists", "blocked") if key in written})
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
