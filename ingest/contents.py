"""The files of a mail by what they are, wherever they lie: attached, in a ZIP, in a winmail.dat."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field

from ingest import archives, mime, odt, pictures, rtf, tnef
from ingest.archives import Room
from ingest.message import Document, Part

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = odt.TYPE
RTF = "application/rtf"
DOC = "application/msword"
ZIP = "application/zip"
TNEF = "application/vnd.ms-tnef"

_DANGEROUS = re.compile(
    r"(?i)\.(?:exe|scr|com|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|lnk|msi|jar|apk|iso|img|vhdx?|docm|xlsm|pptm|reg|cpl|dll)$"
)
_SYSTEM = {
    "application/pkcs7-signature": "tanda tangan digital",
    "application/x-pkcs7-signature": "tanda tangan digital",
    "application/pgp-signature": "tanda tangan digital",
    "application/pgp-encrypted": "catatan enkripsi",
    "application/applefile": "catatan komputer Apple",
    "message/delivery-status": "laporan pengiriman",
    "message/disposition-notification": "laporan pembacaan",
    "text/rfc822-headers": "laporan pengiriman",
    "text/calendar": "undangan kalender",
    "message/partial": "potongan surel yang dikirim terpisah",
    "message/external-body": "petunjuk ke berkas di tempat lain; tidak diambil",
    "text/x-amp-html": "bentuk lain dari teks yang sama",
}
# What cannot be opened here, told to the editors.
_CLOSED = (
    (
        b"Rar!\x1a\x07",
        "Arsip RAR tidak dapat dibuka di sini; minta pengirim melampirkan isinya atau memakai ZIP.",
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        "Arsip 7z tidak dapat dibuka di sini; minta pengirim melampirkan isinya atau memakai ZIP.",
    ),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MP4 = (b"qt  ", b"mp42", b"isom", b"mp41", b"M4V ", b"3gp4", b"3gp5", b"avc1", b"iso2")


@dataclass(frozen=True)
class File:
    """Decoded bytes, and what the mail calls them."""

    number: str
    filename: str
    content_type: str
    data: bytes = field(repr=False)
    inline: bool = False
    """Shown inside the text by its author's program."""
    content_id: str = ""


@dataclass(eq=False)
class Candidate:
    """A picture that may be a photo of the story."""

    number: str
    filename: str
    data: bytes = field(repr=False)
    sha256: str
    look: pictures.Look
    inline: bool
    content_id: str = ""


