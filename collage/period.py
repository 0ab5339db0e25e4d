"""Which period a collage may cover."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

SHORTEST = 3
LONGEST = 6


class CollageError(Exception):
    """No collage can be made of what was asked. The text says in Indonesian why, and what to do.

    CollageError
    ├── PeriodRefused   too short or too long
    ├── PhotosRefused   too few or too many photos
    └── RecipeRefused   a recipe that cannot be read
    """


class PeriodRefused(CollageError):
    pass


class PhotosRefused(CollageError):
    pass


class RecipeRefused(CollageError):
    pass


def check_period(start: date, end: date) -> None:
    """Refuse a period under three or over six months; `end` is its last day, or the day after it.

    Raises PeriodRefused.
    """
    if end < start:
        raise PeriodRefused("Periode kolase terbalik: tanggal akhir mendahului tanggal awal.")
    # 1 June to 30 November and 1 June to 1 December are both how people write six months.
    if not months_later(start, SHORTEST) - timedelta(days=1) <= end <= months_later(start, LONGEST):
        raise PeriodRefused(
            f"Periode kolase harus {SHORTEST} sampai {LONGEST} bulan; {start:%d/%m/%Y} sampai {end:%d/%m/%Y} "
            f"terlalu {'pendek' if end < months_later(start, SHORTEST) else 'panjang'}. Ubah tanggalnya."
        )


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
