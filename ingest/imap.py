"""A mailbox on an IMAP server. The server's copy is left as it is unless the settings say otherwise."""

from __future__ import annotations

import contextlib
import selectors
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from imapclient import IMAPClient

from config import Finding, ImapMailbox
from ingest import headers as header_block
from ingest import imap_errors
from ingest.imap_session import connect, folders, leave, login
from ingest.imap_session import select as open_folder
from ingest.mailbox import (
    EVERYTHING,
    Glance,
    Inbox,
    MailboxError,
    MailboxRefused,
    MailboxUnreachable,
    Start,
)
from ingest.message import RawMessage, Sender
from ingest.sender import sender

_OVERLAP = 500
"""Known mails looked at again each time, so that one passed over after an error is found."""
_LISTED_AT_ONCE = 50_000
"""Mails asked about in one search; the answer is one line, and lines have a limit."""
_GLANCED_AT_ONCE = 500
_PIECE = 4 << 20
"""Bytes fetched at once of a large mail."""
_EARLIEST = date(1980, 1, 1)
_IDLE_AT_MOST = 9 * 60
"""Seconds after which IDLE is begun anew. RFC 2177 allows 29 minutes; routers forget silent lines sooner."""
_WHEN_AND_HOW_LARGE = ["INTERNALDATE", "RFC822.SIZE"]


