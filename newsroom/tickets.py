"""The number a contributor can read out on the phone: `MC-000123` is story 123."""

from __future__ import annotations

import re

_WRITTEN = re.compile(
    r"(?i)(?<![a-z0-9])mc(?:[-–—‑]\s?0*([1-9]\d{0,11})|\s?(?=\d{6})0*([1-9]\d{0,11}))(?!\d)"
)


def ticket(pk: int) -> str:
    """Return the number of the story `pk` as it is written everywhere."""
    return f"MC-{pk:06d}"


def ticket_in(text: str) -> int | None:
    """Return the story named by the first ticket in `text`; None when there is none.

    Typed by hand it may lack its zeros or its hyphen, but not both: `MC 2026` is a media center and a year.
    """
    found = _WRITTEN.search(text)
    return int(found[1] or found[2]) if found else None
