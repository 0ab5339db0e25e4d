"""Plain text as people and mail programs write it, to Markdown with its paragraphs kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from ingest import phrases, whatsapp

_NARROWEST, _WIDEST = 50, 110
"""Columns between which a mail program or a person at a typewriter wraps lines."""
_ITEM = re.compile(r"^(?:[-*•‣▪·–]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_BULLET = re.compile(r"^[*•‣▪·–]\s+")
_LABEL = re.compile(
    r"(?i)^(?:penulis|editor|redaktur|fotografer|pewarta|reporter|sumber|narahubung|kontak)\b[^:]{0,20}:"
)
_RULE = re.compile(r"^(?:[-_*=~#]\s?){3,}$")
_SENTENCE_END = re.compile(r"[.!?:;”\"]$")
_QUOTE = re.compile(r"^(?:>\s?)+")
_LINK = re.compile(r"\](?=[(:\[])")
_MARKUP = re.compile(r"#{1,6}\s|\+\s|\|")
_YEAR = re.compile(r"\d{3,}(?=[.)]\s)")


def to_markdown(text: str) -> str:
    """Write cleaned plain text as Markdown: wrapped lines joined, WhatsApp's marks read, the rest as typed."""
    return "\n\n".join(_as_markdown(paragraph) for paragraph in paragraphs(text))


def paragraphs(text: str) -> list[str]:
    """Split cleaned plain text into paragraphs; lines a program wrapped are joined, others stay apart."""
    lines = [line.strip() for line in text.split("\n")]
    joins = _joiner(lines)
    made: list[str] = []
    goes_on = False
    depth = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        quoted, words = _unquoted(line)
        if not words:
            goes_on = False
            continue
        if goes_on and quoted == depth and not _begins_anew(words):
            made[-1] += " " + words
        else:
            made.append(line)
        depth = quoted
        goes_on = joins(line, _unquoted(following)[1]) and not _RULE.match(words)
        if _is_capitals(words) and not _is_capitals(following):
            goes_on = False  # a headline right above its text
    return made


def unflow(text: str, *, delete_space: bool) -> str:
    """Undo format=flowed (RFC 3676): lines that end in a blank go on in the next."""
    made: list[str] = []
    flows = False
    depth = 0
    for written in text.split("\n"):
        quoted = len(written) - len(written.lstrip(">"))
        line = written[quoted:].removeprefix(" ")
        if flows and quoted == depth and line != "-- ":
            made[-1] = (made[-1][:-1] if delete_space else made[-1]) + line
        else:
            made.append(">" * quoted + (" " if quoted else "") + line)
        depth = quoted
        flows = line.endswith(" ") and line != "-- "
    return "\n".join(made)


def unquote(text: str) -> str:
    """Take one level of `>` off when nearly every line has it, as in a forward by Apple Mail."""
    for _ in range(5):
        lines = [line for line in text.split("\n") if line.strip()]
        if not lines or sum(line.lstrip().startswith(">") for line in lines) < 0.8 * len(lines):
            break
        text = re.sub(r"(?m)^[ \t]*> ?", "", text)
    return text


def _as_markdown(paragraph: str) -> str:
    """Make Markdown that shows a plain paragraph as it was meant; lists stay lists."""
    quoted = _QUOTE.match(paragraph)
    marks = "> " * quoted[0].count(">") if quoted else ""
    words = paragraph[quoted.end() :] if quoted else paragraph
    if _RULE.match(words):
        return marks + "---"
    shown = whatsapp.marks(_BULLET.sub("- ", words))
    shown = _LINK.sub(r"\\]", shown)
    if _MARKUP.match(shown):
        shown = "\\" + shown
    elif number := _YEAR.match(shown):
        shown = number[0] + "\\" + shown[number.end() :]  # `2026. ` begins a sentence, not a list
    return marks + shown


def _unquoted(line: str) -> tuple[int, str]:
    match = _QUOTE.match(line)
    return (match[0].count(">"), line[match.end() :]) if match else (0, line)


def _joiner(lines: list[str]) -> Callable[[str, str], bool]:
    """Return what says whether a line goes on in the next, by how this text is wrapped."""
    width = _width(lines)
    if not width:
        return lambda line, following: False

    def is_full(line: str, following: str) -> bool:
        return len(line) + 1 + len(following.split(" ", 1)[0]) > width

    def breaks_sentence(line: str, following: str) -> bool:
        return bool(line and following and not _SENTENCE_END.search(line)) and (
            is_full(line, following) or (len(line) >= width / 2 and following[:1].islower())
        )

    if not any(breaks_sentence(line, _unquoted(following)[1]) for line, following in pairwise(lines)):
        return lambda line, following: False
    spaced = sum(not line for line in lines[1:-1]) > 0  # then paragraphs are told by blank lines

    def joins(line: str, following: str) -> bool:
        if not following:
            return False
        if is_full(line, following):
            return True
        if following[:1].islower() or following[:1].isdigit():
            return len(line) >= width / 2
        return len(line) >= width * 0.75 and (spaced or not _SENTENCE_END.search(line))

    return joins


def _width(lines: list[str]) -> int:
    """Return the column a text may have been wrapped at, 0 when its lines are too long or too short."""
    lengths = [len(line) for line in lines if line]
    if not lengths or sum(length > _WIDEST for length in lengths) > len(lengths) / 5:
        return 0
    width = max((length for length in lengths if length <= _WIDEST), default=0)
    return width if width >= _NARROWEST else 0


def _is_capitals(line: str) -> bool:
    return line == line.upper() and any(char.isalpha() for char in line)


def _begins_anew(line: str) -> bool:
    return bool(_ITEM.match(line) or _LABEL.match(line) or _RULE.match(line) or phrases.CAPTION.match(line))
