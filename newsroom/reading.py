"""How a mail's reading is shown: its text in stretches, its parts as a tree, its pictures and links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from newsroom import mail as acts
from newsroom.mail import Piece
from newsroom.models import Habit, Story, Submission

SHOWN = 60
"""Parts listed beside a story; the rest stand on pages of their own."""
_PASSING = ("wetransfer.com", "we.tl", "sendgb.com")
"""Hosts that delete what was sent after some days."""


@dataclass(frozen=True)
class PartLine:
    """One part of a mail, as deep in the list as it lies in the mail."""

    part: dict[str, Any]
    depth: int


@dataclass(frozen=True)
class Link:
    address: str
    host: str
    passing: bool
    """It ends after some days."""


@dataclass(frozen=True)
class OtherText:
    position: int
    source: str
    headline: str
    opening: str
    """Its first lines."""
    used: bool
    """It is what the story says now."""
    story: Story | None
    """What it became, once it was split off."""


@dataclass(frozen=True)
class Picture:
    sha256: str
    filename: str
    reason: str
    readable: bool
    ignored: bool
    """An editor said that it is never a photo."""


@dataclass(frozen=True)
class Reading:
    """One mail beside one story, or alone."""

    mail: Submission
    story: Story | None
    habits: Mapping[str, Habit | None] = field(default_factory=dict)

    @cached_property
    def pieces(self) -> list[Piece]:
        return acts.pieces(self.mail, self.story.body if self.story else "")

    @property
    def set_aside(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.aside]

    @property
    def restorable(self) -> list[Piece]:
        return [piece for piece in self.set_aside if not piece.restored]

    @cached_property
    def keeps(self) -> list[str]:
        return list(self.habit.keeps) if self.habit else []

    @cached_property
    def habit(self) -> Habit | None:
        """What editors have taught about the sender's mails; looked up once for all mails of a page."""
        return (self.habits or acts.habits([self.mail]))[self.mail.sender_address]

    @cached_property
    def others(self) -> list[OtherText]:
        keys = [acts.split_key(self.mail, position) for position in range(len(self.mail.others))]
        made = {story.key: story for story in Story.objects.filter(key__in=keys).defer("body")}
        return [
            OtherText(
                position,
                str(other["source"]),
                str(other["headline"]),
                opening(str(other["body"])),
                used=self.story is not None and self.story.body.strip() == str(other["body"]).strip(),
                story=made.get(keys[position]),
            )
            for position, other in enumerate(self.mail.others)
        ]

    @cached_property
    def links(self) -> list[Link]:
        return [link for address in self.mail.links if (link := _link(str(address)))]

    @cached_property
    def pictures(self) -> list[Picture]:
        """Return the pictures that were set aside and are no photo of the story yet."""
        kept = {part.get("sha256", ""): part for part in self.mail.parts if part["fate"] == "kept"}
        if not kept:
            return []
        used = {part.get("sha256", "") for part in self.mail.parts if part["fate"] == "used"}
        if self.story is not None:
            used |= {photo.sha256 for photo in self.story.photos.all()}
        ignores = set(self.habit.ignores) if self.habit else set()
        return [
            Picture(
                sighting.sha256,
                kept[sighting.sha256]["filename"],
                kept[sighting.sha256]["reason"],
                readable=bool(sighting.width),
                ignored=sighting.sha256 in ignores,
            )
            for sighting in sorted(self.mail.pictures.all(), key=attrgetter("pk"))
            if sighting.sha256 in kept and sighting.sha256 not in used
        ]

    @property
    def parts(self) -> list[PartLine]:
        return tree(self.mail.parts)[:SHOWN]

    @property
    def more_parts(self) -> bool:
        return len(self.mail.parts) > SHOWN


def tree(parts: Sequence[dict[str, Any]]) -> list[PartLine]:
    """Return the parts in the order of the mail, each below the one that holds it."""
    lines = sorted(parts, key=_place)
    top = min((len(_place(part)) for part in lines), default=1)
    return [PartLine(part, min(len(_place(part)) - top, 6)) for part in lines]


def opening(body: str, longest: int = 240) -> str:
    """Return a text's first words."""
    words = " ".join(body.split())
    return words if len(words) <= longest else words[:longest].rpartition(" ")[0] + " …"


def _place(part: dict[str, Any]) -> tuple[int, ...]:
    """Return a part's place in the tree: `2/1` is the first file in the archive that is part 2."""
    return tuple(int(digits) for digits in re.findall(r"\d{1,9}", part.get("number", "")))


def _link(address: str) -> Link | None:
    try:
        split = urlsplit(address)
        host = split.hostname or ""
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or not host:
        return None
    passing = any(host == name or host.endswith("." + name) for name in _PASSING)
    return Link(address, host.removeprefix("www."), passing)
