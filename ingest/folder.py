"""A mailbox on this disk: a Maildir, or a directory of .eml files. Nothing in it is ever changed."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from config import Finding, FolderMailbox
from ingest import headers as header_block
from ingest.mailbox import EVERYTHING, Glance, Inbox, MailboxRefused, Start
from ingest.message import RawMessage, Sender
from ingest.sender import sender

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", "~")
_HEAD = 1 << 16
"""Bytes read of a mail to see who wrote what."""
_STILL_WRITTEN = 2.0
"""Seconds after its last change during which a file without a final line break may still grow."""


class FolderInbox(Inbox):
    """A Maildir or a directory of .eml files as a mailbox.

    A Maildir's UIDs are the unique names without their flags, so a mail that is read or flagged by
    another program is not new. In a directory of .eml files a UID is the file's relative name and size,
    so a file that was read before it was complete is read again when it is.
    """

    def __init__(self, mailbox: FolderMailbox) -> None:
        self.name = mailbox.name
        self.path = mailbox.path
        self._places: dict[str, Path] = {}
        if not self.path.is_dir():
            raise MailboxRefused(
                f"Folder surel {self.path} tidak ada. Buat folder itu atau perbaiki path di settings.yaml."
            )

    def uids(self, known: Collection[str], start: Start = EVERYTHING, *, whole: bool = False) -> list[str]:
        seen = known if isinstance(known, set | frozenset | dict) else set(known)
        found = self._look()
        new = [
            (when, uid)
            for uid, (path, when) in found.items()
            if uid not in seen and (start.at is None or when >= start.at.timestamp())
        ]
        self._places = {uid: path for uid, (path, _) in found.items()}
        return [uid for _, uid in sorted(new)]

    def glance(self, uids: Sequence[str]) -> dict[str, Glance]:
        found = {}
        for uid in uids:
            with contextlib.suppress(OSError):  # gone meanwhile; the fetch finds out
                stat = self._places[uid].stat()
                found[uid] = Glance(stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
        return found

    def head(self, uid: str) -> tuple[Sender, str]:
        try:
            with self._places[uid].open("rb") as file:
                data = file.read(_HEAD)
        except (KeyError, OSError):
            data = b""
        read, _ = header_block.parse(data, 0, len(data), message=True)
        return sender(read), read.text("subject")

    def fetch(self, uid: str, size: int | None = None) -> RawMessage | None:
        for _ in range(2):
            path = self._places.get(uid)
            if path is not None:
                try:
                    # The time is asked first: a file replaced in between has another size or name.
                    when = path.stat().st_mtime
                    data = path.read_bytes()
                except FileNotFoundError:
                    pass  # moved from new/ to cur/ by a mail program, or flagged: look again
                except OSError as error:
                    raise MailboxRefused(
                        f"Surel {path} tidak dapat dibaca ({error.strerror}). Periksa hak akses berkas itu."
                    ) from error
                else:
                    if not is_maildir(self.path) and uid != _eml_uid(self.path, path, len(data)):
                        return None
                    received = datetime.fromtimestamp(when, UTC)
                    return RawMessage(data, self.name, uid=uid, received_at=received)
            self._places = {found: place for found, (place, _) in self._look().items()}
        return None

    def settle(self, uid: str) -> None:
        """Do nothing: a folder is never changed."""

    def alive(self) -> bool:
        return self.path.is_dir()

    def close(self) -> None:
        """Do nothing: nothing is held open."""

    @classmethod
    def check(cls, mailbox: object) -> list[Finding]:
        if not isinstance(mailbox, FolderMailbox):
            raise TypeError("a FolderMailbox is checked here")
        subject = f"kotak surel {mailbox.name}: folder"
        try:
            count = len(cls(mailbox).uids(()))
        except MailboxRefused as error:
            return [Finding(subject, False, str(error))]
        kind = "Maildir" if is_maildir(mailbox.path) else "folder berkas .eml"
        return [Finding(subject, True, f"{kind} dapat dibaca, berisi {count} surel.")]

    def _look(self) -> dict[str, tuple[Path, float]]:
        try:
            return dict(_maildir(self.path) if is_maildir(self.path) else _eml_files(self.path))
        except OSError as error:
            raise MailboxRefused(
                f"Folder surel {self.path} tidak dapat dibaca ({error.strerror}). Periksa hak aksesnya."
            ) from error


def is_maildir(path: Path) -> bool:
    return (path / "new").is_dir() and (path / "cur").is_dir()


def maildir_files(path: Path) -> Iterator[Path]:
    """Yield the mails of a Maildir, `tmp/` left out."""
    for name in ("new", "cur"):
        for file in (path / name).iterdir():
            if not file.name.startswith(".") and file.is_file():
                yield file


def _maildir(path: Path) -> Iterator[tuple[str, tuple[Path, float]]]:
    for file in maildir_files(path):
        try:
            yield _uid(file.name.partition(":")[0]), (file, file.stat().st_mtime)
        except FileNotFoundError:
            continue  # flagged or moved while we looked; the next look sees it


def _eml_files(path: Path) -> Iterator[tuple[str, tuple[Path, float]]]:
    now = time.time()
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        if any(step.startswith(".") for step in name.parts) or file.suffix.lower() != ".eml":
            continue
        if file.name.endswith(_UNFINISHED):
            continue
        try:
            stat = file.stat()
            if not file.is_file() or stat.st_size == 0:
                continue
            if 0 <= now - stat.st_mtime < _STILL_WRITTEN and not _ends_a_line(file, stat.st_size):
                continue
        except FileNotFoundError:
            continue
        yield _eml_uid(path, file, stat.st_size), (file, stat.st_mtime)


def _eml_uid(folder: Path, file: Path, size: int) -> str:
    return f"{_uid(file.relative_to(folder).as_posix())}#{size}"


def _uid(name: str) -> str:
    """Return a name as the ledger can hold it: plain text, whatever bytes the file's name has, and not too long."""
    raw = name.encode("utf-8", "surrogateescape")
    text = raw.decode("utf-8", "backslashreplace")
    # The end of a name tells more than its beginning.
    return text if len(text) <= 180 else hashlib.sha256(raw).hexdigest()[:32] + text[-80:]


def _ends_a_line(file: Path, size: int) -> bool:
    with file.open("rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) in b"\r\n"
