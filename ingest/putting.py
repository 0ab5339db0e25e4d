"""Laying a mail of our own into a mailbox, at a person's wish: the setup's test mail. Nothing else ever does."""

from __future__ import annotations

import secrets
from pathlib import Path

from config import FolderMailbox, ImapMailbox
from ingest import imap_errors
from ingest.folder import is_maildir
from ingest.imap_session import connect, leave, login
from ingest.mailbox import MailboxRefused


def put(mailbox: FolderMailbox | ImapMailbox, data: bytes) -> None:
    """Lay a mail into the mailbox as a mail server would, unread. Raises MailboxError."""
    if isinstance(mailbox, FolderMailbox):
        try:
            _into_folder(mailbox.path, data)
        except OSError as error:
            raise MailboxRefused(
                f"Folder {mailbox.path} tidak dapat ditulis ({error.strerror}). Periksa izinnya, atau kirim "
                "surelnya sendiri."
            ) from error
        return
    client = connect(mailbox)
    try:
        login(client, mailbox)
        with imap_errors.classified(mailbox):
            client.append(mailbox.folder, data)
    finally:
        leave(client)


def _into_folder(folder: Path, data: bytes) -> None:
    name = f"uji-{secrets.token_hex(8)}"
    if is_maildir(folder):
        (folder / "tmp").mkdir(exist_ok=True)
        draft, place = folder / "tmp" / name, folder / "new" / name
    else:
        draft, place = folder / f".{name}.tmp", folder / f"{name}.eml"
    draft.write_bytes(data)
    draft.rename(place)
