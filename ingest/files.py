"""Mails in files, for `receive PATH…`: .eml files, folders of them, Maildirs, mbox files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ingest.folder import is_maildir, maildir_files
from ingest.mailbox import MailboxRefused
from ingest.message import RawMessage

_QUOTED_FROM = re.compile(rb"^>+From ")
_MAIL_NAMES = (".eml", ".mbox", ".mbx")


def iter_files(path: Path, *, mailbox: str = "berkas") -> Iterator[RawMessage]:
    """Yield every mail at `path`: one file, or a folder with all below it. Raises MailboxRefused.

    A file that is named itself is a mail or an mbox whatever its name; in folders only .eml, .mbox and
    Maildirs are mail.
    """
    try:
        yield from _mails(path, mailbox)
    except OSError as error:
        raise MailboxRefused(f"{error.filename or path} tidak dapat dibaca ({error.strerror}).") from error


def from_pipe(stream: BinaryIO, *, mailbox: str = "pipa") -> RawMessage:
    """Read the one mail a mail server pipes to us. Raises MailboxRefused when there is none.

    The `From ` line some servers put before it (Postfix's local(8), procmail) is no part of the mail.
    """
    data = stream.read()
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    if not data.strip():
        raise MailboxRefused("tidak ada surel di masukan standar.")
    return RawMessage(data, mailbox)


def _mails(path: Path, mailbox: str) -> Iterator[RawMessage]:
    if not path.is_dir():
        yield from _file(path, mailbox)
        return
    folders = [path]
    while folders:
        folder = folders.pop()
        maildir = is_maildir(folder)
        if maildir:
            for file in sorted(maildir_files(folder), key=lambda file: file.name):
                yield _one(file, mailbox)
        inner = sorted(folder.iterdir(), reverse=True)
        folders += [
            step
            for step in inner
            if step.is_dir()
            and not step.is_symlink()
            and not (maildir and step.name in ("new", "cur", "tmp"))
        ]
        for file in reversed(inner):
            if file.suffix.lower() in _MAIL_NAMES and file.is_file() and not file.name.startswith("."):
                yield from _file(file, mailbox)


def _file(path: Path, mailbox: str) -> Iterator[RawMessage]:
    with path.open("rb") as stream:
        is_mbox = stream.read(5) == b"From "
    if not is_mbox:
        yield _one(path, mailbox)
        return
    received = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    for index, data in enumerate(_mbox(path), 1):
        yield RawMessage(data, mailbox, uid=f"{path.name}#{index}", received_at=received)


def _one(path: Path, mailbox: str) -> RawMessage:
    received = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return RawMessage(path.read_bytes(), mailbox, uid=path.name, received_at=received)


def _mbox(path: Path) -> Iterator[bytes]:
    """Split an mbox at `From ` lines that follow a blank line; `>From ` loses one mark (mboxrd)."""
    lines: list[bytes] = []
    blank = True
    with path.open("rb") as stream:
        for line in stream:
            if blank and line.startswith(b"From "):
                if lines:
                    yield b"".join(_without_separator(lines))
                lines = []
            else:
                lines.append(line[1:] if _QUOTED_FROM.match(line) else line)
            blank = not line.strip(b"\r\n")
    if lines:
        yield b"".join(_without_separator(lines))


def _without_separator(lines: list[bytes]) -> list[bytes]:
    """The blank line before the next `From ` belongs to the mbox, not to the mail."""
    return lines[:-1] if len(lines) > 1 and not lines[-1].strip(b"\r\n") else lines
