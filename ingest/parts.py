"""Which part of a mail is its text, a photo, a document or neither; each part is listed with its fate."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field

from ingest import charset, mime, pictures
from ingest.message import Document, Part
from ingest.mime import Node

_DANGEROUS = re.compile(
    r"(?i)\.(?:exe|scr|com|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|lnk|msi|jar|apk|iso|img|vhdx?|docm|xlsm|pptm|reg|cpl|dll)$"
)
_SYSTEM = {
    "application/pkcs7-signature": "tanda tangan digital",
    "application/x-pkcs7-signature": "tanda tangan digital",
    "application/pgp-signature": "tanda tangan digital",
    "application/applefile": "catatan komputer Apple",
    "message/delivery-status": "laporan pengiriman",
    "message/disposition-notification": "laporan pembacaan",
    "text/rfc822-headers": "laporan pengiriman",
    "text/calendar": "undangan kalender",
    "message/partial": "potongan surel yang dikirim terpisah",
    "message/external-body": "petunjuk ke berkas di tempat lain; tidak diambil",
    "text/x-amp-html": "bentuk lain dari teks yang sama",
}
_WORDS = re.compile(r"\w+")


@dataclass(eq=False)
class Letter:
    """One message: the mail itself, or a mail attached to it."""

    node: Node
    texts: list[Node] = field(default_factory=list)


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
class Sorted:
    """A mail's parts by what they are. `fates` is filled further as texts and photos find their use."""

    letters: list[Letter]
    pictures: list[Candidate] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    document_numbers: dict[str, str] = field(default_factory=dict)
    """Part number → sha256 of a document."""
    fates: dict[str, Part] = field(default_factory=dict)
    """Part number → what became of it, in the order of the mail."""

    def decide(self, number: str, fate: str, reason: str) -> None:
        """Change the fate of a part once its use is known."""
        old = self.fates[number]
        self.fates[number] = Part(
            old.number, old.content_type, old.filename, old.size, fate, reason, old.sha256
        )


def sort(root: Node) -> Sorted:
    """Sort a mail's parts. Nothing is left out of `fates`."""
    letters = [Letter(root)]
    report = root.content_type == "multipart/report"
    _gather(root, letters[0], letters, report=report)
    found = Sorted(letters)
    for letter in letters:
        _drop_doubles(letter)
    texts = {id(node) for letter in letters for node in letter.texts}
    for node in root.walk():
        if node.children or node.content_type.startswith("multipart/"):
            continue
        _judge(node, found, is_text=id(node) in texts)
    if not texts:
        _text_from_attachment(root, found)
    return found


def text_of(node: Node) -> str:
    """Return a text part's characters."""
    return charset.decode(node.content(), node.charset)


def _gather(node: Node, letter: Letter, letters: list[Letter], *, report: bool) -> None:
    """Collect the texts below `node` in order; attached mails become letters of their own."""
    if node.refused:
        return
    if node.content_type == "message/rfc822" and node.children:
        if not report:
            letters.append(Letter(node.children[0]))
            _gather(node.children[0], letters[-1], letters, report=report)
    elif node.content_type == "multipart/alternative":
        _gather_alternative(node, letter, letters, report=report)
    elif node.content_type == "multipart/signed" and node.children:
        _gather(node.children[0], letter, letters, report=report)
    elif node.children:
        for child in node.children:
            _gather(child, letter, letters, report=report)
    elif _is_body_text(node):
        letter.texts.append(node)


def _gather_alternative(node: Node, letter: Letter, letters: list[Letter], *, report: bool) -> None:
    """Of several forms of one text take the one that says most; HTML when they say the same."""
    best: tuple[float, Letter, list[Letter]] | None = None
    for child in node.children:
        inner = Letter(letter.node)
        attached: list[Letter] = []
        _gather(child, inner, attached, report=report)
        score = _richness(inner)
        # A later alternative is the richer one by RFC 2046, unless it says clearly less.
        if best is None or score >= 0.6 * best[0]:
            best = (max(score, best[0] if best else 0), inner, attached)
    if best is not None:
        letter.texts += best[1].texts
        letters += best[2]


