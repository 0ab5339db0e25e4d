"""The fixity report as PDF/A: set by Typst from the report's own JSON and from nothing else."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone, translation

import prose
from newsroom.models import FixityDay, FixityFinding, FixityReport
from newsroom.templatetags.office import filesize

TEMPLATE = Path(__file__).parent / "typst" / "fixity_report.typ"
NAMED = 300
"""Findings set out one by one; the JSON has them all."""


def pdf(report: FixityReport) -> bytes:
    """Return the report as PDF/A-2b: the same bytes each time for the same report."""
    told = json.loads(report.text)
    with translation.override("id"):
        words = _words(told)
    made: bytes = typst.compile(
        str(TEMPLATE),
        format="pdf",
        pdf_standards="a-2b",
        ignore_system_fonts=True,
        timestamp=int(report.made_at.timestamp()),
        sys_inputs={
            "report": report.text,
            "words": json.dumps(words, ensure_ascii=False),
            "sha256": report.sha256,
            "day": timezone.localdate(report.made_at).isoformat(),
        },
    )
    return made


def _words(told: dict[str, Any]) -> dict[str, Any]:
    """Say in Indonesian what the JSON says; numbers and dates as an office writes them."""
    findings = told["findings"]
    more = len(findings) - NAMED
    return {
        "period": f"{_day(told['period']['from'])} sampai {_day(told['period']['to'])}",
        "facts": _facts(told),
        "conclusion": _conclusion(told),
        "totals": [[_kind(row["kind"]), *_figures(row)] for row in told["looks"]["totals"]],
        "days": [[_day(row["day"]), _kind(row["kind"]), *_figures(row)] for row in told["looks"]["days"]],
        "findings": [_finding(row) for row in findings[:NAMED]],
        "more": f"Dan {prose.number(more)} temuan lagi; semuanya ada di berkas JSON." if more > 0 else "",
    }


def _facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    kept, schedule = told["kept"], told["schedule"]
    pace = f"{schedule['megabytes_per_second']:g}".replace(".", ",")
    return [
        ("Dibuat", f"{_moment(told['made_at'])} oleh {told['made_by']}"),
        ("Algoritma", told["algorithm"]),
        (
            "Jadwal",
            f"semua dibaca ulang dalam {prose.number(schedule['reread_days'])} hari, paling cepat {pace} MB tiap detik",
        ),
        ("Paket arsip tersimpan", prose.number(kept["packages"])),
        ("Paket tidak utuh saat ini", prose.number(kept["packages_not_whole"])),
        ("Temuan yang belum selesai", prose.number(kept["open_findings"])),
        ("Pemeriksaan tertua", _moment(kept["oldest_look"]) if kept["oldest_look"] else "belum ada"),
        *(
            [
                (
                    "Belum pernah dibaca ulang",
                    f"{prose.number(unseen)} dari 256 rak berkas asli; gilirannya tersebar",
                )
            ]
            if (unseen := kept["shelves_waiting_for_their_first_look"])
            else []
        ),
        # Reports of before these were told are drawn as they were given out.
        *([("Salinan kedua", _second_copy(told["second_copy"]))] if "second_copy" in told else []),
        *([("Media simpan", _media(told["media_register"]))] if "media_register" in told else []),
    ]


def _second_copy(copy: dict[str, Any]) -> str:
    if not copy["configured"]:
        return "belum diatur"
    if not copy["begun_at"]:
        return "sudah diatur, belum dimulai"
    said = f"{prose.number(copy['copies'])} berkas asli dan paket tersalin"
    if copy["files_waiting"]:
        waiting = f"{prose.number(copy['files_waiting'])} ({filesize(copy['bytes_waiting'])}) menunggu"
        said += f"; {waiting} sejak {_moment(copy['waiting_since'])}"
    if copy["oldest_look"]:
        said += f"; dibaca ulang, yang terlama {_moment(copy['oldest_look'])}"
    if copy["copies_not_whole"]:
        said += f"; {prose.number(copy['copies_not_whole'])} tidak utuh"
    foreign = prose.number(copy["foreign_files"]) if copy["foreign_files"] else "tidak ada"
    said += f"; {foreign} berkas asing" if copy["looked_for_foreign_files_at"] else ""
    return f"{said}. {copy['trouble']}" if copy["trouble"] else said


def _media(media: dict[str, Any]) -> str:
    if not media["files"]:
        return "belum ada berkas yang dicatat"
    said = f"{prose.number(media['files'])} berkas ({filesize(media['bytes'])}) di {prose.number(media['media_in_use'])} media"
    alone, never, changed = (
        media[name] for name in ("files_without_second_copy", "files_never_checked", "files_changed")
    )
    said += f"; {prose.number(alone)} belum punya salinan kedua" if alone else "; semua punya salinan kedua"
    said += f"; {prose.number(changed)} berubah" if changed else ""
    said += f"; {prose.number(never)} belum pernah diukur" if never else ""
    return said + (f"; pengukuran tertua {_moment(media['oldest_check'])}" if media["oldest_check"] else "")


def _conclusion(told: dict[str, Any]) -> str:
    kept, days = told["kept"], prose.number(told["schedule"]["reread_days"])
    unseen = kept["shelves_waiting_for_their_first_look"]
    spread = (
        f"Semua yang sudah tiba gilirannya telah dibaca ulang; {prose.number(unseen)} dari 256 rak berkas asli menunggu "
        "giliran pertamanya."
        if unseen and kept["on_time"]
        else f"Semua yang disimpan sudah dibaca ulang dalam {days} hari terakhir."
        if kept["on_time"]
        else f"Ada yang terakhir dibaca ulang lebih dari {days} hari yang lalu."
    )
    open_now = kept["open_findings"]
    settled = sum(1 for row in told["findings"] if row["settled_at"])
    if open_now:
        whole = f"{prose.number(open_now)} berkas saat ini tidak sebagaimana disimpan dan belum dipulihkan."
    elif settled:
        whole = f"{prose.number(settled)} temuan pada masa ini semuanya sudah selesai; arsip saat ini utuh."
    else:
        whole = "Tidak ada berkas yang berubah, hilang, atau asing; arsip utuh."
    foreign = told.get("second_copy", {}).get("foreign_files", 0)
    elsewhere = f" Di salinan kedua ada {prose.number(foreign)} berkas asing." if foreign else ""
    return f"{spread} {whole}{elsewhere}"


def _finding(row: dict[str, Any]) -> dict[str, str]:
    about = f", berita {row['story']} versi {row['version']}" if row["story"] else ""
    settled = "Belum selesai."
    if row["settled_at"]:
        outcome = FixityFinding.Outcome(row["outcome"]).label
        by = "dilihat" if row["outcome"] == FixityFinding.Outcome.GONE else "oleh"
        settled = f"{outcome}, {_moment(row['settled_at'])}, {by} {row['settled_by']}."
        if row["set_aside"]:
            settled += f" Yang keliru disimpan di {row['set_aside']}."
    return {
        "title": f"{FixityFinding.KINDS.get(row['kind'], row['kind'])}: {_kind(row['of']).lower()}{about}",
        "file": row["file"],
        "found": f"Ditemukan {_moment(row['found_at'])} oleh {row['found_by']}. {row['sentence']}",
        "settled": settled,
    }


def _figures(row: dict[str, Any]) -> list[str]:
    figures = [prose.number(row[name]) for name in ("looks", "files")]
    return [*figures, filesize(row["bytes"]), prose.number(row["problems"])]


def _kind(name: str) -> str:
    return str(FixityDay.Kind(name).label)


def _moment(told: str) -> str:
    return prose.dates.short(datetime.fromisoformat(told), settings.REDAKSI.office.tz)


def _day(told: str) -> str:
    return prose.dates.plain_date(date.fromisoformat(told))
