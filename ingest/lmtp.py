"""A door for the office's own mail server: LMTP (RFC 2033), each mail answered only once it is kept."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from aiosmtpd.lmtp import LMTP

from config import Lmtp
from ingest.message import RawMessage

logger = logging.getLogger(__name__)

IDENT = "Redaksi LMTP"
"""What our greeting says, so that a second process knows that the port is busy with the first."""
_PIECE = 1 << 20
_AT_ONCE = 2
"""Mails written to disk at the same time; others wait their turn."""


@dataclass(frozen=True)
class Envelope:
    """What the mail server says about a mail outside the mail (RFC 5321 §2.3.1)."""

    sender: str
    """Of MAIL FROM; empty for a bounce."""
    recipients: tuple[str, ...]


class NotKept(Exception):
    """The mail is not safe yet: the server is answered with `code` and tries again later."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        """SMTP reply and enhanced status (RFC 3463), for example `452 4.3.1`."""


Keep = Callable[[RawMessage, Envelope], None]
"""Makes a mail's bytes safe for good. Raises NotKept."""


class Listener:
    """Listens in a thread of its own, from `start` to `stop`."""

    def __init__(self, wanted: Lmtp, keep: Keep) -> None:
        self.wanted = wanted
        self._keep = keep
        self._loop = asyncio.new_event_loop()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lmtp")
        self._thread = threading.Thread(target=self._loop.run_forever, name="lmtp", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        """Listen; return when the door is open. Raises OSError when the address cannot be used."""
        host, port = self.wanted.place
        opening = self._loop.create_server(self._door, host, port)
        try:
            self._server = self._loop.run_until_complete(opening)
        except BaseException:
            self._loop.close()
            self._pool.shutdown()
            raise
        self._thread.start()

    def stop(self) -> None:
        """Close the door; a mail that is being written is finished first."""
        self._loop.call_soon_threadsafe(self._close)
        self._pool.shutdown(wait=True)
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=30)
        self._loop.close()

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _leave(self) -> None:
        """Let answers that are due go out, then end the sessions that are left."""
        await asyncio.sleep(0)
        ours = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not ours]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _door(self) -> _Session:
        return _Session(
            self._take,
            data_size_limit=self.wanted.largest_mb * 1_000_000,
            enable_SMTPUTF8=True,
            hostname=socket.gethostname(),
            ident=IDENT,
            timeout=600,
            loop=self._loop,
        )

    async def _take(self, data: bytes, envelope: Envelope) -> str:
        """Keep one mail and return what to answer; no answer says yes before the bytes are safe."""
        raw = RawMessage(data, self.wanted.name, received_at=datetime.now(UTC))
        try:
            await self._loop.run_in_executor(self._pool, self._keep, raw, envelope)
        except NotKept as error:
            logger.warning("LMTP: surel belum disimpan, server akan mencoba lagi: %s", error)
            return f"{error.code} Redaksi cannot keep this mail now, try again later"
        except Exception:
            logger.exception("LMTP: surel belum disimpan, server akan mencoba lagi.")
            return "451 4.3.0 Redaksi stumbled, try again later"
        return f"250 2.0.0 kept as {raw.sha256}"


def open_already(wanted: Lmtp) -> bool | None:
    """Say whether Redaksi listens there already: None when nobody does, False when somebody else does."""
    try:
        with socket.create_connection(wanted.place, timeout=5) as line:
            return IDENT.encode() in line.recv(512)
    except ConnectionRefusedError:
        return None
    except OSError:
        return False


class _Session(LMTP):
    """One connection.

    The library's own DATA refuses lines beyond 1001 bytes for good, answers once for several recipients
    and holds every line as an object; mail is kept here as it comes, whatever its lines. The handler is
    called with the bytes and the envelope, and returns the answer.
    """

    line_length_limit = _PIECE

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take the mail in; answer once for each recipient (RFC 2033 §4.2)."""
        if await self.check_helo_needed("LHLO"):
            return
        said = self.envelope
        if said is None or not said.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        data = await self._data()
        recipients = tuple(said.rcpt_tos)
        sender = said.mail_from or ""
        envelope = Envelope("" if sender == "<>" else sender, recipients)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        self._reset_timeout()
        answer = "552 5.3.4 Message too big" if data is None else await self.event_handler(data, envelope)
        await self.push("\r\n".join([answer] * len(recipients)))

    async def _data(self) -> bytes | None:
        """Read up to the lone dot, with the dots of transparency taken off; None when it was too much."""
        body = _Body(self.data_size_limit or 0)
        while True:  # each turn begins at the start of a line
            byte = await self._reader.readexactly(1)
            if byte != b".":
                body.add(byte)
                if byte == b"\r":
                    before = await self._copy(b"\n", body)
                    body.add(b"\n")
                    if before in (b"", b"\r"):
                        continue
                # Within a line: on to the next line that begins with a dot.
                await self._copy(b"\r\n.", body)
                body.add(b"\r\n")
            if await self._copy(b"\r\n", body) == b"":
                return body.whole()
            body.add(b"\r\n")

    async def _copy(self, end: bytes, body: _Body) -> bytes:
        """Copy what stands before `end`, and read past it; return the last byte copied."""
        last = b""
        while True:
            self._reset_timeout()
            try:
                piece = (await self._reader.readuntil(end))[: -len(end)]
            except asyncio.LimitOverrunError as error:
                piece = await self._reader.read(error.consumed)
                body.add(piece)
                last = piece[-1:] or last
            else:
                body.add(piece)
                return piece[-1:] or last


class _Body:
    """The bytes of one mail so far; once they are too many, none of them."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._file = io.BytesIO()

    def add(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left >= 0:
            self._file.write(piece)
        elif self._file.tell():
            self._file = io.BytesIO()

    def whole(self) -> bytes | None:
        return self._file.getvalue() if self._left >= 0 else None
