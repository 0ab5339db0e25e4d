"""The Date header, with Indonesian names and zones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb peb februari pebruari february",
            "mar maret march",
            "apr april",
            "may mei",
            "jun juni june",
            "jul juli july",
            "aug agu agt ags agustus august",
            "sep sept september spetember",
            "oct okt oktober october",
            "nov nop nopember november",
            "dec des desember december",
        ),
        1,
    )
    for name in names.split()
}
_ZONES = {"wib": 420, "wita": 480, "wit": 540, "z": 0, "ut": 0, "utc": 0, "gmt": 0}
_ZONES |= {
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
_DATE = re.compile(
    r"(?P<day>\d{1,2})[\s/-]+(?P<month>[A-Za-z]{3,12})\.?[\s/-]+(?P<year>\d{2,4})(?:,|\s|pukul|jam)+"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<zone>[+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5})?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\.\d+)?\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})?"
)


def date(written: str) -> tuple[datetime | None, str]:
    """Return the moment a Date header names, and what was wrong with it. A missing zone is taken as WIB."""
    if not written:
        return None, ""
    match = _DATE.search(written[:200]) or _ISO.search(written[:200])
    if match is None:
        return None, "Tanggal surel tidak dapat dibaca."
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.get(month, _MONTHS.get(month[:3], 0))
    year = int(match["year"])
    if len(match["year"]) < 4:
        year += 2000 if year < 50 else 1900
    minutes = _zone(match["zone"] or "", written[match.end() :])
    try:
        moment = datetime(
            year,
            number,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            min(int(match["second"] or 0), 59),
            tzinfo=timezone(timedelta(minutes=420 if minutes is None else minutes)),
        )
        moment.astimezone(UTC)  # the first and last days of the calendar overflow
    except (ValueError, OverflowError):
        return None, "Tanggal surel tidak dapat dibaca."
    return moment, "" if minutes is not None else "Tanggal surel tanpa zona waktu; dianggap WIB."


def _zone(written: str, after: str) -> int | None:
    """Return minutes east of Greenwich, None when the zone is not told."""
    number = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})", written)
    if number:
        minutes = int(number[2]) * 60 + int(number[3])
        return (minutes if number[1] == "+" else -minutes) if minutes < 24 * 60 else None
    if written.lower() in _ZONES:
        return _ZONES[written.lower()]
    comment = re.search(r"\b(WIB|WITA|WIT)\b", after)
    return _ZONES[comment[1].lower()] if comment else None
