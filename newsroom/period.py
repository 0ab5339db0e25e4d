"""A month or a year as the office's calendar has it: it begins and ends at midnight in the office's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as date_format

FIRST_YEAR = 2000


@dataclass(frozen=True)
class Period:
    year: int
    month: int | None = None
    """None: the whole year."""

    @classmethod
    def of(cls, at: datetime) -> Period:
        """Return the month `at` lies in."""
        local = timezone.localtime(at, settings.REDAKSI.office.tz)
        return cls(local.year, local.month)

    @classmethod
    def named(cls, name: str, now: datetime) -> Period:
        """Return the period of `2026-11` or `2026`; this month for anything else and for what has not begun."""
        found = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?", name)
        if found is None or int(found[1]) < FIRST_YEAR:
            return cls.of(now)
        period = cls(int(found[1]), int(found[2]) if found[2] else None)
        return period if period.begins <= now else cls.of(now)

    @property
    def name(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"

    @property
    def words(self) -> str:
        """`November 2026`, or `2026`."""
        return date_format(date(self.year, self.month, 1), "F Y") if self.month else str(self.year)

    @cached_property
    def begins(self) -> datetime:
        return datetime(self.year, self.month or 1, 1, tzinfo=settings.REDAKSI.office.tz)

    @cached_property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self._moved(1).begins

    def before(self) -> Period:
        """Return the month, or the year, before it."""
        return self._moved(-1)

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.begins <= at < self.ends

    def _moved(self, by: int) -> Period:
        if self.month is None:
            return Period(self.year + by)
        years, month = divmod(self.month - 1 + by, 12)
        return Period(self.year + years, month + 1)
