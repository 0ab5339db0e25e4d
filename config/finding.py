"""What the doctor finds, wherever it looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    subject: str
    """What was tried, for example `situs kota: masuk`."""
    ok: bool
    sentence: str
    """What was found; when not ok, the cause and the fix, in Indonesian."""
