from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import contributor_sheet, sheets
from newsroom.acts import ActRefused
from newsroom.contributors import Entry, block, checked_address
from newsroom.models import Contributor, log


class Command(BaseCommand):
    help = "Import the allow-list of contributors from a CSV file, export it, block and unblock addresses."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "file", type=Path, nargs="?", help="CSV: address,name,outlet,initials,lists,blocked"
        )
        what.add_argument("--export", action="store_true", help="write the list as CSV to standard output")
        what.add_argument("--block", metavar="ADDRESS", help="set aside what comes from ADDRESS or @DOMAIN")
        what.add_argument("--unblock", metavar="ADDRESS", help="take a block back")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what an import would do, change nothing"
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        try:
            if options["export"]:
                self.stdout.write("".join(contributor_sheet.write(Contributor.objects.all())), ending="")
            elif options["block"] or options["unblock"]:
                self._block(options["block"] or options["unblock"], blocked=bool(options["block"]))
            elif file is not None:
                self._import(file, dry=options["dry_run"])
        except ActRefused as error:
            raise CommandError(str(error)) from error

    def _block(self, written: str, *, blocked: bool) -> None:
        address = checked_address(written)
        row = Contributor.objects.filter(address=address).first()
        if row is None and not blocked:
            raise CommandError(f"{address} tidak ada di daftar kontributor.")
        if row is None:
            row = Contributor.objects.create(**Entry.written({"address": address}).values(), blocked=True)
            log("contributor_block", note=address)
        else:
            block(row, None, blocked=blocked)
        self.stderr.write(f"{address} {'diblokir' if blocked else 'tidak lagi diblokir'}.")

    def _import(self, file: Path, *, dry: bool) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(
                f"{file} tidak dapat dibuka ({error.strerror}). Periksa nama dan izinnya."
            ) from error
        lines = contributor_sheet.read(sheets.decoded(data))
        if dry:
            for line in lines:
                self.stderr.write(f"baris {line.number}: {line.fate} {line.address} {line.reason}".rstrip())
            return
        contributor_sheet.take(lines, None, source=file.name)
        faults = [f"baris {line.number}: {line.reason}" for line in lines if line.fate == "wrong"]
        self.stderr.write(f"{len(lines) - len(faults)} kontributor dicatat.")
        if faults:
            raise CommandError("Baris lain dicatat, tetapi: " + "; ".join(faults))
