from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from newsroom.models import Contributor, Person, Role
from web.sample.mails import CONTRIBUTORS, MAILS, sample_mail

PEOPLE = (
    ("kontributor", "Nala Ayuningtias", Role.CONTRIBUTOR),
    ("editor", "Bram Hadikusuma", Role.EDITOR),
    ("kepala", "Sulastri", Role.CHIEF),
)


class Command(BaseCommand):
    help = "Fill an empty Redaksi with an invented office: three accounts, contributors, coverage mails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-new", action="store_true", help="do nothing where people already have accounts"
        )

    def handle(self, *, if_new: bool, **options: Any) -> None:
        if Person.objects.exists():
            if if_new:
                return
            raise CommandError("Kantor ini sudah punya akun; contoh hanya dibuat di basis data yang kosong.")
        folder = next((box for box in settings.REDAKSI.mailboxes if box.kind == "folder"), None)
        if folder is None or (folder.path.exists() and any(folder.path.rglob("*"))):
            # A mailbox with mail in it, or on a server, belongs to a real office.
            told = "Kantor contoh hanya dibuat untuk mailbox folder yang masih kosong. Buat akun dengan `manage.py person`."
            if not if_new:
                raise CommandError(told)
            self.stderr.write(told)
            return
        self._mails(folder.path)
        self._people()

    def _mails(self, maildir: Path) -> None:
        self.stderr.write(f"Menyiapkan kantor contoh: {len(MAILS)} surel liputan …")
        for name in ("tmp", "new", "cur"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        now = timezone.localtime()

        def deliver(number: int) -> None:
            mail = sample_mail(number, now)
            draft = maildir / "tmp" / mail.name
            draft.write_bytes(mail.data)
            os.utime(draft, (mail.at.timestamp(), mail.at.timestamp()))
            draft.rename(maildir / "new" / mail.name)

        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(deliver, range(len(MAILS))))

    @transaction.atomic
    def _people(self) -> None:
        for address, name, outlet, initials in CONTRIBUTORS:
            Contributor.objects.create(address=address, name=name, outlet=outlet, initials=initials)
        lines = []
        for username, name, role in PEOPLE:
            password = secrets.token_urlsafe(9)
            person = Person(username=username, name=name, role=role)
            person.set_password(password)
            person.save()
            Contributor.objects.filter(name=name).update(person=person)
            lines.append(f"  {username:<12} {password}   ({Role(role).label})")
        self.stdout.write("Akun contoh; kata sandinya hanya ditampilkan sekali ini:")
        self.stdout.write("\n".join(lines))
