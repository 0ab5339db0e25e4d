"""A story in a PDF: its text with paragraphs, its pictures as they lie in it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import prose
from ingest import child, plain
from ingest.docx import Docx, NotReadable

LARGEST = 60_000_000
SECONDS = 40
_MOST_PRINTED = 70_000_000
_FEWEST_WORDS = 10
"""Fewer on all pages are a stamp or a page number, not a text."""
_PROGRAM = str(Path(__file__).with_name("pdf_pages.py"))

_LOCKED = (
    "PDF ini dilindungi kata sandi; minta pengirim mengirimnya tanpa sandi, atau naskahnya sebagai .docx."
)
_BROKEN = "PDF ini rusak dan tidak dapat dibaca; minta pengirim mengirim naskahnya sebagai .docx."
_TOO_LARGE = "PDF ini terlalu besar atau terlalu rumit untuk dibaca di sini; buka berkasnya, atau minta naskahnya sebagai .docx."
_SCANNED = "PDF ini pindaian (gambar dari kertas), bukan teks; mintalah naskahnya sebagai teks (.docx)."


def read(data: bytes) -> Docx:
    """Read a PDF in a process of its own. Raises NotReadable; opens nothing but the bytes given.

    `missing` counts the pictures that were left out because they are too many or too large.
    """
    if len(data) > LARGEST:
        raise NotReadable(_TOO_LARGE)
    command = (sys.executable, "-I", _PROGRAM)
    try:
        printed = child.run(command, data, "naskah.pdf", seconds=SECONDS, most=_MOST_PRINTED)
    except child.TookTooLong as error:
        raise NotReadable(_TOO_LARGE) from error
    except child.ChildError as error:
        raise NotReadable(_BROKEN) from error
    line, _, rest = printed.partition(b"\n")
    head = json.loads(line)
    if "error" in head:
        raise NotReadable(_LOCKED if head["error"] == "locked" else _BROKEN)
    text = _joined(head["pages"])
    if head["scanned"] and len(re.findall(r"\w+", text)) < _FEWEST_WORDS:
        raise NotReadable(_SCANNED)
    pictures: list[bytes] = []
    at = 0
    for size in head["sizes"]:
        pictures.append(rest[at : at + size])
        at += size
    return Docx(text, tuple(pictures), head["left_out"])


def _joined(pages: list[str]) -> str:
    """Join pages into one plain text; a page's number at its edge is no part of it."""
    bare = [
        re.sub(
            r"(?i)^(?:halaman\s*)?[-–]?\s*\d{1,3}\s*[-–]?\n+|\n+(?:halaman\s*)?[-–]?\s*\d{1,3}\s*[-–]?$",
            "",
            page.strip(),
        )
        for page in pages
    ]
    text = ""
    for page in filter(None, bare):
        # A sentence that runs over the page's end goes on; else the page ends a paragraph.
        goes_on = bool(text) and not re.search(r"[.!?:”\"]$", text) and page[:1].islower()
        text += (" " if goes_on else "\n\n" if text else "") + page
    return "\n\n".join(plain.paragraphs(prose.clean(text)))
