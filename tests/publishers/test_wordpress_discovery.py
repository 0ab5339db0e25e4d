"""Where a look at a pasted address goes and where not, and what it says of servers that are no WordPress."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from publishers.wordpress_check import made_by_wordpress
from publishers.wordpress_discovery import Found, discover
from publishers.wordpress_guard import NotAllowed, guard

Answers = Callable[[str], tuple[int, dict[str, str], str]]


class Server:
    """A web server of our own on this machine that answers each path as it is told."""

    def __init__(self, answers: Answers, certificate: Path | None = None) -> None:
        self.seen: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(answers))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(server, answers: Answers) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.seen.append(f"{self.command} {self.path}")
                status, headers, body = answers(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_GET

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def start(answers: Answers, certificate: Path | None = None) -> Server:
        running.append(Server(answers, certificate))
        return running[-1]

    yield start
    for server in running:
        server.stop()


def look(address: str, **how: Any) -> Found:
    return discover(address, **{"now": lambda: datetime.now(UTC), "inside": True, **how})


def said(found: Found, what: str) -> str:
    return next(one.sentence for one in found.steps if one.subject == what)


def page(body: str, status: int = 200, **headers: str) -> Answers:
    return lambda path: (status if path == "/" else 404, headers, body)


def test_a_site_that_is_no_wordpress_is_offered_to_be_carried_to(serve: Callable[..., Server]) -> None:
    server = serve(page("<html><title>Portal  Dinas &amp; Kota</title><p>Selamat datang"))
    found = look(server.host)
    assert found.kinds == ("assisted",)
    assert found.title == "Portal Dinas & Kota"
    assert found.url == f"http://{server.host}"
    assert "Tidak ada tanda WordPress" in said(found, "WordPress")
    assert all(line.startswith("GET") for line in server.seen)


def test_a_redirect_ends_at_the_true_address(serve: Callable[..., Server]) -> None:
    true = serve(page("<html>"))
    first = serve(lambda path: (301, {"Location": f"http://{true.host}/"}, ""))
    found = look(f"http://{first.host}/lama")
    assert found.url == f"http://{true.host}"
    assert true.host in said(found, "alamat")


def test_redirects_without_end_are_told(serve: Callable[..., Server]) -> None:
    server = serve(lambda path: (302, {"Location": path + "x"}, ""))
    found = look(f"http://{server.host}/")
    assert found.kinds == ()
    assert "lebih dari 5 kali" in said(found, "sambungan")
    assert len(server.seen) == 6


def test_a_redirect_is_judged_like_an_address_that_was_typed(serve: Callable[..., Server]) -> None:
    target = "http://169.254.169.254/latest/meta-data/"
    server = serve(lambda path: (302, {"Location": target}, ""))
    found = look(f"http://{server.host}/")
    assert "bukan milik sebuah situs" in said(found, "alamat")
    assert (found.kinds, found.inside) == ((), False)
    assert server.seen == ["GET /"]


def test_a_server_that_is_not_there_or_fails_is_told(serve: Callable[..., Server]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "tidak dapat dihubungi" in said(look(f"http://127.0.0.1:{port}"), "sambungan")
    assert "tidak ditemukan" in said(look("situs.contoh.invalid", inside=False), "sambungan")
    server = serve(page("", status=502))
    assert "galat 502" in said(look(server.host), "sambungan")


def certificate(folder: Path, name: str, days: int) -> Path:
    """Make a certificate of one's own with its key; `days` from now it ends."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=900))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    file = folder / "sertifikat.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_a_certificate_nobody_vouches_for_is_named(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(page("<html>"), certificate(tmp_path, "127.0.0.1", 30))
    found = look(f"https://{server.host}")
    assert "dibuat sendiri" in said(found, "https")
    assert found.kinds == ()
    # Typed without https, it is not opened without it behind the person's back.
    assert "dibuat sendiri" in said(look(server.host), "https")
    assert server.seen == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ftp://contoh.go.id/", "bukan alamat halaman web"),
        ("http://admin:sandi@contoh.go.id/", "bukan alamat halaman web"),
        ("http://contoh.go.id:99999/", "tidak dapat dibaca"),
        ("http:///x", "bukan alamat halaman web"),
    ],
)
def test_what_is_no_address_is_said_to_be_none(address: str, told: str) -> None:
    with pytest.raises(NotAllowed, match=told):
        guard(address, inside=True)


@pytest.mark.parametrize(
    ("address", "outside", "meant"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("10.1.2.3", False, True),
        ("192.168.1.10", False, True),
        ("172.16.0.1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("100.64.0.1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("0.0.0.0", False, False),  # noqa: S104
        ("224.0.0.1", False, False),
        ("240.0.0.1", False, False),
    ],
)
def test_only_the_internet_is_open_and_the_office_when_it_is_meant(
    address: str, outside: bool, meant: bool
) -> None:
    for inside, welcome in ((False, outside), (True, meant)):
        try:
            guard("https://situs.contoh.example/", inside, lambda host, port: [address])
            allowed = True
        except NotAllowed as error:
            allowed = False
            assert error.inside is (not inside and meant)
        assert allowed is welcome


def test_one_inner_address_among_outer_ones_is_enough_to_ask() -> None:
    with pytest.raises(NotAllowed) as refused:
        guard("https://x.example/", False, lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert refused.value.inside


def test_of_the_internet_only_the_webs_own_ports_are_asked() -> None:
    with pytest.raises(NotAllowed, match="porta 6379"):
        guard("http://x.example:6379/", True, lambda host, port: ["93.184.216.34"])
    guard("http://x.example:443/", False, lambda host, port: ["93.184.216.34"])


@pytest.mark.parametrize(
    ("password", "its"),
    [
        ("abcd EFGH 1234 ijkl MNOP 5678", True),
        ("abcdEFGH1234ijklMNOP5678", True),
        ("kata sandi masuk", False),
        ("Rahasia!2026-kota-contoh", False),
        ("", False),
    ],
)
def test_a_password_made_by_wordpress_is_known_by_its_form(password: str, its: bool) -> None:
    assert made_by_wordpress(password) is its
