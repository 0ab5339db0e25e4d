from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pipeline import collage_outputs
from pipeline.collages import CollageRefused, ask
from pipeline.flow import ROAD
from pipeline.worker import Worker


class Command(BaseCommand):
    help = "Make the collage of a period of 3 to 6 months and put it into the queue as a story."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--out", type=Path, metavar="FILE", help="also write the print JPEG here")

    def handle(self, *, start: date, end: date, out: Path | None, **options: Any) -> None:
        try:
            row = ask(start, end)
        except CollageRefused as error:
            raise CommandError(str(error)) from error
        if row.story is None:
            step = next(step for step in ROAD if step.name == "make_collage")
            worker = Worker()
            try:
                worker.attempt(step, row)
            finally:
                worker.stop()
            row.refresh_from_db()
        if row.story is None:
            raise CommandError(
                row.error or "Kolase sedang dibuat oleh pekerja lain; lihat antrean sebentar lagi."
            )
        if out is not None:
            try:
                out.write_bytes(collage_outputs.read(row.outputs.get("key", ""), collage_outputs.PRINT))
            except OSError as error:
                raise CommandError(f"{out} tidak dapat ditulis: {error.strerror}.") from error
            except collage_outputs.Unmade as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            json.dumps(
                {
                    "story": row.story.pk,
                    "from": start.isoformat(),
                    "to": end.isoformat(),
                    "left_out": row.left_out,
                }
            )
        )
