"""Several stories in one text: numbered, parted by rows of signs, or one headline and dateline after another.

Only what is a whole story of its own is cut off: forty words, with a headline or a dateline. A row of dashes inside
a story, a numbered list, a box about the sender are not. Nothing leaves the segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest import headline, phrases, story
from ingest.lines import Line, count_words, lines_of
from ingest.message import Segment
from ingest.segments import FEWEST_WORDS

_RULE = re.compile(r"^(?:[-_*=~#+]\s?){3,}$|^(?:\\[_*]){3,}$")
_NUMBER = re.compile(
    r"(?i)^(?P<marks>[*_#\s]{0,4})(?:(?:berita|rilis|naskah|judul)\s*(?:ke-?\s*)?(?P<named>\d{1,2}|[ivx]{1,4})\b\s*[.):–—-]*|(?P<bare>\d{1,2})\s*\\?[.)])"
    r"(?P<close>[*_]{0,3})\s*"
)
_MAY_BE_DATELINE = re.compile(r"^[*_]{0,3}[A-Z][^\n]{2,60}?[*_]{0,3}\s*(?:[-–—]|\()")
_FEWEST_IN_TITLE = 4
_MOST_STORIES = 20
_MOST_WORDS = 20_000
"""Longer texts are no stories."""
_NOTE = "pesan pengirim kepada redaksi"
_OTHER = "naskah lain dalam surel ini"


@dataclass
class _Block:
    """Lines without a blank one between them."""

    lines: list[Line]
    at: int
    """Of its first line among the story's."""
    begins: bool = False
    """A story begins here."""
    dated: bool = False
    """… with a dateline."""

    @property
    def text(self) -> str:
        return " ".join(line.bare for line in self.lines)


def cut(pieces: tuple[Segment, ...]) -> tuple[tuple[Segment, ...], list[str]]:
    """Return the segments with the further stories set aside, and the text of each story; no texts for one story."""
    told = "".join(piece.text for piece in pieces if piece.kind == "story")
    if not 2 * FEWEST_WORDS <= count_words(told) <= _MOST_WORDS:
        return pieces, []
    lines = lines_of(told)
    starts = _starts(lines)
    if len(starts) < 2:
        return pieces, []
    edges = [*starts, len(lines)]
    texts = ["".join(line.text for line in lines[begin:end]) for begin, end in pairwise(edges)]
    cuts = [0, *(sum(len(line.text) for line in lines[:start]) for start in starts)]
    return tuple(_marked(pieces, cuts)), [_without_label(text) for text in texts]


def _starts(lines: list[Line]) -> list[int]:
    """Return the line each story begins at, when there are several."""
    blocks = list(_blocks(lines))
    for index, block in enumerate(blocks):
        _judge(blocks, index, block)
    starts = [block for block in blocks if block.begins]
    if not starts:
        return []
    head = sum(line.words for line in lines[: starts[0].at])
    if head >= FEWEST_WORDS:
        first = blocks[0]
        first.dated = any(_has_dateline(block.text) for block in blocks[:3])
        starts.insert(0, first)
    if starts[0].dated:
        starts = [starts[0], *(block for block in starts[1:] if block.dated)]
    kept: list[int] = []
    for block, following in zip(starts, [*(other.at for other in starts[1:]), len(lines)], strict=True):
        if sum(line.words for line in lines[block.at : following]) >= FEWEST_WORDS:
            kept.append(block.at)
    return kept[:_MOST_STORIES]


def _blocks(lines: list[Line]) -> Iterator[_Block]:
    block: list[Line] = []
    begin = 0
    for at, line in enumerate([*lines, Line("", "")]):
        alone = bool(_RULE.match(line.bare) or _NUMBER.fullmatch(line.bare))
        if block and (not line.bare or alone or _RULE.match(block[-1].bare)):
            yield _Block(block, begin)
            block = []
        if line.bare:
            begin = begin if block else at
            block.append(line)


def _judge(blocks: list[_Block], index: int, block: _Block) -> None:
    """Say whether a story begins at a block: by what parts it from what stands above, and its headline."""
    number = _NUMBER.match(block.text)
    titled = block.text[number.end() :] if number else block.text
    at = index
    if number and not titled.strip(" *_#:") and index + 1 < len(blocks):
        at, titled = index + 1, blocks[index + 1].text  # `Berita 2` on a line of its own
    title, rest = _title(blocks, at, titled)
    below = rest or (blocks[at + 1].text if title and at + 1 < len(blocks) else "")
    block.dated = _has_dateline(below if title else titled)
    ruled = index > 0 and bool(_RULE.match(blocks[index - 1].text))
    named = bool(number and number["named"])
    long_title = len(title.split()) >= _FEWEST_IN_TITLE and not phrases.CAPTION.match(title)
    if title and block.dated:
        block.begins = True
    elif ruled or named:
        block.begins = block.dated or long_title
    elif number:
        block.begins = long_title and (
            title.upper() == title or "**" in block.text or block.text.startswith("*")
        )


def _title(blocks: list[_Block], at: int, text: str) -> tuple[str, str]:
    """Return the headline a block opens with, and what follows it in the same block."""
    if len(text) <= 250 and (title := headline.of_paragraph(text)):
        return title, ""
    first = blocks[at].lines[0].bare
    number = _NUMBER.match(first)
    title = headline.of_paragraph(first[number.end() :] if number else first)
    rest = " ".join(line.bare for line in blocks[at].lines[1:])
    return (title, rest) if title and rest and _has_dateline(rest) else ("", "")


def _has_dateline(text: str) -> bool:
    return bool(_MAY_BE_DATELINE.match(text)) and story.is_dateline(text[:400])


def _without_label(text: str) -> str:
    """Drop the rows of signs around a story, and its number."""
    lines = text.strip("\n").split("\n")
    while lines and (not lines[0].strip() or _RULE.match(lines[0].strip())):
        lines.pop(0)
    while lines and (not lines[-1].strip() or _RULE.match(lines[-1].strip())):
        lines.pop()
    if lines and (number := _NUMBER.match(lines[0])):
        rest = lines[0][number.end() :]
        lines[0] = number["marks"] + rest if not number["close"] else rest
    return "\n".join(lines) + "\n"


def _marked(pieces: tuple[Segment, ...], cuts: list[int]) -> Iterator[Segment]:
    """Cut the story's segments at places in its text: what stands before the first story is a note."""
    at = 0
    for piece in pieces:
        if piece.kind != "story":
            yield piece
            continue
        end = at + len(piece.text)
        edges = [at, *(edge for edge in cuts if at < edge < end), end]
        for begin, stop in pairwise(edges):
            number = sum(edge <= begin for edge in cuts[1:])
            kind, reason = (
                ("note", _NOTE) if number == 0 else ("story", "") if number == 1 else ("other", _OTHER)
            )
            yield Segment(kind, piece.text[begin - at : stop - at], reason, piece.markdown)
        at = end
