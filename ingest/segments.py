"""What around a story is no story: set aside with a reason, never deleted.

The segments of a text, joined, are the text exactly. When less than 40 words or 30 % would remain, greetings,
quotes, signatures and the like stay where they are: a text too much is easily cut, one too little is lost.
"""

from __future__ import annotations

import re
from itertools import groupby

from ingest import links, phrases
from ingest.forwards import set_aside_forwards, set_aside_quotes
from ingest.letterhead import set_aside_letterhead
from ingest.lines import Line, lines_of
from ingest.message import Segment
from ingest.surroundings import set_aside_greeting, set_aside_tail

FEWEST_WORDS = 40
LEAST_SHARE = 0.3

_REASONS = {
    "story": "",
    "note": "pesan pengirim kepada redaksi",
    "letterhead": "kop dan nomor surat",
    "greeting": "salam dan pengantar untuk redaksi",
    "forward": "kepala surel yang diteruskan",
    "quote": "kutipan surel sebelumnya",
    "closing": "salam penutup",
    "signature": "tanda tangan pengirim",
    "disclaimer": "penafian atau kaki surel kantor",
    "footer": "catatan aplikasi pengirim",
}
_SET_ASIDE = ("letterhead", "greeting", "quote", "closing", "signature", "disclaimer", "footer")


def segment(
    text: str, *, subject: str = "", markdown: bool = False, keep: frozenset[str] = frozenset()
) -> tuple[Segment, ...]:
    """Cut a mail's text into the story and what was set aside, in order.

    The kinds in `keep` are never set aside: editors have put them back into this sender's stories.
    """
    lines = lines_of(text)
    set_aside_forwards(lines, subject, FEWEST_WORDS)
    set_aside_quotes(lines)
    return _cut(lines, markdown=markdown, keep=keep)


def segment_document(
    text: str, *, markdown: bool = False, keep: frozenset[str] = frozenset()
) -> tuple[Segment, ...]:
    """Cut a document's text as a mail's, but for what only mail programs write."""
    return _cut(lines_of(text), markdown=markdown, keep=keep)


def _cut(lines: list[Line], *, markdown: bool, keep: frozenset[str]) -> tuple[Segment, ...]:
    _set_aside_links(lines)
    set_aside_tail(lines)
    set_aside_letterhead(lines)
    set_aside_greeting(lines)
    _keep(lines, keep)
    _restore_when_too_little_remains(lines)
    _blank_lines_follow(lines)
    return tuple(
        Segment(kind, "".join(line.text for line in group), _REASONS[kind], markdown)
        for kind, group in groupby(lines, key=lambda line: line.kind)
    )


def story_of(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments if segment.kind == "story")


def note_of(segments: tuple[Segment, ...]) -> str:
    """Return what the sender says to the editors."""
    found = (segment.text.strip() for segment in segments if segment.kind in ("note", "greeting"))
    return "\n\n".join(filter(None, found))


def forwarded_subject(segments: tuple[Segment, ...]) -> str:
    """Return the subject of the innermost forwarded mail, empty when there is none."""
    for segment in reversed(segments):
        if segment.kind == "forward":
            for line in reversed(segment.text.splitlines()):
                match = phrases.LABEL.match(re.sub(r"^[>\s]+", "", line))
                if match and match["name"].lower() in phrases.SUBJECT and match["value"].strip():
                    return match["value"].strip()
    return ""


def _set_aside_links(lines: list[Line]) -> None:
    """Set aside lines that only say where files lie: readers of the story have no business there."""
    pointing = [line for line in lines if line.kind == "story" and _only_points(line.bare)]
    words = sum(line.words for line in lines if line.kind == "story" and line not in pointing)
    for line in pointing if words >= FEWEST_WORDS else ():
        line.kind = "note"


def _only_points(bare: str) -> bool:
    return "://" in bare and bool(links.shared(bare)) and len(re.sub(r"\S*://\S*", "", bare).split()) <= 6


def _keep(lines: list[Line], kinds: frozenset[str]) -> None:
    for line in lines:
        if line.kind in kinds:
            line.kind = "story"


def _restore_when_too_little_remains(lines: list[Line]) -> None:
    aside = sum(line.words for line in lines if line.kind in _SET_ASIDE)
    remaining = sum(line.words for line in lines if line.kind == "story")
    if remaining < FEWEST_WORDS or remaining < LEAST_SHARE * (remaining + aside):
        for line in lines:
            if line.kind in _SET_ASIDE:
                line.kind = "story"


def _blank_lines_follow(lines: list[Line]) -> None:
    """Give blank lines the kind of the line before them, so that segments are few."""
    kind = next((line.kind for line in lines if line.bare), "story")
    for line in lines:
        if not line.bare:
            line.kind = kind
        kind = line.kind
