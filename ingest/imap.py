"""A mailbox on an IMAP server. The server's copy is left as it is unless the settings say otherwise."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import certifi
from imapclient import IMAPClient, SocketTimeout

from config import Finding, ImapMailbox, SettingsError, secret
from ingest import imap_errors
from ingest.mailbox import Inbox, MailboxError, MailboxRefused
from ingest.message import RawMessage

_OVERLAP = 500
"""Known mails looked at again each time, so that one passed over after an error is found."""
_LISTED_AT_ONCE = 50_000
"""Mails asked about in one search; the answer is one line, and lines have a limit."""
_PIECE = 4 << 20
"""Bytes fetched at once of a large mail."""
_EARLIEST = date(1980, 1, 1)


class ImapInbox(Inbox):
    """One folder of an IMAP server, open."""

    def __init__(self, mailbox: ImapMailbox) -> None:
        self.mailbox = mailbox
        self._client = connect(mailbox)
        try:
            login(self._client, mailbox)
            opened = select(self._client, mailbox)
        except BaseException:
            self.close()
            raise
        self.uidvalidity = int(opened.get(b"UIDVALIDITY", 0))
        self._exists = int(opened.get(b"EXISTS", 0))

    def uids(self, known: Collection[str]) -> list[str]:
        """Return the UIDs not in `known`, oldest first. Fetches no mail.

        With nothing known the whole folder is listed (since `since_days`, when given). Otherwise only what
        lies above the last mails known is asked for, so a large folder costs a few bytes per look.
        """
        numbers = {int(uid) for uid in known}
        with imap_errors.classified(self.mailbox):
            if not numbers:
                return [str(uid) for uid in self._all()]
            lowest = sorted(numbers)[-_OVERLAP:][0]
            found = self._client.search(["UID", f"{lowest}:*"])
            new = sorted(uid for uid in found if uid >= lowest and uid not in numbers)
            return [str(uid) for uid in self._not_too_old(new, max(numbers))]

    def fetch(self, uid: str) -> RawMessage | None:
        with imap_errors.classified(self.mailbox):
            answer = self._client.fetch([int(uid)], ["INTERNALDATE", "RFC822.SIZE"]).get(int(uid))
            if not answer or b"RFC822.SIZE" not in answer:
                return None
            size = int(answer[b"RFC822.SIZE"])
            data = self._whole(int(uid)) if size <= _PIECE else self._in_pieces(int(uid))
            if data is None:
                return None
            return RawMessage(
                data,
                self.mailbox.name,
                uidvalidity=self.uidvalidity,
                uid=uid,
                received_at=_aware(answer.get(b"INTERNALDATE")),
            )

    def settle(self, uid: str) -> None:
        with imap_errors.classified(self.mailbox):
            if self.mailbox.after == "mark":
                self._client.add_flags([int(uid)], [b"\\Seen"], silent=True)
            elif self.mailbox.after == "move":
                self._move(int(uid), self.mailbox.move_to or "")

    def close(self) -> None:
        # The server may be gone already; nothing is lost by not saying goodbye.
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
            self._client.logout()
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
            self._client.shutdown()

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
                _leave(client)
        return findings

    def _all(self) -> list[int]:
        if self.mailbox.since_days is not None:
            since = _day(self.mailbox.since_days)
            return sorted(self._client.search(["SINCE", since]))
        found: list[int] = []
        for first in range(1, self._exists + 1, _LISTED_AT_ONCE):
            last = min(first + _LISTED_AT_ONCE - 1, self._exists)
            found += self._client.search([f"{first}:{last}"])
        return sorted(found)

    def _not_too_old(self, new: list[int], highest: int) -> list[int]:
        """Leave out mails below the highest known one that the first look had passed over for their age."""
        below = [uid for uid in new if uid < highest]
        if self.mailbox.since_days is None or not below:
            return new
        since = _day(self.mailbox.since_days)
        dates = self._client.fetch(below, ["INTERNALDATE"])
        old = {
            uid
            for uid in below
            if (when := _aware(dates.get(uid, {}).get(b"INTERNALDATE"))) and when.date() < since
        }
        return [uid for uid in new if uid not in old]

    def _whole(self, uid: int) -> bytes | None:
        answer = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
        data = answer.get(b"BODY[]")
        return data if isinstance(data, bytes) else None

    def _in_pieces(self, uid: int) -> bytes | None:
        """Fetch a large mail piece by piece through a file: in memory it is never there twice."""
        with tempfile.TemporaryFile() as file:
            at = 0
            while True:
                answer = self._client.fetch([uid], [f"BODY.PEEK[]<{at}.{_PIECE}>"]).get(uid)
                if answer is None:
                    return None
                piece = answer.get(f"BODY[]<{at}>".encode())
                if not isinstance(piece, bytes):
                    return None
                file.write(piece)
                at += len(piece)
                # RFC822.SIZE is wrong on some servers, so the end is where a piece is short.
                if len(piece) < _PIECE:
                    break
            file.seek(0)
            return file.read()

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


def connect(mailbox: ImapMailbox) -> IMAPClient:
    """Connect and secure the connection. Raises MailboxError."""
    with imap_errors.classified(mailbox):
        client = IMAPClient(
            mailbox.host,
            mailbox.port,
            ssl=mailbox.security == "tls",
            ssl_context=_tls(mailbox) if mailbox.security == "tls" else None,
            timeout=SocketTimeout(mailbox.timeout, mailbox.timeout),
        )
        # Naive local times would lose the server's zone.
        client.normalise_times = False
        if mailbox.security == "starttls":
            try:
                client.starttls(_tls(mailbox))
            except BaseException:
                _leave(client)
                raise
        return client


def login(client: IMAPClient, mailbox: ImapMailbox) -> None:
    """Sign in. Raises MailboxError."""
    try:
        password = secret(mailbox.password_env, mailbox.password_file)
    except SettingsError as error:
        raise MailboxRefused(str(error)) from error
    with imap_errors.classified(mailbox, signing_in=True):
        client.login(mailbox.user, password)


def select(client: IMAPClient, mailbox: ImapMailbox) -> dict[bytes, Any]:
    """Open the folder, for reading only when nothing is to be changed. Raises MailboxError."""
    with imap_errors.classified(mailbox):
        try:
            opened: dict[bytes, Any] = client.select_folder(
                mailbox.folder, readonly=mailbox.after == "nothing"
            )
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            names = folders(client)
            if mailbox.folder.upper() != "INBOX" and mailbox.folder not in names:
                raise MailboxRefused(
                    f"Folder {mailbox.folder} tidak ada di {mailbox.host}. Yang ada: {', '.join(names)}."
                ) from error
            raise
        return opened


def folders(client: IMAPClient) -> list[str]:
    """Return the names of the folders that can be opened, in plain Unicode."""
    return sorted(str(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags)


def _steps(mailbox: ImapMailbox) -> Iterator[tuple[str, str | IMAPClient]]:
    """Go through the steps of reading one after the other, for the doctor."""
    client = connect(mailbox)
    yield "sambungan", client
    kind = {"tls": "dengan TLS", "starttls": "dengan STARTTLS", "none": "tanpa pengaman"}[mailbox.security]
    yield "sambungan", f"{mailbox.host}:{mailbox.port} tersambung {kind}."
    login(client, mailbox)
    yield "masuk", f"{mailbox.user} dapat masuk."
    opened = select(client, mailbox)
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


def _tls(mailbox: ImapMailbox) -> ssl.SSLContext:
    if mailbox.ca_file is None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    try:
        return ssl.create_default_context(cafile=str(mailbox.ca_file))
    except (OSError, ssl.SSLError) as error:
        raise MailboxRefused(
            f"Berkas sertifikat {mailbox.ca_file} tidak dapat dibaca. Perbaiki ca_file di settings.yaml."
        ) from error


def _leave(client: IMAPClient) -> None:
    with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
        client.logout()


def _day(days: int) -> date:
    today = datetime.now(UTC).date()
    return max(_EARLIEST, today - timedelta(days=min(days, (today - _EARLIEST).days)))


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
