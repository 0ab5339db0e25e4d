"""A mail server on this machine that takes letters in, and misbehaves on demand.

with mail_server() as server:
    ... server.port ...
    assert server.letters[0]["Subject"]
"""

from __future__ import annotations

import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.ports import free_port


@dataclass
class Server:
    """What the server has taken, and how it behaves."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """The envelope sender of each letter; `<>` for the null return path."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Answers to give instead of its own, in turn, by command: MAIL, RCPT, DATA."""
    hang_up: bool = False
    """Take the next letter and close the line without an answer."""
    signed_in: list[str] = field(default_factory=list)

    def _unlike(self, command: str) -> str:
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else ""

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self._unlike("MAIL <>" if address == "<>" else "MAIL"):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self._unlike("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if answer := self._unlike("DATA"):
            return answer
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        self.senders.append(envelope.mail_from or "")
        if self.hang_up:
            self.hang_up = False
            server.transport.abort()
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == b"sandi surat"
        if good:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=good, handled=good)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Start a server on a free port of this machine; with a certificate it asks for a name and a password."""
    server = Server(free_port())
    secured = tls or starttls
    asks = {"authenticator": server.authenticate, "auth_required": True} if secured else {}
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_require_tls=starttls is not None,
        **asks,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
