"""One mail's bytes → what it says. The only door to the rest of this folder; it never raises."""

from __future__ import annotations

import prose
from ingest import automatic, dates, mime, parts, pictures, plain
from ingest.message import Image, Message, RawMessage
from ingest.parts import Sorted
from ingest.sender import sender

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read(raw: RawMessage, *, own_outlets: tuple[str, ...] = ()) -> Message:
    """Read one mail. Never raises, whatever the bytes; what could not be read is in `defects`."""
    root = mime.parse(raw.data)
    found = parts.sort(root)
    headers = root.headers
    subject = headers.text("subject")
    who = sender(headers)
    when, date_defect = dates.date(headers.text("date"))
    texts = [plain_or_html(node) for letter in found.letters for node in letter.texts]
    body = "\n\n".join(texts)
    fields = prose.take_apart(body, prose.Known(outlets=own_outlets))
    return Message(
        sha256=raw.sha256,
        message_id=headers.text("message-id"),
        in_reply_to=headers.text("in-reply-to"),
        references=tuple(headers.text("references").split()),
        subject=subject,
        sender=who,
        date=when,
        headline=subject or "(tanpa judul)",
        body=fields.body,
        dateline_city=fields.dateline_city,
        byline_outlet=fields.byline_outlet,
        byline_writer=fields.byline_writer,
        source_text=body,
        images=_images(found),
        documents=tuple(found.documents),
        parts=tuple(found.fates.values()),
        automatic=automatic.automatic(headers, root.content_type, who.address, subject),
        defects=tuple(filter(None, [date_defect, *(d for node in root.walk() for d in node.defects)])),
    )


def plain_or_html(node: mime.Node) -> str:
    text = parts.text_of(node)
    if node.content_type == "text/html":
        return prose.from_html(text)
    return "\n\n".join(plain.escape(p) for p in plain.paragraphs(prose.clean(text)))


def _images(found: Sorted) -> tuple[Image, ...]:
    kept = {}
    for candidate in found.pictures:
        reason = pictures.furniture(
            candidate.look, len(candidate.data), candidate.filename, inline=candidate.inline
        )
        if reason:
            found.decide(candidate.number, "kept", reason)
        elif candidate.sha256 in kept:
            found.decide(candidate.number, "kept", "foto yang sama sudah dilampirkan")
        else:
            kept[candidate.sha256] = Image(
                candidate.data, candidate.sha256, candidate.filename, problem=candidate.look.problem
            )
            found.decide(candidate.number, "used", f"foto {len(kept)}")
    return tuple(kept.values())