def _drop_doubles(letter: Letter) -> None:
    """Of a plain text and the same text as HTML, side by side where an alternative broke, keep the HTML."""
    words = {id(node): set(_words(node)) for node in letter.texts}
    rich = [words[id(node)] for node in letter.texts if node.content_type == "text/html"]
    letter.texts = [
        node
        for node in letter.texts
        if node.content_type == "text/html"
        or not any(
            len(words[id(node)] & other) >= 0.9 * len(words[id(node)]) >= 9 and len(other) for other in rich
        )
    ]


def _richness(letter: Letter) -> float:
    return sum(len(_words(node)) for node in letter.texts)


def _words(node: Node) -> list[str]:
    text = text_of(node)
    if node.content_type == "text/html":
        text = charset.html_words(text)
    return _WORDS.findall(text)


def _is_body_text(node: Node) -> bool:
    if node.content_type not in ("text/plain", "text/html", "text/enriched"):
        return False
    return node.disposition != "attachment" and not node.filename


def _judge(node: Node, found: Sorted, *, is_text: bool) -> None:
    """List one leaf, and put it where it belongs."""
    number = node.number if node.number != "0" else "1"
    if node.refused:
        found.fates[number] = Part(
            number, node.content_type, node.filename, node.end - node.start, "refused", node.refused
        )
        return
    data = node.content()
    sha256 = hashlib.sha256(data).hexdigest()
    kind = pictures.magic(data)
    content_type = kind or node.content_type

    def fate(what: str, reason: str) -> None:
        found.fates[number] = Part(number, content_type, node.filename, len(data), what, reason, sha256)

    if is_text and not kind:
        fate("used", "teks surel")
    elif kind:
        fate("kept", "gambar")
        inline = node.disposition == "inline" or bool(node.content_id)
        found.pictures.append(
            Candidate(number, node.filename, data, sha256, pictures.look(data), inline, node.content_id)
        )
    elif not data.strip():
        fate("kept", "bagian kosong")
    elif reason := _SYSTEM.get(node.content_type, ""):
        fate("kept", reason)
    elif _DANGEROUS.search(node.filename):
        fate("refused", "Berkas program dapat berbahaya, jadi tidak disimpan di luar surel aslinya.")
    elif node.content_type.startswith("text/") and not node.filename and node.disposition != "attachment":
        fate("kept", "bentuk lain dari teks yang sama")
    else:
        fate("kept", "dokumen")
        content_type = document_type(data, node.filename, node.content_type)
        found.documents.append(Document(data, sha256, node.filename, content_type))
        found.document_numbers[number] = sha256
        if content_type.startswith("image/"):
            fate("kept", "Gambar ini tidak dapat dikenali isinya.")


def _text_from_attachment(root: Node, found: Sorted) -> None:
    """A mail whose only text is attached as a file: then that file is its text."""
    for node in root.walk():
        if node.content_type in ("text/plain", "text/html") and not node.children and not node.refused:
            number = node.number if node.number != "0" else "1"
            if found.fates[number].fate == "kept" and not pictures.magic(node.content()[:64]):
                found.letters[0].texts.append(node)
                found.decide(number, "used", "teks surel, terlampir sebagai berkas")
                return


def document_type(data: bytes, filename: str, declared: str) -> str:
    """Return a document's type by its bytes where they tell, else by name, else as declared."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        names = _zip_names(data)
        if "word/document.xml" in names:
            return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        if "[Content_Types].xml" not in names and not filename.lower().endswith((".docx", ".odt", ".ods")):
            return "application/zip"
    if filename.lower().endswith(".docx"):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return declared if mime.is_type(declared) else "application/octet-stream"


def _zip_names(data: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return set()
