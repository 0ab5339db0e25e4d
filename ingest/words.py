"""What a document says, as plain text, so that it can be found."""

from __future__ import annotations

from ingest import letters
from ingest.docx import NotReadable
from ingest.message import Document

LONGEST = 200_000
"""Characters that are kept: a report of a hundred pages."""


def words_of(document: Document) -> str:
    """Return the text of a document; empty when it says nothing, or is of a kind that is not read. Raises nothing."""
    try:
        text = letters.of_document(document)
    except NotReadable:
        return ""
    return text.text.replace("\x00", "")[:LONGEST] if text else ""
