"""The lists an archive and a PPID must keep, as sheets: `daftar arsip` and the Daftar Informasi Publik (DIP)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import translation

from newsroom import tickets
from newsroom.models import FinalDisposition, InfoClass, Record, Retention, Security, State
from newsroom.records import retentions
from newsroom.schedule_sheet import WORDS
from prose import dates

HOLDINGS = (
    "no",
    "no. berkas",
    "kode klasifikasi",
    "uraian informasi",
    "kurun waktu",
    "tingkat perkembangan",
    "jumlah",
    "media simpan",
    "lokasi",
    "retensi aktif",
    "retensi inaktif",
    "retensi berakhir",
    "nasib akhir",
    "klasifikasi keamanan",
)
PUBLIC_LIST = (
    "no",
    "ringkasan isi informasi",
    "pejabat/unit yang menguasai informasi",
    "penanggung jawab pembuatan",
    "waktu dan tempat pembuatan",
    "bentuk informasi",
    "jangka waktu penyimpanan",
    "klasifikasi informasi",
)
CHUNK = 500


def holdings(rows: QuerySet[Record]) -> Iterator[Sequence[str]]:
    """Yield `daftar arsip`, a line for each story, oldest first."""
    for number, row, line in _filed(rows):
        ends = line.ends(row.closed_on).isoformat() if line else ""
        yield (
            str(number),
            tickets.ticket(row.story_id),
            row.code,
            row.story.headline,
            row.closed_on.isoformat(),
            "asli (digital)",
            f"1 berita, {row.photos} foto",
            "server",
            f"paket arsip {tickets.ticket(row.story_id)}",
            f"{line.active_years} tahun" if line else "",
            f"{line.inactive_years} tahun" if line else "",
            "permanen" if row.for_good else ends,
            _fate(row, line),
            _word(Security(row.security).label),
        )


def public_list(rows: QuerySet[Record]) -> Iterator[Sequence[str]]:
    """Yield the DIP: what readers have, by class; what is exempt or withdrawn is no part of it."""
    office = settings.REDAKSI.office.name
    open_rows = rows.filter(story__state=State.RELEASED, security=Security.ORDINARY)
    for number, row, line in _filed(open_rows.exclude(info_class=InfoClass.EXEMPT)):
        place = row.story.event_place or row.story.dateline_city
        yield (
            str(number),
            row.story.headline,
            office,
            row.story.byline_outlet or office,
            ", ".join(filter(None, (dates.long_date(row.closed_on), place))),
            "berita dan foto digital" if row.photos else "berita digital",
            "permanen" if row.for_good else f"{line.years} tahun" if line else "menurut penilaian",
            _word(InfoClass(row.info_class).label),
        )


def workbook(title: str, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return the list as XLSX. Every cell is text: nothing in it is ever taken for a formula."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "author": settings.REDAKSI.office.name})
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            wide = heading in ("uraian informasi", "ringkasan isi informasi")
            sheet.set_column(column, column, 50 if wide else max(8, min(24, len(heading) + 2)))
            sheet.write_string(0, column, heading, bold)
        for place, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                sheet.write_string(place, column, cell[:32_767], plain)
    return out.getvalue()


def _filed(rows: QuerySet[Record]) -> Iterator[tuple[int, Record, Retention | None]]:
    """Yield each record with its line of the schedule."""
    wanted = rows.select_related("story").annotate(photos=Count("story__photos")).order_by("closed_on", "pk")
    schedule = retentions(rows.order_by().values_list("code", flat=True).distinct())
    for number, row in enumerate(wanted.iterator(CHUNK), start=1):
        yield number, row, schedule.get(row.code)


def _fate(row: Record, line: Retention | None) -> str:
    if row.for_good:
        return "permanen"
    return WORDS[FinalDisposition(line.final_disposition)] if line else "dinilai kembali"


def _word(label: object) -> str:
    """Return a choice in Indonesian: the lists are official, whatever language their reader's screen has."""
    with translation.override("id"):
        return str(label)
