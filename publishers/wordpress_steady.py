"""Requests that may have two outcomes: written down before they are sent, and waited out while they may be worked on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from publishers.base import Ledger, Publisher, Refused, Unanswered, Unreachable
from publishers.wordpress_api import TurnedAway
from publishers.wordpress_equal import sum_of
from publishers.wordpress_words import WAITING

Thing = TypeVar("Thing")
OVERTAKEN = {("fill", "fill"), ("publish", "hide")}
"""Changes that one of before, arriving late, would undo."""


class SteadyPublisher(Publisher):
    """What the steps of publishing on a WordPress stand on, by whichever interface."""

    now: Callable[[], datetime]

    @abstractmethod
    def _write(self, number: int, body: dict[str, Any]) -> None:
        """Change these fields of a post, and no others."""

    def attempt(
        self, ledger: Ledger, name: str, intent: dict[str, Any], request: Callable[[], Thing]
    ) -> Thing:
        """Write an intent, send its request, and take the intent back when it certainly was not carried out."""
        before = ledger.get(name)
        ledger[name] = {**intent, "sent": self.now().isoformat()}
        try:
            return request()
        except TurnedAway:
            raise
        except (Refused, Unreachable):
            if before is None:
                del ledger[name]
            else:
                ledger[name] = before
            raise

    def wait_out(self, sent: str) -> None:
        """Raise Unanswered while a request sent at `sent` may still be worked on."""
        age = max(0.0, (self.now() - datetime.fromisoformat(sent)).total_seconds())
        if age < self.options.quarantine:
            raise Unanswered(WAITING.format(title=self.title), wait=self.options.quarantine - age)

    def _change(self, number: int, what: str, body: dict[str, Any], ledger: Ledger) -> None:
        """Update the post; a different update whose outcome is unknown is waited out first."""
        pending = ledger.get("change")
        if pending and pending["sum"] != sum_of(body):
            self.wait_out(pending["sent"])
            del ledger["change"]
            pending = None
        late = ledger.get("late")
        if late and late["sum"] != sum_of(body) and (what, late["what"]) in OVERTAKEN:
            self.wait_out(late["sent"])
            del ledger["late"]
        intent = {"what": what, "sum": sum_of(body)}
        self.attempt(ledger, "change", intent, lambda: self._write(number, body))
        if pending:
            ledger["late"] = pending  # sent twice, answered once: the first may still arrive
        del ledger["change"]

    def _settled(self, ledger: Ledger, what: str, body: dict[str, Any] | None = None) -> None:
        """Forget an update of unknown outcome once its effect has been read back."""
        pending = ledger.get("change")
        if pending and pending["what"] == what and (body is None or pending["sum"] == sum_of(body)):
            del ledger["change"]
