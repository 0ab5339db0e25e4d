"""One mail's bytes → what it says. The door to the rest of this folder; it never raises."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest import (
    automatic,
    captions,
    dates,
    docx,
    headline,
    letters,
    lines,
    mime,
    parts,
    pictures,
    segments,
    story,
)
from ingest.headers import Headers
from ingest.letters import Text
from ingest.message import Image, Message, Part, RawMessage, Segment, Sender
from ingest.mime import Node
from ingest.parts import Candidate, Sorted
from ingest.sender import sender

logger = logging.getLogger(__name__)

_MOST_DOCUMENTS = 10
_SAME = 0.8
"""Share of a body's words that are also in a document, above which both hold the same story."""


def read(raw: RawMessage, *, own_outlets: tuple[str, ...] = ()) -> Message:
    """Read one mail. Never raises, whatever the bytes; what was wrong with them is in `defects`."""
    try:
        return take_in(raw, own_outlets)
    except Exception:
        logger.exception("mail %s could not be read", raw.sha256)
        return _unread(raw)


def take_in(raw: RawMessage, own_outlets: tuple[str, ...]) -> Message:
    """Read one mail; what `read` does when nothing unforeseen happens."""
    root = mime.parse(raw.data)
    found = parts.sort(root)
    headers = root.headers
    subject = headers.text("subject")
    who = sender(headers)
    when, date_defect = dates.date(headers.text("date"))
    defects = [defect for node in root.walk() for defect in node.defects]
    choice = _choose(found, defects)
    photos = _photos(found, choice.pictures)
    told = story.tell(
        choice.markdown,
        subject=subject,
        titles=choice.titles,
        photos=len(photos),
        from_document=choice.from_document,
        own_outlets=own_outlets,
    )
    images, notes = _with_captions(photos, told)
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
        source_text="".join(segment.text for segment in choice.segments),
        segments=choice.segments,
        images=images,
        documents=tuple(found.documents),
        parts=tuple(found.fates.values()),
        automatic=automatic.automatic(headers, root.content_type, who.address, subject),
        defects=tuple(dict.fromkeys(filter(None, [*defects, date_defect]))),
    )


# Which text is the story


@dataclass
class _Choice:
    """The text that is the story, and the rest of the mail's text around it."""

    markdown: str = ""
    titles: list[str] = field(default_factory=list)
    """What stands in for a subject that says nothing, best first."""
    from_document: bool = False
    notes: list[str] = field(default_factory=list)
    segments: tuple[Segment, ...] = ()
    pictures: list[tuple[str, Text]] = field(default_factory=list)
    """Part number and text of the documents whose pictures count."""


def _choose(found: Sorted, defects: list[str]) -> _Choice:
    texts = [letters.of_letter(letter, defects) for letter in found.letters]
    documents = _documents(found, defects)
    choice = _from_letters(texts, found)
    choice.pictures = documents
    body_words = lines.count_words(choice.markdown)
    longest = max(documents, key=lambda each: each[1].words, default=None)
    if longest is None or not longest[1].words:
        return choice
    number, text = longest
    same = _overlap(choice.markdown, text.story) >= _SAME
    # A greeting in the body, the story in the document; or the same story in both.
    if (body_words < segments.FEWEST_WORDS and text.words > body_words) or (
        same and text.words >= body_words / 2
    ):
        return _from_document(found, choice, number, text, same=same)
    if text.words >= segments.FEWEST_WORDS and not same:
        defects.append(
            f"Naskah di badan surel berbeda dengan isi {text.filename or 'dokumen terlampir'}; periksa keduanya."
        )
    return choice


