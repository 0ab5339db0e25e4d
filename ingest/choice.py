"""Which of a mail's texts is the story: the body, an attached mail, or a document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest import captions, headline, letters, lines, phrases, segments, story
from ingest.contents import Contents
from ingest.docx import NotReadable
from ingest.letters import Text
from ingest.message import Other, Segment
from ingest.mime import Node
from ingest.parts import Letter, Sorted

_MOST_DOCUMENTS = 10
_SAME = 0.8
"""Share of a body's words that are also in a document, above which both hold the same story."""
_SENTENCE = 6
"""Words; shorter ones (a byline, a city) stand in one form of a story and not in another."""
_MOST_COMPARED = 20_000
"""Words; of longer texts nobody compares sentences."""
_BODY = "badan surel"
_FORM = "bentuk lain dari badan surel"
_NOTE = "pesan pengirim kepada redaksi"


@dataclass
class Choice:
    """The text that is the story, and the rest of the mail's text around it."""

    markdown: str = ""
    subject: str = ""
    """Of the letter the story is in."""
    titles: list[str] = field(default_factory=list)
    """What stands in for a subject that says nothing, best first."""
    from_document: bool = False
    notes: list[str] = field(default_factory=list)
    segments: tuple[Segment, ...] = ()
    documents: list[tuple[str, Text]] = field(default_factory=list)
    """Part number and text of each document that could be read."""
    others: list[Other] = field(default_factory=list)
    captions: list[captions.Caption] = field(default_factory=list)
    """Those that stand in the body while the story stands in a document."""


def choose(found: Sorted, defects: list[str], keep: frozenset[str] = frozenset()) -> Choice:
    """Choose the story among a mail's letters and documents; the others stay for the editor to choose.

    The kinds of segment in `keep` are not set aside.
    """
    texts = [letters.of_letter(letter, defects, keep) for letter in found.letters]
    documents = _documents(found.contents, defects, keep)
    body = _from_letters(texts, found)
    choice = body
    # Captions are no story: a body of nothing else leaves the story to the document.
    shown = captions.take(body.markdown.split("\n\n"), photos=len(found.contents.in_text_order()))
    bare = replace(body, markdown="\n\n".join(shown.paragraphs))
    chosen = _best(documents, bare.markdown)
    if chosen is not None:
        found.contents.decide(chosen[0], "used", "naskah berita")
        choice = _from_document(bare, chosen[1])
        choice.captions = shown.captions
        if _adds(bare.markdown, chosen[1].story):
            choice.others.insert(0, _other(body.markdown, _BODY, [body.subject]))
    choice.documents = documents
    for number, text in documents:
        name = text.filename or f"dokumen {number}"
        is_chosen = chosen is not None and text is chosen[1]
        if not is_chosen and text.words >= segments.FEWEST_WORDS and _adds(text.story, choice.markdown):
            choice.others.append(_other(text.story, name, [headline.from_filename(text.filename)]))
        choice.others += _further(text, f"{name}, ")
    if choice.others:
        names = ", ".join(other.source for other in choice.others)
        defects.append(
            f"Surel ini memuat lebih dari satu naskah ({names}); pilih yang dipakai, atau jadikan berita sendiri."
        )
    return choice


def _best(documents: list[tuple[str, Text]], body: str) -> tuple[str, Text] | None:
    """Return the document that is the story, None when none is. Of a story in two forms a PDF is the lesser."""
    longest = max(documents, key=lambda each: each[1].words, default=None)
    if longest is None or not _is_the_story(longest[1], body):
        return None
    if longest[1].filename.lower().endswith(".pdf"):
        for each in documents:
            if not each[1].filename.lower().endswith(".pdf") and _same(longest[1].story, each[1].story):
                return each
    return longest


def _is_the_story(text: Text, body: str) -> bool:
    """Say whether a document is the story: a greeting in the body, or the same story in both."""
    words = lines.count_words(body)
    if _same(body, text.story):
        return text.words >= words / 2
    return text.words > words and _says_little(body, text.words)


def _says_little(body: str, other: int) -> bool:
    """Say whether a text is only a note to another of so many words."""
    words = lines.count_words(body)
    if words < segments.FEWEST_WORDS:
        return True
    return words < 3 * segments.FEWEST_WORDS and other >= 3 * words and bool(phrases.GREETING.match(body))


