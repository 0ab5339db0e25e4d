"""Greeting above a story; closing, signature, disclaimer and footer below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, islice

from ingest import phrases
from ingest.letterhead import is_signed_off
from ingest.lines import Line, belongs_to_story, count_words

_LONGEST_TAIL = 60
"""Lines from the end of a text within which a closing is looked for."""


def set_aside_tail(lines: list[Line]) -> None:
    """Set aside what stands below the story: footer, disclaimer, signature, contact lines, closing.

    The plainest signs come first: what they mark, the vaguer ones do not reach.
    """
    story = [line for line in lines if line.kind == "story"]
    total = sum(len(line.bare) for line in story) or 1
    before = [0, *accumulate(len(line.bare) for line in story)]

    def from_share(share: float) -> Iterator[int]:
        """Yield the story's lines that begin after this share of it."""
        for at, line in enumerate(story):
            if line.bare and line.kind == "story" and before[at] >= share * total:
                yield at

    for at in from_share(0.5):
        if phrases.FOOTER.match(story[at].bare):
            story[at].kind = "footer"
    for at in from_share(0.4):
        if phrases.DISCLAIMER.match(story[at].bare):
            _mark(story, at, "disclaimer")
    for at in from_share(2 / 3):
        if _is_delimiter(story, at):
            _mark(story, at, "signature")
    for at in from_share(0.6):
        if is_signed_off(story, at):
            _mark(story, at, "signature")
    _set_aside_contact(story, total)
    last = len(story) - _LONGEST_TAIL
    for at in from_share(0.6):
        if at >= last and _is_closing(story, at):
            _mark(story, at, "closing", longest=8)


def _is_delimiter(story: list[Line], at: int) -> bool:
    """Say whether a line is the signature delimiter `-- `; without its blank only above a few short lines."""
    line = story[at]
    if line.text.rstrip("\r\n") == "-- ":
        return True
    if line.bare != "--" or at < len(story) - _LONGEST_TAIL:
        return False
    below = [other for other in story[at + 1 :] if other.bare]
    return 0 < len(below) <= 10 and all(len(other.bare) <= 80 for other in below)


def _is_closing(story: list[Line], at: int) -> bool:
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
    below = [line for line in below if not belongs_to_story(line.bare)]
    return len(below) <= 10 and all(len(line.bare) <= 90 for line in below)


def _set_aside_contact(story: list[Line], total: int) -> None:
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
        and not _leads_on(block[0].bare)
        and any(phrases.CONTACT.search(line.bare) for line in block)
        and all(len(line.bare) <= 80 and not belongs_to_story(line.bare) for line in block)
    ):
        _mark(block, 0, "signature")


def _leads_on(bare: str) -> bool:
    """Say whether a line is a sentence that tells readers where to turn: `Warga dapat mengadu lewat:`."""
    to_us = re.search(r"(?i)\b(?:hubungi|narahubung|kontak|informasi lebih lanjut)\b", bare)
    return bare.endswith(":") and count_words(bare) > 3 and not to_us


def _mark(story: list[Line], begin: int, kind: str, longest: int = 1_000) -> None:
    """Set lines aside up to the first that belongs to the story."""
    marked = 0
    for line in islice(story, begin, None):
        if marked and (belongs_to_story(line.bare) or line.kind != "story"):
            break
        if marked > longest:
            break
        line.kind = kind
        marked += bool(line.bare)


def set_aside_greeting(lines: list[Line]) -> None:
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


def _greeting_lines(block: list[Line], *, first: bool) -> int:
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
