"""Walks the road: one pass at a time, or with a thread for each step and lane."""

from __future__ import annotations

import errno
import fcntl
import itertools
import logging
import socket
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import close_old_connections
from django.db.models import F
from django.utils import timezone

import archive
import config
import ingest
import photos
import publishers
from newsroom.models import PLACE, Copy, Delivery, Heartbeat, Lane, Mailbox
from newsroom.waiting import ClaimLost, Waiting, claimants, release_claims
from newsroom.workflow import MoveRefused
from pipeline import breaker, copies
from pipeline.backoff import BACKOFF, backoff
from pipeline.collages import CollageRefused, open_period
from pipeline.drift import open_rounds
from pipeline.fixity import Rotten, open_shelves
from pipeline.flow import ROAD, Step
from pipeline.notices import NoticeError, watch
from pipeline.post import MailServerError
from pipeline.receive import sync_mailboxes
from pipeline.searching import take_in
from pipeline.settings_file import take_up
from pipeline.stores import DiskFull, originals
from pipeline.strangers import Foreign
from pipeline.tidings import clear_tidings, gather, open_bookmarks
from pipeline.uploads import clear_uploads

logger = logging.getLogger(__name__)

GIVE_UP = 3
"""Attempts at a row that fails for reasons of its own, before a person must look."""


