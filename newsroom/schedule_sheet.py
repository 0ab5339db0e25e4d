"""The office's retention schedule (JRA) as a sheet: what it would change is told row by row before it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import sheets
from newsroom.acts import ActRefused
from newsroom.models import FinalDisposition, Person, Retention, Right, log
from newsroom.models.records import CLASSIFICATION_CODE

COLUMNS = {
    "code": "kode, kode klasifikasi, klasifikasi, kode arsip, code",
    "title": "jenis arsip, jenis, uraian, jenis/series arsip, jenis / series arsip, uraian informasi, title",
    "active_years": "aktif, retensi aktif, jangka simpan aktif, active",
    "inactive_years": "inaktif, retensi inaktif, jangka simpan inaktif, inactive",
    "final_disposition": "keterangan, nasib akhir, nasib akhir arsip, tindakan akhir, disposition",
    "note": "catatan, note",
}
"""Our columns and how people head them."""
HEADINGS = ("kode", "jenis arsip", "aktif", "inaktif", "nasib akhir", "catatan")
_FATES = {
    "musnah": FinalDisposition.DESTROY,
    "dimusnahkan": FinalDisposition.DESTROY,
    "permanen": FinalDisposition.KEEP,
    "dinilai kembali": FinalDisposition.REVIEW,
    "permanen - dinilai kembali": FinalDisposition.REVIEW,
    "": FinalDisposition.REVIEW,
}
WORDS = {
    FinalDisposition.DESTROY: "musnah",
    FinalDisposition.KEEP: "permanen",
    FinalDisposition.REVIEW: "dinilai kembali",
}
_LONGEST_YEARS = 100


@dataclass(frozen=True)
class Line:
    """One row of a sheet and what taking it would do."""

    number: int
    code: str
    title: str
    fate: str
    """`new`, `changed`, `same` or `wrong`."""
    reason: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def read(text: str) -> list[Line]:
    """Say of every row what taking it would do; one bad row spoils no other. Raises ActRefused."""
    advice = _(
        "Baris pertama harus memuat judul kolom: kode, jenis arsip, aktif, inaktif, nasib akhir (boleh juga catatan)."
    )
    known = {row.code: row for row in Retention.objects.all().in_force()}
    seen: dict[str, int] = {}
    needed = ("code", "title", "active_years", "inactive_years")
    return [
        _line(number, written, known, seen) for number, written in sheets.rows(text, COLUMNS, needed, advice)
    ]


def take(lines: Iterable[Line], by: Person, *, source: str) -> int:
    """Put the new and changed rows in force; what they replace stays as history. Raises ActRefused."""
    if not by.may(Right.ARCHIVE):
        raise ActRefused(_("Akun Anda tidak berwenang mengubah berkas arsip. Mintalah arsiparis."))
    now = timezone.now()
    new = changed = 0
    with transaction.atomic():
        for line in lines:
            if line.fate not in ("new", "changed"):
                continue
            replaced = Retention.objects.all().in_force().filter(code=line.code).update(replaced_at=now)
            Retention.objects.create(code=line.code, since=now, by=by, source=source[:100], **line.fields)
            new, changed = new + (not replaced), changed + bool(replaced)
        if new or changed:
            log("retention_schedule", by=by, note=f"{new} baru, {changed} diubah dari {source}"[:500])
    return new + changed


def write() -> Iterator[str]:
    """Yield the schedule in force as CSV, a line at a time."""
    rows = Retention.objects.all().in_force().order_by("code").iterator(500)
    return sheets.written(
        HEADINGS,
        (
            (
                row.code,
                row.title,
                str(row.active_years),
                str(row.inactive_years),
                WORDS[FinalDisposition(row.final_disposition)],
                row.note,
            )
            for row in rows
        ),
    )


def _line(number: int, written: dict[str, str], known: dict[str, Retention], seen: dict[str, int]) -> Line:
    code, title = written.get("code", ""), written.get("title", "")
    try:
        fields = _fields(written)
    except ActRefused as error:
        return Line(number, code[:60], title[:200], "wrong", str(error))
    if code in seen:
        again = _("“%(key)s” sudah ada di baris %(number)d berkas ini.") % {"key": code, "number": seen[code]}
        return Line(number, code, title, "wrong", again)
    seen[code] = number
    row = known.get(code)
    if row is None:
        return Line(number, code, title, "new", fields=fields)
    differing = [name for name, value in fields.items() if getattr(row, name) != value]
    told = "; ".join(
        f"{_label(name)}: {_shown(getattr(row, name))} → {_shown(fields[name])}" for name in differing
    )
    return Line(number, code, title, "changed" if differing else "same", told, fields)


def _fields(written: dict[str, str]) -> dict[str, Any]:
    code, title = written.get("code", ""), written.get("title", "")
    if not code or len(code) > CLASSIFICATION_CODE:
        raise ActRefused(_("Kode klasifikasi wajib diisi, paling panjang 30 huruf."))
    if not title or len(title) > 300:
        raise ActRefused(_("Jenis arsip wajib diisi, paling panjang 300 huruf."))
    told = " ".join(written.get("final_disposition", "").lower().replace("–", "-").split())
    if told not in _FATES:
        raise ActRefused(
            _("Nasib akhir “%(word)s” tidak dikenal. Tulis musnah, permanen, atau dinilai kembali.")
            % {"word": told[:30]}
        )
    return {
        "title": title,
        "active_years": _years(written.get("active_years", ""), _("aktif")),
        "inactive_years": _years(written.get("inactive_years", ""), _("inaktif")),
        "final_disposition": _FATES[told].value,
        "note": written.get("note", "")[:300],
    }


def _years(written: str, column: str) -> int:
    found = re.fullmatch(r"(\d{1,3})(?: *(?:tahun|thn|th)\.?)?", written.strip().lower())
    if not found or int(found[1]) > _LONGEST_YEARS:
        raise ActRefused(
            _(
                "Kolom %(column)s berisi “%(word)s”. Tulis jumlah tahun saja, misalnya 2; syaratnya di catatan."
            )
            % {"column": column, "word": written[:30]}
        )
    return int(found[1])


def _label(name: str) -> str:
    return {
        "title": _("jenis arsip"),
        "active_years": _("aktif"),
        "inactive_years": _("inaktif"),
        "final_disposition": _("nasib akhir"),
        "note": _("catatan"),
    }[name]


def _shown(value: object) -> str:
    if value in FinalDisposition.values:
        return str(FinalDisposition(value).label)
    return f"“{value}”" if value != "" else "–"
