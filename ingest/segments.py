"""What around a story is no story: set aside with a reason, never deleted.

The segments of a text, joined, are the text exactly. When less than 40 words or 30 % would remain, greetings,
quotes, signatures and the like stay where they are: a text too much is easily cut, one too little is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from ingest import phrases
from ingest.message import Segment

FEWEST_WORDS = 40
LEAST_SHARE = 0.3

_REASONS = {
    "story": "",
    "note": "pesan pengirim kepada redaksi",
    "greeting": "salam dan pengantar untuk redaksi",
    "forward": "kepala surel yang diteruskan",
    "quote": "kutipan surel sebelumnya",
    "closing": "salam penutup",
    "signature": "tanda tangan pengirim",
    "disclaimer": "penafian atau kaki surel kantor",
    "footer": "catatan aplikasi pengirim",
}
_SET_ASIDE = ("greeting", "quote", "closing", "signature", "disclaimer", "footer")
_FORWARDS = re.compile(r"(?i)^\s*(?:(?:re|bls|balas|aw)\s*:\s*)*(?:fwd?|trs|tr|terusan|wg)\s*:")
_WORD = re.compile(r"\w+")


@dataclass
class _Line:
    text: str
    """With its line break."""
    bare: str
    """Without quote marks and blanks around it."""
    kind: str = "story"

    @property
    def words(self) -> int:
        return count_words(self.bare)


def segment(text: str, *, subject: str = "") -> tuple[Segment, ...]:
    """Cut a mail's text into the story and what was set aside, in order."""
    lines = [
        _Line(line, re.sub(r"^[>\s]+", "", line).strip()) for line in re.findall(r"[^\n]*\n|[^\n]+", text)
    ]
    _set_aside_forwards(lines, subject)
    _set_aside_quotes(lines)
    _set_aside_tail(lines)
    _set_aside_greeting(lines)
    _restore_when_too_little_remains(lines)
    _blank_lines_follow(lines)
    return tuple(
        Segment(kind, "".join(line.text for line in group), _REASONS[kind])
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


def count_words(text: str) -> int:
    return len(_WORD.findall(text))


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


# Forwards


@dataclass
class _Head:
    """The lines a mail program writes above a forwarded or quoted mail."""

    start: int
    end: int
    forwarded: bool
    """It says itself that what follows is forwarded."""
    original: bool
    """It says `original message`, which programs write for replies too."""


def _set_aside_forwards(lines: list[_Line], subject: str) -> None:
    """Unwrap forwarded mails: their heads are set aside, short texts above them are notes."""
    heads = _heads(lines)
    if not heads:
        return
    above = sum(line.words for line in lines[: heads[0].start])
    forwarded = heads[0].forwarded or bool(_FORWARDS.match(subject))
    if above >= FEWEST_WORDS and not forwarded:
        for line in lines[heads[0].start :]:
            line.kind = "quote"
        return
    edges = [0, *(edge for head in heads for edge in (head.start, head.end)), len(lines)]
    regions = list(zip(edges[::2], edges[1::2], strict=True))
    sizes = [sum(line.words for line in lines[start:end]) for start, end in regions]
    for index, (start, end) in enumerate(regions):
        if sizes[index] < FEWEST_WORDS and any(size > sizes[index] for size in sizes[index + 1 :]):
            for line in lines[start:end]:
                line.kind = "note"
    for head in heads:
        for line in lines[head.start : head.end]:
            line.kind = "forward"


def _heads(lines: list[_Line]) -> list[_Head]:
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


def _head_at(lines: list[_Line], at: int) -> _Head | None:
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


def _labels_end(lines: list[_Line], begin: int, *, separated: bool) -> int | None:
    """Return where a block of label lines ends, None when it is no head of a mail.

    It takes three labels, among them a sender and a subject or date, and something only a mail has: an
    address, a time, or a separator above. An official letter or a memo has labels too.
    """
    found: dict[str, str] = {}
    last = at = begin
    while at < len(lines):
        bare = lines[at].bare
        match = phrases.LABEL.match(bare)
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
    bare = phrases.SEPARATOR_BEFORE.sub("", bare)
    found = list(phrases.GLUED.finditer(bare))
    if len(found) < 3 or found[0].start() > 0:
        return {}
    ends = [match.start() for match in found[1:]] + [len(bare)]
    return {m["name"].lower(): bare[m.end() : end].strip() for m, end in zip(found, ends, strict=True)}


def _label_follows(lines: list[_Line], at: int) -> bool:
    """Say whether a line that is no label stands between two: a blank one, or a wrapped value."""
    for ahead in lines[at + 1 : at + 3]:
        if phrases.LABEL.match(ahead.bare):
            return True
        if not ahead.bare:
            return False
    return False


def _with_wrapped_value(lines: list[_Line], last: int) -> int:
    """Pass over the rest of a long last value; a head is followed by a blank line."""
    end = last
    while end < len(lines) and lines[end].bare and end - last < 3:
        end += 1
    closed = end >= len(lines) or not lines[end].bare
    wrapped = len(lines[last - 1].bare) >= 50 and all(len(line.bare) <= 80 for line in lines[last:end])
    return end if end - last <= 2 and closed and wrapped else last


# Quoted replies


def _set_aside_quotes(lines: list[_Line]) -> None:
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


def _attribution_end(lines: list[_Line], at: int) -> int | None:
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


def _quote_end(lines: list[_Line], begin: int) -> int:
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


# Greeting, closing, signature, disclaimer, footer


def _set_aside_tail(lines: list[_Line]) -> None:
    """Set aside what stands below the story: the last stretch of story lines and no more."""
    story = [line for line in lines if line.kind == "story"]
    total = sum(len(line.bare) for line in story) or 1
    before = 0
    shares: list[tuple[float, int]] = []
    for at, line in enumerate(story):
        share = before / total
        before += len(line.bare)
        if not line.bare:
            continue
        shares.append((share, at))
    # The plainest signs first: what they mark, the vaguer ones do not reach.
    for share, at in shares:
        if share >= 0.5 and phrases.FOOTER.match(story[at].bare):
            story[at].kind = "footer"
    for share, at in shares:
        if share >= 0.4 and story[at].kind == "story" and phrases.DISCLAIMER.match(story[at].bare):
            _mark(story[at:], "disclaimer")
    for share, at in shares:
        if share >= 2 / 3 and story[at].kind == "story" and _is_delimiter(story[at], story[at + 1 :]):
            _mark(story[at:], "signature")
    _set_aside_contact(story, total)
    for share, at in shares:
        if share >= 0.6 and story[at].kind == "story" and _is_closing(story, at):
            _mark(story[at:], "closing", longest=8)


def _is_delimiter(line: _Line, below: list[_Line]) -> bool:
    """Say whether a line is the signature delimiter `-- `; without its blank only above a few short lines."""
    if line.text.rstrip("\r\n") == "-- ":
        return True
    rest = [other for other in below if other.bare]
    return line.bare == "--" and 0 < len(rest) <= 10 and all(len(other.bare) <= 80 for other in rest)


def _is_closing(story: list[_Line], at: int) -> bool:
    """Say whether a closing begins here: a set phrase, few short lines below it, and no quotation."""
    if at and story[at - 1].bare and not phrases.CLOSING.match(story[at].bare):
        return False
    text = story[at].bare
    for line in story[at + 1 : at + 3]:
        if not line.bare:
            break
        text = f"{text} {line.bare}"
    first = story[at].bare
    match = phrases.CLOSING.match(first) or phrases.CLOSING.match(text)
    if not match or re.search(r"[\"“”]", text) or count_words(first) > 30:
        return False
    if re.match(r"(?i)\W*(?:terima ?kasih|makasih|thank)", first) and count_words(first) > 12:
        return False
    below = [line for line in story[at + 1 :] if line.kind == "story" and line.bare]
    below = [line for line in below if not _belongs_to_story(line.bare)]
    return len(below) <= 10 and all(len(line.bare) <= 90 for line in below)


def _set_aside_contact(story: list[_Line], total: int) -> None:
    """Set aside a last block of short lines with a telephone, an address or an employee number."""
    at = len(story)
    while at and (story[at - 1].kind != "story" or not story[at - 1].bare):
        at -= 1
    end = at
    while at and story[at - 1].kind == "story" and story[at - 1].bare:
        at -= 1
    block = story[at:end]
    before = sum(len(line.bare) for line in story[:at])
    if (
        1 < len(block) <= 9
        and before / total >= 0.6
        and any(phrases.CONTACT.search(line.bare) for line in block)
        and all(len(line.bare) <= 80 and not _belongs_to_story(line.bare) for line in block)
    ):
        _mark(block, "signature")


def _mark(lines: list[_Line], kind: str, longest: int = 1_000) -> None:
    """Set lines aside up to the first that belongs to the story."""
    marked = 0
    for line in lines:
        if marked and (_belongs_to_story(line.bare) or line.kind != "story"):
            break
        if marked > longest:
            break
        line.kind = kind
        marked += bool(line.bare)


def _belongs_to_story(bare: str) -> bool:
    """Say whether a line below the text is part of it all the same: a caption, a byline code."""
    return bool(phrases.CAPTION.match(bare) or phrases.BYLINE.match(bare))


def _set_aside_greeting(lines: list[_Line]) -> None:
    """Set aside the paragraphs at the top that speak to the editors."""
    story = [line for line in lines if line.kind == "story"]
    at = 0
    blocks = 0
    while at < len(story) and blocks < 5:
        if not story[at].bare:
            at += 1
            continue
        end = at
        while end < len(story) and story[end].bare:
            end += 1
        count = _greeting_lines(story[at:end], first=blocks == 0)
        for line in story[at : at + count]:
            line.kind = "greeting"
        if count < end - at:
            return
        at = end
        blocks += 1


def _greeting_lines(block: list[_Line], *, first: bool) -> int:
    """Return how many lines of a block, from its top, are a greeting."""
    text = " ".join(line.bare for line in block)
    if phrases.GREETING.match(text) and count_words(text) <= 40 and not _opens_a_story(text):
        return len(block)
    count = 0
    for line in block:
        if not phrases.GREETING.match(line.bare) or line.words > 25 or _opens_a_story(line.bare):
            break
        count += 1
    return count


def _opens_a_story(text: str) -> bool:
    """Say whether a text that begins like a greeting is a headline or a lead after all."""
    return (
        count_words(text) > 3
        and not phrases.TO_EDITORS.search(text)
        and not text.rstrip().endswith((",", "!"))
    )


def _restore_when_too_little_remains(lines: list[_Line]) -> None:
    aside = sum(line.words for line in lines if line.kind in _SET_ASIDE)
    remaining = sum(line.words for line in lines if line.kind == "story")
    if remaining < FEWEST_WORDS or remaining < LEAST_SHARE * (remaining + aside):
        for line in lines:
            if line.kind in _SET_ASIDE:
                line.kind = "story"


def _blank_lines_follow(lines: list[_Line]) -> None:
    """Give blank lines the kind of the line before them, so that segments are few."""
    kind = next((line.kind for line in lines if line.bare), "story")
    for line in lines:
        if not line.bare:
            line.kind = kind
        kind = line.kind
