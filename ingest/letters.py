"""The text of each message in a mail, as one text with its segments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import prose
from ingest import charset, contents, docx, html, lines, odt, parts, plain, rtf, segments, whatsapp
from ingest.message import Document, Segment
from ingest.mime import Node
from ingest.parts import Letter


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

    @cached_property
    def story(self) -> str:
        """The story's part, as Markdown."""
        told = segments.story_of(self.segments) if self.segments else self.text
        return to_markdown(told, markdown=self.markdown)

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
    subject = letter.node.headers.text("subject")
    return Text(
        text, markdown, subject, segments.segment(text, subject=subject, markdown=markdown, keep=keep)
    )


def of_document(document: Document) -> Text | None:
    """Return a document's text, None when it is of a kind that is not read. Raises docx.NotReadable."""
    if document.content_type in (contents.DOCX, contents.ODT):
        reader = docx if document.content_type == contents.DOCX else odt
        found = reader.read(document.data)
        return Text(
            found.text, True, filename=document.filename, pictures=found.pictures, missing=found.missing
        )
    if document.content_type == contents.RTF:
        return Text(prose.clean(rtf.read(document.data)), False, filename=document.filename)
    if document.content_type == contents.DOC:
        raise docx.NotReadable(
            "Dokumen Word lama (.doc) tidak dapat dibaca di sini; buka berkasnya, atau minta dikirim sebagai .docx."
        )
    if document.content_type == "text/plain" or document.filename.lower().endswith(".txt"):
        text = prose.clean(charset.decode(document.data))
        return Text(text, False, filename=document.filename)
    return None


def _piece(node: Node, defects: list[str]) -> tuple[str, bool]:
    text = parts.text_of(node)
    if node.content_type == "text/html":
        return html.to_markdown(charset.repaired(text)), True
    _, parameters = node.headers.parameters("content-type")
    repaired = charset.repaired(text)
    if repaired != text:
        defects.append("Huruf yang rusak di jalan (seperti â€œ) sudah dibetulkan; periksa naskahnya.")
    cleaned = prose.clean(repaired)
    if parameters.get("format", "").lower() == "flowed":
        cleaned = plain.unflow(cleaned, delete_space=parameters.get("delsp", "").lower() == "yes")
    if "�" in cleaned:
        defects.append("Beberapa huruf di surel ini tidak dapat dikenali dan ditandai dengan �.")
    return cleaned, False