class Worker:
    """One process that walks the road. Its claims begin with its name, so that a dead one's are freed."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}/{uuid.uuid4().hex[:12]}"
        self.stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._lock = _LifeLine(self.name)

    def start(self) -> None:
        """Free what dead workers held and make the rows the settings ask for."""
        bury_the_dead()
        originals().clear_unfinished()
        sync_mailboxes()
        open_shelves()
        open_rounds()
        open_bookmarks()
        for step in ROAD:
            for lane in lanes(step):
                Lane.objects.get_or_create(name=f"{step.name}:{lane}")
        self.beat()

    def beat(self) -> None:
        Heartbeat.objects.update_or_create(worker=self.name, defaults={"at": timezone.now()})

    def stop(self) -> None:
        self.stopping.set()
        Heartbeat.objects.filter(worker=self.name).delete()
        self._lock.close()

    def walk_once(self) -> Iterator[tuple[str, Counter[str]]]:
        """Walk the road until nothing is due now; yield each step's counts of `done` and `failed`."""
        counts = [Counter[str]() for _ in ROAD]
        open_period()
        clear_uploads()
        clear_tidings()
        Mailbox.objects.filter(parked=False).update(next_attempt_at=None)
        moved = True
        while moved:
            passes = [self._pass(step, count) for step, count in zip(ROAD, counts, strict=True)]
            # What is silent is judged after every mailbox was tried: a run from cron begins with old looks.
            moved = any(passes) or watch() + gather() > 0
            self.beat()
        while take_in():
            pass
        for step, count in zip(ROAD, counts, strict=True):
            yield step.name, count

    def _pass(self, step: Step, count: Counter[str]) -> bool:
        worked = False
        rows = step.waits()
        # Most often nothing waits, and whether is asked with less than all of a row's columns.
        for row in list(rows[:200]) if rows.exists() else []:
            outcome = self.attempt(step, row)
            if outcome is not None:
                worked = True
                count["done" if outcome else "failed"] += 1
        return worked

    def walk(self) -> None:
        """Walk the road until `stop`: every lane has a thread of its own, a new site's lane within seconds."""
        threads: dict[str, threading.Thread] = {}
        self._open_lanes(threads)
        threads["take_in"] = threading.Thread(target=self._take_in, name="take_in", daemon=True)
        threads["take_in"].start()
        rounds = itertools.count()
        while not self.stopping.wait(5):
            self._guarded(take_up)
            self._open_lanes(threads)
            self._guarded(self.beat)
            self._guarded(bury_the_dead)
            self._guarded(gather)
            count = next(rounds)
            if count % 6 == 0:
                self._guarded(watch)
            if count % 60 == 0:
                self._guarded(open_period)
                self._guarded(clear_uploads)
                self._guarded(clear_tidings)
                self._guarded(open_rounds)
        for thread in threads.values():
            thread.join(timeout=30)

    def _open_lanes(self, threads: dict[str, threading.Thread]) -> None:
        """Start the threads that are not there yet. A lane that the settings no longer name finds no work."""
        for step in ROAD:
            hands = lanes(step) if step.lane else [str(number) for number in range(step.hands)]
            for hand in hands:
                name, lane = f"{step.name}:{hand}", hand if step.lane else ""
                if name not in threads:
                    if step.lane == "name":
                        sync_mailboxes()
                    threads[name] = threading.Thread(
                        target=self._loop, args=(step, lane), name=name, daemon=True
                    )
                    threads[name].start()

    def _loop(self, step: Step, lane: str) -> None:
        with (step.rest or _pausing)(lane, self.stopping) as rest:
            while not self.stopping.is_set():
                worked = self._guarded(lambda: self._next(step, lane))
                if not worked:
                    self._guarded(rest)

    def _take_in(self) -> None:
        """Keep the index of search whole, beside the road."""
        while not self.stopping.is_set():
            if not self._guarded(take_in):
                self.stopping.wait(5)

    def _guarded(self, act: Callable[[], Any]) -> Any:
        """Do `act`; the loop outlives a database that is away for a while."""
        close_old_connections()
        try:
            return act()
        except Exception:
            logger.exception("Langkah pekerja gagal; dicoba lagi sebentar lagi.")
            self.stopping.wait(5)
            return None

    def _next(self, step: Step, lane: str) -> bool:
        rows = step.waits()
        if lane:
            rows = rows.filter(**{step.lane: lane})
        worked = False
        for row in list(rows[:20]) if rows.exists() else []:
            if self.stopping.is_set():
                break
            worked = self.attempt(step, row) is not None or worked
        return worked

    def attempt(self, step: Step, row: Waiting) -> bool | None:
        """Take a row and do the step's work on it: True done, False failed, None taken by another."""
        lane = self._lane(step, row)
        claim = f"{self.name}:{next(self._numbers)}"
        if lane is not None and not lane.take(claim, Lane.objects.ready()):
            return None
        try:
            return self._work(step, row, lane) if row.take(claim, step.waits()) else None
        finally:
            if lane is not None:
                lane.let_go()

    def _lane(self, step: Step, row: Waiting) -> Lane | None:
        if not step.lane:
            return None
        lane, _ = Lane.objects.get_or_create(name=f"{step.name}:{getattr(row, step.lane)}")
        return lane

    def _work(self, step: Step, row: Waiting, lane: Lane | None) -> bool:
        try:
            step.work(row)
        except ClaimLost:
            logger.warning("%s %s: diambil alih pekerja lain.", step.name, row)
            return False
        except Exception as error:  # noqa: BLE001 - one bad row never stops the others
            fail(step, row, error, lane)
            return False
        if lane is not None and isinstance(row, Delivery):
            breaker.succeeded(lane)
        if lane is not None and lane.error and isinstance(row, Copy):
            lane.free()
        if row.claim:
            row.let_go()
        return True


