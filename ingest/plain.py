"""Plain text as people and mail programs write it, to Markdown with its paragraphs kept."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest import phrases, whatsapp

_NARROWEST, _WIDEST = 50, 100
"""Columns between which a mail program or a person at a typewriter wraps lines."""
_ITEM = re.compile(r"^(?:[-*•‣▪·–]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_BULLET = re.compile(r"^[*•‣▪·–]\s+")
_LABEL = re.compile(
    r"(?i)^(?:penulis|editor|redaktur|fotografer|pewarta|reporter|sumber|narahubung|kontak)\b[^:]{0,20}:"
)
_RULE = re.compile(r"^(?:[-_*=~#]\s?){3,}$")
_QUOTE = re.compile(r"^(?:>\s?)+")


def to_markdown(text: str) -> str:
    """Write cleaned plain text as Markdown: wrapped lines joined, WhatsApp's marks read, the rest as typed."""
    return "\n\n".join(_as_markdown(paragraph) for paragraph in paragraphs(text))


def paragraphs(text: str) -> list[str]:
    """Split cleaned plain text into paragraphs; lines a program wrapped are joined, others stay apart."""
    lines = [line.strip() for line in text.split("\n")]
    width = _wrapped_at(lines)
    made: list[str] = []
    joins = False
    depth = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        quoted, words = _unquoted(line)
        if not words:
            joins = False
            continue
        if joins and quoted == depth and not _begins_anew(words):
            made[-1] += " " + words
        else:
            made.append(line)
        depth = quoted
        first = _unquoted(following)[1].split(" ", 1)[0]
        joins = bool(first) and bool(width) and len(line) + 1 + len(first) > width and not _RULE.match(words)
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
    shown = re.sub(r"\](?=[(:\[])", r"\\]", shown)
    if re.match(r"#{1,6}\s|\+\s|\|", shown):
        shown = "\\" + shown
    elif number := re.match(r"\d{3,}(?=[.)]\s)", shown):
        shown = number[0] + "\\" + shown[number.end() :]  # `2026. ` begins a sentence, not a list
    return marks + shown


def _unquoted(line: str) -> tuple[int, str]:
    match = _QUOTE.match(line)
    return (match[0].count(">"), line[match.end() :]) if match else (0, line)


def _wrapped_at(lines: list[str]) -> int:
    """Return the column the text was wrapped at, 0 when it was not."""
    lengths = [len(line) for line in lines if line]
    if not lengths:
        return 0
    longer = sum(length > _WIDEST for length in lengths)
    if longer > len(lengths) / 10:
        return 0
    width = max((length for length in lengths if length <= _WIDEST), default=0)
    return width if width >= _NARROWEST and _breaks_sentences(lines, width) else 0


def _breaks_sentences(lines: list[str], width: int) -> bool:
    """Say whether a full line goes on in the next in mid-sentence: people do not write so, programs do."""
    return any(
        line
        and following
        and len(line) + 1 + len(_unquoted(following)[1].split(" ", 1)[0]) > width
        and not re.search(r"[.!?:;”\"]$", line)
        for line, following in pairwise(lines)
    )


def _begins_anew(line: str) -> bool:
    return bool(_ITEM.match(line) or _LABEL.match(line) or _RULE.match(line) or phrases.CAPTION.match(line))
