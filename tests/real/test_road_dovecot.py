"""From a real mail server onto the road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsroom.models import Mailbox, Sighting, Story, Submission
from pipeline.stores import originals
from tests.office import SETTINGS, Office, coverage
from tests.real.dovecot import Dovecot

pytestmark = [pytest.mark.real, pytest.mark.django_db]


@pytest.fixture
def dovecot(tmp_path: Path) -> Iterator[Dovecot]:
    with Dovecot(tmp_path) as server:
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
