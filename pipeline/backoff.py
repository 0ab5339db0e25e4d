"""How long to wait before something is tried again."""

from __future__ import annotations

from datetime import timedelta

BACKOFF = [timedelta(seconds=s) for s in (5, 15, 60, 120, 300, 600)]


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` earlier failures."""
    return BACKOFF[min(attempts, len(BACKOFF) - 1)]
