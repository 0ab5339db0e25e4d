from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

import archive
import config
import ingest
from newsroom.acts import ActRefused
from newsroom.mailboxes import ANSWERS, choose_start
from newsroom.models import Mailbox
from pipeline.receive import keep
from pipeline.stores import DiskFull

PIPE = Path("-")


class Command(BaseCommand):
    help = (
        "Take .eml files, folders and mbox files in as if they had been mailed; or say how far back to go "
        "in a mailbox."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument(
            "--start",
            nargs=2,
            metavar=("NAME", "ANSWER"),
            help=f"take mailbox NAME's mail in from: {', '.join(ANSWERS)} (days)",
        )

    def handle(self, *, paths: list[Path], start: list[str] | None, **options: Any) -> None:
        if bool(paths) == bool(start):
            raise CommandError("Sebut berkas surel, atau --start NAMA now|7|30|all.")
        if start:
            self._start(*start)
            return
        faults = []
        for path in paths:
            try:
                for raw in _mails(path):
                    _, new = keep(raw)
                    row = {"sha256": raw.sha256, "message_id": ingest.message_id(raw.data), "new": new}
                    self.stdout.write(json.dumps(row, ensure_ascii=False))
            except (ingest.MailboxError, OSError, DiskFull, archive.ArchiveError, DatabaseError) as error:
                faults.append(f"{path}: {error}")
        if faults:
            # A mail server that pipes tries again after this status; after another it sends the mail back.
            raise CommandError("\n".join(faults), returncode=os.EX_TEMPFAIL if PIPE in paths else 1)

    def _start(self, name: str, answer: str) -> None:
        wanted = [box.name for box in settings.REDAKSI.mailboxes if isinstance(box, config.ImapMailbox)]
        if name not in wanted:
            raise CommandError(
                f"Kotak surel IMAP {name} tidak ada. Yang ada: {', '.join(wanted) or 'tidak ada'}."
            )
        mailbox, _ = Mailbox.objects.get_or_create(name=name)
        try:
            choose_start(mailbox, answer, None, again=True)
        except ActRefused as error:
            raise CommandError(str(error)) from error
        at = mailbox.start_at.isoformat() if mailbox.start_at else None
        self.stdout.write(json.dumps({"mailbox": name, "start_at": at}))


def _mails(path: Path) -> Iterable[ingest.RawMessage]:
    return [ingest.from_pipe(sys.stdin.buffer)] if path == PIPE else ingest.iter_files(path)
