from __future__ import annotations

import json
import logging
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

import archive
import ingest
from newsroom.models import Disposition, Submission
from newsroom.waiting import ClaimLost
from pipeline.reread import SENTENCES, Read, Unreadable, foresee, read_again
from pipeline.worker import Worker, bury_the_dead

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Read kept mails again after an upgrade; what a person has touched stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--all", action="store_true", help="also those this reader has read already")
        chosen.add_argument("--mail", type=int, nargs="+", metavar="ID", help="these mails only")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of them")

    def handle(self, *, all: bool, mail: list[int] | None, dry_run: bool, **options: Any) -> None:
        bury_the_dead()
        worker = Worker()
        try:
            self._read_all(worker, _chosen(all, mail), dry_run=dry_run)
        finally:
            worker.stop()

    def _read_all(self, worker: Worker, mails: list[int], *, dry_run: bool) -> None:
        counts: Counter[str] = Counter()
        faults: list[str] = []
        for pk in mails:
            submission = Submission.objects.select_related("story").get(pk=pk)
            try:
                done = foresee(submission) if dry_run else _read(submission, worker)
            except Exception as error:  # noqa: BLE001 - one bad mail never stops the others
                faults.append(f"Surel {pk} ({submission}): {_reason(error)}")
                continue
            counts[SENTENCES[done.outcome]] += 1
            self._tell(submission, done)
        self._sum_up(counts, dry_run)
        if faults:
            told = "\n".join(faults)
            raise CommandError(f"{len(faults)} surel tidak dapat dibaca ulang dan tidak berubah:\n{told}")

    def _tell(self, submission: Submission, done: Read) -> None:
        row = {
            "submission": submission.pk,
            "sha256": submission.sha256,
            "outcome": done.outcome.value,
            "story": done.story.pk if done.story else None,
        }
        self.stdout.write(json.dumps(row, ensure_ascii=False))

    def _sum_up(self, counts: Counter[str], dry_run: bool) -> None:
        told = "Yang akan terjadi" if dry_run else "Selesai"
        self.stderr.write(f"{told}: {counts.total()} surel.")
        for sentence, count in counts.most_common():
            self.stderr.write(f"  {count}: {sentence}")


def _chosen(everything: bool, wanted: list[int] | None) -> list[int]:
    mails = Submission.objects.order_by("id")
    if wanted is not None:
        found = list(mails.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing := sorted(set(wanted) - set(found)):
            raise CommandError(f"Tidak ada surel bernomor {', '.join(map(str, missing))}.")
        return found
    read = mails.exclude(disposition=Disposition.UNREAD)
    if not everything:
        read = read.filter(reader__lt=ingest.VERSION)
    return list(read.values_list("pk", flat=True))


def _read(submission: Submission, worker: Worker) -> Read:
    free = Submission.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=timezone.now()))
    if not submission.take(f"{worker.name}:{submission.pk}", free):
        raise ClaimLost("sedang dikerjakan; jalankan lagi sebentar lagi")
    try:
        return read_again(submission)
    finally:
        if submission.claim:
            submission.let_go()


def _reason(error: Exception) -> str:
    if isinstance(error, Unreadable | ClaimLost | archive.ArchiveError | OSError):
        return str(error)
    logger.exception("a mail could not be read again", exc_info=error)
    return f"Terjadi kesalahan pada program ({type(error).__name__})."
