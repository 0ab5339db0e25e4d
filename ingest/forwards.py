"""Forwarded and quoted mails inside a text, by the heads mail programs write above them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import phrases
from ingest.lines import Line

_LONGEST_HEAD = 30
"""Lines above a forwarded mail; what has more is no head."""
_FORWARDS = re.compile(r"(?i)^\s*(?:(?:re|bls|balas|aw)\s*:\s*)*(?:fwd?|trs|tr|terusan|wg)\s*:")


@dataclass
class _Head:
    """The lines a mail program writes above a forwarded or quoted mail."""

    start: int
    end: int
    forwarded: bool
    """It says itself that what follows is forwarded."""
    original: bool
    """It says `original message`, which programs write for replies too."""


def set_aside_forwards(lines: list[Line], subject: str, fewest_words: int) -> None:
    """Unwrap forwarded mails: their heads are set aside, short texts above them are notes."""
    heads = _heads(lines)
    if not heads:
        return
    above = sum(line.words for line in lines[: heads[0].start])
    forwarded = heads[0].forwarded or bool(_FORWARDS.match(subject))
    if above >= fewest_words and not forwarded:
        for line in lines[heads[0].start :]:
            line.kind = "quote"
        return
    edges = [0, *(edge for head in heads for edge in (head.start, head.end)), len(lines)]
    regions = list(zip(edges[::2], edges[1::2], strict=True))
    sizes = [sum(line.words for line in lines[start:end]) for start, end in regions]
    for index, (start, end) in enumerate(regions):
        if sizes[index] < fewest_words and any(size > sizes[index] for size in sizes[index + 1 :]):
            for line in lines[start:end]:
                line.kind = "note"
    for head in heads:
        for line in lines[head.start : head.end]:
            line.kind = "forward"


def _heads(lines: list[Line]) -> list[_Head]:
    heads: list[_Head] = []
    at = 0
    while at < len(lines):
        head = _head_at(lines, at)
        if head is None:
            at += 1
        else:
            heads.append(head)
            at = head.end
    return heads


def _head_at(lines: list[Line], at: int) -> _Head | None:
    """Return the head that begins at a line: a separator, label lines, or both."""
    bare = lines[at].bare
    forwarded = bool(phrases.FORWARDED.match(bare))
    original = bool(phrases.ORIGINAL.match(bare))
    separated = forwarded or original or bool(phrases.UNDERSCORES.match(bare))
    begin = at + 1 if separated else at
    while separated and begin < len(lines) and not lines[begin].bare:
        begin += 1
    end = _labels_end(lines, begin, separated=separated) if begin < len(lines) else None
    if end is not None:
        return _Head(at, end, forwarded, original)
    if forwarded and re.match(r"[\W_]{2,}", bare):  # a separator alone, `---- Pesan terusan ----`
        return _Head(at, at + 1, True, False)
    return None


def _labels_end(lines: list[Line], begin: int, *, separated: bool) -> int | None:
    """Return where a block of label lines ends, None when it is no head of a mail.

    It takes three labels, among them a sender and a subject or date, and something only a mail has: an
    address, a time, or a separator above. An official letter or a memo has labels too.
    """
    found: dict[str, str] = {}
    last = at = begin
    while at < min(len(lines), begin + _LONGEST_HEAD):
        bare = lines[at].bare
        match = lines[at].label
        glued = _glued(bare)
        if glued:
            found.update(glued)
        elif match:
            found[match["name"].lower()] = match["value"]
        elif at == begin or not _label_follows(lines, at):
            break
        at += 1
        if match or glued:
            last = at
    values = [value for name, value in found.items() if name in (*phrases.SENDER, *phrases.DATE)]
    has_sender = any(name in found for name in phrases.SENDER)
    has_more = any(name in found for name in (*phrases.SUBJECT, *phrases.DATE))
    is_mail = separated or any(phrases.MOMENT.search(value) for value in values)
    if len(found) < 3 or not (has_sender and has_more and is_mail):
        return None
    return _with_wrapped_value(lines, last)


def _glued(bare: str) -> dict[str, str]:
    """Return the labels of a line that holds a whole head (Yahoo writes them without line breaks)."""
    if bare.count(":") < 3:
        return {}
    bare = phrases.SEPARATOR_BEFORE.sub("", bare)
    found = list(phrases.GLUED.finditer(bare))
    if len(found) < 3 or found[0].start() > 0:
        return {}
    ends = [match.start() for match in found[1:]] + [len(bare)]
    return {m["name"].lower(): bare[m.end() : end].strip() for m, end in zip(found, ends, strict=True)}


def _label_follows(lines: list[Line], at: int) -> bool:
    """Say whether a line that is no label stands between two: a blank one, or a wrapped value."""
    for ahead in lines[at + 1 : at + 3]:
        if ahead.label:
            return True
        if not ahead.bare:
            return False
    return False


def _with_wrapped_value(lines: list[Line], last: int) -> int:
    """Pass over the rest of a long last value; a head is followed by a blank line."""
    end = last
    while end < len(lines) and lines[end].bare and end - last < 3:
        end += 1
    closed = end >= len(lines) or not lines[end].bare
    wrapped = len(lines[last - 1].bare) >= 50 and all(len(line.bare) <= 80 for line in lines[last:end])
    return end if end - last <= 2 and closed and wrapped else last


def set_aside_quotes(lines: list[Line]) -> None:
    at = 0
    while at < len(lines):
        end = _attribution_end(lines, at)
        if end is None or lines[at].kind != "story":
            at += 1
            continue
        stop = _quote_end(lines, end)
        for line in lines[at:stop]:
            if line.kind == "story":
                line.kind = "quote"
        at = stop


def _attribution_end(lines: list[Line], at: int) -> int | None:
    """Return the line after `Pada … menulis:`, which programs wrap over up to three lines."""
    text = ""
    for end in range(at, min(at + 3, len(lines))):
        bare = lines[end].bare
        if not bare:
            return None
        text = f"{text} {bare}".strip()
        if len(text) > 400:
            return None
        if phrases.ATTRIBUTION.match(text):
            following = next((line.text for line in lines[end + 1 :] if line.bare), "")
            if following.startswith(">") or (
                phrases.MOMENT.search(text) and text.lower().startswith(("pada", "on"))
            ):
                return end + 1
    return None


def _quote_end(lines: list[Line], begin: int) -> int:
    """Return where the quoted text ends: with its last `>` line, or with the mail when it has none."""
    at = begin
    while at < len(lines) and not lines[at].bare:
        at += 1
    if at >= len(lines) or not lines[at].text.startswith(">"):
        return len(lines)
    end = at
    while at < len(lines):
        if lines[at].text.startswith(">"):
            end = at + 1
        elif lines[at].bare:
            break
        at += 1
    return end