@contextmanager
def _pausing(lane: str, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """Yield what most threads do while nothing waits: sleep a second."""

    def sleep() -> None:
        stopping.wait(1)

    yield sleep


def fail(step: Step, row: Waiting, error: Exception, lane: Lane | None = None) -> None:
    """Let a row wait with its error in front of the editors, by what kind of error it is."""
    sentence, again = _diagnose(step, row, error)
    try:
        if lane is not None and isinstance(row, Copy) and copies.concerns_all(error):
            copies.away(lane, error)  # not this file's trouble: all of them wait, none is marked
            row.let_go()
            return
        if lane is not None and isinstance(row, Delivery):
            until = breaker.failed(lane, row, error)
            if until and again is None:
                # Not this story's trouble: it only goes behind the others. The lane says what is wrong.
                row.hold(attempts=F("attempts") + 1)
                row.let_go()
                return
            again = until or again
        if again is None and step.give_up:
            step.give_up(row, sentence)
        row.failed(sentence, again_at=again)
    except ClaimLost:
        logger.warning("%s %s: diambil alih pekerja lain.", step.name, row)


def _diagnose(step: Step, row: Waiting, error: Exception) -> tuple[str, datetime | None]:
    """Return the sentence for the editors, and when to try again (None: a person must act)."""
    later = min(backoff(row.attempts), _patience(row, error))
    match error:
        case (
            publishers.Refused()
            | config.SettingsError()
            | CollageRefused()
            | MoveRefused()
            | Rotten()
            | copies.CopyRotten()
            | Foreign()
        ):
            return str(error), None
        case publishers.Asked():
            # A task, not a trouble: it waits for a person, and where one has answered it is looked at again.
            wait = timedelta(seconds=error.wait) if error.wait is not None else None
            return str(error), timezone.now() + wait if wait else None
        case publishers.PublishError():
            wait = timedelta(seconds=error.wait) if error.wait is not None else later
            return str(error), timezone.now() + wait
        case MailServerError() | NoticeError():
            return str(error), timezone.now() + later if error.again else None
        case ingest.MailboxRefused() if _signs_in(row):
            # Mail servers shut out whoever knocks with a wrong password too often.
            return str(error), timezone.now() + max(later, timedelta(minutes=5))
        case ingest.MailboxError():
            return str(error), timezone.now() + max(later, timedelta(seconds=error.wait))
        case DiskFull() | archive.ArchiveError():
            return str(error), timezone.now() + later
        case photos.UnreadablePhoto():
            return str(error), None
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return (
                "Disk penuh. Kosongkan ruang pada disk data; pekerjaan berlanjut sendiri sesudahnya.",
                timezone.now() + later,
            )
    logger.exception("%s %s gagal", step.name, row, exc_info=error)
    sentence = (
        f"Terjadi kesalahan pada program ({type(error).__name__}) saat langkah “{step.name}”. "
        "Tidak ada yang hilang. Tekan “Coba lagi”; bila berulang, kirim catatan program kepada operator."
    )
    # A mailbox is never given up: it is not the row that is bad, but something it met.
    again = row.attempts + 1 < GIVE_UP or isinstance(row, Mailbox)
    return sentence, timezone.now() + later if again else None


def _patience(row: Waiting, error: Exception) -> timedelta:
    """Return the longest wait between two tries: short where looking costs nobody anything."""
    if isinstance(row, Mailbox) and not _signs_in(row):
        return timedelta(seconds=15)
    site = settings.REDAKSI.site(getattr(row, "site", ""))
    if isinstance(error, DiskFull) or (site and site.kind == "folder"):
        return timedelta(minutes=1)
    return BACKOFF[-1]


def _signs_in(row: Waiting) -> bool:
    kinds = {mailbox.name: mailbox.kind for mailbox in settings.REDAKSI.mailboxes}
    return isinstance(row, Mailbox) and kinds.get(row.name) == "imap"


def lanes(step: Step) -> list[str]:
    """Return the names of a step's lanes, from the settings."""
    if step.lane == "site":
        return [site.name for site in settings.REDAKSI.sites]
    if step.lane == "name":
        return [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
    if step.lane == "place":
        return [PLACE] if settings.REDAKSI.archive.second_copy is not None else []
    return []


class _LifeLine:
    """A locked file that says this worker lives: the system lets go of the lock however it dies."""

    def __init__(self, name: str) -> None:
        self._path = _life_line(name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = self._path.open("wb")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()


def _life_line(name: str) -> Path:
    return Path(settings.DATA / "workers" / name.rpartition("/")[2])


def bury_the_dead() -> None:
    """Free the claims of workers of this machine that no longer live."""
    host = socket.gethostname()
    named = claimants() | set(Heartbeat.objects.values_list("worker", flat=True))
    for name in named:
        if name.rpartition("/")[0] == host and not _lives(name):
            freed = release_claims(f"{name}:")
            Heartbeat.objects.filter(worker=name).delete()
            _life_line(name).unlink(missing_ok=True)
            logger.info("Pekerja %s sudah tidak ada; %d pekerjaannya dilanjutkan.", name, freed)


def _lives(name: str) -> bool:
    try:
        with _life_line(name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
