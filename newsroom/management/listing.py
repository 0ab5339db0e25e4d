"""What the commands that list rows have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import export


class Listing(BaseCommand):
    """Prints one JSON object a line for each of its rows."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the only form there is")

    def rows(self) -> Iterable[dict[str, Any]]:
        raise NotImplementedError

    def handle(self, **options: Any) -> None:
        export.write_lines(self.rows(), self.stdout)
