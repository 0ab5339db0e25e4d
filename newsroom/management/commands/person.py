from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

import config
from newsroom.models import Contributor, Person, Role, log


class Command(BaseCommand):
    help = "Make an account or change one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", help="the name as people know it; needed for a new account")
        parser.add_argument("--role", choices=Role.values, help="needed for a new account")
        parser.add_argument(
            "--email", help="their address; a contributor with this address sees their own stories"
        )
        parser.add_argument("--password-env", metavar="VAR", help="environment variable with the password")

    @transaction.atomic
    def handle(self, *, username: str, **options: Any) -> None:
        person = Person.objects.filter(username=username).first()
        if person is None:
            if not options["name"] or not options["role"]:
                raise CommandError(f"Akun {username} belum ada: sertakan --name dan --role.")
            person = Person(username=username)
            person.set_unusable_password()
        if options["role"] and options["role"] != person.role:
            person.role_since = timezone.localdate()
        for field in ("name", "role", "email"):
            if options[field]:
                setattr(person, field, options[field])
        if options["password_env"]:
            try:
                person.set_password(config.secret(options["password_env"], None))
            except config.SettingsError as error:
                raise CommandError(str(error)) from error
        person.save()
        if person.email:
            Contributor.objects.filter(address=person.email.lower(), person=None).update(person=person)
        log("person", person=person, note=f"{person.username}: {person.role}")
        self.stderr.write(f"Akun {person.username} ({person.name}) berperan {Role(person.role).label}.")
