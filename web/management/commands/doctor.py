from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.doctor import findings


class Command(BaseCommand):
    help = "Try everything Redaksi depends on; each line is ok, or the cause and the fix."
    requires_system_checks: list[str] = []  # noqa: RUF012 - a wrong setting is a finding, not a reason to stop

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--write", action="store_true", help="also write, read and remove a draft at every WordPress"
        )

    def handle(self, *, json: bool, write: bool, **options: Any) -> None:
        bad = 0
        for finding in findings(write):
            bad += not finding.ok
            self.stdout.write(_as_json(finding) if json else _as_text(finding))
        if bad:
            raise CommandError(f"{bad} hal perlu dibereskan.")


def _as_json(finding: Any) -> str:
    row = {"subject": finding.subject, "ok": finding.ok, "sentence": finding.sentence}
    return json.dumps(row, ensure_ascii=False)


def _as_text(finding: Any) -> str:
    return f"{'ok   ' if finding.ok else 'SALAH'} {finding.subject}: {finding.sentence}"
