from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.fixity import ReportRefused, make_report
from newsroom.fixity_sheet import pdf
from newsroom.models import reread_after


class Command(BaseCommand):
    help = "Write the fixity report of a period as PDF/A and JSON, and keep it in the list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="last day; today by default")
        parser.add_argument("--out", type=Path, default=Path(), help="folder for both files")

    def handle(self, *, start: date | None, end: date | None, out: Path, **options: Any) -> None:
        end = end or timezone.localdate()
        try:
            report = make_report(start or end - reread_after() + timedelta(days=1), end, None)
        except ReportRefused as error:
            raise CommandError(str(error)) from error
        try:
            out.mkdir(parents=True, exist_ok=True)
            for suffix, data in (("json", report.text.encode()), ("pdf", pdf(report))):
                path = out / f"keutuhan-arsip_{report.start}_{report.end}.{suffix}"
                path.write_bytes(data)
                self.stdout.write(str(path))
        except OSError as error:
            raise CommandError(f"{out} tidak dapat ditulis ({error.strerror}). Pilih folder lain.") from error
        self.stderr.write(f"SHA-256 {report.sha256}")
