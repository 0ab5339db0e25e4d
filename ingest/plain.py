"""Plain text as people and mail programs write it, to Markdown with its paragraphs kept."""

from __future__ import annotations

import re
from itertools import pairwise

_NARROWEST, _WIDEST = 50, 100
"""Columns between which a mail program or a person at a typewriter wraps lines."""
_ITEM = re.compile(r"^(?:[-*•‣▪·–]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_BULLET = re.compile(r"^[*•‣▪·–]\s+")
_LABEL = re.compile(
    r"(?i)^(?:foto|keterangan|ket\.?|caption|penulis|editor|redaktur|fotografer|pewarta|reporter|sumber)\b[^:]{0,20}:"
)
_RULE = re.compile(r"^(?:[-_*=~]\s?){3,}$")


def paragraphs(text: str) -> list[str]:
    """Split cleaned plain text into paragraphs; lines a program wrapped are joined, others stay apart."""
    lines = [line.strip() for line in text.split("\n")]
    width = _wrapped_at(lines)
    made: list[str] = []
    joins = False
    for line, following in pairwise([*lines, ""]):
        if not line:
            joins = False
            continue
        if joins and not _begins_anew(line):
            made[-1] += " " + line
        else:
            made.append(line)
        first = following.split(" ", 1)[0]
        joins = bool(following) and bool(width) and len(line) + 1 + len(first) > width
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


def escape(paragraph: str) -> str:
    """Make Markdown that shows a plain paragraph as it was typed; lists stay lists."""
    if _RULE.match(paragraph):
        return "---"
    shown = re.sub(r"([\\`*_])", r"\\\1", _BULLET.sub("- ", paragraph))
    shown = re.sub(r"\](?=[(:\[])", r"\\]", shown)
    if re.match(r"#{1,6}\s", shown):
        return "\\" + shown
    if re.match(r"\+\s|\d{3,}[.)]\s", shown):
        return re.sub(r"^(\+|\d+)", lambda m: "\\+" if m[0] == "+" else m[0] + "\\", shown, count=1)
    return shown


def _wrapped_at(lines: list[str]) -> int:
    """Return the column the text was wrapped at, 0 when it was not."""
    lengths = [len(line) for line in lines if line]
    if not lengths:
        return 0
    longer = sum(length > _WIDEST for length in lengths)
    if longer > len(lengths) / 10:
        return 0
    width = max((length for length in lengths if length <= _WIDEST), default=0)
    return width if width >= _NARROWEST else 0


def _begins_anew(line: str) -> bool:
    return bool(_ITEM.match(line) or _LABEL.match(line) or _RULE.match(line))
