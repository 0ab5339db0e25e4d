from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.models import Person, Story
from newsroom.workflow import MOVES, MoveRefused, move


class Command(BaseCommand):
    help = "Move a story: the same rules as the buttons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("story", type=int)
        parser.add_argument(
            "verb", help=", ".join(verb for verb, rule in MOVES.items() if not rule.by_worker)
        )
        parser.add_argument("--by", required=True, metavar="USERNAME")
        parser.add_argument("--note", default="")

    def handle(self, **options: Any) -> None:
        story = Story.objects.filter(pk=options["story"]).first()
        if story is None:
            raise CommandError(f"Berita nomor {options['story']} tidak ada.")
        person = Person.objects.filter(username=options["by"]).first()
        if person is None:
            raise CommandError(f"Akun {options['by']} tidak ada.")
        try:
            move(story, options["verb"], person, options["note"])
        except MoveRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"story": story.pk, "state": story.state, "version": story.version}))
