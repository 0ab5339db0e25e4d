"""An invitation (text/calendar, RFC 5545): what, when, where, as words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import prose
from ingest import charset

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?")


@dataclass(frozen=True)
class Invitation:
    title: str
    text: str
    """As plain text, one paragraph for each thing said."""


def read(text: str) -> Invitation | None:
    """Read the first event of a calendar, None when there is none. Never raises."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    event = re.search(r"(?is)BEGIN:VEVENT(.*?)(?:END:VEVENT|\Z)", unfolded)
    if event is None:
        return None
    said = {
        name: _value(event[1], name)
        for name in ("SUMMARY", "DTSTART", "LOCATION", "DESCRIPTION", "ORGANIZER")
    }
    lines = [
        said["SUMMARY"],
        f"Waktu: {_moment(said['DTSTART'])}" if said["DTSTART"] else "",
        f"Tempat: {said['LOCATION']}" if said["LOCATION"] else "",
        said["DESCRIPTION"],
    ]
    shown = prose.clean("\n\n".join(line for line in lines if line))
    return Invitation(charset.clean_line(said["SUMMARY"]), shown) if shown.strip() else None


def _value(event: str, name: str) -> str:
    match = re.search(rf"(?im)^{name}(?:;[^:\r\n]*)?:(?P<value>[^\r\n]*)", event)
    if match is None:
        return ""
    value = re.sub(r"\\[nN]", "\n", match["value"][:20_000])
    return re.sub(r"\\([,;\\])", r"\1", value).strip()


def _moment(written: str) -> str:
    """Write `Senin, 23 November 2026 pukul 08.00`; a time in UTC says so, others are local ones."""
    match = _DATE.match(written)
    if match is None:
        return written
    try:
        moment = datetime(*(int(piece) for piece in match.groups()[:3]))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return written
    time = f" pukul {match[4]}.{match[5]}{' UTC' if match[6] else ''}" if match[4] else ""
    return prose.long_date(moment.date()) + time
