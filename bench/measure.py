"""How a figure is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    """With its unit."""
    floor: str
    floor_is: str
    """What the floor does, so that nobody takes it for a rival."""
    ratio: float
    """Our time over the floor's: 1.00 is as fast, less is faster."""


def side_by_side(*works: Callable[[], object], rounds: int = 3) -> list[float]:
    """Return the best wall time in seconds of each work, taken in turns so that noise meets all alike."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - start)
    return best
