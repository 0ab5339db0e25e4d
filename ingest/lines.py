"""The lines of a mail's text, each with the kind of text it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ingest import phrases

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^[>\s]+")


@dataclass
class Line:
    text: str
    """With its line break."""
    bare: str
    """Without quote marks and blanks around it."""
    kind: str = "story"

    @cached_property
    def words(self) -> int:
        return count_words(self.bare)

    @cached_property
    def label(self) -> re.Match[str] | None:
        """What a mail program writes above a mail: a name, a colon, a value."""
        return phrases.LABEL.match(self.bare)


def lines_of(text: str) -> list[Line]:
    """Split a text into lines that, joined, are the text again."""
    return [Line(line, _QUOTED.sub("", line).strip()) for line in re.findall(r"[^\n]*\n|[^\n]+", text)]


def count_words(text: str) -> int:
    return len(_WORD.findall(text))


def all_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def belongs_to_story(bare: str) -> bool:
    """Say whether a line below the text is part of it all the same: a caption, a byline code."""
    return bool(
        phrases.CAPTION.match(bare) or phrases.CAPTION_ALONE.match(bare) or phrases.BYLINE.match(bare)
    )
