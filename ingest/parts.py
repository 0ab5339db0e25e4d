"""Which part of a mail is its text, a photo, a document or neither; each part is listed with its fate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest import armour, charset, embedded, html, invitation, kinds, pictures, segments
from ingest.contents import Contents, File
from ingest.headers import Headers
from ingest.message import Part
from ingest.mime import Node

ENCRYPTED = (
    "Surel ini dikunci (terenkripsi) oleh program pengirimnya, jadi tidak semua isinya dapat dibaca. "
    "Minta pengirim mengirimnya tanpa enkripsi."
)

_INVITED = (
    "Surel ini undangan liputan, bukan naskah: catat acaranya di agenda, lalu tugaskan peliput bila perlu."
)
_SAME = 0.6
"""Share of a text's words that are also in another form of it; links and signatures come and go."""
_WORDS = re.compile(r"\w+")
_LONGEST = 2_000_000
"""Bytes of one text that are read, and of all texts of a mail together: Word writes much around few words."""
TOO_LONG = (
    "Teks surel ini terlalu panjang untuk sebuah berita, jadi hanya bagian awalnya yang dibaca. "
    "Surel aslinya tersimpan utuh."
)


@dataclass(eq=False)
class Letter:
    """One message: the mail itself, or a mail attached to it."""

    node: Node
    texts: list[Node] = field(default_factory=list)
    unlike: list[Node] = field(default_factory=list)
    """Texts that were sent as another form of the same and say something else."""


@dataclass
class Sorted:
    """A mail's letters and files."""

    letters: list[Letter]
    contents: Contents


def sort(root: Node) -> Sorted:
    """Sort a mail's parts into letters and files. Nothing is left out of `contents.fates`."""
    letters = [Letter(root)]
    report = root.content_type == "multipart/report"
    _gather(root, letters[0], letters, report=report)
    contents = Contents()
    for letter in letters:
        _drop_doubles(letter)
    _drop_beyond_reading(letters, contents)
    texts = {id(node) for letter in letters for node in letter.texts}
    for letter in letters:
        for node in letter.texts:
            if node.content_type == "text/html":
                _place_pictures(text_of(node), letter.node.headers.text("subject"), contents)
    for node in root.walk():
        if node.refused or not (node.children or node.content_type.startswith("multipart/")):
            _judge(node, contents, is_text=id(node) in texts)
        elif node.content_type == "multipart/encrypted":
            contents.defects.append(ENCRYPTED)
    if not texts:
        letters[0].texts += _text_from_file(root, contents)
    return Sorted(letters, contents)


def text_of(node: Node) -> str:
    """Return a text part's characters, without the files that are written into them."""
    return charset.decode(_without_files(node)[:_LONGEST], node.charset)


def _without_files(node: Node) -> bytes:
    data = armour.take_out(node.content())[0]
    return embedded.take_out(data, node.number)[0] if node.content_type == "text/html" else data


def _drop_beyond_reading(letters: list[Letter], contents: Contents) -> None:
    """Read no more text than a mail of news can have; what is beyond stays in the mail itself."""
    room = _LONGEST
    for letter in letters:
        for node in list(letter.texts):
            size = len(_without_files(node))
            if room <= 0:
                letter.texts.remove(node)
            if size > room:
                contents.defects.append(TOO_LONG)
            room -= size


def _place_pictures(page: str, subject: str, contents: Contents) -> None:
    """Note which pictures a page shows, in its order, and in which kinds of segment."""
    shown = html.pictures(page)
    contents.shown += shown
    if not shown:
        return
    for piece in segments.segment(html.to_markdown(html.with_marks(page)), subject=subject, markdown=True):
        for content_id in html.marked(piece.text, shown):
            contents.places.setdefault(content_id, set()).add(piece.kind)


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
    forms: list[Node] = []
    for child in node.children:
        inner = Letter(letter.node)
        attached: list[Letter] = []
        _gather(child, inner, attached, report=report)
        forms += inner.texts
        score = _richness(inner)
        # A later alternative is the richer one by RFC 2046, unless it says clearly less.
        if best is None or score >= 0.6 * best[0]:
            best = (max(score, best[0] if best else 0), inner, attached)
    if best is not None:
        letter.texts += best[1].texts
        letters += best[2]
        letter.unlike += _unlike(forms, best[1].texts)


