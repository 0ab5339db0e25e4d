"""One mail's bytes → what it says. The door to the rest of this folder; it never raises."""

from __future__ import annotations

import hashlib
import logging
from pathlib import PurePath

from ingest import automatic, captions, dates, headline, links, mime, parts, pictures, story
from ingest.authentication import authenticated
from ingest.choice import choose
from ingest.contents import Candidate, Contents
from ingest.headers import Headers, parse
from ingest.letters import Text
from ingest.message import Image, Message, Part, RawMessage, Sender
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
    found = parts.sort(root)
    headers = root.headers
    subject = headers.text("subject")
    who = authenticated(sender(headers), headers, trusted_authserv_ids)
    when, date_defect = dates.date(headers.text("date"))
    defects = [defect for node in root.walk() for defect in node.defects]
    choice = choose(found, defects, keep_kinds)
    photos, aside = _photos(found.contents, choice.documents, seen_often)
    told = story.tell(
        choice.markdown,
        subject=choice.subject,
        titles=choice.titles,
        photos=len(photos),
        from_document=choice.from_document,
        own_outlets=own_outlets,
    )
    images, notes = _with_captions(photos, told)
    source = "".join(segment.text for segment in choice.segments)
    return Message(
        sha256=raw.sha256,
        message_id=_message_id(headers),
        in_reply_to=(_ids(headers, "in-reply-to") or ("",))[0],
        references=_ids(headers, "references"),
        subject=subject,
        sender=who,
        date=when,
        headline=told.headline,
        body=told.body,
        dateline_city=told.dateline_city,
        byline_outlet=told.byline_outlet,
        byline_writer=told.byline_writer,
        byline_editor=told.byline_editor,
        photographer=told.photographer,
        note="\n\n".join(filter(None, [*choice.notes, *notes])),
        source_text=source,
        segments=choice.segments,
        others=tuple(choice.others),
        links=links.shared(source),
        images=images,
        aside=aside,
        documents=tuple(found.contents.documents),
        parts=tuple(found.contents.fates.values()),
        automatic=automatic.automatic(headers, root.content_type, who.address, subject),
        defects=tuple(dict.fromkeys(filter(None, [*defects, *found.contents.defects, date_defect]))),
    )


# Photos

_SEEN_OFTEN = "gambar yang selalu menyertai surel pengirim ini, bukan foto berita"


def _photos(
    contents: Contents, documents: list[tuple[str, Text]], seen_often: frozenset[str]
) -> tuple[list[Candidate], tuple[Image, ...]]:
    """Return the pictures that are photos of the story, each once, and those that are none, with a reason."""
    chosen: list[Candidate] = []
    aside: dict[str, Image] = {}
    seen: set[str] = set()
    for candidate in [*contents.in_text_order(), *_pictures_inside(contents, documents)]:
        reason = pictures.furniture(
            candidate.look, len(candidate.data), candidate.filename, inline=candidate.inline
        )
        if candidate.sha256 in seen_often:
            reason = _SEEN_OFTEN
        if reason:
            contents.decide(candidate.number, "kept", reason)
            aside[candidate.sha256] = Image(
                candidate.data, candidate.sha256, candidate.filename, problem=candidate.look.problem
            )
        elif candidate.sha256 in seen:
            contents.decide(candidate.number, "kept", "foto yang sama sudah ada")
        else:
            seen.add(candidate.sha256)
            chosen.append(candidate)
            contents.decide(candidate.number, "used", f"foto {len(chosen)}")
    return chosen, tuple(image for sha256, image in aside.items() if sha256 not in seen)


def _pictures_inside(contents: Contents, documents: list[tuple[str, Text]]) -> list[Candidate]:
    """List the pictures inside documents as parts of the mail."""
    inside: list[Candidate] = []
    for number, text in documents:
        stem = PurePath(text.filename).stem or "dokumen"
        for index, data in enumerate(text.pictures, 1):
            look = pictures.look(data)
            if not look.content_type:
                continue
            sha256 = hashlib.sha256(data).hexdigest()
            filename = f"{stem}-{index}.{look.content_type.removeprefix('image/').replace('jpeg', 'jpg')}"
            place = f"{number}/{index}"
            contents.fates[place] = Part(
                place, look.content_type, filename, len(data), "kept", "gambar", sha256
            )
            inside.append(Candidate(place, filename, data, sha256, look, inline=True))
    return inside


def _with_captions(photos: list[Candidate], told: story.Story) -> tuple[tuple[Image, ...], list[str]]:
    """Give the photos their captions; captions without a photo become notes."""
    chosen, left = captions.pair(told.captions, [photo.filename for photo in photos])
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


# Headers


def _message_id(headers: Headers) -> str:
    return (_ids(headers, "message-id") or (headers.text("message-id"),))[0][:998]


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
