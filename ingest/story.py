"""A story's text → headline, dateline, byline, captions, body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import prose
from ingest import captions, headline, phrases
from ingest.captions import Caption

_CREDITS = re.compile(
    r"(?:^|(?<=[\s|;/]))[*_]{0,3}(?P<role>penulis|pewarta|reporter|wartawan|kontributor|teks|naskah|editor|redaktur|penyunting"
    r"|fotografer|foto)\b[*_]{0,3}\s*[:=]\s*[*_]{0,3}(?P<name>[^|;:\n]{2,60}?)[*_]{0,3}(?=\s*(?:[|;]|$)|\s+/?\s*(?:penulis|editor|redaktur"
    r"|fotografer|foto|pewarta|reporter)\b)",
    re.IGNORECASE,
)
_LONGEST = 8_000
"""Characters; news is shorter."""
_WRITERS = ("penulis", "pewarta", "reporter", "wartawan", "kontributor", "teks", "naskah")
_EDITORS = ("editor", "redaktur", "penyunting")


@dataclass(frozen=True)
class Story:
    headline: str
    body: str
    dateline_city: str = ""
    byline_outlet: str = ""
    byline_writer: str = ""
    byline_editor: str = ""
    photographer: str = ""
    captions: list[Caption] = field(default_factory=list)


def tell(
    markdown: str,
    *,
    subject: str,
    titles: Sequence[str],
    photos: int,
    from_document: bool = False,
    own_outlets: tuple[str, ...] = (),
) -> Story:
    """Take a story's Markdown apart. `titles` stand in for a subject that says nothing, best first."""
    paragraphs = split(markdown)
    title, paragraphs = _title(paragraphs, subject, titles, from_document=from_document)
    found = captions.take(paragraphs, photos=photos)
    credits, paragraphs = _credits(found.paragraphs)
    greetings = _greetings(paragraphs)
    fields = _fields(paragraphs[greetings:], own_outlets)
    return Story(
        headline=title,
        body="\n\n".join(filter(None, [*paragraphs[:greetings], fields.body])),
        dateline_city=_city(fields.dateline_city),
        byline_outlet=re.sub(r"\.\d{1,2}$", "", fields.byline_outlet),  # `.1` counts an outlet's contributors
        byline_writer=fields.byline_writer or credits.get("writer", ""),
        byline_editor=credits.get("editor", ""),
        photographer=found.photographer or credits.get("photographer", ""),
        captions=found.captions,
    )


def split(markdown: str) -> list[str]:
    """Split Markdown into its blocks; a hard line break begins a new paragraph, lists and quotes stay whole."""
    blocks: list[str] = []
    for block in re.split(r"\n[ \t]*\n", markdown.strip()):
        block = block.strip("\n")
        if re.match(r"\s*(?:[-*+] |\d+[.)] |\||>|```)", block):
            blocks.append(block)
        else:
            pieces = re.split(r"(?: {2,}|\\)\n", block)
            blocks += [" ".join(piece.split()) for piece in pieces]
    return [block for block in blocks if block.strip(" *_\\")]


def _title(
    paragraphs: list[str], subject: str, titles: Sequence[str], *, from_document: bool
) -> tuple[str, list[str]]:
    """Choose the headline, and drop the paragraph that only repeats it."""
    wanted = headline.from_subject(subject)
    first = headline.of_paragraph(paragraphs[0]) if len(paragraphs) > 1 else ""
    if first and is_dateline(paragraphs[0]):
        first = ""
    if not headline.says_nothing(wanted):
        # `Rilis panen raya + foto` is about the mail; the document's own headline is about the story.
        if first and (
            headline.speaks_of_mail(wanted, first) or (from_document and headline.is_marked(paragraphs[0]))
        ):
            return first, paragraphs[1:]
        if first and headline.alike(wanted, first):
            return wanted, paragraphs[1:]
        return wanted, paragraphs
    if first:
        return headline.from_subject(first) or first, paragraphs[1:]
    for title in titles:
        candidate = headline.from_subject(title)
        if candidate and not headline.says_nothing(candidate):
            return candidate, paragraphs
    alone = headline.of_paragraph(paragraphs[0]) if len(paragraphs) == 1 else ""
    if alone and not re.search(r"[^\W\d_]", wanted):
        return alone, paragraphs
    return wanted if re.search(r"[^\W\d_]", wanted) and not headline.is_empty(
        wanted
    ) else headline.UNTITLED, paragraphs