def _unlike(forms: list[Node], chosen: list[Node]) -> list[Node]:
    """Return the long texts most of whose words are not in the chosen ones."""
    known = {word.casefold() for node in chosen for word in _words(node)}
    found = []
    for node in forms:
        said = [word.casefold() for word in _words(node)] if node not in chosen else []
        if len(said) >= segments.FEWEST_WORDS and sum(word in known for word in said) < _SAME * len(said):
            found.append(node)
    return found


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
        text = html.words(text)
    return _WORDS.findall(text)


def _is_body_text(node: Node) -> bool:
    if node.content_type not in ("text/plain", "text/html", "text/enriched"):
        return False
    return node.disposition != "attachment" and not node.filename


def _judge(node: Node, contents: Contents, *, is_text: bool) -> None:
    """List one leaf, and put it where it belongs."""
    number = number_of(node)
    if node.refused:
        size = node.end - node.start
        contents.fates[number] = Part(number, node.content_type, node.filename, size, "refused", node.refused)
        contents.defects.append(node.refused)
        return
    # Outlook leaves a Content-ID on ordinary attachments too; what counts is that the text shows it.
    inline = node.disposition == "inline" or node.content_id in contents.shown
    written = node.written_filename
    file = File(number, node.filename, node.content_type, node.content(), inline, node.content_id, written)
    if node.content_type in ("application/pkcs7-mime", "application/x-pkcs7-mime") or (
        node.filename.lower().endswith(".p7m")
    ):
        contents.defects.append(ENCRYPTED)
    is_form = node.content_type.startswith("text/") and not node.filename and node.disposition != "attachment"
    if is_text and not pictures.magic(file.data):
        contents.write(file, node.content_type, "used", "teks surel")
        _take_from_text(node, file, contents)
    elif is_form and node.content_type not in ("text/calendar", "text/rfc822-headers") and file.data.strip():
        contents.write(file, node.content_type, "kept", "bentuk lain dari teks yang sama")
    else:
        contents.take(file)


def _take_from_text(node: Node, text: File, contents: Contents) -> None:
    """Take the files that are written into a text."""
    data, coded = armour.take_out(text.data)
    for index, (name, inner) in enumerate(coded, 1):
        contents.take(File(f"{text.number}/{index}", name, "application/octet-stream", inner))
    if node.content_type == "text/html":
        pictures_within = embedded.take_out(data, node.number)[1]
        for index, (content_id, name, inner) in enumerate(pictures_within, len(coded) + 1):
            contents.take(File(f"{text.number}/{index}", name, "image/*", inner, True, content_id))


def _text_from_file(root: Node, contents: Contents) -> list[Node]:
    """Find the text of a mail that has none in its parts: in a winmail.dat, or attached as its only file."""
    if contents.texts:
        number, text, kind = contents.texts[0]
        data = text.encode("utf-8", "replace")
        headers = Headers([("content-type", f"{kind}; charset=utf-8".encode())])
        return [Node(f"{number}/0", headers, data, 0, len(data), 1, kind)]
    leaves = [node for node in root.walk() if not node.children and not node.refused]
    for node in leaves:
        if node.content_type in ("text/plain", "text/html"):
            number = number_of(node)
            fate = contents.fates[number].fate
            # A page is not kept as a file, but its words may be read.
            readable = fate == "kept" or (fate == "refused" and number not in contents.dangerous)
            if readable and not pictures.magic(node.content()[:64]):
                contents.decide(number, "used", "teks surel, terlampir sebagai berkas")
                return [node]
    for node in leaves:
        if node.content_type == "text/calendar" and (found := invitation.read(text_of(node))):
            contents.decide(number_of(node), "used", "undangan liputan")
            contents.defects.append(_INVITED)
            data = found.text.encode("utf-8", "replace")
            headers = Headers(
                [("content-type", b"text/plain; charset=utf-8"), ("subject", found.title.encode())]
            )
            return [Node(f"{number_of(node)}/0", headers, data, 0, len(data), 1)]
        if node.content_type in ("text/rtf", "text/richtext") and node.content().strip():
            contents.take(File(number_of(node), "surel.rtf", kinds.RTF, node.content()))
            return []
    return []


def number_of(node: Node) -> str:
    """Return a part's number as people know it: a mail of one part is part 1."""
    return node.number if node.number != "0" else "1"
