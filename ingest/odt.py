"""A story in an OpenDocument text: its text as Markdown, its pictures as they lie in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from ingest.docx import Docx, NotReadable, check_size
from ingest.whatsapp import escape

TYPE = "application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LEFT_OUT = {f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_TEXT}sequence-decls", f"{_TEXT}index-body"}
_LEFT_OUT |= {"{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"}


def read(data: bytes) -> Docx:
    """Read an .odt. Raises NotReadable; opens nothing but the bytes given."""
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml")
            if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
                raise NotReadable("Dokumen ini memuat perintah yang tidak dipercaya, jadi tidak dibaca.")
            root = ElementTree.fromstring(content)  # noqa: S314 - without entities, as checked above
            blocks = list(_blocks(root))
            names = [str(image.get(_HREF) or "") for image in root.iter(f"{_DRAW}image")]
            held = set(archive.namelist())
            pictures = [archive.read(name) for name in names if name in held]
    except NotReadable:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        raise NotReadable("Dokumen OpenDocument ini rusak dan tidak dapat dibaca.") from error
    except ElementTree.ParseError as error:
        raise NotReadable("Dokumen OpenDocument ini rusak dan tidak dapat dibaca.") from error
    return Docx("\n\n".join(blocks), tuple(pictures), len(names) - len(pictures))


def _blocks(root: ElementTree.Element) -> Iterator[str]:
    """Yield headings, paragraphs and list items as Markdown; iterative, for documents nested without end."""
    waiting: list[tuple[ElementTree.Element, bool]] = [(root, False)]
    while waiting:
        element, in_list = waiting.pop()
        if element.tag in _LEFT_OUT:
            continue
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            words = " ".join("".join(_words(element)).split(" ")).strip()
            if words:
                mark = "## " if element.tag == f"{_TEXT}h" else "- " if in_list else ""
                yield mark + escape(words)
            continue
        below = in_list or element.tag == f"{_TEXT}list-item"
        waiting.extend((child, below) for child in reversed(element))


def _words(paragraph: ElementTree.Element) -> Iterator[str]:
    """Yield the words of a paragraph in order, blanks and line breaks written out."""
    waiting: list[ElementTree.Element | str] = [paragraph]
    while waiting:
        step = waiting.pop()
        if isinstance(step, str):
            yield step
            continue
        if step.tag in _LEFT_OUT:
            continue
        if step.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        for child in reversed(step):
            waiting.append(child.tail or "")
            waiting.append(child)
        waiting.append(step.text or "")