def _from_letters(texts: list[Text], found: Sorted) -> _Choice:
    """Join the letters' stories: an attached mail is the story when the mail around it says little."""
    choice = _Choice()
    pieces: list[Segment] = []
    stories: list[str] = []
    sizes = [text.words for text in texts]
    for index, text in enumerate(texts):
        if index:
            pieces.append(Segment("forward", _head(found.letters[index].node), "surel terlampir"))
        is_note = sizes[index] < segments.FEWEST_WORDS and any(
            size > sizes[index] for size in sizes[index + 1 :]
        )
        if is_note:
            choice.notes.append(text.text.strip())
            pieces.append(Segment("note", text.text, "pesan pengirim kepada redaksi"))
            continue
        stories.append(text.story)
        choice.notes.append(segments.note_of(text.segments))
        choice.titles.append(segments.forwarded_subject(text.segments))
        if index:
            choice.titles.append(text.subject)
        pieces += text.segments
    choice.markdown = "\n\n".join(filter(None, stories))
    choice.segments = tuple(piece for piece in pieces if piece.text)
    return choice


def _from_document(found: Sorted, choice: _Choice, number: str, text: Text, *, same: bool) -> _Choice:
    """Make a document the story; what stood in the body is a note, unless it was the same."""
    found.decide(number, "used", "naskah berita")
    body = tuple(
        Segment("note", piece.text, "pesan pengirim kepada redaksi") if piece.kind == "story" else piece
        for piece in choice.segments
    )
    separator = ("\n\n" if body else "") + f"[{text.filename or 'dokumen'}]\n\n"
    notes = choice.notes if same else [choice.markdown, *choice.notes]
    return _Choice(
        markdown=text.story,
        titles=[headline.from_filename(text.filename), *choice.titles],
        from_document=True,
        notes=notes,
        segments=(*body, Segment("forward", separator, "berkas naskah"), Segment("story", text.text)),
        pictures=choice.pictures,
    )


def _documents(found: Sorted, defects: list[str]) -> list[tuple[str, Text]]:
    """Read the documents that may hold a story."""
    read: list[tuple[str, Text]] = []
    by_hash = {document.sha256: document for document in found.documents}
    for number, sha256 in list(found.document_numbers.items())[:_MOST_DOCUMENTS]:
        document = by_hash[sha256]
        try:
            text = letters.of_document(document)
        except docx.NotReadable as error:
            defects.append(f"{document.filename or 'Dokumen'}: {error}")
            found.decide(number, "kept", str(error))
            continue
        if text is not None:
            read.append((number, text))
            if text.missing:
                defects.append(f"{document.filename}: {text.missing} gambar tidak ada di dalam berkasnya.")
    return read


def _overlap(one: str, other: str) -> float:
    """Return the share of the first text's words that are in the second."""
    a, b = (lines.words(text) for text in (one, other))
    return len(a & b) / len(a) if len(a) >= 10 else 0.0


def _head(node: Node) -> str:
    """Write the head of an attached mail as a mail program would."""
    shown = (("Dari", "from"), ("Tanggal", "date"), ("Judul", "subject"))
    lines = [f"{name}: {node.headers.text(key)}" for name, key in shown if node.headers.raw(key)]
    return "\n\n" + "\n".join(lines) + "\n\n"


# Photos


def _photos(found: Sorted, documents: list[tuple[str, Text]]) -> list[Candidate]:
    """Return the pictures that are photos of the story, each once; the others keep a reason."""
    chosen: list[Candidate] = []
    seen: set[str] = set()
    for candidate in [*found.pictures, *_pictures_inside(found, documents)]:
        reason = pictures.furniture(
            candidate.look, len(candidate.data), candidate.filename, inline=candidate.inline
        )
        if reason:
            found.decide(candidate.number, "kept", reason)
        elif candidate.sha256 in seen:
            found.decide(candidate.number, "kept", "foto yang sama sudah ada")
        else:
            seen.add(candidate.sha256)
            chosen.append(candidate)
            found.decide(candidate.number, "used", f"foto {len(chosen)}")
    return chosen


def _pictures_inside(found: Sorted, documents: list[tuple[str, Text]]) -> list[Candidate]:
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
            found.fates[place] = Part(place, look.content_type, filename, len(data), "kept", "gambar", sha256)
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
