"""Letters leave by a mail server that wants TLS and a password, with a certificate of an authority of its own."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsroom.models import Letter
from pipeline import post
from tests.office import SETTINGS, Office, coverage
from tests.pipeline.mail_server import Server, mail_server
from tests.real.dovecot import make_certificates

pytestmark = [
    pytest.mark.real,
    # Of a line that is TLS from its first byte aiosmtpd says the same as of one that is none.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]

PASSWORD = "sandi surat"
Use = Callable[[str], None]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_certificates(folder)
    return folder


@pytest.fixture(params=["tls", "starttls"])
def security(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def server(authority: Path, security: str) -> Iterator[Server]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "server.pem", authority / "server.key")
    with mail_server(
        tls=context if security == "tls" else None, starttls=context if security == "starttls" else None
    ) as server:
        yield server


@pytest.fixture
def outgoing(office: Office, use: Use, server: Server, security: str, authority: Path) -> Callable[..., None]:
    """Write the settings that reach the server; what is given replaces them."""

    def write(password: str = PASSWORD, **changes: str) -> None:
        (office.folder / "sandi").write_text(password + "\n")
        keys = {
            "host": "localhost",
            "port": str(server.port),
            "security": security,
            "ca_file": str(authority / "ca.pem"),
            "user": "redaksi@contoh.example",
            "password_file": "./sandi",
            "sender": "redaksi@contoh.example",
            "acknowledge": "true",
            **changes,
        }
        lines = "".join(f"  {key}: {value}\n" for key, value in keys.items() if value)
        use(f"{SETTINGS}outgoing:\n{lines}")

    return write


def test_a_letter_leaves_after_signing_in(
    office: Office, server: Server, outgoing: Callable[..., None]
) -> None:
    outgoing()
    office.post(coverage())
    office.work()
    assert server.signed_in == ["redaksi@contoh.example"]
    assert [letter["Subject"] for letter in server.letters] == [Letter.objects.get().subject]
    assert server.senders == ["<>"]


def test_a_wrong_password_waits_for_a_person_and_is_told(
    office: Office, server: Server, outgoing: Callable[..., None]
) -> None:
    outgoing(password="salah")
    office.post(coverage())
    office.work()
    letter = Letter.objects.get()
    assert (letter.sent_at, letter.parked) == (None, True)
    assert "menolak nama atau kata sandi" in letter.error
    assert "salah" not in letter.error
    assert (post.check().ok, "kata sandi" in post.check().sentence) == (False, True)


def test_a_certificate_of_an_unknown_authority_is_not_trusted(
    office: Office, server: Server, outgoing: Callable[..., None]
) -> None:
    outgoing(ca_file="")
    finding = post.check()
    assert (finding.ok, "sertifikatnya tidak dapat dipercaya" in finding.sentence) == (False, True)
    assert server.signed_in == []


def test_the_doctor_signs_in_and_sends_nothing(server: Server, outgoing: Callable[..., None]) -> None:
    outgoing()
    assert post.check().ok
    assert server.signed_in == ["redaksi@contoh.example"]
    assert server.letters == []
