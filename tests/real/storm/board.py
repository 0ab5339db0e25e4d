"""What all who take part in a storm know: what may be seen at the sites, what was noted, and what went wrong."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.real.storm.tales import Tale


@dataclass
class Board:
    tales: dict[int, Tale]
    begun: float = field(default_factory=time.monotonic)
    """When the storm broke out; before that, all is calm."""
    over: threading.Event = field(default_factory=threading.Event)
    """Everything is in its place; the outsider may stop looking."""
    events: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _gone: dict[tuple[str, int], object] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.begun

    def note(self, who: str, what: str) -> None:
        with self._lock:
            self.events.append(f"{self.elapsed:7.2f} {who}: {what}")

    def count(self, what: str, more: int = 1) -> None:
        with self._lock:
            self.counts[what] += more

    def wrong(self, kind: str, what: str) -> None:
        """Note what must never be: `kind` is what it is counted under."""
        self.count(kind)
        self.note("SALAH", f"{kind}: {what}")
        with self._lock:
            self.violations.append(f"{self.elapsed:7.2f} {kind}: {what}")

    # Take-downs

    def confirmed(self, site: str, story: int) -> None:
        """Note that a site has confirmed a take-down: from now on no reader may see the story there."""
        with self._lock:
            self._gone.setdefault((site, story), object())

    def restored(self, story: int) -> None:
        """Note that a story is about to be ordered back."""
        with self._lock:
            self._gone = {
                (site, number): one for (site, number), one in self._gone.items() if number != story
            }

    def gone(self, site: str, story: int) -> object | None:
        """Return the take-down that stands, None when there is none: ask before and after a look."""
        with self._lock:
            return self._gone.get((site, story))

    def gone_from(self, site: str) -> list[int]:
        with self._lock:
            return [story for name, story in self._gone if name == site]
