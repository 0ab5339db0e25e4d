"""The words that travel from a mail server to the newsroom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True)
class RawMessage:
    """The bytes as the server gave them, and where they lay."""

    data: bytes = field(repr=False)
    mailbox: str
    uidvalidity: int = 0
    uid: str = ""
    """The IMAP UID, or the file's unique name in a folder."""
    received_at: datetime | None = None
    """Aware; the server's INTERNALDATE or the file's time."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Part:
    """One part of a mail and what became of it. Every part of a mail is listed."""

    number: str
    """Its place in the tree, for example `1.2`."""
    content_type: str
    filename: str
    """As the sender wrote it, cleaned for display; never used as a path."""
    size: int
    fate: str
    """`used`, `kept` or `refused`."""
    reason: str
    """Used as what, or why not, in Indonesian."""
    sha256: str = ""
    """Of the decoded bytes."""


@dataclass(frozen=True)
class Image:
    """A photo as it was attached, with what the mail says about it."""

    data: bytes = field(repr=False)
    sha256: str
    filename: str
    caption: str = ""
    credit: str = ""
    problem: str = ""
    """Empty when the whole picture could be decoded; else a sentence."""


@dataclass(frozen=True)
class Document:
    """A file that is kept with the story but is no photo."""

    data: bytes = field(repr=False)
    sha256: str
    filename: str
    content_type: str


@dataclass(frozen=True)
class Segment:
    """A stretch of a mail's text. A mail's segments, joined, are its `source_text` exactly."""

    kind: str
    """`story`; or set aside: `note`, `letterhead`, `greeting`, `forward`, `quote`, `closing`, `signature`, `disclaimer`,
    `footer`, `file` (the name of the document that follows), `other`."""
    text: str
    reason: str = ""
    """Why it is no part of the story, in Indonesian; empty for the story."""
    markdown: bool = False
    """The text is Markdown already; else plain, as typed."""


@dataclass(frozen=True)
class Other:
    """Another text in the mail: it may be the story instead, or a story of its own; the editor chooses."""

    source: str
    """The document's name, the attached mail's subject, `badan surel`, or `naskah ke-2` and so on."""
    headline: str
    body: str
    """As Markdown, taken apart like the story's own."""
    dateline_city: str = ""
    byline_outlet: str = ""
    byline_writer: str = ""
    byline_editor: str = ""
    photographer: str = ""


@dataclass(frozen=True)
class Sender:
    address: str
    """Lower-cased addr-spec, empty when the From header holds none that can be trusted."""
    name: str = ""
    problem: str = ""
    """Why the sender is not to be believed, empty when nothing speaks against it."""
    spoofed: bool = False
    """The problem looks like somebody who passes for another: several senders, another's address as a name,
    a failed check of our own server."""
    server: str = ""
    """What our own mail server found: `pass`, `fail`, empty when it says nothing."""


@dataclass(frozen=True)
class Bounce:
    """A mail server's word that a letter did not arrive."""

    message_ids: tuple[str, ...]
    """Of the letter, among others of its thread."""
    address: str
    """Whom it was for; empty when the server does not say."""
    said: str
    """The server's own words, for people: `550 5.1.1 user unknown`."""


@dataclass(frozen=True)
class Message:
    """What was read from one mail. Made by `ingest.read`, which never raises."""

    sha256: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    """As written, decoded and cleaned."""
    sender: Sender
    date: datetime | None
    """Aware, from the Date header."""
    headline: str
    body: str
    """The story's text as Markdown, without dateline, byline code, captions, forward chain."""
    dateline_city: str = ""
    byline_outlet: str = ""
    byline_writer: str = ""
    note: str = ""
    """What the sender says to the editors around the story (greeting in the body, story in a .docx)."""
    source_text: str = ""
    """The mail's text as plain text, whole, as shown beside the story."""
    segments: tuple[Segment, ...] = ()
    """`source_text` cut into what is the story and what was set aside."""
    others: tuple[Other, ...] = ()
    links: tuple[str, ...] = ()
    """Shared folders and files elsewhere (Drive, OneDrive, WeTransfer …). Nothing is fetched from them."""
    byline_editor: str = ""
    photographer: str = ""
    images: tuple[Image, ...] = ()
    aside: tuple[Image, ...] = ()
    """Pictures that are no photos of the story (logos, icons); their parts say why."""
    documents: tuple[Document, ...] = ()
    parts: tuple[Part, ...] = ()
    automatic: str = ""
    """Why this is automatic mail (auto-reply, list, bounce, our own), empty when a person wrote it."""
    bounce: Bounce | None = None
    """What a delivery report says of a letter that came back; None for all other mail."""
    reply_to: str = ""
    """Where the sender wants answers, when that is not the sender's own address. Never to be believed alone."""
    defects: tuple[str, ...] = ()
    """What was wrong with the mail and how it was mended, in Indonesian."""
