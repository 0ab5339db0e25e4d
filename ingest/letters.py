"""The text of each message in a mail, as one text with its segments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import prose
from ingest import (
    armour,
    charset,
    doc,
    docx,
    enriched,
    html,
    kinds,
    lines,
    odt,
    parts,
    pdf,
    plain,
    rtf,
    segments,
    several,
    whatsapp,
)
from ingest.message import Document, Segment
from ingest.mime import Node
from ingest.parts import Letter

_LONGEST = 500_000
"""Characters of a text that are read; two books. A million short lines would take 13 s and 700 MB."""


@dataclass(frozen=True)
class Text:
    """The text of one letter or document."""

    text: str
    markdown: bool
    """Else plain, as typed."""
    subject: str = ""
    segments: tuple[Segment, ...] = ()
    filename: str = ""
    """Of the document; empty for a letter."""
    pictures: tuple[bytes, ...] = ()
    """Inside the document."""
    missing: int = 0
    """Pictures the document only points to."""
    remarks: tuple[str, ...] = ()
    """What the editors should know of the document."""
    told: tuple[str, ...] = ()
    """The text of each story, when there are several."""

    @cached_property
    def story(self) -> str:
        """The story's part, as Markdown."""
        told = self.told[0] if self.told else segments.story_of(self.segments)
        return to_markdown(told, markdown=self.markdown)

    @cached_property
    def further(self) -> tuple[str, ...]:
        """The stories after the first, as Markdown."""
        return tuple(to_markdown(told, markdown=self.markdown) for told in self.told[1:])

    @cached_property
    def words(self) -> int:
        return lines.count_words(self.story)


def as_markdown(segment: Segment) -> str:
    """Return a segment's text as it would stand in a story."""
    return to_markdown(segment.text, markdown=segment.markdown).strip()


def to_markdown(text: str, *, markdown: bool) -> str:
    """Write a letter's text as Markdown; `markdown` says that it is."""
    if markdown:
        return plain.unquote(text)
    return plain.to_markdown(plain.unquote(whatsapp.without_chat(text)[0]))


def of_letter(letter: Letter, defects: list[str], keep: frozenset[str] = frozenset()) -> Text:
    """Return a letter's texts joined, cut into segments; the kinds in `keep` stay in the story."""
    pieces = [_piece(node, defects) for node in letter.texts]
    pieces = [(text, markdown) for text, markdown in pieces if text.strip()]
    markdown = any(is_markdown for _, is_markdown in pieces)
    texts = [text if is_markdown or not markdown else plain.to_markdown(text) for text, is_markdown in pieces]
    text = "\n\n".join(texts)
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
        defects.append(parts.TOO_LONG)
    subject = letter.node.headers.text("subject")
    found, told = several.cut(segments.segment(text, subject=subject, markdown=markdown, keep=keep))
    return Text(text, markdown, subject, found, told=tuple(told))


def of_document(document: Document, keep: frozenset[str] = frozenset()) -> Text | None:
    """Return a document's text, None when it is of a kind that is not read. Raises docx.NotReadable."""
    match document.content_type:
        case kinds.DOCX:
            return _with_pictures(document, docx.read(document.data), keep, markdown=True)
        case kinds.ODT:
            return _with_pictures(document, odt.read(document.data), keep, markdown=True)
        case kinds.PDF:
            return _with_pictures(document, pdf.read(document.data), keep, markdown=False)
        case kinds.RTF:
            return _of_words(document, prose.clean(rtf.read(document.data)), keep)
        case kinds.DOC:
            return _of_words(document, doc.read(document.data), keep)
        case kinds.HTML:
            text = html.to_markdown(charset.repaired(charset.decode(document.data)))
            return _of_words(document, text, keep, markdown=True)
    if document.content_type == "text/plain" or document.filename.lower().endswith(".txt"):
        return _of_words(document, prose.clean(charset.decode(document.data)), keep)
    return None


def _with_pictures(document: Document, found: docx.Docx, keep: frozenset[str], *, markdown: bool) -> Text:
    text = _of_words(document, found.text, keep, markdown=markdown)
    return replace(text, pictures=found.pictures, missing=found.missing, remarks=found.remarks)


def _of_words(document: Document, text: str, keep: frozenset[str], *, markdown: bool = False) -> Text:
    text = text[:_LONGEST]
    found, told = several.cut(segments.segment_document(text, markdown=markdown, keep=keep))
    return Text(text, markdown, segments=found, filename=document.filename, told=tuple(told))


def _piece(node: Node, defects: list[str]) -> tuple[str, bool]:
    text = parts.text_of(node)
    if node.content_type == "text/html":
        return html.to_markdown(charset.repaired(text)), True
    _, parameters = node.headers.parameters("content-type")
    repaired = charset.repaired(text)
    if repaired != text:
        defects.append("Huruf yang rusak di jalan (seperti â€œ) sudah dibetulkan; periksa naskahnya.")
    cleaned = armour.without_signature(prose.clean(repaired))
    if node.content_type == "text/enriched":
        cleaned = enriched.to_text(cleaned)
    if armour.is_locked(cleaned):
        defects.append(parts.ENCRYPTED)
    if parameters.get("format", "").lower() == "flowed":
        cleaned = plain.unflow(cleaned, delete_space=parameters.get("delsp", "").lower() == "yes")
    if "�" in cleaned:
        defects.append("Beberapa huruf di surel ini tidak dapat dikenali dan ditandai dengan �.")
    return cleaned, False
