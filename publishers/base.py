"""What a kind of site must be able to do, and the words that travel to it and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from config import Finding

Ledger = MutableMapping[str, Any]
"""What has been tried for one story on one site: JSON values under short names.

An assignment or deletion is committed before it returns, so a publisher writes its intent before a
request and the site's answer after it, and goes on from there after a crash.
"""


class PublishError(Exception):
    """A site does not hold the story as wanted. The text tells an editor, in Indonesian, what to do.

    PublishError
    ├── Refused      the site said no, or cannot do this: a person must act; never retried blindly
    │   ├── Changed      somebody at the site changed the story: a person chooses whose version stays
    │   └── SiteRefused  it would say so to every story: login lost, address moved, interface closed
    ├── Asked        a person brings it to the site; nothing is wrong, and `wait` says when to look again
    ├── Unreachable  nothing was sent: try again later
    │   └── SiteAway     no story gets there: no such name, nobody listens, certificate, maintenance
    └── Unanswered   something may have been sent: look before trying again, after `wait` seconds
    """

    def __init__(self, sentence: str, *, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait
        """Seconds the site asks us to wait (Retry-After, quarantine); None leaves it to the caller."""


class Refused(PublishError):
    pass


class SiteRefused(Refused):
    pass


class Asked(PublishError):
    pass


class Unreachable(PublishError):
    pass


class SiteAway(Unreachable):
    pass


class Unanswered(PublishError):
    pass


@dataclass(frozen=True)
class Held:
    """What a site is believed to hold of one story, to be compared with what it holds now."""

    key: str
    """Ours, given back with what was seen."""
    remote_id: str
    url: str
    shown: bool
    """Whether readers should see it: live, and not retracted."""
    mark: str = ""
    """What `Seen.mark` was when the text was last read and found right; empty to have it read."""
    sha256: str = ""
    """Of the text as the site stored it, from its receipt."""
    ledger: Mapping[str, Any] = field(default_factory=dict)
    photos: bool = True
    """Whether the photo files are to be looked for, too."""
    headline: str = ""
    lead: str = ""
    html: str = ""
    """The words as sent, for kinds that can only be read as a reader reads them (`Publisher.most_looks`)."""
    paragraphs: int = 0
    """How many of them were found when the page was last proven."""


@dataclass(frozen=True)
class Seen:
    """What a site was found to hold of one story."""

    key: str
    drift: str = ""
    """How it differs: empty, or `edited`, `hidden`, `trashed`, `deleted`, `photos`, `shown` (though retracted)."""
    mark: str = ""
    """The site's own word for this state, such as the time of the last change: another state has another."""
    steady: bool = True
    """Whether an equal mark will mean an equal state; not while the site may be saving within the same second."""
    title: str = ""
    text: str = ""
    """As found, HTML from outside: to be sanitised before it is shown. Empty where it was not read."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The entries of the ledger by which this state becomes the one the next look compares with."""


class Changed(Refused):
    """The story was changed at the site by somebody else, and nobody has said yet what should stay."""

    def __init__(self, sentence: str, seen: Seen) -> None:
        super().__init__(sentence)
        self.seen = seen


def consent(version: int, mark: str) -> dict[str, Any]:
    """Return the ledger's `asked`: a person wants `version` there in place of the state with this mark."""
    return {"version": version, "modified": mark}


@dataclass(frozen=True)
class Picture:
    """One photo as a site sees it: a rendition, never the original."""

    sha256: str
    """Of the original; the photo's identity across versions."""
    filename: str
    """Our own ASCII name, for example `20261125_judul-singkat_01.jpg`."""
    data: bytes
    """JPEG."""
    width: int
    height: int
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Note:
    """One line readers were told of a story: what was corrected, that it was withdrawn, that it is back."""

    at: datetime
    """Aware."""
    text: str


@dataclass(frozen=True)
class Post:
    """One version of a story as one site sees it."""

    key: str
    """Opaque, ASCII, the same on every site and for every version."""
    version: int
    headline: str
    html: str
    """Sanitised body, without headline and photos."""
    text_lead: str
    """The first paragraph as plain text, for summaries."""
    published_at: datetime
    """Aware."""
    modified_at: datetime
    """Aware; when this version was verified."""
    slug: str
    """Readable, ASCII; a wish, sites may change it."""
    pictures: tuple[Picture, ...] = ()
    category: str = ""
    """Our category's name; each site maps it in its settings."""
    tags: tuple[str, ...] = ()
    byline: str = ""
    notice: str = ""
    """The public correction line, empty for a first version."""
    notes: tuple[Note, ...] = ()
    """All such lines up to this version, oldest first, where they are known."""


@dataclass(frozen=True)
class Receipt:
    """The site's name for what it holds, and what it holds."""

    remote_id: str
    url: str
    state: str
    """`live`, `hidden` (retracted), `draft` (reserved, no reader sees it) or empty (was never there)."""
    version: int | None = None
    """The version the site holds, where it can say."""
    sha256: str = ""
    """Of the text as the site stored it."""
    detail: dict[str, Any] = field(default_factory=dict)
    """Anything else worth keeping as proof, JSON values."""


class Options(BaseModel):
    """A kind's own keys in settings.yaml. Unknown keys are refused at start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Publisher(ABC):
    """One site. Methods raise PublishError and nothing else for what the world does to us."""

    Options: ClassVar[type[Options]] = Options
    can_find: ClassVar[bool] = True
    """If not, an unanswered create is left to a person."""
    can_update: ClassVar[bool] = True
    """If not, corrections are left to a person."""
    can_retract: ClassVar[bool] = True
    """If not, retractions are left to a person."""
    assisted: ClassVar[bool] = False
    """A person brings every version to the site: `Asked` is this kind's way of waiting, not a fault."""
    most_looks: ClassVar[int | None] = None
    """How many stories are compared in one night, oldest look first; None for all, where that is cheap."""

    def __init__(self, name: str, title: str, options: Any) -> None:
        self.name = name
        self.title = title
        self.options = options

    @abstractmethod
    def find(self, key: str) -> Receipt | None:
        """Return what the site holds under `key`. Never changes the site."""

    @abstractmethod
    def create(self, post: Post, ledger: Ledger) -> Receipt:
        """Bring `post` to the site. Safe to repeat with the same ledger: the site ends with one story."""

    @abstractmethod
    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        """Make the site's story equal to `post`, a retracted one live again. Safe to repeat."""

    @abstractmethod
    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        """Take the story and its photo files from every reader's sight. Safe to repeat."""

    def late(self, ledger: Ledger) -> bool:
        """Say whether what was sent of a story that the site does not hold was waited out just now: look once more.

        False when nothing was ever sent. Raises Unanswered while something may still arrive.
        """
        return False

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        """Yield what the site holds of these stories now, in any order, leaving out what cannot be told.

        Never changes the site. A kind that cannot be compared yields nothing.
        """
        return iter(())

    @abstractmethod
    def check(self) -> list[Finding]:
        """Try the site without changing what readers see, for the doctor. Raises nothing."""
