"""One mail's bytes → what it says. The door to the rest of this folder; it never raises."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from ingest import (
    automatic,
    bounces,
    captions,
    dates,
    envelope,
    gallery,
    headline,
    links,
    mime,
    parts,
    private,
    story,
)
from ingest.authentication import authenticated
from ingest.choice import Choice, choose
from ingest.contents import Candidate, Contents
from ingest.headers import Headers, parse
from ingest.message import Image, Message, RawMessage, Sender
from ingest.mime import Node
from ingest.sender import sender

logger = logging.getLogger(__name__)

VERSION = 1
"""The version of this reader, kept with each mail it read. Raise it with every change after which a mail is read
otherwise than before (another text chosen, another file opened, another field filled): mails read by an older
version are then read again."""


def read(
    raw: RawMessage,
    *,
    own_outlets: tuple[str, ...] = (),
    trusted_authserv_ids: tuple[str, ...] = (),
    seen_often: frozenset[str] = frozenset(),
    keep_kinds: frozenset[str] = frozenset(),
) -> Message:
    """Read one mail. Never raises, whatever the bytes; what was wrong with them is in `defects`.

    `trusted_authserv_ids` are the names our own mail server writes into Authentication-Results; `seen_often`
    the SHA-256 of pictures that were in three or more mails of this sender, as logos are; `keep_kinds` the
    kinds of segment that are not set aside in this sender's mails.
    """
    try:
        return take_in(raw, own_outlets, trusted_authserv_ids, seen_often, keep_kinds)
    except Exception:
        logger.exception("mail %s could not be read", raw.sha256)
        return _unread(raw)


def message_id(data: bytes) -> str:
    """Return a mail's Message-ID from its headers alone; empty when it has none."""
    try:
        return _message_id(parse(data, 0, len(data), message=True)[0])
    except Exception:
        logger.exception("the headers of a mail could not be read")
        return ""


def take_in(
    raw: RawMessage,
    own_outlets: tuple[str, ...] = (),
    trusted_authserv_ids: tuple[str, ...] = (),
    seen_often: frozenset[str] = frozenset(),
    keep_kinds: frozenset[str] = frozenset(),
) -> Message:
    """Read one mail; what `read` does when nothing unforeseen happens."""
    root = mime.parse(raw.data)
    letterhead = _letterhead(raw, root, trusted_authserv_ids)
    found = parts.sort(root)
    defects = [defect for node in root.walk() for defect in node.defects]
    choice = choose(found, defects, keep_kinds)
    photos, aside = gallery.choose(found.contents, choice.documents, seen_often)
    told = _tell(choice, len(photos), own_outlets)
    images, notes = _with_captions(photos, told, choice.captions)
    source = "".join(segment.text for segment in choice.segments)
    defects += [
        *found.contents.defects,
        *_passwords(found.contents, source),
        *private.remarks(told.body),
        *letterhead.defects,
    ]
    return replace(
        _with_story(letterhead, told),
        note="\n\n".join(filter(None, [*choice.notes, *notes])),
        source_text=source,
        segments=choice.segments,
        others=tuple(choice.others),
        links=links.shared(source),
        images=images,
        aside=aside,
        documents=tuple(found.contents.documents),
        parts=tuple(found.contents.fates.values()),
        defects=tuple(dict.fromkeys(filter(None, defects))),
    )


def _tell(choice: Choice, photos: int, own_outlets: tuple[str, ...]) -> story.Story:
    return story.tell(
        choice.markdown,
        subject=choice.subject,
        titles=choice.titles,
        photos=photos,
        from_document=choice.from_document,
        own_outlets=own_outlets,
    )


def _with_story(message: Message, told: story.Story) -> Message:
    return replace(
        message,
        headline=told.headline,
        body=told.body,
        dateline_city=told.dateline_city,
        byline_outlet=told.byline_outlet,
        byline_writer=told.byline_writer,
        byline_editor=told.byline_editor,
        photographer=told.photographer,
    )


def _letterhead(raw: RawMessage, root: Node, trusted_authserv_ids: tuple[str, ...]) -> Message:
    """Read what stands above the text: who, when, about what, and what is odd about that."""
    headers = root.headers
    subject = headers.text("subject")
    who = authenticated(sender(headers), headers, trusted_authserv_ids)
    when, date_defect = dates.date(headers.text("date"))
    reply_to, reply_defect = envelope.reply_to(headers, who)
    return Message(
        sha256=raw.sha256,
        message_id=_message_id(headers),
        in_reply_to=(_ids(headers, "in-reply-to") or ("",))[0],
        references=_ids(headers, "references"),
        subject=subject,
        sender=who,
        date=when,
        headline=headline.UNTITLED,
        body="",
        automatic=automatic.automatic(headers, root.content_type, who.address, subject),
        bounce=bounces.bounce(root),
        reply_to=reply_to,
        defects=(
            date_defect,
            envelope.wrong_date(headers, when, raw.received_at),
            envelope.rewritten(headers, who),
            reply_defect,
        ),
    )


# Photos


def _with_captions(
    photos: list[Candidate], told: story.Story, beside: list[captions.Caption]
) -> tuple[tuple[Image, ...], list[str]]:
    """Give the photos their captions, those beside the story first; captions without a photo become notes."""
    every = [*beside, *(caption for caption in told.captions if caption not in beside)]
    chosen, left = captions.pair(every, [photo.filename for photo in photos])
    images = tuple(
        Image(
            photo.data,
            photo.sha256,
            photo.filename,
            caption=caption.text if caption else "",
            credit=(caption.credit if caption else "") or told.photographer,
            problem=photo.look.problem,
        )
        for photo, caption in zip(photos, chosen, strict=True)
    )
    return images, [f"Keterangan tanpa foto: {caption.text}" for caption in left]


_PASSWORD = re.compile(r"(?i)\b(?:kata ?sandi|sandi|password|passwd|pwd|pass(?:code)?)\b")


def _passwords(contents: Contents, text: str) -> list[str]:
    """Say of locked archives that the mail seems to tell their password."""
    if not contents.locked or not _PASSWORD.search(text):
        return []
    told = []
    for number in contents.locked:
        part = contents.fates[number]
        sentence = (
            "Arsip ini dilindungi kata sandi, dan isi surelnya menyebut kata sandi: buka berkasnya dengan sandi itu, "
            "atau minta pengirim melampirkan isinya tanpa sandi."
        )
        if part.fate == "kept":
            contents.decide(number, "kept", sentence)
        told.append(f"{part.filename or 'Arsip'}: {sentence}")
    return told


# Headers


_LONGEST_ID = 998
"""Bytes of a Message-ID that are kept: those of a header's line (RFC 5322 §2.1.1); an index holds no more than 2,700."""


def _message_id(headers: Headers) -> str:
    told = (_ids(headers, "message-id") or (headers.text("message-id"),))[0]
    return told.encode("utf-8", "ignore")[:_LONGEST_ID].decode("utf-8", "ignore")


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(
        piece for piece in headers.text(name).split() if piece.startswith("<") and piece.endswith(">")
    )[:100]


def _unread(raw: RawMessage) -> Message:
    """Make what is shown of a mail our own reading failed on: its bytes are kept and can be read again."""
    return Message(
        sha256=raw.sha256,
        message_id="",
        in_reply_to="",
        references=(),
        subject="",
        sender=Sender("", "", "Surel ini belum dapat dibaca."),
        date=None,
        headline=headline.UNTITLED,
        body="",
        defects=("Surel ini belum dapat dibaca. Surel aslinya tersimpan; minta pengelola memeriksanya.",),
    )
