"""What an IMAP server or the network does, told in one sentence with the way out."""

from __future__ import annotations

import errno
import imaplib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from imapclient.exceptions import LoginError

from config import ImapMailbox
from ingest import MailboxRefused, MailboxUnreachable, check, open_mailbox
from ingest.imap_errors import classified


def mailbox(**changes: Any) -> ImapMailbox:
    given = {
        "name": "resmi",
        "kind": "imap",
        "host": "localhost",
        "user": "redaksi@contoh.example",
        "password_env": "UJI_SANDI_SUREL",
        "timeout": 5,
        **changes,
    }
    return ImapMailbox.model_validate(given)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UJI_SANDI_SUREL", "sandi-rahasia-81")


@contextmanager
def speaking(*answers: str, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Offer a server that greets, then answers each command in turn; `{tag}` stands for the command's."""

    def serve() -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                line = tls.wrap_socket(connection, server_side=True) if tls else connection
                with line, line.makefile("rwb") as stream:
                    stream.write(b"* OK siap\r\n")
                    stream.flush()
                    for answer in answers:
                        tag = stream.readline().split(b" ")[0].decode()
                        stream.write(answer.format(tag=tag).encode() + b"\r\n")
                        stream.flush()
        except OSError:
            return  # the client does not trust us, or has heard enough

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


CAPABILITY = "* CAPABILITY IMAP4rev1\r\n{tag} OK ya"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
            MailboxRefused,
            "menolak nama atau kata sandi",
        ),
        (
            "NO [ALERT] Application-specific password required: https://x (Failure)",
            MailboxRefused,
            "sandi aplikasi",
        ),
        ("NO [ALERT] Your account is not enabled for IMAP use.", MailboxRefused, "IMAP belum dinyalakan"),
        ("NO User is authenticated but not connected.", MailboxRefused, "IMAP belum dinyalakan"),
        ("NO [ALERT] Please log in via your web browser: https://x", MailboxRefused, "lewat peramban"),
        ("NO [EXPIRED] Password has expired", MailboxRefused, "sudah kedaluwarsa"),
        ("NO [PRIVACYREQUIRED] Plaintext authentication disallowed", MailboxRefused, "sambungan aman"),
        (
            "NO [ALERT] Too many simultaneous connections. (Failure)",
            MailboxUnreachable,
            "membatasi sambungan",
        ),
        ("NO [LIMIT] LOGIN Rate limit hit", MailboxUnreachable, "membatasi banyaknya permintaan"),
        (
            "NO [OVERQUOTA] Account exceeded command or bandwidth limits.",
            MailboxUnreachable,
            "membatasi banyaknya",
        ),
        ("NO [UNAVAILABLE] Temporary authentication failure", MailboxUnreachable, "sedang sibuk"),
    ],
)
def test_what_a_server_says_at_the_door_is_told_by_its_cause(
    answer: str, kind: type[Exception], words: str
) -> None:
    with speaking(CAPABILITY, "{tag} " + answer) as port, pytest.raises(kind, match=words) as caught:
        open_mailbox(mailbox(port=port, security="none"))
    assert "sandi-rahasia-81" not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize(("answer", "least"), [("[LIMIT] slow down", 900), ("Too many connections", 60)])
def test_a_server_that_has_had_enough_is_left_alone_for_a_while(answer: str, least: int) -> None:
    with speaking(CAPABILITY, "{tag} NO " + answer) as port, pytest.raises(MailboxUnreachable) as caught:
        open_mailbox(mailbox(port=port, security="none"))
    assert caught.value.wait >= least


def test_a_goodbye_instead_of_an_answer_is_tried_again() -> None:
    with (
        speaking(CAPABILITY, "* BYE Sampai jumpa") as port,
        pytest.raises(MailboxUnreachable, match="memutus sambungan"),
    ):
        open_mailbox(mailbox(port=port, security="none"))


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("imap.gmail.com", "Sandi Aplikasi"),
        ("imap.mail.yahoo.com", "Yahoo"),
        ("outlook.office365.com", "connect_mailbox resmi"),
        ("mail.contoh.go.id", "Periksa user"),
    ],
)
def test_a_wrong_password_is_told_in_the_providers_own_words(host: str, words: str) -> None:
    with (
        pytest.raises(MailboxRefused, match=words),
        classified(mailbox(host=host), signing_in=True),
    ):
        raise LoginError("b'LOGIN failed.'")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "tidak ditemukan"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "belum dapat dicari"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "menolak sambungan"),
        (OSError(errno.ENETUNREACH, "x"), "tidak tersambung ke jaringan"),
        (TimeoutError("x"), "tidak menjawab dalam 5 detik"),
        (imaplib.IMAP4.abort("socket error: EOF"), "memutus sambungan"),
        (ValueError("x"), "tidak dapat dimengerti"),
    ],
)
def test_what_the_network_does_is_told_by_its_cause(error: Exception, words: str) -> None:
    with pytest.raises(MailboxUnreachable, match=words), classified(mailbox()):
        raise error


def test_our_own_full_disk_is_not_blamed_on_the_server() -> None:
    with pytest.raises(OSError, match="penuh"), classified(mailbox()):
        raise OSError(errno.ENOSPC, "penuh")


@pytest.mark.parametrize(
    ("certificate", "trusted", "words"),
    [
        ("kemarin", True, "tidak berlaku hari ini"),
        ("lain", True, "nama lain"),
        ("baik", False, "Penerbit sertifikat"),
    ],
)
def test_a_certificate_that_cannot_be_trusted_is_told_by_its_cause(
    tmp_path: Path, certificate: str, trusted: bool, words: str
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*_certified(tmp_path, certificate))
    with speaking(tls=tls) as port:
        box = mailbox(port=port, ca_file=tmp_path / "ca.pem" if trusted else None)
        with pytest.raises(MailboxRefused, match=words):
            open_mailbox(box)
    with speaking(tls=tls) as port:
        last = check(box.model_copy(update={"port": port}))[-1]
    assert not last.ok
    assert words in last.sentence


def _certified(folder: Path, kind: str) -> tuple[str, str]:
    """Make an authority, and a certificate of it: good, for another name, or of a day long past."""
    name = "lain.contoh.example" if kind == "lain" else "localhost"
    dates = ("200101000000Z", "200102000000Z") if kind == "kemarin" else ("200101000000Z", "491231000000Z")
    (folder / "names").write_text(f"subjectAltName=DNS:{name}\n")
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=us\n[us]\ndatabase={folder}/index.txt\nserial={folder}/serial\nnew_certs_dir={folder}\n"
        "default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
    )
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    authority = ["-x509", "-days", "2", "-subj", "/CN=Otoritas Uji", "-keyout", "ca.key", "-out", "ca.pem"]
    signed = ["-cert", "ca.pem", "-keyfile", "ca.key", "-startdate", dates[0], "-enddate", dates[1]]
    for command in (
        ["req", *key, *authority],
        ["req", *key, "-subj", f"/CN={name}", "-keyout", "server.key", "-out", "server.csr"],
        [
            "ca",
            "-batch",
            "-config",
            "ca.conf",
            *signed,
            "-extfile",
            "names",
            "-in",
            "server.csr",
            "-out",
            "server.pem",
        ],
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    return str(folder / "server.pem"), str(folder / "server.key")
