"""What was found out about a site and need not be asked before each story, for a limited time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

Fact = TypeVar("Fact")
AGE = timedelta(minutes=15)


class Memory:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._facts: dict[str, tuple[datetime, Any]] = {}

    def recall(self, name: str, ask: Callable[[], Fact]) -> Fact:
        """Return a fact, asked for when it is not known or old."""
        if not self.knows(name):
            self.keep(name, ask())
        fact: Fact = self._facts[name][1]
        return fact

    def knows(self, name: str) -> bool:
        return name in self._facts and abs(self._now() - self._facts[name][0]) < AGE

    def keep(self, name: str, fact: object) -> None:
        self._facts[name] = (self._now(), fact)

    def clear(self) -> None:
        """Forget all: the site is not what we took it for."""
        self._facts.clear()
