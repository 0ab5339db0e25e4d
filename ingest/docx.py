"""A story in a Word document: its text as Markdown, its pictures as they lie in it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import mammoth

import prose

_LARGEST_TEXT = 40_000_000
_LARGEST_TOTAL = 400_000_000
_MOST_ENTRIES = 5_000
_MOST_TAGS = 100_000
"""In the XML of a document; each takes 25 µs and 400 bytes, and a novel in Word has fewer."""


_MEDIA = re.compile(
    rb"""Target=["'](media/[^"'<>]{1,200}\.(?:jpe?g|png|heic|webp|tiff?|bmp|gif))["']""", re.IGNORECASE
)
_MOST_PICTURES = 100


class NotReadable(Exception):
    """The document cannot be read; the text says why, in Indonesian."""


@dataclass(frozen=True)
class Docx:
    text: str
    """Markdown."""
    pictures: tuple[bytes, ...]
    """In the order of the text."""
    missing: int
    """Pictures the text speaks of that are not in the file."""
    remarks: tuple[str, ...] = ()
    """What the editors should know, in Indonesian: tracked changes, comments."""


def read(data: bytes) -> Docx:
    """Read a .docx. Raises NotReadable; opens nothing but the bytes given."""
    check_size(data)
    pictures: list[bytes] = []
    missing = 0

    def keep(image: Any) -> dict[str, str]:
        nonlocal missing
        try:
            with image.open() as stream:
                pictures.append(stream.read())
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            missing += 1  # linked from elsewhere, or cut off
        return {}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        )
        text = prose.from_html(result.value)
    except RecursionError as error:
        raise NotReadable(
            "Dokumen Word ini tersusun terlalu rumit; buka berkasnya untuk membacanya."
        ) from error
    except Exception as error:
        # Hostile XML goes through several libraries here, each with errors of its own.
        raise NotReadable("Dokumen Word ini rusak dan tidak dapat dibaca.") from error
    pictures += _unshown(data, pictures)
    return Docx(text, tuple(pictures), missing, _remarks(data))


def _unshown(data: bytes, shown: list[bytes]) -> list[bytes]:
    """Return the pictures of the text itself that stand in groups, canvases and the like, which are not read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = "word/_rels/document.xml.rels"
        links = archive.read(name) if name in archive.namelist() else b""
        targets = [target.decode("utf-8", "replace") for target in _MEDIA.findall(links)][:_MOST_PICTURES]
        found = [
            archive.read(f"word/{target}") for target in targets if f"word/{target}" in archive.namelist()
        ]
    return [picture for picture in dict.fromkeys(found) if picture not in shown]


def _remarks(data: bytes) -> tuple[str, ...]:
    """Tell of tracked changes, which are read as accepted, and of comments, which are not read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        words = archive.read("word/document.xml")
        comments = archive.read("word/comments.xml") if "word/comments.xml" in archive.namelist() else b""
    said = []
    if re.search(rb"<w:(?:ins|del|moveFrom)[ >]", words):
        said.append(
            "memuat perubahan yang dilacak; sisipan diterima dan hapusan dibuang, jadi periksa naskahnya."
        )
    if b"<w:comment " in comments:
        said.append("memuat komentar yang tidak ikut dibaca; buka berkasnya untuk melihatnya.")
    return tuple(said)


def check_size(data: bytes) -> None:
    """Refuse archives that are much larger unpacked than any document is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            fits = _sizes_fit(entries) and _tags(archive, entries) <= _MOST_TAGS
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise NotReadable("Dokumen Word ini rusak dan tidak dapat dibaca.") from error
    if not fits:
        raise NotReadable("Dokumen Word ini terlalu besar setelah dibuka, jadi tidak dibaca.")


def _sizes_fit(entries: list[zipfile.ZipInfo]) -> bool:
    texts = [entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    return (
        len(entries) <= _MOST_ENTRIES
        and sum(texts) <= _LARGEST_TEXT
        and sum(entry.file_size for entry in entries) <= _LARGEST_TOTAL
    )


def _tags(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> int:
    return sum(archive.read(entry).count(b"<") for entry in entries if entry.filename.endswith(".xml"))
