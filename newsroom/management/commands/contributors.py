from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.models import Contributor, Person, log


class Command(BaseCommand):
    help = "Import the allow-list of contributors from a CSV file: address,name,outlet,initials."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CommandError(
                f"{file} tidak dapat dibuka ({error.strerror}). Periksa nama dan izinnya."
            ) from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{file} bukan CSV UTF-8. Simpan ulang sebagai CSV UTF-8, lalu ulangi."
            ) from error
        dialect = csv.excel
        if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(","):
            dialect = type("Semicolons", (csv.excel,), {"delimiter": ";"})
        rows = csv.DictReader(text.splitlines(), dialect=dialect)
        if "address" not in (rows.fieldnames or []):
            raise CommandError(f"{file}: baris pertama harus memuat kolom address,name,outlet,initials.")
        faults, taken = [], 0
        for number, row in enumerate(rows, start=2):
            address = (row.get("address") or "").strip().lower()
            if not address:
                continue
            if address.count("@") != 1 or " " in address or not address.partition("@")[2]:
                faults.append(f"baris {number}: “{address}” bukan alamat surel atau @domain")
                continue
            contributor, _ = Contributor.objects.update_or_create(
                address=address,
                defaults={
                    "name": (row.get("name") or address).strip(),
                    "outlet": (row.get("outlet") or "").strip(),
                    "initials": (row.get("initials") or "").strip(),
                },
            )
            account = Person.objects.filter(email__iexact=address, contributor=None).first()
            if account and contributor.person is None:
                contributor.person = account
                contributor.save()
            taken += 1
        log("contributors", note=f"{taken} dari {file.name}")
        self.stderr.write(f"{taken} kontributor dicatat.")
        if faults:
            raise CommandError("Baris lain dicatat, tetapi: " + "; ".join(faults) + ".")
