"""Mail in: bytes first, once, and nothing about the mailbox changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsroom.mailboxes import fetch_anyway
from newsroom.models import Mailbox, Sighting, Story, Submission
from pipeline.receive import GIVE_UP, RECONCILE_AFTER
from tests.office import SETTINGS, Office, coverage


def test_the_same_bytes_twice_make_one_submission(office: Office) -> None:
    office.post(coverage(), "satu")
    office.post(coverage(), "dua")
    office.work()
    assert Submission.objects.count() == 1
    assert Sighting.objects.count() == 2
    assert Story.objects.count() == 1


def test_the_mailbox_is_left_as_it_was(office: Office) -> None:
    file = office.post(coverage())
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    office.work()
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_look_at_the_mailbox_is_its_heartbeat(office: Office) -> None:
    office.post(coverage())
    before = timezone.now()
    office.work()
    mailbox = Mailbox.objects.get()
    assert mailbox.checked_at is not None
    assert mailbox.checked_at >= before
    assert mailbox.new == 1


def test_a_mailbox_that_is_away_is_told_and_heals_by_itself(office: Office) -> None:
    office.post(coverage())
    away = office.folder / "mailbox-away"
    office.mailbox.rename(away)
    assert office.work()["receive"] == (0, 1)
    mailbox = Mailbox.objects.get()
    assert str(office.mailbox) in mailbox.error
    away.rename(office.mailbox)
    office.work()
    mailbox.refresh_from_db()
    assert mailbox.error == ""
    assert Submission.objects.count() == 1


def test_originals_that_cannot_be_written_leave_the_mail_where_it_is(office: Office) -> None:
    office.post(coverage())
    (office.folder / "var" / "originals").write_text("bukan folder")
    assert office.work()["receive"] == (0, 1)
    assert not Submission.objects.exists()
    (office.folder / "var" / "originals").unlink()
    Mailbox.objects.update(next_attempt_at=None)
    office.work()
    assert Story.objects.count() == 1


def test_one_mail_that_cannot_be_fetched_stops_no_other(office: Office) -> None:
    office.post(coverage("Pertama", message_id="<1@x.example>"), "a-satu")
    # Listed, but never to be read.
    (office.mailbox / "new" / "b-dua").symlink_to("/proc/self/mem")
    office.post(coverage("Ketiga", message_id="<3@x.example>"), "c-tiga")
    office.work()
    assert Story.objects.count() == 2
    assert Sighting.objects.get(submission=None).uid == "b-dua"


def test_a_file_name_of_any_bytes_is_a_mail_like_others(office: Office) -> None:
    office.post(coverage("Pertama", message_id="<1@x.example>"))
    odd = os.fsencode(office.mailbox / "new") + b"/1.\xff\xfe.host"
    with open(odd, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(coverage("Kedua", message_id="<2@x.example>"))
    office.work()
    assert Story.objects.count() == 2
    assert Mailbox.objects.get().error == ""
    office.work()
    assert Mailbox.objects.get().new == 0


def test_a_folder_that_comes_back_is_read_again_within_seconds(office: Office) -> None:
    office.mailbox.rename(office.folder / "away")
    for _ in range(8):
        Mailbox.objects.update(next_attempt_at=None)
        office.work()
    mailbox = Mailbox.objects.get()
    assert mailbox.next_attempt_at is not None
    assert mailbox.next_attempt_at - timezone.now() <= timedelta(seconds=15)
    assert not mailbox.parked


def test_a_mail_is_in_the_ledger_before_its_bytes_are_kept(office: Office) -> None:
    office.post(coverage(), "satu")
    (office.folder / "var" / "originals").write_text("bukan folder")
    office.work()
    row = Sighting.objects.get()
    assert (row.uid, row.submission) == ("satu", None)
    assert row.size == len(coverage())
    (office.folder / "var" / "originals").unlink()
    Mailbox.objects.update(next_attempt_at=None)
    office.work()
    row.refresh_from_db()
    assert row.submission == Submission.objects.get()


def test_a_mail_that_keeps_failing_is_parked_alone_and_tried_again_once_a_day(office: Office) -> None:
    (office.mailbox / "new").mkdir(parents=True)
    bad = office.mailbox / "new" / "a-satu"
    bad.symlink_to("/proc/self/mem")  # a file that is there and cannot be read
    for number in range(GIVE_UP):
        office.post(coverage(f"Rilis {number}", message_id=f"<{number}@x.example>", seed=10 * number))
        office.work()
        Sighting.objects.update(next_attempt_at=None)
    assert Submission.objects.count() == GIVE_UP
    row = Sighting.objects.get(submission=None)
    assert (row.parked, row.attempts) == (True, GIVE_UP)
    assert "a-satu" in row.error
    assert Mailbox.objects.get().error == ""
    bad.unlink()
    office.post(coverage("Akhirnya", message_id="<akhir@x.example>", seed=900), "a-satu")
    office.work()
    assert Submission.objects.count() == GIVE_UP
    Mailbox.objects.update(reconciled_at=timezone.now() - RECONCILE_AFTER)
    office.work()
    assert Submission.objects.count() == GIVE_UP + 1


def test_a_mail_gone_before_it_was_fetched_leaves_nothing_behind(office: Office) -> None:
    Mailbox.objects.create(name="lokal")
    Sighting.objects.create(mailbox="lokal", uid="hilang", size=10)
    office.work()
    assert not Sighting.objects.exists()
    assert Mailbox.objects.get().error == ""


def test_a_mail_too_large_is_left_for_a_person(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace("path: ./mailbox}", "path: ./mailbox, largest_mb: 1}"))
    office.post(coverage() + b"x" * 1_100_000, "besar")
    office.post(coverage("Kecil", message_id="<kecil@x.example>"), "kecil")
    office.work()
    assert Submission.objects.get().subject == "Kecil"
    row = Sighting.objects.get(uid="besar")
    assert row.parked
    assert row.sender == "Nala Ayuningtias nala@contoh.example"
    assert row.subject == "Wali Kota Uji Membuka Musrenbang"
    fetch_anyway(row, office.person())
    office.work()
    assert Submission.objects.count() == 2


def test_a_folder_is_never_asked_how_far_back_to_go(office: Office) -> None:
    file = office.post(coverage())
    os.utime(file, (1_000_000_000, 1_000_000_000))
    office.work()
    assert Story.objects.count() == 1
    assert not Mailbox.objects.all().undecided().exists()


def test_a_start_is_chosen_for_mailboxes_on_a_server_only(office: Office) -> None:
    with pytest.raises(CommandError, match="lokal tidak ada"):
        call_command("receive", start=["lokal", "7"])
    with pytest.raises(CommandError, match="--start"):
        call_command("receive")
