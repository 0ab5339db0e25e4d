from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import export
from newsroom.models import Package


class Command(BaseCommand):
    help = "List the preserved packages, as one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the only form there is")

    def handle(self, **options: Any) -> None:
        rows = Package.objects.exclude(path="").order_by("story_id", "version")
        export.write_lines(map(export.package, rows), self.stdout)
