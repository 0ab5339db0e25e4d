from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import archive
import ingest
from pipeline.receive import keep
from pipeline.stores import DiskFull


class Command(BaseCommand):
    help = "Take .eml files, folders and mbox files in as if they had been mailed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        faults = []
        for path in paths:
            try:
                for raw in ingest.iter_files(path):
                    _, new = keep(raw)
                    row = {"sha256": raw.sha256, "message_id": ingest.message_id(raw.data), "new": new}
                    self.stdout.write(json.dumps(row, ensure_ascii=False))
            except (ingest.MailboxError, OSError, DiskFull, archive.ArchiveError) as error:
                faults.append(f"{path}: {error}")
        if faults:
            raise CommandError("\n".join(faults))
