from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import prose
from archive import ArchiveError
from pipeline import keys
from pipeline.backup import room_for
from pipeline.database import DatabaseNotCopied
from pipeline.restoring import drill, size_of


class Command(BaseCommand):
    help = "Restore a backup into a scratch folder and prove it: database, every original, every package, all counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="the folder backups were written to")
        keys.ask(parser)
        parser.add_argument(
            "--scratch", type=Path, help="where there is room for it; the temporary folder by default"
        )

    def handle(self, **options: Any) -> None:
        target, scratch = options["target"].absolute(), options["scratch"]
        place = scratch or Path(tempfile.gettempdir())
        if not place.is_dir():
            raise CommandError(f"Folder {place} tidak ada. Buat dahulu, atau pilih yang lain.")
        words = ["--identity-file", options["identity_file"], "--passphrase-env", options["passphrase_env"]]
        try:
            reading = keys.opened(
                target, options["name"], options["identity_file"], options["passphrase_env"]
            )
            size = size_of(reading, settings.REDAKSI.data)
            if not room_for(size, place):
                raise CommandError(
                    f"Latihan memerlukan {prose.number(size // 1_000_000 + 1)} MB di {place}. "
                    "Kosongkan ruang, atau pilih tempat lain dengan --scratch."
                )
            told = drill(target, reading.name, words, scratch)
        except (ArchiveError, DatabaseNotCopied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"name": reading.name, **told}, ensure_ascii=False))
        if told["problems"]:
            for sentence in told["problems"]:
                self.stderr.write(sentence)
            raise CommandError(
                f"Latihan pemulihan gagal: {prose.number(len(told['problems']))} masalah. Buat cadangan baru, lalu ulangi."
            )
        self.stderr.write(
            f"Latihan berhasil: {prose.number(told['stories'])} berita, {prose.number(told['originals'])} berkas asli, "
            f"{prose.number(told['packages'])} paket, semuanya utuh."
        )
