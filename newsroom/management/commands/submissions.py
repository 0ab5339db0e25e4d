from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import export
from newsroom.models import Submission


class Command(BaseCommand):
    help = "List every mail taken in and what became of it, as one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the only form there is")

    def handle(self, **options: Any) -> None:
        rows = Submission.objects.order_by("id").select_related("story", "revision_of", "duplicate_of")
        export.write_lines(map(export.submission, rows.prefetch_related("story__photos")), self.stdout)
