from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import prose
from ingest import wxr
from pipeline.importing import ImportStopped, asker_for, import_file, import_site, source_of, waiting
from pipeline.stores import DiskFull


class Command(BaseCommand):
    help = "Bring an existing WordPress' stories and photos into the archive; repeating it brings nothing in twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="the site's address, or an export file (WXR) of it")
        parser.add_argument(
            "--allow-host", action="append", default=[], metavar="HOST", help="photos may lie there, too"
        )
        parser.add_argument("--inside", action="store_true", help="the site lies in the office's own network")

    def handle(self, *, source: str, allow_host: list[str], inside: bool, **options: Any) -> None:
        web = source.startswith(("http://", "https://"))
        try:
            url = source if web else wxr.site_of(Path(source))
            asker = asker_for(url, allow_host, inside)
            if web:
                counts = import_site(url, asker, self.stderr.write)
            else:
                counts = import_file(Path(source), url, asker, self.stderr.write)
        except OSError as error:
            raise CommandError(f"{source} tidak dapat dibaca ({error.strerror}).") from error
        except (ImportStopped, DiskFull, wxr.NotWxr) as error:
            raise CommandError(str(error)) from error
        row = {name: counts[name] for name in ("new", "known", "changed", "ours", "locked", "later")}
        self.stdout.write(json.dumps({"source": source_of(url).name, **row}))
        self.stderr.write(
            f"{prose.number(counts['new'])} berita baru diimpor; {prose.number(counts['known'] + counts['changed'])} sudah ada."
        )
        for address, problem in waiting(source_of(url)):
            self.stderr.write(f"Belum dapat diimpor: {address}: {problem}")
        if counts["later"]:
            raise CommandError(
                f"{prose.number(counts['later'])} berita belum dapat diimpor. Jalankan lagi nanti."
            )
