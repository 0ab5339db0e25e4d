"""The files of a mail by what they are, wherever they lie: attached, in a ZIP, in a winmail.dat."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from ingest import archives, charset, html, kinds, mime, pictures, programs, tnef
from ingest.archives import Room
from ingest.headers import clean_filename
from ingest.message import Document, Part

TNEF = "application/vnd.ms-tnef"

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
    "text/vcard": "kartu nama",
    "text/x-vcard": "kartu nama",
    "text/directory": "kartu nama",
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
_MSG = (
    "Surel Outlook (.msg) tidak dapat dibuka di sini; minta pengirim meneruskan surelnya langsung, "
    "atau melampirkan naskah dan fotonya."
)
_PIECE = (
    "Sebagian isi surel ini dikirim terpisah sebagai potongan surel lain, jadi tidak lengkap. "
    "Minta pengirim mengirim ulang dalam satu surel, bila perlu dengan foto yang diperkecil."
)
_ELSEWHERE = (
    "Surel ini menunjuk berkas di tempat lain yang tidak diambil dari sini. "
    "Minta pengirim melampirkan berkasnya."
)
_EXPLAINED = {"message/partial": _PIECE, "message/external-body": _ELSEWHERE}


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
    written: str = ""
    """The name with its hidden characters, when it differs from `filename`."""


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
    likeness: int | None = None
    """How it looks (`photos.dhash`), where that was asked."""


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
    locked: list[str] = field(default_factory=list)
    """Numbers of the archives that want a password."""
    dangerous: set[str] = field(default_factory=set)
    """Numbers of the files that are kept nowhere but in the mail itself."""
    places: dict[str, set[str]] = field(default_factory=dict)
    """Content-ID → kinds of the segments the text shows that picture in."""

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
        elif reason := _SYSTEM.get(file.content_type, ""):
            self.write(file, file.content_type, "kept", reason)
            if explained := _EXPLAINED.get(file.content_type):
                self.defects.append(explained)
        elif not file.data.strip():
            self.write(file, file.content_type, "kept", "bagian kosong")
        elif reason := programs.danger(file.data, file.written or file.filename):
            self.write(file, file.content_type, "refused", reason)
            if reason is not programs.WEB_PAGE:
                self.dangerous.add(file.number)
        elif file.data.startswith(tnef.SIGNATURE):
            self.write(file, TNEF, "used", "kemasan Outlook; isinya dibuka")
            self._open_tnef(file, depth)
        elif depth and file.filename.lower().endswith(".eml"):
            self.write(file, "message/rfc822", "used", "surel di dalam arsip; isinya dibuka")
            self._open_mail(file, depth)
        else:
            self._keep(file, depth)

    def _keep(self, file: File, depth: int) -> None:
        """Keep a document; look into a ZIP."""
        content_type = kinds.document_type(file.data, file.filename, file.content_type)
        reason = "dokumen"
        if content_type.startswith("image/") and content_type != "image/svg+xml":
            reason = "Gambar ini tidak dapat dikenali isinya."
        closed = next((sentence for magic, sentence in _CLOSED if file.data.startswith(magic)), "")
        closed = _MSG if content_type == kinds.MSG else closed
        if closed:
            reason = closed
            self.defects.append(f"{file.filename or 'Arsip'}: {closed}")
        self.write(file, content_type, "kept", reason)
        document = Document(file.data, self.fates[file.number].sha256, file.filename, content_type)
        self.documents.append(document)
        self.numbers[file.number] = document
        if content_type == kinds.ZIP:
            self._open_zip(file, document, depth)

    def _open_zip(self, file: File, document: Document, depth: int) -> None:
        """Take what lies in a ZIP; one that holds a program is kept nowhere but in the mail itself."""
        if depth >= 2:
            return
        unpacked = archives.unpack(file.data, self.room)
        self.defects += [f"{file.filename or 'Arsip'}: {problem}" for problem in unpacked.problems]
        if unpacked.locked:
            self.locked.append(file.number)
            self.decide(file.number, "kept", archives.LOCKED)
        for index, (name, data) in enumerate(unpacked.files, 1):
            inner = File(f"{file.number}/{index}", name, "application/octet-stream", data)
            self.take(inner, depth=depth + 1)
        if unpacked.programs or any(number.startswith(f"{file.number}/") for number in self.dangerous):
            self.dangerous.add(file.number)
            self.documents.remove(document)
            del self.numbers[file.number]
            self.decide(file.number, "refused", programs.ARCHIVE)

    def _open_mail(self, file: File, depth: int) -> None:
        """Take the files of a mail that lies in an archive; its texts become documents."""
        if depth >= 3:
            return
        root = mime.parse(file.data)
        title = root.headers.text("subject") or "surel"
        for node in root.walk():
            if node.children or node.refused:
                continue
            number, data = f"{file.number}/{node.number}", node.content()
            is_page = node.content_type == kinds.HTML and not node.filename
            if is_page or (node.content_type == "text/plain" and not node.filename):
                text = charset.decode(data, node.charset)
                data = (html.to_markdown(text) if is_page else text).encode("utf-8", "replace")
                inner = File(number, clean_filename(f"{title}.txt"), "text/plain", data)
            else:
                inner = File(number, node.filename, node.content_type, data, written=node.written_filename)
            self.take(inner, depth=depth + 1)

    def _open_tnef(self, file: File, depth: int) -> None:
        if depth >= 2:
            return
        opened = tnef.read(file.data)
        if opened.html.strip():
            self.texts.append((file.number, opened.html, "text/html"))
        elif opened.text.strip():
            self.texts.append((file.number, opened.text, "text/plain"))
        elif opened.rtf.strip():
            self.texts.append((file.number, opened.rtf, "text/plain"))
        for index, inner in enumerate(opened.files, 1):
            number = f"{file.number}/{index}"
            inline = bool(inner.content_id)
            self.take(
                File(number, inner.filename, "application/octet-stream", inner.data, inline), depth=depth + 1
            )
