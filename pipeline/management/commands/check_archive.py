from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import archive
from newsroom.models import Package, log
from pipeline.fixity import expected_on
from pipeline.stores import originals, packages_folder


class Command(BaseCommand):
    help = "Recompute every checksum of the originals and packages; fails when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each problem")

    def handle(self, *, json: bool, **options: Any) -> None:
        problems = 0
        for subject, path, sentence in self._problems():
            problems += 1
            self._tell(json, subject, path, sentence)
        if problems:
            raise CommandError(f"{problems} masalah ditemukan. Pulihkan berkasnya dari salinan cadangan.")
        self.stderr.write("Semua berkas asli dan paket arsip utuh.")

    def _tell(self, as_json: bool, subject: str, path: str, sentence: str) -> None:
        row = {"in": subject, "path": path, "problem": sentence}
        self.stdout.write(json.dumps(row, ensure_ascii=False) if as_json else f"{subject}: {sentence}")

    def _problems(self) -> Iterator[tuple[str, str, str]]:
        for problem in originals().check(expected=expected_on("")):
            yield "originals", str(problem.path), problem.sentence
        for package in Package.objects.exclude(path="").order_by("id").iterator():
            yield from self._package(package)

    def _package(self, package: Package) -> Iterator[tuple[str, str, str]]:
        found: list[archive.Problem] = archive.check_package(packages_folder() / package.path)
        sentences = " ".join(problem.sentence for problem in found)
        sound = not found
        if sound != package.sound:
            log("fixity", story=package.story, version=package.version, note=sentences)
        error = f"Paket arsip tidak utuh: {sentences}" if found else ""
        Package.objects.filter(pk=package.pk).update(
            checked_at=timezone.now(), sound=sound, error=error, parked=bool(found)
        )
        for problem in found:
            yield package.path, str(problem.path), problem.sentence
