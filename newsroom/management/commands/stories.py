from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import export
from newsroom.models import Story


class Command(BaseCommand):
    help = "List every story, as one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the only form there is")

    def handle(self, **options: Any) -> None:
        rows = Story.objects.order_by("id").prefetch_related("photos")
        export.write_lines(map(export.story, rows), self.stdout)