def _greetings(paragraphs: list[str]) -> int:
    """Count the greetings left above a short story, and lines below its headline; the dateline stands below them."""
    count = 0
    while count < min(3, len(paragraphs) - 1) and phrases.GREETING.match(paragraphs[count]):
        count += 1
    # A second headline may stand there, too.
    subheads = count
    while subheads < min(3, len(paragraphs) - 1) and _is_short(paragraphs[subheads]):
        subheads += 1
        if is_dateline(paragraphs[subheads]):
            return subheads
    return count


def _is_short(paragraph: str) -> bool:
    """Say whether this is a line above a story and no sentence of it."""
    if is_dateline(paragraph) or re.search(r"[.!?:)]\W*$", paragraph):
        return False
    return len(paragraph.split()) <= 15 and not re.match(r"\s*(?:[-*+>|#]|\d+[.)]) ?", paragraph)


def is_dateline(paragraph: str) -> bool:
    """Say whether a paragraph begins with a dateline."""
    fields = prose.take_apart(paragraph + " Ia")
    return bool(fields.dateline_city or fields.dateline_office)


def _credits(paragraphs: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take lines like `Penulis: Budi | Editor: Ani` at the head or foot of a story."""
    credits: dict[str, str] = {}
    kept: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        near_edge = index < 2 or index >= len(paragraphs) - 4
        matches = list(_CREDITS.finditer(paragraph)) if near_edge and len(paragraph) <= 200 else []
        rest = _CREDITS.sub("", paragraph).strip(" |;/*_.-–") if matches else paragraph
        if not matches or rest:
            kept.append(paragraph)
            continue
        for match in matches:
            role = match["role"].lower()
            key = "writer" if role in _WRITERS else "editor" if role in _EDITORS else "photographer"
            credits.setdefault(key, match["name"].strip(" *_."))
    return credits, kept


def _fields(paragraphs: list[str], own_outlets: tuple[str, ...]) -> prose.Fields:
    """Take dateline and byline code off; the code may stand above a last line or two."""
    known = prose.Known(outlets=own_outlets)
    if sum(map(len, paragraphs)) > _LONGEST:
        return _fields_of_long_text(paragraphs, known)
    whole = prose.take_apart("\n\n".join(paragraphs), known)
    if whole.byline_outlet or whole.byline_writer:
        return whole
    for end in range(len(paragraphs) - 1, max(0, len(paragraphs) - 4), -1):
        if not re.search(r"\)[*_.]{0,4}$", paragraphs[end - 1]):
            continue
        upper = prose.take_apart("\n\n".join(paragraphs[:end]), known)
        if upper.byline_outlet or upper.byline_writer:
            body = "\n\n".join([upper.body, *paragraphs[end:]])
            return prose.Fields(
                upper.dateline_office, upper.dateline_city, upper.byline_outlet, upper.byline_writer, body
            )
    return whole


def _fields_of_long_text(paragraphs: list[str], known: prose.Known) -> prose.Fields:
    """Look at both ends of a text only: taking a very long one apart takes very long."""
    middle = "Di antaranya."
    head, tail = paragraphs[:2], paragraphs[2:][-2:]
    if any(len(paragraph) > _LONGEST / 4 for paragraph in (*head, *tail)):
        return prose.Fields(body="\n\n".join(paragraphs))
    fields = prose.take_apart("\n\n".join([*head, middle, *tail]), known)
    rest = paragraphs[2 : len(paragraphs) - len(tail)]
    return replace(fields, body=fields.body.replace(middle, "\n\n".join(rest), 1).strip())


def _city(written: str) -> str:
    """Write a city in capitals as a name: PALANGKA RAYA is Palangka Raya."""
    if written != written.upper():
        return written
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda match: match[0].capitalize(), written)
