"""A place mail arrives at, seen the same way whatever its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from types import TracebackType
from typing import Self

from config import Finding
from ingest.message import RawMessage


class MailboxError(Exception):
    """The mailbox cannot be read now. The text says in Indonesian what is wrong and what to do.

    MailboxError
    ├── MailboxUnreachable   the network or the server: tried again by itself
    └── MailboxRefused       password, folder, certificate: a person must act
    """


class MailboxUnreachable(MailboxError):
    pass


class MailboxRefused(MailboxError):
    pass


class Inbox(ABC):
    """One open mailbox; use as a context manager. Methods raise MailboxError."""

    uidvalidity: int = 0
    """Changes when the server has made the folder anew; UIDs are only comparable under one value."""

    @abstractmethod
    def uids(self, known: Collection[str]) -> list[str]:
        """Return the UIDs not in `known`, oldest first. Fetches no mail."""

    @abstractmethod
    def fetch(self, uid: str) -> RawMessage | None:
        """Return one mail's bytes as they are on the server, unseen flag untouched; None when it is gone."""

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
