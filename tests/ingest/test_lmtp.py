"""The office's mail server hands mail over: every byte, and a yes only when it is kept."""

from __future__ import annotations

import signal
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Originals
from config import Lmtp
from ingest import RawMessage
from ingest.lmtp import Envelope, Listener, NotKept, open_already
from tests.ports import free_port

CHECKOUT = Path(__file__).parent.parent.parent
SENDER = "humas@contoh.example"


def wanted(**more: object) -> Lmtp:
    return Lmtp.model_validate({"listen": f"127.0.0.1:{free_port()}", **more})


class Desk:
    """Takes mail as the newsroom does, and can be told to stumble."""

    def __init__(self) -> None:
        self.kept: list[tuple[RawMessage, Envelope]] = []
        self.fault: Exception | None = None

    def keep(self, raw: RawMessage, envelope: Envelope) -> None:
        if self.fault:
            raise self.fault
        self.kept.append((raw, envelope))


@contextmanager
def door(keep: Callable[[RawMessage, Envelope], None], settings: Lmtp) -> Iterator[smtplib.LMTP]:
    listener = Listener(settings, keep)
    listener.start()
    try:
        with smtplib.LMTP(*settings.place, timeout=20) as server:
            yield server
    finally:
        listener.stop()


def replies(server: smtplib.LMTP, data: bytes, *recipients: str, sender: str = SENDER) -> list[bytes]:
    """Send one mail word for word, so that every reply can be seen."""
    assert server.docmd("LHLO", "surat.contoh.example")[0] == 250
    assert server.docmd("MAIL", f"FROM:<{sender}>")[0] == 250
    for recipient in recipients:
        assert server.docmd("RCPT", f"TO:<{recipient}>")[0] == 250
    assert server.docmd("DATA")[0] == 354
    server.send(data)
    assert server.file is not None
    return [server.file.readline().rstrip(b"\r\n") for _ in recipients]


AWKWARD = {
    "dots": b"Subject: titik\r\n\r\n.satu\r\n..dua\r\n...\r\n. \r\nakhir.\r\n",
    "only a dot in a line": b"Subject: a\r\n\r\n.\r\n",
    "an empty first line": b"\r\nisi\r\n",
    "nothing": b"",
    "empty lines before a dot": b"a\r\n\r\n\r\n.\r\n\r\n.b\r\n",
    "bare line ends": b"Subject: x\n\nsatu\n.\ndua\rtiga\r\r\n.\r\nempat\n.\r\n",
    "8-bit and NUL": "Subject: Jum’at\r\n\r\n".encode() + bytes(range(256)).replace(b"\r\n", b"") + b"\r\n",
    "a line of three megabytes": b"Subject: x\r\n\r\n" + b"panjang " * 400_000 + b"\r\n.\r\n",
    **{
        f"a line that ends {n} bytes from a piece's end": b"x" * ((1 << 20) - n) + b"\r\n.y\r\n.\r\nz\r\n"
        for n in range(-1, 5)
    },
    "a carriage return at the start of a line": b"a\r\n\rb\r\n\r\r\n.c\r\n\r.\r\n",
}


@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
def test_every_byte_is_kept_as_it_was_sent(data: bytes) -> None:
    desk = Desk()
    with door(desk.keep, wanted()) as server:
        stuffed = b"".join(b"." + line if line.startswith(b".") else line for line in _lines(data))
        (answer,) = replies(server, stuffed + b".\r\n", "redaksi@contoh.example")
        # The session is in step again after it.
        assert server.docmd("NOOP")[0] == 250
    ((raw, envelope),) = desk.kept
    assert raw.data == data
    assert answer == f"250 2.0.0 kept as {raw.sha256}".encode()
    assert (raw.mailbox, envelope) == ("lmtp", Envelope(SENDER, ("redaksi@contoh.example",)))


def _lines(data: bytes) -> list[bytes]:
    """Cut at CRLF only: a bare CR or LF begins no line in SMTP."""
    cut = data.split(b"\r\n")
    return [line + b"\r\n" for line in cut[:-1]] + ([cut[-1]] if cut[-1] else [])


def test_a_mail_sent_by_a_mail_program_arrives_whole() -> None:
    desk = Desk()
    mail = b"Subject: Rilis\r\n\r\n" + b".baris dengan titik\r\n" * 50_000
    with door(desk.keep, wanted()) as server:
        assert server.sendmail(SENDER, ["redaksi@contoh.example"], mail) == {}
        server.sendmail(SENDER, ["redaksi@contoh.example"], b"Subject: Kedua\r\n\r\nx\r\n")
    assert [raw.data for raw, _ in desk.kept] == [mail, b"Subject: Kedua\r\n\r\nx\r\n"]


def test_what_the_server_may_rely_on_is_offered() -> None:
    with door(Desk().keep, wanted(largest_mb=3)) as server:
        server.ehlo()
        assert {"size", "8bitmime", "smtputf8"} <= set(server.esmtp_features)
        assert server.esmtp_features["size"] == "3000000"
        server.mail("humas@kantor-jum’at.example", ["SMTPUTF8", "BODY=8BITMIME"])
        assert server.docmd("EHLO", "x")[0] == 500


def test_each_recipient_is_answered_and_the_mail_is_kept_once() -> None:
    desk = Desk()
    recipients = ("redaksi@contoh.example", "humas@contoh.example", "foto@contoh.example")
    with door(desk.keep, wanted()) as server:
        answers = replies(server, b"Subject: x\r\n\r\ny\r\n.\r\n", *recipients)
        assert [answer[:3] for answer in answers] == [b"250"] * 3
        assert server.docmd("NOOP")[0] == 250
    assert [envelope.recipients for _, envelope in desk.kept] == [recipients]


