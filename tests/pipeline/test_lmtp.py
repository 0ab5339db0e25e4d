"""A mail handed over by the office's mail server goes the same road as any other."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

import config
import ingest
from ingest.lmtp import Envelope, NotKept
from newsroom.models import Story, Submission
from pipeline.lmtp import lmtp_door, open_door, take_in
from pipeline.stores import originals
from tests.office import SETTINGS, Office, coverage
from tests.ports import free_port
from web.checks import lmtp_can_listen
from web.doctor import findings

# A door opens its line to the database anew for each mail, which no test may hold open meanwhile.
committed = pytest.mark.django_db(transaction=True)
ENVELOPE = Envelope("nala@contoh.example", ("redaksi@contoh.example",))


def handed(data: bytes) -> ingest.RawMessage:
    return ingest.RawMessage(data, "lmtp")


@committed
def test_a_mail_handed_over_becomes_a_story_and_the_envelope_stays_beside_it(office: Office) -> None:
    take_in(handed(coverage()), ENVELOPE)
    submission = Submission.objects.get()
    assert originals().read(submission.sha256) == coverage()
    assert submission.evidence == {
        "envelope": {"from": "nala@contoh.example", "to": ["redaksi@contoh.example"]}
    }
    take_in(handed(coverage()), ENVELOPE)  # the server did not hear our answer
    office.post(coverage())  # and somebody reads the mailbox as well
    office.work()
    assert (Submission.objects.count(), Story.objects.count()) == (1, 1)


@committed
def test_a_disk_that_cannot_take_it_leaves_the_mail_with_the_server(office: Office) -> None:
    (office.folder / "var" / "originals").write_text("bukan folder")
    with pytest.raises(NotKept) as refused:
        take_in(handed(coverage()), ENVELOPE)
    assert refused.value.code == "451 4.3.0"
    assert not Submission.objects.exists()


@committed
def test_a_database_that_is_away_leaves_the_mail_with_the_server(office: Office) -> None:
    def away(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("INSERT"):
            raise OperationalError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(away), pytest.raises(NotKept) as refused:
        take_in(handed(coverage()), ENVELOPE)
    assert refused.value.code == "451 4.3.0"
    take_in(handed(coverage()), ENVELOPE)
    assert Submission.objects.count() == 1


def test_nothing_listens_unless_the_settings_say_so(office: Office) -> None:
    assert open_door() is None


def test_a_port_of_another_program_is_told_and_one_of_ours_is_left_to_it(
    office: Office, use: Callable[[str], None]
) -> None:
    port = free_port()
    use(SETTINGS + f"lmtp: {{listen: 127.0.0.1:{port}}}\n")
    with lmtp_door():
        assert smtplib.LMTP("127.0.0.1", port, timeout=20).quit()[0] == 221
        assert open_door() is None
    with another_program(port), pytest.raises(config.SettingsError, match=rf"127\.0\.0\.1:{port}"):
        open_door()


def test_work_says_plainly_that_the_port_is_taken(office: Office, use: Callable[[str], None]) -> None:
    port = free_port()
    use(SETTINGS + f"lmtp: {{listen: 127.0.0.1:{port}}}\n")
    with another_program(port), pytest.raises(CommandError, match=r"ganti lmtp\.listen"):
        call_command("work")


@contextmanager
def another_program(port: int) -> Iterator[None]:
    """Something on the port that greets like a mail server, once."""

    def greet() -> None:
        line, _ = server.accept()
        with line:
            line.sendall(b"220 lain.example ESMTP\r\n")

    with socket.create_server(("127.0.0.1", port)) as server:
        greeting = threading.Thread(target=greet)
        greeting.start()
        yield
        greeting.join(20)


def lmtp_finding() -> config.Finding:
    return next(finding for finding in findings() if finding.subject == "LMTP")


def test_check_and_doctor_tell_a_taken_port_and_not_our_own(
    office: Office, use: Callable[[str], None]
) -> None:
    port = free_port()
    use(SETTINGS + f"lmtp: {{listen: 127.0.0.1:{port}}}\n")
    assert [fault.id for fault in lmtp_can_listen()] == []
    assert lmtp_finding().ok is False
    with lmtp_door():
        assert [fault.id for fault in lmtp_can_listen()] == []
        assert lmtp_finding().ok is True
    with another_program(port):
        assert lmtp_finding().ok is False
    with another_program(port):
        (fault,) = lmtp_can_listen()
    assert (fault.id, str(port) in fault.msg) == ("redaksi.W004", True)
