"""Mail in: bytes on a server → text, photos, documents."""

from __future__ import annotations

from config import Finding, FolderMailbox, ImapMailbox
from ingest.automatic import LIST
from ingest.files import from_pipe, iter_files
from ingest.folder import FolderInbox
from ingest.heads import head, sender_address
from ingest.imap import ImapInbox
from ingest.letters import as_markdown
from ingest.mailbox import (
    EVERYTHING,
    Glance,
    Inbox,
    MailboxError,
    MailboxRefused,
    MailboxUnreachable,
    Start,
)
from ingest.message import Bounce, Document, Image, Message, Other, Part, RawMessage, Segment, Sender
from ingest.providers import Provider, provider_of
from ingest.putting import put
from ingest.reading import VERSION, message_id, read
from ingest.words import words_of

__all__ = [
    "EVERYTHING",
    "LIST",
    "VERSION",
    "Bounce",
    "Document",
    "Glance",
    "Image",
    "ImapInbox",
    "Inbox",
    "MailboxError",
    "MailboxRefused",
    "MailboxUnreachable",
    "Message",
    "Other",
    "Part",
    "Provider",
    "RawMessage",
    "Segment",
    "Sender",
    "Start",
    "as_markdown",
    "check",
    "from_pipe",
    "head",
    "iter_files",
    "message_id",
    "open_mailbox",
    "provider_of",
    "put",
    "read",
    "sender_address",
    "words_of",
]


def open_mailbox(mailbox: FolderMailbox | ImapMailbox) -> Inbox:
    """Open a mailbox of the settings. Raises MailboxError."""
    return FolderInbox(mailbox) if isinstance(mailbox, FolderMailbox) else ImapInbox(mailbox)


def check(mailbox: FolderMailbox | ImapMailbox) -> list[Finding]:
    """Try every step of reading a mailbox, for the doctor. Raises nothing, changes nothing."""
    return FolderInbox.check(mailbox) if isinstance(mailbox, FolderMailbox) else ImapInbox.check(mailbox)
