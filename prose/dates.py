"""Dates, times and numbers as Indonesian readers write them. A time never goes without its zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
ZONES = {
    name: timezone(timedelta(hours=hours), name) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))
}

_WEEKDAYS = {name.lower(): index for index, name in enumerate(DAYS)} | {"ahad": 6, "senen": 0}
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_MONTHS = (
    {name.lower(): index for index, name in enumerate(MONTHS, start=1)}
    | {name: index for index, name in enumerate(_SHORT_MONTHS, start=1)}
    | {"pebruari": 2, "peb": 2, "agt": 8, "ags": 8, "agust": 8, "sept": 9, "nopember": 11, "nop": 11}
)

# What their words look like, as alternatives in a pattern.
WEEKDAY_WORDS = "senin|senen|selasa|rabu|kamis|jum['’‘`]?at|sabtu|minggu|ahad"
MONTH_WORDS = "|".join(sorted(_MONTHS, key=len, reverse=True))
# It begins with a digit, which few places do; the weekday and what must not stand there are looked for before it.
_DATE = re.compile(
    rf"""(?ix) (?<!\d)(?P<day>\d{{1,2}}) (?: (?P<mark>[/.-])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?![\w/]|[-.,]\d)
    | /(?P<bare_month>\d{{1,2}})(?![\w/-]|[.,]\d)
    | [ ]{{1,9}}(?P<name>{MONTH_WORDS})\b\.?(?:[ ]{{1,9}}(?P<long_year>\d{{4}})(?!\w|[.,]\d))? )"""
)
_WEEKDAY_BEFORE = re.compile(
    rf"(?i)(?<!\w)(?P<weekday>{WEEKDAY_WORDS}),? {{0,9}}(?P<open>\(?) {{0,9}}(?:tanggal )?\Z"
)
_FAR = 40
"""Characters before a date among which its weekday stands."""
_TIME = re.compile(
    r"""(?ix) (?:(?<!\w)(?P<word>pukul|pkl\.?|jam(?=[ ]*\d{1,2}(?:[.:]\d|[ ]*wi(?:b|ta|t)\b)))[ ]* | (?<![\w.,:/]))
    (?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?(?![.,:]?\d|[\w/]) (?:[ ]*(?P<zone>wib|wita|wit)\b)?"""
)
_SPAN = re.compile(r"\s*(?:[-–—]|s\.?/?d\.?|sampai(?:\s+dengan)?|hingga)\s*")


def long_date(day: date) -> str:
    """Write `Jumat, 20 November 2026`."""
    return f"{DAYS[day.weekday()]}, {plain_date(day)}"


def plain_date(day: date) -> str:
    """Write `20 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock(when: datetime, tz: tzinfo) -> str:
    """Write the aware `when` as the time in `tz`: `14.05 WIB`."""
    local = _local(when, tz)
    return f"{local:%H.%M} {zone_label(when, tz)}"


def moment(when: datetime, tz: tzinfo) -> str:
    """Write the aware `when` in `tz`: `Jumat, 20 November 2026 pukul 14.05 WIB`."""
    return f"{long_date(_local(when, tz))} pukul {clock(when, tz)}"


def short(when: datetime, tz: tzinfo) -> str:
    """Write the aware `when` in `tz`: `20/11/2026 14.05 WIB`."""
    local = _local(when, tz)
    return f"{local.day:02}/{local.month:02}/{local.year} {clock(when, tz)}"


def zone_label(when: datetime, tz: tzinfo) -> str:
    """Name the zone in force in `tz` at `when`: WIB, WITA or WIT, elsewhere `UTC+05.30`.

    The name follows the time zone database, so Pontianak before 1988 is WITA (Keppres 41/1987).
    """
    local = _local(when, tz)
    name = local.tzname()
    if name in ("WIB", "WITA", "WIT"):
        return name
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}.{rest:02}"


def duration(length: timedelta) -> str:
    """Write a length of time in its two largest units: `1 jam 10 menit`, `3 hari`; under a minute, seconds.

    A negative length gets a minus sign.
    """
    seconds = int(abs(length).total_seconds())
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    units = [(days, "hari"), (hours, "jam"), (minutes, "menit"), (seconds, "detik")]
    while len(units) > 1 and not units[0][0]:
        units.pop(0)
    if units[0][1] == "menit":
        units = units[:1]  # seconds beside minutes are noise
    words = " ".join(f"{count} {unit}" for count, unit in units[:2] if count) or "0 detik"
    return f"−{words}" if length < timedelta() and words != "0 detik" else words


def _local(when: datetime, tz: tzinfo) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return when.astimezone(tz)


@dataclass(frozen=True)
class FoundDate:
    """A day that a text names in full."""

    start: int
    end: int
    day: date
    weekday: int | None
    """The weekday written beside it, Monday 0, whether or not it is the right one."""


@dataclass(frozen=True)
class FoundTime:
    """A time of day that a text names."""

    start: int
    end: int
    at: time
    """Aware where the zone is named."""
    zone: str
    """WIB, WITA or WIT as written, in capitals; empty where the text names none."""


@dataclass(frozen=True)
class WrittenDate:
    """A date as it is written, whether or not a calendar has it."""

    start: int
    """Of its weekday, or of its day where it has none."""
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None
    """Monday 0."""
    weekday_end: int
    """Where the weekday's word ends; `start` where there is none."""
    day_start: int
    year_start: int
    """Where the four digits of the year begin; `end` where there are none."""
    in_brackets: bool
    """A bracket opens before it, behind its weekday if it has one."""
    by_name: bool
    """The month is a word."""


def find_written(text: str) -> list[WrittenDate]:
    """Return the dates of a text as they are written: `Selasa (31/3/2026)`, `31 Feb 2026`, `Jumat tanggal 3/4`.

    With dots only what a calendar has: `12.50.2026` is a number.
    """
    found = (_written(text, match) for match in _DATE.finditer(text))
    return [written for written in found if written]


def _written(text: str, match: re.Match[str]) -> WrittenDate | None:
    at, start = max(match.start() - _FAR, 0), match.start()
    before = _WEEKDAY_BEFORE.search(text[at:start])
    if not before and _is_within(text, start):
        return None
    bracket = bool(before and before["open"]) or (
        text[start - 1 : start] == "(" and not _is_within(text, start - 1)
    )
    month = int(match["month"] or match["bare_month"] or _MONTHS.get(_plain(match["name"] or ""), 0))
    year = match["year"] or match["long_year"]
    if match["mark"] == "." and not existing(int(year), month, int(match["day"])):
        return None
    return WrittenDate(
        start=at + before.start() if before else start,
        end=match.end(),
        day=int(match["day"]),
        month=month,
        year=int(year) if year else None,
        weekday=_WEEKDAYS[_plain(before["weekday"])] if before else None,
        weekday_end=at + before.end("weekday") if before else start,
        day_start=start,
        year_start=match.end() - 4 if year else match.end(),
        in_brackets=bracket,
        by_name=match["name"] is not None,
    )


def _is_within(text: str, at: int) -> bool:
    """Say whether what begins here is part of a word, a number or a code; the second day of a span is none."""
    before = text[max(at - 2, 0) : at]
    return re.search(r"[\w/.,-]\Z", before) is not None and not re.fullmatch(r"\d[-–]", before)


def find_dates(text: str, near: date | None = None) -> list[FoundDate]:
    """Return the days a text names: `Selasa (31/3/2026)`, `Selasa, 31 Maret 2026`, `31-3-2026`.

    With `near`, days without a year are found too, in the year that brings them nearest to it. Days that
    do not exist are left out.
    """
    found = []
    for written in find_written(text):
        day = _day(written, near)
        if day is not None:
            closed = written.in_brackets and text[written.end : written.end + 1] == ")"
            open_at = written.day_start - 1 if closed and written.weekday is None else written.start
            found.append(FoundDate(open_at, written.end + closed, day, written.weekday))
    return found


def find_times(text: str) -> list[FoundTime]:
    """Return the times of day a text names: `pukul 09.00 WIB`, `08.30–10.00 WITA`, `jam 7.15`.

    The first time of a span has the zone of its second one.
    """
    found: list[FoundTime] = []
    for match in reversed(list(_TIME.finditer(text))):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if hour > 23 or minute > 59:
            continue
        zone = (match["zone"] or "").upper()
        if not zone and found and _SPAN.fullmatch(text, match.end(), found[-1].start):
            zone = found[-1].zone
        if not zone and not match["word"]:
            continue  # a bare 09.00 may be a number
        found.append(FoundTime(match.start(), match.end(), time(hour, minute, tzinfo=ZONES.get(zone)), zone))
    return found[::-1]


def read_date(text: str) -> date | None:
    """Return the day that `text` is: what `long_date` or `plain_date` has written, or another usual form."""
    found = find_dates(text.strip())
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text.strip()))
    return found[0].day if whole else None


def read_moment(text: str) -> datetime | None:
    """Return the aware moment that `text` is, as `moment` or `short` writes it; None without its zone."""
    text = text.strip()
    days, times = find_dates(text), find_times(text)
    if len(days) != 1 or len(times) != 1 or not times[0].zone:
        return None
    if days[0].start or times[0].end != len(text) or text[days[0].end : times[0].start].strip(" ,"):
        return None
    return datetime.combine(days[0].day, times[0].at)


def _day(written: WrittenDate, near: date | None) -> date | None:
    if written.year:
        return existing(written.year, written.month, written.day)
    # 3/4 alone is a fraction as often as a day: without a year there must be a weekday or a month's name.
    if near is None or (written.weekday is None and not written.by_name):
        return None
    days = [existing(near.year + by, written.month, written.day) for by in (-1, 0, 1)]
    return min((day for day in days if day), key=lambda day: abs(day - near), default=None)


def existing(year: int, month: int, day: int) -> date | None:
    """Return the day, or None when no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(word: str) -> str:
    return re.sub(r"['’‘`.]", "", word).lower()
