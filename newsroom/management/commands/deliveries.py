from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import export
from newsroom.models import Delivery


class Command(BaseCommand):
    help = "List what each site holds of each story, as one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the only form there is")

    def handle(self, **options: Any) -> None:
        rows = Delivery.objects.order_by("story_id", "site").select_related("story")
        export.write_lines(map(export.delivery, rows), self.stdout)