@dataclass
class Contents:
    """A mail's files, each in its place; nothing is left out of `fates`."""

    pictures: list[Candidate] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    numbers: dict[str, Document] = field(default_factory=dict)
    """Part number → document."""
    fates: dict[str, Part] = field(default_factory=dict)
    """Part number → what became of it, in the order of the mail."""
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, text and content type of texts inside a winmail.dat."""
    shown: list[str] = field(default_factory=list)
    """Content-IDs of the pictures the text shows, in its order."""
    defects: list[str] = field(default_factory=list)
    room: Room = field(default_factory=Room)

    def write(self, file: File, content_type: str, fate: str, reason: str) -> None:
        """List a file with its fate."""
        sha256 = hashlib.sha256(file.data).hexdigest()
        self.fates[file.number] = Part(
            file.number, content_type, file.filename, len(file.data), fate, reason, sha256
        )

    def decide(self, number: str, fate: str, reason: str) -> None:
        """Change the fate of a part once its use is known."""
        old = self.fates[number]
        self.fates[number] = Part(
            old.number, old.content_type, old.filename, old.size, fate, reason, old.sha256
        )

    def in_text_order(self) -> list[Candidate]:
        """Return the pictures as attached, those inside the text in the order the text shows them."""
        inside = [picture for picture in self.pictures if picture.content_id in self.shown]
        sorted_inside = iter(sorted(inside, key=lambda picture: self.shown.index(picture.content_id)))
        return [next(sorted_inside) if picture in inside else picture for picture in self.pictures]

    def take(self, file: File, *, depth: int = 0) -> None:
        """Put a file where it belongs, by its bytes first and its name second."""
        if kind := pictures.magic(file.data):
            self.write(file, kind, "kept", "gambar")
            sha256 = self.fates[file.number].sha256
            look = pictures.look(file.data)
            self.pictures.append(
                Candidate(file.number, file.filename, file.data, sha256, look, file.inline, file.content_id)
            )
        elif not file.data.strip():
            self.write(file, file.content_type, "kept", "bagian kosong")
        elif reason := _SYSTEM.get(file.content_type, ""):
            self.write(file, file.content_type, "kept", reason)
        elif _DANGEROUS.search(file.filename):
            self.write(file, file.content_type, "refused", _DANGER)
        elif file.data.startswith(tnef.SIGNATURE):
            self.write(file, TNEF, "used", "kemasan Outlook; isinya dibuka")
            self._open_tnef(file, depth)
        else:
            self._keep(file, depth)

    def _keep(self, file: File, depth: int) -> None:
        """Keep a document; look into a ZIP."""
        content_type = document_type(file.data, file.filename, file.content_type)
        reason = "dokumen"
        if content_type.startswith("image/"):
            reason = "Gambar ini tidak dapat dikenali isinya."
        for magic, sentence in _CLOSED:
            if file.data.startswith(magic):
                reason = sentence
                self.defects.append(f"{file.filename or 'Arsip'}: {sentence}")
        self.write(file, content_type, "kept", reason)
        document = Document(file.data, self.fates[file.number].sha256, file.filename, content_type)
        self.documents.append(document)
        self.numbers[file.number] = document
        if content_type == ZIP and depth < 2:
            unpacked = archives.unpack(file.data, self.room)
            self.defects += [f"{file.filename or 'Arsip'}: {problem}" for problem in unpacked.problems]
            for index, (name, data) in enumerate(unpacked.files, 1):
                inner = File(f"{file.number}/{index}", name, "application/octet-stream", data)
                self.take(inner, depth=depth + 1)

    def _open_tnef(self, file: File, depth: int) -> None:
        if depth >= 2:
            return
        opened = tnef.read(file.data)
        if opened.html.strip():
            self.texts.append((file.number, opened.html, "text/html"))
        elif opened.text.strip():
            self.texts.append((file.number, opened.text, "text/plain"))
        for index, inner in enumerate(opened.files, 1):
            number = f"{file.number}/{index}"
            inline = bool(inner.content_id)
            self.take(
                File(number, inner.filename, "application/octet-stream", inner.data, inline), depth=depth + 1
            )


_DANGER = "Berkas program dapat berbahaya, jadi tidak disimpan di luar surel aslinya."


def document_type(data: bytes, filename: str, declared: str) -> str:
    """Return a document's type by its bytes where they tell, else by name, else as declared."""
    name = filename.lower()
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if rtf.is_rtf(data):
        return RTF
    if data.startswith(_OLE) and name.endswith((".doc", ".dot", ".wps")):
        return DOC
    if data[4:8] == b"ftyp" and data[8:12] in _MP4:
        return "video/mp4" if data[8:12] != b"qt  " else "video/quicktime"
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data, name)
    if name.endswith(".docx"):
        return DOCX
    return declared if mime.is_type(declared) else "application/octet-stream"


def _zip_type(data: bytes, name: str) -> str:
    """Tell the documents that are ZIP files from plain ones; a broken one is told by its name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = set()
    if "word/document.xml" in names or (not names and name.endswith(".docx")):
        return DOCX
    if ("content.xml" in names and "mimetype" in names) or (not names and name.endswith(".odt")):
        return ODT if not name.endswith((".ods", ".odp", ".odg")) else "application/vnd.oasis.opendocument"
    if "[Content_Types].xml" in names:
        return "application/vnd.openxmlformats-officedocument"
    return ZIP
