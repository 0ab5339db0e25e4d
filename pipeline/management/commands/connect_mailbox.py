from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import config
import ingest
from ingest import oauth


class Command(BaseCommand):
    help = "Ask a mailbox's owner for the grant to read it (OAuth), and keep it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="a mailbox of settings.yaml with `oauth`")

    def handle(self, *, name: str, **options: Any) -> None:
        mailbox = next((box for box in settings.REDAKSI.mailboxes if box.name == name), None)
        if not isinstance(mailbox, config.ImapMailbox) or mailbox.oauth is None:
            raise CommandError(f"settings.yaml tidak memuat kotak surel {name} dengan bagian oauth.")
        try:
            if mailbox.oauth.place("device_url"):
                self._by_code(mailbox)
            else:
                self._by_link(mailbox)
        except ingest.MailboxError as error:
            raise CommandError(str(error)) from error
        findings = ingest.check(mailbox)
        for finding in findings:
            self.stderr.write(f"{'baik  ' if finding.ok else 'SALAH '} {finding.subject}: {finding.sentence}")
        if not all(finding.ok for finding in findings):
            raise CommandError(f"Izin sudah disimpan, tetapi {mailbox.user} belum dapat dibaca.")

    def _by_code(self, mailbox: config.ImapMailbox) -> None:
        device = oauth.ask_device(mailbox)
        self.stderr.write(
            f"Buka {device.url} di komputer atau ponsel mana pun, masuk sebagai {mailbox.user}, lalu ketik kode "
            f"{device.code}. Menunggu persetujuan …"
        )
        oauth.await_device(mailbox, device)

    def _by_link(self, mailbox: config.ImapMailbox) -> None:
        link, verifier = oauth.sign_in_link(mailbox)
        self.stderr.write(
            f"1. Buka alamat ini di peramban dan masuk sebagai {mailbox.user}:\n\n{link}\n\n"
            "2. Sesudah disetujui, peramban membuka alamat 127.0.0.1 dan berkata halaman tidak ditemukan. "
            "Itu benar.\n3. Salin seluruh alamat dari baris alamat peramban, tempel di sini, lalu tekan Enter:"
        )
        oauth.finish_link(mailbox, verifier, input())
