"""What is checked, and what a rule says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from prose.checks.lists import Lists
from prose.checks.passage import Passage


@dataclass(frozen=True)
class Caption:
    """The words that go with one picture."""

    name: str
    """What the caller calls the picture; findings name it."""
    caption: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Checked:
    """A story as the rules see it."""

    headline: str = ""
    body: str = ""
    """Markdown."""
    captions: Sequence[Caption] = ()
    received: date | None = None
    """The day the story came in, in the office's zone; None keeps the rules silent that need a today."""
    zone: str = "WIB"
    """What a time without a zone is given."""
    city: str = ""
    """The dateline's: with it the lead has said where."""
    lists: Lists = field(default_factory=Lists, repr=False)


@dataclass(frozen=True)
class Finding:
    """One thing a rule noticed."""

    rule: str
    where: str
    """`headline`, `body`, `caption:NAME` or `alt:NAME`."""
    start: int
    """In code points of the text at `where`, with `\\n` line ends."""
    end: int
    sentence: str
    """What is wrong and what to do, in Indonesian."""
    words: str = ""
    """What is quoted of the text; empty when the finding is about something missing."""
    fix: str | None = None
    """What takes the place of start … end; None when only a person can tell."""
    grave: bool = False
    """A fact is in doubt, not a habit of writing."""

    @property
    def subject(self) -> str:
        """What stays the same when other words of the story change: whoever ignores it ignores this."""
        place = self.where if not self.words else ""
        return "|".join((self.rule, place, " ".join(self.words.casefold().split())))


@dataclass(frozen=True)
class Story:
    """A story with its texts prepared once for all rules."""

    checked: Checked
    headline: Passage
    body: Passage
    captions: tuple[Passage, ...]

    @property
    def texts(self) -> tuple[Passage, ...]:
        return (self.headline, self.body, *self.captions)

    @property
    def running(self) -> tuple[Passage, ...]:
        """Whole sentences: headlines have habits of their own."""
        return (self.body, *self.captions)


Look = Callable[[Story], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    name: str
    look: Look
