"""Dates, times and numbers as Indonesian readers write them. A time never goes without its zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

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


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """Write `1.234,5`; with `decimals`, rounded to that many places.

    A float is written with the digits Python shows, never in scientific notation.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("not a finite number")
    written = f"{exact:,f}" if decimals is None else f"{exact:,.{decimals}f}"
    if decimals is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(str.maketrans(",.", ".,"))


def _local(when: datetime, tz: tzinfo) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return when.astimezone(tz)