class ImapInbox(Inbox):
    """One folder of an IMAP server, open."""

    def __init__(self, mailbox: ImapMailbox) -> None:
        self.mailbox = mailbox
        self._idle_since: float | None = None
        self._client = connect(mailbox)
        try:
            login(self._client, mailbox)
            self._open()
        except BaseException:
            self.close()
            raise

    def uids(self, known: Collection[str], start: Start = EVERYTHING, *, whole: bool = False) -> list[str]:
        numbers = {int(uid) for uid in known if uid.isdigit()}
        with imap_errors.classified(self.mailbox):
            if whole or not numbers:
                listed = self._all(start)
            else:
                lowest = sorted(numbers)[-_OVERLAP:][0]
                listed = [uid for uid in self._client.search(["UID", f"{lowest}:*"]) if uid >= lowest]
        new = [str(uid) for uid in sorted(set(listed) - numbers)]
        return self._covered(new, start)

    def glance(self, uids: Sequence[str]) -> dict[str, Glance]:
        found: dict[str, Glance] = {}
        with imap_errors.classified(self.mailbox):
            for first in range(0, len(uids), _GLANCED_AT_ONCE):
                part = [int(uid) for uid in uids[first : first + _GLANCED_AT_ONCE]]
                for uid, answer in self._client.fetch(part, _WHEN_AND_HOW_LARGE).items():
                    if b"RFC822.SIZE" in answer:
                        found[str(uid)] = _glance(answer)
        return found

    def head(self, uid: str) -> tuple[Sender, str]:
        with imap_errors.classified(self.mailbox):
            asked = ["BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]"]
            answer = self._client.fetch([int(uid)], asked).get(int(uid), {})
        data = next((value for value in answer.values() if isinstance(value, bytes)), b"")
        read, _ = header_block.parse(data, 0, len(data), message=True)
        return sender(read), read.text("subject")

    def fetch(self, uid: str, size: int | None = None) -> RawMessage | None:
        with imap_errors.classified(self.mailbox):
            if size is None:
                size = self.glance([uid]).get(uid, Glance()).size
            fetched = self._whole(int(uid)) if (size or 0) <= _PIECE else self._in_pieces(int(uid))
            if fetched is not None:
                data, arrived_at = fetched
                return RawMessage(
                    data, self.mailbox.name, uidvalidity=self.uidvalidity, uid=uid, received_at=arrived_at
                )
            if self._client.search(["UID", uid]):
                raise MailboxRefused(
                    f"Server {self.mailbox.host} tidak memberikan isi surel ini. Buka surel itu di webmail; "
                    "bila di sana pun tidak terbuka, minta pengirim mengirim ulang."
                )
        return None

    def settle(self, uid: str) -> None:
        with imap_errors.classified(self.mailbox):
            if self.mailbox.after == "mark":
                self._client.add_flags([int(uid)], [b"\\Seen"], silent=True)
            elif self.mailbox.after == "move":
                self._move(int(uid), self.mailbox.move_to or "")

    def alive(self) -> bool:
        try:
            with imap_errors.classified(self.mailbox):
                self._client.noop()
        except MailboxError:
            return False
        return True

    def reused(self, known: Mapping[str, Glance]) -> list[str]:
        seen = self.glance([uid for uid in known if uid.isdigit()])
        return [uid for uid, glance in seen.items() if glance.is_another(known[uid])]

    def renew(self) -> None:
        """Look at the folder afresh on the line at hand, after a while of listening or silence."""
        with imap_errors.classified(self.mailbox):
            self._stop_idling()
        self._open()

    @property
    def can_listen(self) -> bool:
        return bool(self._client.has_capability("IDLE"))

    def listen(self, seconds: float) -> bool:
        """Wait for the server to tell of new mail (IDLE, RFC 2177), `seconds` at most; say whether it did.

        A hint only: what a line that has died in silence would have told is found by the next look.
        """
        with imap_errors.classified(self.mailbox):
            if self._idle_since and time.monotonic() - self._idle_since > _IDLE_AT_MOST:
                self._stop_idling()
            if self._idle_since is None:
                self._client.idle()
                self._idle_since = time.monotonic()
            told = self._client.idle_check(timeout=0) or self._heard(seconds)
        if any(line[0] == b"BYE" for line in told):
            raise MailboxUnreachable(f"Server {self.mailbox.host} memutus sambungan. Akan dicoba lagi.")
        return self._has_grown(told)

    def close(self) -> None:
        with contextlib.suppress(MailboxError), imap_errors.classified(self.mailbox):
            self._stop_idling()
        leave(self._client)

    @classmethod
    def check(cls, mailbox: object) -> list[Finding]:
        if not isinstance(mailbox, ImapMailbox):
            raise TypeError("an ImapMailbox is checked here")
        findings: list[Finding] = []
        client: IMAPClient | None = None
        try:
            for step, result in _steps(mailbox):
                client = result if isinstance(result, IMAPClient) else client
                if isinstance(result, str):
                    findings.append(Finding(f"kotak surel {mailbox.name}: {step}", True, result))
        except MailboxError as error:
            step = ("sambungan", "masuk", "folder", "pindah")[min(len(findings), 3)]
            findings.append(Finding(f"kotak surel {mailbox.name}: {step}", False, str(error)))
        finally:
            if client is not None:
                leave(client)
        return findings

    def _open(self) -> None:
        opened = open_folder(self._client, self.mailbox)
        self.uidvalidity = int(opened.get(b"UIDVALIDITY", 0))
        self.uidnext = int(opened.get(b"UIDNEXT", 0))
        self._exists = int(opened.get(b"EXISTS", 0))

    def _all(self, start: Start) -> list[int]:
        """List the folder, ASCII only; from the day before `start` where it is dated (days have zones)."""
        if start.at is not None:
            day = max(_EARLIEST, start.at.astimezone(UTC).date() - timedelta(days=1))
            found = set(self._client.search(["SINCE", day]))
            if start.uidvalidity == self.uidvalidity and start.uidnext:
                later = self._client.search(["UID", f"{start.uidnext}:*"])
                found.update(uid for uid in later if uid >= start.uidnext)
            return sorted(found)
        listed: list[int] = []
        for first in range(1, self._exists + 1, _LISTED_AT_ONCE):
            last = min(first + _LISTED_AT_ONCE - 1, self._exists)
            listed += self._client.search([f"{first}:{last}"])
        return sorted(listed)

    def _covered(self, uids: list[str], start: Start) -> list[str]:
        """Keep the mails that `start` covers; only those whose time matters are asked for it."""
        doubtful = [uid for uid in uids if not start.covers(int(uid), self.uidvalidity, _LONG_AGO)]
        if not doubtful:
            return uids
        glances = self.glance(doubtful)
        old = {
            uid
            for uid in doubtful
            if not start.covers(int(uid), self.uidvalidity, glances.get(uid, _LONG_AGO))
        }
        return [uid for uid in uids if uid not in old]

    def _whole(self, uid: int) -> tuple[bytes, datetime | None] | None:
        answer = self._client.fetch([uid], ["INTERNALDATE", "BODY.PEEK[]"]).get(uid, {})
        data = answer.get(b"BODY[]")
        return (data, _aware(answer.get(b"INTERNALDATE"))) if isinstance(data, bytes) else None

    def _in_pieces(self, uid: int) -> tuple[bytes, datetime | None] | None:
        """Fetch a large mail piece by piece through a file: in memory it is never there twice."""
        arrived_at = None
        with tempfile.TemporaryFile() as file:
            at = 0
            while True:
                asked = ["INTERNALDATE", f"BODY.PEEK[]<{at}.{_PIECE}>"]
                answer = self._client.fetch([uid], asked).get(uid, {})
                piece = answer.get(f"BODY[]<{at}>".encode())
                if not isinstance(piece, bytes):
                    return None
                arrived_at = arrived_at or _aware(answer.get(b"INTERNALDATE"))
                file.write(piece)
                at += len(piece)
                # RFC822.SIZE is wrong on some servers, so the end is where a piece is short.
                if len(piece) < _PIECE:
                    break
            del piece, answer
            file.seek(0)
            return file.read(), arrived_at

    def _move(self, uid: int, folder: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
        elif self._client.has_capability("UIDPLUS"):
            self._client.copy([uid], folder)
            self._client.add_flags([uid], [b"\\Deleted"], silent=True)
            self._client.uid_expunge([uid])
        else:
            raise MailboxRefused(
                f"Server {self.mailbox.host} tidak dapat memindahkan surel dengan aman. "
                "Ganti after: move menjadi after: mark di settings.yaml."
            )

    def _heard(self, seconds: float) -> list[tuple[object, ...]]:
        """Return what the server says within `seconds`. Raises ConnectionError when it has hung up."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._client.socket(), selectors.EVENT_READ)
            if not selector.select(seconds):
                return []
        told: list[tuple[object, ...]] = self._client.idle_check(timeout=0)
        if not told:
            # Readable, yet nothing to read: the other end is gone, and would be "readable" for ever.
            raise ConnectionResetError
        return told

    def _has_grown(self, told: list[tuple[object, ...]]) -> bool:
        """Say whether the folder holds more mails than when it was opened; some servers repeat the count."""
        for line in told:
            match line:
                case (int(), b"EXPUNGE"):
                    self._exists -= 1
                case (int(count), b"EXISTS") if count > self._exists:
                    return True
        return False

    def _stop_idling(self) -> None:
        if self._idle_since is not None:
            self._idle_since = None
            self._client.idle_done()


_LONG_AGO = Glance(arrived_at=datetime(1, 1, 2, tzinfo=UTC))


def _steps(mailbox: ImapMailbox) -> Iterator[tuple[str, str | IMAPClient]]:
    """Go through the steps of reading one after the other, for the doctor."""
    client = connect(mailbox)
    yield "sambungan", client
    kind = {"tls": "dengan TLS", "starttls": "dengan STARTTLS", "none": "tanpa pengaman"}[mailbox.security]
    yield "sambungan", f"{mailbox.host}:{mailbox.port} tersambung {kind}."
    login(client, mailbox)
    yield "masuk", f"{mailbox.user} dapat masuk."
    opened = open_folder(client, mailbox)
    yield "folder", f"Folder {mailbox.folder} dapat dibaca, berisi {int(opened.get(b'EXISTS', 0))} surel."
    if mailbox.after == "move":
        with imap_errors.classified(mailbox):
            names = folders(client)
            if mailbox.move_to not in names:
                raise MailboxRefused(
                    f"Folder tujuan {mailbox.move_to} tidak ada di {mailbox.host}. "
                    f"Buat folder itu, atau pilih yang ada: {', '.join(names)}."
                )
            if not (client.has_capability("MOVE") or client.has_capability("UIDPLUS")):
                raise MailboxRefused(
                    f"Server {mailbox.host} tidak dapat memindahkan surel dengan aman. "
                    "Ganti after: move menjadi after: mark di settings.yaml."
                )
        yield "pindah", f"Surel dapat dipindahkan ke {mailbox.move_to}."


def _glance(answer: Mapping[bytes, object]) -> Glance:
    size = answer[b"RFC822.SIZE"]
    return Glance(size if isinstance(size, int) and size >= 0 else None, _aware(answer.get(b"INTERNALDATE")))


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
