from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import prose
from archive import ArchiveError
from pipeline import keys
from pipeline.database import DatabaseNotCopied
from pipeline.restoring import BESIDE, RestoreRefused, prove, restore


class Command(BaseCommand):
    help = "Make this empty office what a backup says; every checksum is verified on the way."
    requires_system_checks: list[str] = []  # noqa: RUF012 - an empty office has no sites yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the folder backups were written to")
        keys.ask(parser)
        parser.add_argument("--prove", action="store_true", help="then look at every row and file once more")

    def handle(self, **options: Any) -> None:
        try:
            reading = keys.opened(
                options["source"].absolute(),
                options["name"],
                options["identity_file"],
                options["passphrase_env"],
            )
            head = restore(reading, self.stderr.write)
        except (ArchiveError, RestoreRefused, DatabaseNotCopied) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"Cadangan {reading.name} dipulihkan ke {settings.REDAKSI.data}.")
        if not head.get("secrets"):
            self.stderr.write(
                "Kata sandi surel dan situs tidak ada di dalamnya: isi lagi sebelum menjalankan."
            )
        self.stderr.write(
            f"Pengaturan lama ada di {BESIDE}, di sebelah settings.yaml: bandingkan, lalu pakai."
        )
        if options["prove"]:
            told = prove(head)
            self.stdout.write(json.dumps({"name": reading.name, **told}, ensure_ascii=False))
            if told["problems"]:
                raise CommandError(f"{prose.number(len(told['problems']))} masalah: {told['problems'][0]}")
