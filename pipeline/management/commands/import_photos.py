from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import prose
from archive import ArchiveError
from pipeline.photo_folders import import_photos
from pipeline.stores import DiskFull


class Command(BaseCommand):
    help = "Bring a folder of old photos into the archive, a story for each folder and day; each photo once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="it is read, and never changed")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"Folder {folder} tidak ada. Periksa namanya.")
        try:
            counts = import_photos(folder.absolute(), self.stderr.write)
        except (ArchiveError, DiskFull) as error:
            raise CommandError(str(error)) from error
        row = {name: counts[name] for name in ("stories", "photos", "known", "broken")}
        self.stdout.write(json.dumps(row))
        self.stderr.write(
            f"{prose.number(counts['photos'])} foto baru menjadi {prose.number(counts['stories'])} berita arsip; "
            f"{prose.number(counts['known'])} sudah ada, {prose.number(counts['broken'])} tidak dapat dibaca."
        )
