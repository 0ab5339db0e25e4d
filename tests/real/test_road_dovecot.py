"""From a real mail server onto the road."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone

from ingest import RawMessage
from newsroom.mailboxes import choose_start, fetch_anyway
from newsroom.models import Mailbox, Sighting, Story, Submission
from pipeline.flow import ROAD
from pipeline.lines import listening
from pipeline.receive import GIVE_UP, keep
from pipeline.stores import originals
from pipeline.worker import Worker
from tests.office import SETTINGS, Office, coverage
from tests.real.dovecot import Dovecot
from tests.real.fetcher import run_alone
from tests.real.relay import counting, cutting_after

pytestmark = [pytest.mark.real, pytest.mark.django_db]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def connect(use: Any, dovecot: Dovecot) -> Any:
    """Let the office read its mail from the real server."""

    def change(**keys: Any) -> None:
        changes = {"since_days": 30, **keys}
        mailbox = dovecot.settings(**changes).model_dump(mode="json", exclude_none=True)
        settings = yaml.safe_load(SETTINGS)
        settings["mailboxes"] = [mailbox]
        use(yaml.safe_dump(settings))

    change()
    return change


def due() -> None:
    Mailbox.objects.update(next_attempt_at=None)


def test_mail_comes_in_byte_for_byte_and_stays_unseen(office: Office, dovecot: Dovecot, connect: Any) -> None:
    mail = coverage().replace(b"\n", b"\r\n")
    uid = dovecot.deliver(mail)
    office.work()
    submission = Submission.objects.get()
    assert originals().read(submission.sha256) == mail
    assert Story.objects.get().state == "queued"
    assert "\\Seen" not in dovecot.flags(uid)


def test_what_has_been_seen_is_not_fetched_again(office: Office, dovecot: Dovecot, connect: Any) -> None:
    dovecot.deliver(coverage())
    office.work()
    dovecot.deliver(coverage("Kedua", message_id="<dua@x.example>"))
    office.work()
    assert Mailbox.objects.get().new == 1
    assert Sighting.objects.count() == 2


def test_a_mailbox_made_anew_repeats_nothing(office: Office, dovecot: Dovecot, connect: Any) -> None:
    dovecot.deliver(coverage())
    office.work()
    before = Sighting.objects.get().uidvalidity
    dovecot.rebuild_uidvalidity()
    office.work()
    assert Sighting.objects.latest("id").uidvalidity != before
    assert Submission.objects.count() == Story.objects.count() == 1


def look() -> bool | None:
    """Look into the mailbox once, and no further down the road."""
    worker = Worker()
    worker.start()
    try:
        due()
        return worker.attempt(ROAD[0], Mailbox.objects.get())
    finally:
        worker.stop()


def small(number: int, size: int = 0) -> bytes:
    return b"From: nala@contoh.example\r\nSubject: Surel %d\r\n\r\nIsi.\r\n" % number + _lines(size)


def _lines(size: int) -> bytes:
    return b"".join(b"%076d\r\n" % line for line in range(size // 78))


def test_a_new_mailbox_is_only_counted_until_a_person_says_how_far_back_to_go(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    connect(since_days=None)
    long_ago = (datetime.now(UTC) - timedelta(days=20)).strftime('"%d-%b-%Y %H:%M:%S +0000"')
    dovecot.deliver(coverage("Lama"), date=long_ago)
    dovecot.deliver(coverage("Baru"))
    office.work()
    office.work()
    mailbox = Mailbox.objects.get()
    assert not Submission.objects.exists()
    assert (mailbox.start_at, mailbox.error) == (None, "")
    assert mailbox.checked_at is not None
    mails = {answer: found["mails"] for answer, found in mailbox.survey["answers"].items()}
    assert mails == {"now": 0, "7": 1, "30": 2, "all": 2}
    assert mailbox.survey["answers"]["7"]["bytes"] > len(coverage("Baru"))

    dovecot.deliver(coverage("Sesudah dihitung"))
    call_command("receive", start=["uji", "7"])
    office.work()
    assert sorted(Submission.objects.values_list("subject", flat=True)) == ["Baru", "Sesudah dihitung"]

    call_command("receive", start=["uji", "all"])  # more was wanted after all
    office.work()
    assert Submission.objects.count() == 3


def test_from_now_on_takes_what_comes_and_nothing_before(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    connect(since_days=None)
    dovecot.deliver(coverage("Lama"))
    office.work()
    choose_start(Mailbox.objects.get(), "now", office.person())
    office.work()
    assert not Submission.objects.exists()
    dovecot.deliver(coverage("Baru"))
    office.work()
    assert Submission.objects.get().subject == "Baru"


def test_a_long_backlog_comes_newest_first_and_goes_on_by_itself(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    dovecot.deliver_many([small(number) for number in range(130)])
    assert look()
    newest = originals().read(Submission.objects.earliest("id").sha256)
    assert Submission.objects.count() == 100
    assert Sighting.objects.unfetched().count() == 30
    next_look = Mailbox.objects.get().next_attempt_at
    assert next_look is not None
    assert next_look <= timezone.now()
    dovecot.deliver(small(999))
    assert look()
    assert Submission.objects.count() == 131
    first_of_all = min(Sighting.objects.all(), key=lambda row: int(row.uid))
    assert newest.count(b"Surel 129")
    assert first_of_all.submission is not None


def test_a_connection_cut_in_mid_body_loses_nothing_and_holds_up_nobody(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    large = dovecot.deliver(small(1, 3_000_000))
    dovecot.deliver(small(2))
    with cutting_after(dovecot.port, 1_000_000) as port:
        connect(port=port)
        assert look() is False
    sighting = Sighting.objects.get(uid=large)
    assert (sighting.submission, sighting.attempts) == (None, 1)
    assert "memutus sambungan" in sighting.error
    connect()
    assert look()  # the large one waits for its next try, the other is taken
    assert Submission.objects.count() == 1
    Sighting.objects.update(next_attempt_at=None)
    assert look()
    assert originals().read(Sighting.objects.get(uid=large).submission.sha256) == small(1, 3_000_000)
    assert not Sighting.objects.exclude(error="").exists()


def test_a_mail_that_always_cuts_the_line_is_parked_alone(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    dovecot.deliver(small(1, 3_000_000))
    for number in range(2, 10):
        dovecot.deliver(small(number))
        with cutting_after(dovecot.port, 1_000_000) as port:
            connect(port=port)
            look()
            Sighting.objects.update(next_attempt_at=None)
    connect()
    assert look()
    parked = Sighting.objects.get(parked=True)
    assert parked.attempts == GIVE_UP
    assert Submission.objects.count() == 8
    assert list(Sighting.objects.attention()) == [parked]
    Mailbox.objects.update(reconciled_at=timezone.now() - timedelta(days=2))
    assert look()  # once a day it is tried again
    assert Submission.objects.count() == 9


def test_a_mail_too_large_is_told_by_its_headers_and_fetched_when_a_person_asks(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    connect(largest_mb=1)
    uid = dovecot.deliver(small(1, 3_000_000))
    dovecot.deliver(small(2))
    assert look()
    left = Sighting.objects.get(uid=uid)
    assert (left.submission, left.parked) == (None, True)
    assert (left.sender, left.subject) == ("nala@contoh.example", "Surel 1")
    assert "3 MB" in left.error
    assert Submission.objects.count() == 1
    assert look()
    fetch_anyway(left, office.person())
    assert look()
    assert Submission.objects.count() == 2


def test_what_the_ledger_misses_is_found_once_a_day(office: Office, dovecot: Dovecot, connect: Any) -> None:
    dovecot.deliver(small(1))
    assert look()
    Sighting.objects.all().delete()
    Submission.objects.all().delete()
    kept, _ = keep(RawMessage(data=b"x", mailbox="uji"))
    validity = Mailbox.objects.get().survey["uidvalidity"]
    Sighting.objects.bulk_create(
        Sighting(mailbox="uji", uidvalidity=validity, uid=str(uid), submission=kept) for uid in range(2, 700)
    )
    assert look()
    assert Submission.objects.count() == 1
    Mailbox.objects.update(reconciled_at=timezone.now() - timedelta(hours=25))
    assert look()
    assert Submission.objects.count() == 2


def test_a_number_given_to_another_mail_does_not_hide_it(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    dovecot.deliver(small(1))
    assert look()
    row = Sighting.objects.get()
    before, _ = keep(RawMessage(data=b"yang dulu bernomor sama", mailbox="uji"))
    earlier = timezone.now() - timedelta(days=3)
    Sighting.objects.update(submission=before, size=23, arrived_at=earlier)
    assert look()
    row.refresh_from_db()
    assert row.uid == f"1~{row.pk}"
    again = Sighting.objects.get(uid="1")
    assert again.submission is not None
    assert again.submission != before


def test_mail_that_cannot_be_moved_is_taken_all_the_same_and_moved_later(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    connect(after="move", move_to="Sudah Diambil")
    dovecot.deliver(coverage())
    for _ in range(2):
        office.work()
        Sighting.objects.update(settle_at=None)
    assert Story.objects.count() == 1
    assert Mailbox.objects.get().error == ""
    row = Sighting.objects.get()
    assert (row.settled, row.settle_attempts) == (False, 2)
    assert row.settle_error
    assert Mailbox.objects.all().unmoved().exists()
    dovecot.make_folder("Sudah Diambil")
    office.work()
    row.refresh_from_db()
    assert (row.settled, row.settle_error) == (True, "")
    assert len(dovecot.uids("Sudah Diambil")) == 1


def test_mail_makes_the_mailbox_due_while_we_listen_and_a_restart_heals(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    def rest_until_due(rest: Callable[[], None]) -> None:
        for _ in range(30):
            rest()
            if Mailbox.objects.all().due().exists():
                return
        raise AssertionError("nobody told us")

    connect(every=3600)
    with listening("uji", threading.Event()) as rest:
        look()
        assert not Mailbox.objects.all().due().exists()
        rest()
        dovecot.deliver(small(1))
        rest_until_due(rest)
        look()
        assert Submission.objects.count() == 1

        rest()
        dovecot.restart()
        rest()  # notices that the line is gone
        dovecot.deliver(small(2))
        look()  # the next look of the interval
        assert Submission.objects.count() == 2
        rest()
        dovecot.deliver(small(3))
        rest_until_due(rest)
        look()
    assert Submission.objects.count() == 3
    assert Mailbox.objects.get().error == ""


def test_a_mail_of_100_mb_is_taken_in_within_250_mb_of_memory(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver_many([small(1, 100_000_000)])
    told = run_alone(tmp_path, dovecot, "look")
    assert told["kept"] == 1
    assert told["size"] > 100_000_000
    assert told["megabytes"] < 250, told


def test_of_two_fetchers_at_once_one_does_the_work(tmp_path: Path, dovecot: Dovecot) -> None:
    mails = [small(number, 200_000) for number in range(30)]
    dovecot.deliver_many(mails)
    run_alone(tmp_path, dovecot, "prepare")
    with counting(dovecot.port) as (port, received):
        told = run_alone(tmp_path, dovecot, "look", port=port, at_once=2)
    assert told["kept"] == 30
    assert 6_000_000 < received() < 9_000_000


def test_a_kept_mail_is_marked_when_the_settings_ask(office: Office, dovecot: Dovecot, connect: Any) -> None:
    connect(after="mark")
    uid = dovecot.deliver(coverage())
    office.work()
    assert "\\Seen" in dovecot.flags(uid)
    assert Sighting.objects.get().settled


def test_a_server_that_is_down_is_told_and_heals_by_itself(
    office: Office, dovecot: Dovecot, connect: Any
) -> None:
    dovecot.deliver(coverage())
    dovecot.kill()
    assert office.work()["receive"] == (0, 1)
    mailbox = Mailbox.objects.get()
    assert mailbox.error
    assert not mailbox.parked
    dovecot.start()
    due()
    office.work()
    mailbox.refresh_from_db()
    assert mailbox.error == ""
    assert Story.objects.count() == 1


def test_a_wrong_password_is_told_in_one_sentence_without_the_password(
    office: Office, dovecot: Dovecot, connect: Any, tmp_path: Path
) -> None:
    (tmp_path / "salah").write_text("bukan-sandinya-99")
    connect(password_file=str(tmp_path / "salah"))
    assert office.work()["receive"] == (0, 1)
    mailbox = Mailbox.objects.get()
    assert "sandi" in mailbox.error.lower()
    assert "bukan-sandinya-99" not in mailbox.error
    assert "Traceback" not in mailbox.error
