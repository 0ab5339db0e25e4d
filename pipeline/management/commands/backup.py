from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import prose
from archive import ArchiveError, sealing
from pipeline.backup import Made, as_line, back_up
from pipeline.database import DatabaseNotCopied
from pipeline.keys import passphrase_in


class Command(BaseCommand):
    help = "Save database, originals, packages and settings to a folder on another disk; what is there is not copied again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder for backups only")
        parser.add_argument(
            "--encrypt-to",
            action="append",
            default=[],
            metavar="age1…",
            help="public key it is encrypted for",
        )
        parser.add_argument(
            "--passphrase-env", default="", metavar="VAR", help="environment variable with a passphrase"
        )
        parser.add_argument(
            "--with-secrets", action="store_true", help="passwords and the key, too, though not encrypted"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="afterwards delete all but the newest N backups"
        )

    def handle(self, **options: Any) -> None:
        keep = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep: sisakan sedikitnya satu cadangan.")
        if options["encrypt_to"] and options["passphrase_env"]:
            raise CommandError("Pilih salah satu: --encrypt-to atau --passphrase-env.")
        try:
            made = back_up(
                options["target"].absolute(),
                recipients=sorted({sealing.read_recipient(one) for one in options["encrypt_to"]}),
                passphrase=passphrase_in(options["passphrase_env"]),
                with_secrets=options["with_secrets"],
                keep=keep,
                told=self.stderr.write,
            )
        except (ArchiveError, DatabaseNotCopied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_line(made))
        self._tell(made)

    def _tell(self, made: Made) -> None:
        number = prose.number
        self.stderr.write(
            f"Cadangan {made.name} selesai: {number(made.files)} berkas, {number(made.new_files)} baru."
        )
        if made.secrets:
            self.stderr.write("Kata sandi dan kunci rahasia kantor ikut disimpan di dalamnya.")
        else:
            self.stderr.write(
                "Kata sandi dan kunci rahasia TIDAK ikut, karena cadangan ini tidak dienkripsi. Setelah dipulihkan, "
                "isi lagi kata sandi surel dan situs; semua orang masuk lagi. Pakai --encrypt-to, --passphrase-env, "
                "atau --with-secrets untuk menyertakannya."
            )
        if made.dropped:
            self.stderr.write(f"Cadangan lama dihapus: {', '.join(made.dropped)}.")
        if made.problems:
            for sentence in made.problems:
                self.stderr.write(sentence)
            raise CommandError(
                f"Ada {number(len(made.problems))} masalah di atas; selebihnya tersimpan. Jalankan check_archive."
            )
