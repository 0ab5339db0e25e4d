"""One text of a story, with what is no prose covered up and its words found once."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

COVER = "\ufffc"
"""Stands for every character of what is not to be read: the text keeps its length."""

_BLANK = re.compile(r"\n[ \t]*\n\s*")
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W\d_]+)*")
# A full stop after a title or in front of a number ends no sentence.
_SHORTENED = (
    "Bpk",
    "BPK",
    "bpk",
    "Drs",
    "Dra",
    "Plt",
    "Plh",
    "Dr",
    "dr",
    "Ir",
    "Hj",
    "Pj",
    "No",
    "Jl",
    "Rp",
    "RP",
    "rp",
    "[A-Z]",
)
_NOT_SHORTENED = "".join(rf"(?<!\b{word}[.])" for word in _SHORTENED)
_END = re.compile(rf"[.!?…]{_NOT_SHORTENED}[\"”’)]*(?=\s|[A-Z][A-Za-z])|\n[ \t]*\n")
_NAMED = re.compile(r"[^\W_]+")

# Code, addresses of every kind, link targets, hashtags and handles. Each alternative begins with a character of
# its own and stops at the end of a line or at a length, so that no text is looked through twice.
_NO_PROSE = re.compile(
    r"`[^`\n]{1,500}`"
    r"|\]\([^()\s]{1,2000}\)"
    r"|\bhttps?://[^\s<>\"]{1,2000}"
    r"|\bwww\.[^\s<>\"]{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:id|com|org|net|gov|info|tv)\b(?:/[^\s<>\"]{0,2000})?"
    r"|(?<!\w)[#@][^\W\d]\w{0,100}",
)
# A title in quotation marks is somebody's name for something; a sentence in them is not.
_QUOTED = re.compile(r"“([^“”\n]{1,120})”|\"([^\"\n]{1,120})\"")


class Word(NamedTuple):
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    where: str
    raw: str

    @cached_property
    def prose(self) -> str:
        """The text with addresses and code covered."""
        return _NO_PROSE.sub(lambda found: COVER * len(found[0]), self.raw)

    @cached_property
    def unquoted(self) -> str:
        """The same with titles in quotation marks covered too."""
        if "“" not in self.prose and '"' not in self.prose:
            return self.prose
        return _QUOTED.sub(_title_covered, self.prose)

    @cached_property
    def words(self) -> list[Word]:
        """Every word outside quoted titles, in order."""
        return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(self.unquoted)]

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Where each paragraph begins and ends."""
        spans, start = [], 0
        for gap in _BLANK.finditer(self.raw):
            spans.append((start, gap.start()))
            start = gap.end()
        spans.append((start, len(self.raw)))
        return [(start, end) for start, end in spans if end > start]

    @cached_property
    def _ends(self) -> list[int]:
        return [found.end() for found in _END.finditer(self.raw)]

    def sentence(self, at: int) -> str:
        """Return the sentence around `at`, with addresses covered."""
        place = bisect_right(self._ends, at)
        start = self._ends[place - 1] if place else 0
        end = self._ends[place] if place < len(self._ends) else len(self.raw)
        return self.prose[start:end]


def _title_covered(found: re.Match[str]) -> str:
    inner = found[1] or found[2]
    words = _NAMED.findall(inner)
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in words)
    if inner.rstrip()[-1:] in ",.!?…" or capitals * 3 < len(words) * 2:
        return found[0]
    return COVER * len(found[0])
