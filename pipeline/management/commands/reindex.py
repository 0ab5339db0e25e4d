from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from newsroom import search
from newsroom.models import Entry, Story
from pipeline.searching import read_documents

BATCH = 200


class Command(BaseCommand):
    help = "Take into the index of search what it lacks; may be interrupted and started again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="take in anew what the index holds, too")

    def handle(self, **options: Any) -> None:
        if options["all"]:
            Entry.objects.update(made_by=0)
        documents = 0
        while number := read_documents(BATCH):
            documents += number
            self.stderr.write(f"{documents} dokumen dibaca …")
        stories, last = 0, None
        while batch := self._next(last):
            with transaction.atomic():
                for story in batch:
                    search.index(story)
            stories, last = stories + len(batch), batch[-1].pk
            self.stderr.write(f"{stories} berita diindeks …")
        self.stdout.write(json.dumps({"documents": documents, "stories": stories}))

    def _next(self, last: int | None) -> list[Story]:
        """Return the next stories that wait, by descending number: none is met twice."""
        waiting = search.waiting()
        return list(waiting[:BATCH] if last is None else waiting.filter(pk__lt=last)[:BATCH])
