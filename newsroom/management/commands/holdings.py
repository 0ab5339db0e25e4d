from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import media
from newsroom.acts import ActRefused
from newsroom.models import Medium

AT_ONCE = 5000
"""Rows taken in one transaction; a disk full of photos has more."""


class Command(BaseCommand):
    help = "Take the sheet of archive/measure.py into the register of storage media; fails when a file has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV: name,size,sha256,modified")
        parser.add_argument("--medium", required=True, metavar="NAME", help="the medium it was measured on")

    def handle(self, *, file: Path, medium: str, **options: Any) -> None:
        row = Medium.objects.filter(name__iexact=medium).first()
        if row is None:
            raise CommandError(f"Media {medium} belum dicatat. Tambahkan dulu di Arsip → Media simpan.")
        counts: Counter[str] = Counter()
        faults = []
        try:
            for text in self._pieces(file):
                lines = media.read(text, row)
                for line in lines:
                    if line.fate in ("wrong", "changed"):
                        faults.append(f"{line.name}: {line.reason}")
                counts.update(media.take(row, lines, None, source=file.name))
        except ActRefused as error:
            raise CommandError(str(error)) from error
        same = counts["same"] + counts["measured"]
        self.stderr.write(
            f"{row.name}: {counts['new']} baru, {same} masih sama, {counts['changed']} berubah."
        )
        if faults:
            raise CommandError("Perlu diperiksa: " + "; ".join(faults[:20]))

    def _pieces(self, file: Path) -> list[str]:
        """Return the sheet in pieces that each begin with its headings."""
        try:
            text = file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise CommandError(
                f"{file} tidak dapat dibuka ({error.strerror}). Periksa nama dan izinnya."
            ) from error
        heading, *lines = text.splitlines(keepends=True) or [""]
        pieces = [lines[at : at + AT_ONCE] for at in range(0, len(lines), AT_ONCE)] or [[]]
        return [heading + "".join(piece) for piece in pieces]
