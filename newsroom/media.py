"""The register of storage media: media and what lies on them, by hand or as the helper has measured it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from newsroom import sheets
from newsroom.acts import ActRefused
from newsroom.models import Holding, Medium, Person, Story, log
from newsroom.templatetags.office import filesize
from newsroom.tickets import ticket_in

LARGEST = 2**62
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(
    r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,19})(?:[.,](?P<part>\d{1,3}))?\s*(?P<unit>tb|gb|mb|kb)?", re.ASCII
)
_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
COLUMNS = {
    "name": "name, nama, nama berkas, berkas, file, path",
    "size": "size, ukuran, bita, byte, bytes",
    "sha256": "sha256, sha-256, checksum, sidik",
    "modified": "modified, diubah, tanggal, date",
}
"""Our columns and how people head them."""


@dataclass(frozen=True)
class Line:
    """One row of a sheet and what taking it would do."""

    number: int
    name: str
    size: int = 0
    sha256: str = ""
    modified: datetime | None = None
    fate: str = "new"
    """`new`, `same`, `measured` (known, first checksum), `changed` (other bytes than before) or `wrong`."""
    reason: str = ""


def save_medium(medium: Medium, by: Person, written: dict[str, str], retired: bool = False) -> Medium:
    """Write a new medium down, or what has changed of one. Raises ActRefused."""
    archivist(by)
    name = " ".join(written.get("name", "").split())[:60]
    if not name:
        raise ActRefused(_("Isi nomor atau nama medianya, seperti tertulis di badannya."))
    if written.get("kind") not in Medium.Kind.values:
        raise ActRefused(_("Pilih jenis medianya."))
    if Medium.objects.filter(name__iexact=name).exclude(pk=medium.pk).exists():
        raise ActRefused(_("Sudah ada media bernama %(name)s. Pakai nama lain.") % {"name": name})
    new = medium.pk is None
    medium.kind, medium.name = written["kind"], name
    medium.stands = " ".join(written.get("stands", "").split())[:200]
    medium.holder = " ".join(written.get("holder", "").split())[:150]
    medium.note = written.get("note", "").strip()[:2000]
    medium.retired_at = (medium.retired_at or timezone.now()) if retired else None
    if new:
        medium.added_by = by
    with transaction.atomic():
        medium.save()
        place = f", {medium.stands}" if medium.stands else ""
        log("medium", by=by, note=f"{medium.name}{place}{' (tidak dipakai lagi)' if retired else ''}")
    return medium


def add_holding(medium: Medium, by: Person, written: dict[str, Any]) -> Holding:
    """Write one file down by hand. Raises ActRefused."""
    archivist(by)
    name = written.get("name", "").strip()[:500]
    if not name:
        raise ActRefused(_("Isi nama berkasnya, seperti tertulis di media itu."))
    sha256 = written.get("sha256", "").strip().lower()
    if sha256 and not _SHA256.fullmatch(sha256):
        raise ActRefused(_("SHA-256 terdiri atas 64 huruf a–f dan angka. Kosongkan bila belum diukur."))
    story = _story(written.get("story", ""))
    with transaction.atomic():
        row, made = Holding.objects.get_or_create(
            medium=medium,
            name=name,
            defaults={
                "size": bytes_of(written.get("size", "")),
                "sha256": sha256,
                "story": story,
                "description": " ".join(written.get("description", "").split())[:500],
                "taken_on": _day(written.get("taken_on", "")),
                "checked_at": timezone.now() if sha256 else None,
                "added_by": by,
            },
        )
        if not made:
            raise ActRefused(_("Berkas ini sudah tercatat di %(name)s.") % {"name": medium.name})
        log("holdings", by=by, story=story, note=f"{medium.name}: {name}, {filesize(row.size)}")
    return row


def read(text: str, medium: Medium) -> list[Line]:
    """Say of every row what taking it would do; one bad row spoils no other. Raises ActRefused."""
    advice = _(
        "Baris pertama harus memuat judul kolom: name, size, sha256, modified. Pakai keluaran measure.py."
    )
    known = {row.name: row for row in medium.holdings.all()}
    seen: dict[str, int] = {}
    lines = []
    for number, written in sheets.rows(text, COLUMNS, ("name", "size", "sha256"), advice):
        line = _line(number, written, known)
        if line.fate != "wrong" and line.name in seen:
            told = _("Berkas ini sudah ada di baris %(number)d berkas ini.") % {"number": seen[line.name]}
            line = Line(number, line.name, fate="wrong", reason=told)
        seen.setdefault(line.name, number)
        lines.append(line)
    return lines


def take(medium: Medium, lines: Iterable[Line], by: Person | None, *, source: str) -> dict[str, int]:
    """Take what was measured: new files are written down, known ones count as looked at, changed ones are told.

    What was known of a changed file stays until somebody says which is right. Returns how many of each.
    Raises ActRefused.
    """
    if by is not None:
        archivist(by)
    counts = dict.fromkeys(("new", "same", "measured", "changed"), 0)
    now = timezone.now()
    with transaction.atomic():
        for line in lines:
            if line.fate == "wrong":
                continue
            row, made = Holding.objects.get_or_create(
                medium=medium,
                name=line.name,
                defaults={
                    "size": line.size,
                    "sha256": line.sha256,
                    "modified_at": line.modified,
                    "checked_at": now,
                    "added_by": by,
                },
            )
            counts["new" if made else _looked_at(row, line, now, by)] += 1
        told = f"{medium.name}: {counts['new']} baru, {counts['same'] + counts['measured']} sama"
        changed = f", {counts['changed']} BERUBAH" if counts["changed"] else ""
        log("holdings", by=by, note=f"{told}{changed}, dari {source}"[:500])
    return counts


def accept(row: Holding, by: Person, seen: str) -> None:
    """Take what the last look found for right: the file was changed on purpose. Raises ActRefused.

    `seen` is the checksum on the person's page: what was measured since then nobody has said to be right.
    """
    archivist(by)
    with transaction.atomic():
        found = Holding.objects.filter(pk=row.pk, found_sha256=seen).exclude(found_sha256="")
        if row.found_sha256 != seen or not found.update(
            sha256=row.found_sha256, size=row.found_size or row.size, found_sha256="", found_size=None
        ):
            raise ActRefused(
                _(
                    "Berkas ini sudah ditangani atau diukur lagi sejak halaman Anda dibuka. "
                    "Lihat yang sekarang tercatat, lalu putuskan."
                )
            )
        note = f"{row.medium.name}: {row.name}, {row.sha256[:12]} → {row.found_sha256[:12]}"
        log("holding_accepted", by=by, story=row.story, note=note)


def bytes_of(written: str) -> int:
    """Read `40 GB`, `1,5 MB` or plain bytes. Raises ActRefused."""
    found = _SIZE.fullmatch(written.strip().lower())
    told = _("Ukuran ini tidak dikenali. Tulis misalnya 40 GB, 1,5 MB, atau jumlah bita.")
    if not found or (found["part"] and not found["unit"]):
        raise ActRefused(told)
    amount = float(f"{found['whole'].replace('.', '')}.{found['part'] or 0}")
    size = round(amount * _UNITS[found["unit"] or ""])
    if size > LARGEST:
        raise ActRefused(told)
    return size


def archivist(by: Person) -> None:
    """Raise ActRefused unless `by` may keep the register."""
    if not by.archives:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


def _looked_at(row: Holding, line: Line, now: datetime, by: Person | None) -> str:
    fate = _fate(row, line.sha256)
    fresh: dict[str, Any] = {"checked_at": now}
    if fate == "changed":
        fresh |= {"found_sha256": line.sha256, "found_size": line.size}
        if row.found_sha256 != line.sha256:
            note = f"{row.medium.name}: {row.name}, {row.sha256[:12]} → {line.sha256[:12]}"
            log("holding_changed", by=by, story=row.story, note=note)
    else:
        fresh |= {"sha256": line.sha256, "size": line.size, "modified_at": line.modified}
        fresh |= {"found_sha256": "", "found_size": None}
    Holding.objects.filter(pk=row.pk).update(**fresh)
    return fate


def _fate(row: Holding, sha256: str) -> str:
    if not row.sha256:
        return "measured"
    return "same" if row.sha256 == sha256 else "changed"


def _line(number: int, written: dict[str, str], known: dict[str, Holding]) -> Line:
    name = written.get("name", "")
    sha256 = written.get("sha256", "").lower()
    size = written.get("size", "")
    if not name or len(name) > 500:
        return Line(number, name[:80], fate="wrong", reason=_("Nama berkas kosong atau terlalu panjang."))
    if not _SHA256.fullmatch(sha256):
        return Line(number, name, fate="wrong", reason=_("Kolom sha256 bukan SHA-256."))
    if not size.isascii() or not size.isdigit() or int(size) > LARGEST:
        return Line(number, name, fate="wrong", reason=_("Kolom size bukan jumlah bita."))
    row = known.get(name)
    fate = _fate(row, sha256) if row else "new"
    reason = ""
    if row and fate == "changed":
        reason = _("Isinya bukan lagi yang dulu dicatat: %(old)s… menjadi %(new)s…") % {
            "old": row.sha256[:12],
            "new": sha256[:12],
        }
    return Line(number, name, int(size), sha256, _moment(written.get("modified", "")), fate, reason)


def _moment(written: str) -> datetime | None:
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found is None or timezone.is_aware(found) else timezone.make_aware(found)


def _day(written: str) -> date | None:
    if not written.strip():
        return None
    try:
        found = date.fromisoformat(written.strip())
    except ValueError as error:
        raise ActRefused(_("Tanggal ini tidak dikenali.")) from error
    if not 1900 <= found.year <= 2200:
        raise ActRefused(_("Tanggal ini tidak dikenali."))
    return found


def _story(written: str) -> Story | None:
    """Find a story by the number people know, `MC-000123` or `123`. Raises ActRefused."""
    if not written.strip():
        return None
    digits = written.strip()
    number = ticket_in(digits) or (int(digits) if digits.isdecimal() and len(digits) < 12 else None)
    found = Story.objects.filter(pk=number).first() if number else None
    if found is None:
        raise ActRefused(
            _("Tidak ada berita bernomor ini. Tulis nomornya, misalnya MC-000123, atau kosongkan.")
        )
    return found
