"""A place mail arrives at, seen the same way whatever its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from config import Finding
from ingest.message import RawMessage, Sender


class MailboxError(Exception):
    """The mailbox cannot be read now. The text says in Indonesian what is wrong and what to do.

    MailboxError
    ├── MailboxUnreachable   the network or the server: tried again by itself
    └── MailboxRefused       password, folder, certificate: a person must act
    """

    def __init__(self, sentence: str, *, wait: int = 0) -> None:
        super().__init__(sentence)
        self.wait = wait
        """Seconds the server should be left alone at least."""


class MailboxUnreachable(MailboxError):
    pass


class MailboxRefused(MailboxError):
    pass


@dataclass(frozen=True)
class Glance:
    """What the server says of a mail before it is fetched."""

    size: int | None = None
    """In bytes; some servers are wrong by a little."""
    arrived_at: datetime | None = None

    def is_another(self, other: Glance) -> bool:
        """Say whether the two cannot be one mail. Servers are believed only where both size and time differ."""
        known = None not in (self.size, other.size, self.arrived_at, other.arrived_at)
        return known and self.size != other.size and self.arrived_at != other.arrived_at


@dataclass(frozen=True)
class Start:
    """Where taking mail in began: what arrived earlier is left where it is."""

    at: datetime | None = None
    """None: from the very first mail."""
    uidvalidity: int = 0
    uidnext: int = 0
    """What came into the folder later is new, however old it is."""

    def covers(self, uid: int, uidvalidity: int, glance: Glance) -> bool:
        if self.at is None or (uidvalidity == self.uidvalidity and self.uidnext and uid >= self.uidnext):
            return True
        return glance.arrived_at is None or glance.arrived_at >= self.at


EVERYTHING = Start()


class Inbox(ABC):
    """One open mailbox; use as a context manager. Methods raise MailboxError."""

    uidvalidity: int = 0
    """Changes when the server has made the folder anew; UIDs are only comparable under one value."""
    uidnext: int = 0
    """The UID the next mail will have; 0 where UIDs are no numbers."""

    @abstractmethod
    def uids(self, known: Collection[str], start: Start = EVERYTHING, *, whole: bool = False) -> list[str]:
        """Return the UIDs not in `known` that `start` covers, oldest first. Fetches no mail.

        Where asking for everything is costly, only what lies above the last mails known is looked at,
        unless `whole`.
        """

    @abstractmethod
    def glance(self, uids: Sequence[str]) -> dict[str, Glance]:
        """Return size and time of arrival of mails; those that are gone are left out."""

    @abstractmethod
    def head(self, uid: str) -> tuple[Sender, str]:
        """Return sender and subject of a mail, from its headers alone."""

    @abstractmethod
    def fetch(self, uid: str, size: int | None = None) -> RawMessage | None:
        """Return one mail's bytes as they are on the server, unseen flag untouched; None when it is gone.

        `size` is what `glance` said, where it is known.
        """

    @abstractmethod
    def settle(self, uid: str) -> None:
        """Do with a mail whose bytes are kept what the settings say: nothing, mark or move."""

    @abstractmethod
    def close(self) -> None:
        """Leave the mailbox. Raises nothing."""

    @classmethod
    @abstractmethod
    def check(cls, mailbox: object) -> list[Finding]:
        """Try every step of reading `mailbox`, for the doctor. Raises nothing, changes nothing."""

    def alive(self) -> bool:
        """Say whether the mailbox still answers. Raises nothing."""
        return True

    def reused(self, known: Mapping[str, Glance]) -> list[str]:
        """Return which of the known UIDs the server has given to another mail since (RFC 3501 forbids it)."""
        return []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
