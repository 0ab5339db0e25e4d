from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collage import CollageError, PeriodRefused, check_period
from collage.period import months_later


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 6, 1), date(2026, 8, 31)),
        (date(2026, 6, 1), date(2026, 11, 30)),
        (date(2026, 6, 1), date(2026, 12, 1)),
        (date(2026, 7, 1), date(2026, 12, 31)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2026, 1, 15), date(2026, 4, 14)),
        (date(2023, 12, 1), date(2024, 2, 29)),
    ],
)
def test_three_to_six_months_are_a_period(start: date, end: date) -> None:
    check_period(start, end)


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [
        (date(2026, 6, 1), date(2026, 8, 30), "pendek"),
        (date(2026, 6, 1), date(2026, 6, 1), "pendek"),
        (date(2026, 6, 1), date(2026, 12, 2), "panjang"),
        (date(2025, 1, 1), date(2026, 12, 31), "panjang"),
        (date(2026, 8, 31), date(2026, 6, 1), "terbalik"),
    ],
)
def test_any_other_length_is_refused_with_the_reason(start: date, end: date, word: str) -> None:
    with pytest.raises(PeriodRefused, match=word) as refused:
        check_period(start, end)
    assert isinstance(refused.value, CollageError)
    assert str(refused.value).endswith(".")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(3, 6))
def test_whole_months_from_any_day_are_a_period(start: date, months: int) -> None:
    check_period(start, months_later(start, months) - timedelta(days=1))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 24))
def test_a_month_later_is_the_same_day_or_the_months_last(start: date, months: int) -> None:
    later = months_later(start, months)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day == start.day or (later.day < start.day and (later + timedelta(days=1)).day == 1)