def _from_letters(texts: list[Text], found: Sorted) -> Choice:
    """Take the first letter that tells a story: a mail around it that says little is a note to it."""
    choice = Choice()
    pieces: list[Segment] = []
    sizes = [text.words for text in texts]
    chosen = False
    for index, (text, letter) in enumerate(zip(texts, found.letters, strict=True)):
        if index:
            pieces.append(Segment("forward", _head(letter.node), "surel terlampir"))
        fullest = max(sizes[index + 1 :], default=0)
        little = sizes[index] < segments.FEWEST_WORDS
        if (little and chosen) or (fullest > sizes[index] and _says_little(text.story, fullest)):
            choice.notes.append(text.text.strip())
            pieces.append(Segment("note", text.text, _NOTE, text.markdown))
        elif chosen:
            pieces.append(Segment("other", text.text, "naskah lain dalam surel ini", text.markdown))
            choice.others.append(_other(text.story, text.subject or "surel terlampir", [text.subject]))
            choice.others += _further(text, f"{text.subject or 'surel terlampir'}, ")
        else:
            chosen = True
            choice.markdown = text.story
            choice.subject = text.subject
            choice.notes.append(segments.note_of(text.segments))
            choice.titles += [segments.forwarded_subject(text.segments), texts[0].subject]
            choice.others += _further(text, "")
            choice.others += [
                _other(letters.of_letter(Letter(letter.node, [node]), []).story, _FORM, [text.subject])
                for node in letter.unlike
            ]
            pieces += text.segments
    choice.segments = tuple(piece for piece in pieces if piece.text)
    return choice


def _from_document(choice: Choice, text: Text) -> Choice:
    """Make a document the story; what stood in the body is a note, unless it was the same."""
    same = _same(choice.markdown, text.story)
    body = tuple(
        Segment("note", piece.text, _NOTE, piece.markdown) if piece.kind == "story" else piece
        for piece in choice.segments
    )
    separator = ("\n\n" if body else "") + f"[{text.filename or 'dokumen'}]\n\n"
    return Choice(
        markdown=text.story,
        subject=choice.subject,
        titles=[headline.from_filename(text.filename), *choice.titles],
        from_document=True,
        notes=choice.notes if same else [choice.markdown, *choice.notes],
        segments=(
            *body,
            Segment("file", separator, "berkas naskah"),
            *text.segments,
        ),
        others=choice.others,
    )


def _documents(contents: Contents, defects: list[str], keep: frozenset[str]) -> list[tuple[str, Text]]:
    """Read the documents that may hold a story."""
    read: list[tuple[str, Text]] = []
    for number, document in list(contents.numbers.items())[:_MOST_DOCUMENTS]:
        name = document.filename or "Dokumen"
        try:
            text = letters.of_document(document, keep)
        except NotReadable as error:
            defects.append(f"{name}: {error}")
            contents.decide(number, "kept", str(error))
            continue
        if text is not None:
            read.append((number, text))
            defects += [f"{name}: {remark}" for remark in text.remarks]
            if text.missing:
                defects.append(f"{name}: {text.missing} gambar tidak ada di dalam berkasnya.")
    return read


def _other(markdown: str, source: str, titles: list[str]) -> Other:
    """Take another text apart as the story is; captions stay in it, they belong to photos of the mail."""
    told = story.tell(markdown, subject="", titles=titles, photos=0)
    return Other(
        source,
        told.headline,
        told.body,
        dateline_city=told.dateline_city,
        byline_outlet=told.byline_outlet,
        byline_writer=told.byline_writer,
        byline_editor=told.byline_editor,
        photographer=told.photographer,
    )


def _further(text: Text, within: str) -> list[Other]:
    """Return the stories that stand below the first in one text."""
    return [
        _other(markdown, f"{within}naskah ke-{number}", []) for number, markdown in enumerate(text.further, 2)
    ]


def _adds(text: str, chosen: str) -> bool:
    """Say whether a full text says what the chosen one does not: another story, or another state of this one."""
    if lines.count_words(text) < segments.FEWEST_WORDS:
        return False
    if not _same(text, chosen):
        return not _says_little(text, lines.count_words(chosen))
    if max(map(lines.count_words, (text, chosen))) > _MOST_COMPARED:
        return True
    known = " ".join(lines.all_words(chosen))
    for paragraph in story.split(text):
        if phrases.CAPTION.match(paragraph) or phrases.GREETING.match(paragraph):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+", paragraph):
            said = lines.all_words(sentence)
            if len(said) >= _SENTENCE and " ".join(said) not in known:
                return True
    return False


def _same(one: str, other: str) -> bool:
    """Say whether most of the first text's words are in the second."""
    a, b = (lines.words(text) for text in (one, other))
    return len(a) >= 10 and len(a & b) >= _SAME * len(a)


def _head(node: Node) -> str:
    """Write the head of an attached mail as a mail program would."""
    shown = (("Dari", "from"), ("Tanggal", "date"), ("Judul", "subject"))
    found = [f"{name}: {node.headers.text(key)}" for name, key in shown if node.headers.raw(key)]
    return "\n\n" + "\n".join(found) + "\n\n"