def test_a_bounce_has_no_sender() -> None:
    desk = Desk()
    with door(desk.keep, wanted()) as server:
        replies(server, b"x\r\n.\r\n", "redaksi@contoh.example", sender="")
    assert desk.kept[0][1].sender == ""


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (NotKept("452 4.3.1", "disk penuh"), b"452 4.3.1"),
        (NotKept("451 4.3.0", "basis data tidak menjawab"), b"451 4.3.0"),
        (ZeroDivisionError("kesalahan program"), b"451 4.3.0"),
    ],
)
def test_a_mail_that_cannot_be_kept_stays_with_the_server(fault: Exception, answer: bytes) -> None:
    desk = Desk()
    desk.fault = fault
    with door(desk.keep, wanted()) as server:
        answers = replies(server, b"Subject: x\r\n\r\ny\r\n.\r\n", "a@contoh.example", "b@contoh.example")
        assert [line[: len(answer)] for line in answers] == [answer] * 2
        assert "disk" not in answers[0].decode()
        desk.fault = None
        server.rset()
        assert server.sendmail(SENDER, ["a@contoh.example"], b"Subject: x\r\n\r\ny\r\n") == {}
    assert len(desk.kept) == 1


def test_a_mail_that_is_too_large_is_refused_and_the_next_one_taken() -> None:
    desk = Desk()
    with door(desk.keep, wanted(largest_mb=1)) as server:
        server.docmd("LHLO", "x")
        assert server.docmd("MAIL", f"FROM:<{SENDER}> SIZE=1000001")[0] == 552
        answers = replies(server, b"z" * 1_000_001 + b"\r\n.\r\n", "a@contoh.example", "b@contoh.example")
        assert [answer[:3] for answer in answers] == [b"552"] * 2
        (answer,) = replies(server, b"z" * 999_998 + b"\r\n.\r\n", "a@contoh.example")
        assert answer.startswith(b"250")
    assert [len(raw.data) for raw, _ in desk.kept] == [1_000_000]


def test_a_connection_cut_in_the_middle_of_a_mail_leaves_nothing() -> None:
    desk = Desk()
    settings = wanted()
    listener = Listener(settings, desk.keep)
    listener.start()
    with socket.create_connection(settings.place, timeout=20) as line:
        line.sendall(
            b"LHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nSubject: setengah"
        )
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass  # until the listener closes its side
    listener.stop()
    assert desk.kept == []


def test_a_mail_that_is_being_written_when_we_stop_is_finished_and_answered() -> None:
    writing, go_on = threading.Event(), threading.Event()
    desk = Desk()

    def slowly(raw: RawMessage, envelope: Envelope) -> None:
        writing.set()
        assert go_on.wait(20)
        desk.keep(raw, envelope)

    settings = wanted()
    listener = Listener(settings, slowly)
    listener.start()
    with smtplib.LMTP(*settings.place, timeout=20) as server:
        answers: list[bytes] = []
        sending = threading.Thread(
            target=lambda: answers.extend(replies(server, b"x\r\n.\r\n", "a@contoh.example"))
        )
        sending.start()
        assert writing.wait(20)
        stopping = threading.Thread(target=listener.stop)
        stopping.start()
        go_on.set()
        sending.join(20)
        stopping.join(20)
        assert answers and answers[0].startswith(b"250")
        server.close()
    assert len(desk.kept) == 1


def test_a_port_that_is_taken_is_told() -> None:
    settings = wanted()
    assert open_already(settings) is None
    first = Listener(settings, Desk().keep)
    first.start()
    try:
        assert open_already(settings) is True
        with pytest.raises(OSError, match="in use"):
            Listener(settings, Desk().keep).start()
    finally:
        first.stop()


def test_somebody_else_on_the_port_is_not_taken_for_us() -> None:
    settings = wanted()

    def greet() -> None:
        line, _ = other.accept()
        with line:
            line.sendall(b"220 lain ESMTP\r\n")

    with socket.create_server(settings.place) as other:
        greeting = threading.Thread(target=greet)
        greeting.start()
        assert open_already(settings) is False
        greeting.join(20)


DIES = """
import os, signal, sys
from pathlib import Path
from archive import Originals
from config import Lmtp
from ingest.lmtp import Listener

def keep(raw, envelope):
    Originals(Path(sys.argv[1])).keep(raw.data)
    os.kill(os.getpid(), signal.SIGKILL)

listener = Listener(Lmtp(listen=sys.argv[2]), keep)
listener.start()
print("ready", flush=True)
signal.pause()
"""


def test_a_listener_killed_before_its_answer_is_asked_again_and_the_bytes_are_there_once(
    tmp_path: Path,
) -> None:
    settings = wanted()
    mail = b"Subject: x\r\n\r\nisi\r\n"
    process = subprocess.Popen(
        [sys.executable, "-c", DIES, str(tmp_path), settings.listen], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            smtplib.LMTP(*settings.place, timeout=20).sendmail(SENDER, ["a@contoh.example"], mail)
        assert process.wait(20) == -signal.SIGKILL
    originals = Originals(tmp_path)
    assert list(originals.check()) == []

    def again(raw: RawMessage, envelope: Envelope) -> None:
        originals.keep(raw.data)

    with door(again, settings) as server:
        assert server.sendmail(SENDER, ["a@contoh.example"], mail) == {}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [mail]
