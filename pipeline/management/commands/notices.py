from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

import config
from newsroom.management.listing import Listing
from newsroom.models import Notice
from pipeline.notices import kind_of, tell


class Command(Listing):
    help = (
        "List what the office was told of, as one JSON object a line; --test tells everybody something now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--test", action="store_true", help="send a test notice to every address")

    def handle(self, *, test: bool = False, **options: Any) -> None:
        if not test:
            super().handle(**options)
            return
        try:
            urls = settings.REDAKSI.notices.urls()
        except config.SettingsError as error:
            raise CommandError(str(error)) from error
        if not urls:
            raise CommandError("Belum ada alamat; isi bagian notices di settings.yaml (docs/notices.md).")
        at = timezone.localtime(timezone.now(), settings.REDAKSI.office.tz)
        failed = 0
        for number, url in enumerate(urls, start=1):
            taken = tell(url, "percobaan pemberitahuan", f"Dikirim {at:%d/%m/%Y %H.%M}. Tidak ada gangguan.")
            failed += not taken
            # Only the kind is named: the rest of an address is a secret.
            said = "diterima" if taken else "TIDAK diterima; periksa tulisan alamat dan sandinya"
            self.stderr.write(f"alamat ke-{number} ({kind_of(url)}): {said}")
        if failed:
            raise CommandError(f"{failed} dari {len(urls)} alamat belum menerima pemberitahuan.")

    def rows(self) -> Iterable[dict[str, Any]]:
        for row in Notice.objects.order_by("id"):
            yield {
                "kind": row.kind,
                "about": row.about,
                "subject": row.subject,
                "created_at": row.created_at.isoformat(),
                "sent_at": row.sent_at.isoformat() if row.sent_at else None,
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "error": row.error,
            }
