"""Mail in: bytes first, once, and nothing about the mailbox changed."""

from __future__ import annotations

import os
from datetime import timedelta

from django.utils import timezone

from newsroom.models import Mailbox, Sighting, Story, Submission
from tests.office import Office, coverage


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
    # A name in the mailbox that leads nowhere: listed, but never to be read.
    (office.mailbox / "new" / "b-dua").symlink_to(office.mailbox / "tmp")
    office.post(coverage("Ketiga", message_id="<3@x.example>"), "c-tiga")
    office.work()
    assert Story.objects.count() == 2


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
