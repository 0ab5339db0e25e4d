"""Quotation marks that are opened and not closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage

_MARK = re.compile(r"[“”\"]")
_INCHES = re.compile(r"\d\"(?![\w])")


def quotes(story: Story) -> Iterator[Finding]:
    """Find the mark without a partner in each paragraph. A quotation may run on if the next one opens again."""
    for passage in story.texts:
        if not _MARK.search(passage.prose):
            continue
        spans = passage.paragraphs
        for place, (start, end) in enumerate(spans):
            following = passage.prose[spans[place + 1][0]] if place + 1 < len(spans) else ""
            at = _lonely(passage, start, end)
            if at is None or (passage.prose[at] != "”" and following and following in '“"'):
                continue
            shown = passage.raw[at : min(at + 40, end)].split("\n")[0]
            told = "Tanda kutip ini tidak punya pasangan dalam paragrafnya."
            yield Finding("quotes", passage.where, at, at + 1, told, shown)


def _lonely(passage: Passage, start: int, end: int) -> int | None:
    text = passage.prose[start:end]
    opened: int | None = None
    straight: list[int] = []
    inches = {found.start() + 1 for found in _INCHES.finditer(text)}
    for found in _MARK.finditer(text):
        at = found.start()
        if found[0] == '"':
            straight.append(at)
        elif found[0] == "“":
            if opened is not None:
                return start + opened
            opened = at
        elif opened is None:
            return start + at
        else:
            opened = None
    if opened is not None:
        return None if len(straight) % 2 else start + opened
    if len(straight) % 2 and len(set(straight) - inches) % 2:
        return start + straight[-1]
    return None
