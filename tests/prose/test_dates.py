from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose import clock, duration, long_date, moment, number, plain_date, short, zone_label

PONTIANAK, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{city}") for city in ("Pontianak", "Makassar", "Jayapura"))
NOON = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)


def test_a_moment_is_written_in_the_offices_zone_and_names_it() -> None:
    assert moment(NOON, PONTIANAK) == "Jumat, 20 November 2026 pukul 14.05 WIB"
    assert clock(NOON, MAKASSAR) == "15.05 WITA"
    assert short(NOON, JAYAPURA) == "20/11/2026 16.05 WIT"


def test_the_day_is_the_offices_day_and_not_that_of_utc() -> None:
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert moment(late, PONTIANAK) == "Sabtu, 21 November 2026 pukul 00.30 WIB"


def test_a_zone_outside_indonesia_is_an_offset() -> None:
    assert zone_label(NOON, ZoneInfo("Asia/Kolkata")) == "UTC+05.30"
    assert zone_label(NOON, ZoneInfo("America/New_York")) == "UTC-05.00"
    assert zone_label(NOON, UTC) == "UTC+00.00"


def test_pontianak_had_wita_before_1988() -> None:
    assert zone_label(datetime(1980, 1, 1, tzinfo=UTC), PONTIANAK) == "WITA"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 11, 20), PONTIANAK)  # noqa: DTZ001


def test_every_day_and_month_has_its_name() -> None:
    week = [long_date(date(2026, 11, 16) + timedelta(days=day)).split(",")[0] for day in range(7)]
    assert week == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
    months = [plain_date(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert months[0::3] == ["Januari", "April", "Juli", "Oktober"]
    assert months[1::3] == ["Februari", "Mei", "Agustus", "November"]
    assert months[2::3] == ["Maret", "Juni", "September", "Desember"]


def test_the_weekday_found_wrong_in_a_real_story_is_right_here() -> None:
    assert long_date(date(2025, 3, 31)) == "Senin, 31 Maret 2025"


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(minutes=70), "1 jam 10 menit"),
        (timedelta(seconds=45), "45 detik"),
        (timedelta(seconds=90), "1 menit"),
        (timedelta(hours=2), "2 jam"),
        (timedelta(days=3, minutes=5), "3 hari"),
        (timedelta(days=1, hours=4, minutes=59), "1 hari 4 jam"),
        (timedelta(0), "0 detik"),
        (timedelta(minutes=-70), "−1 jam 10 menit"),
        (timedelta(microseconds=-5), "0 detik"),
    ],
)
def test_a_duration_is_written_in_two_units(length: timedelta, written: str) -> None:
    assert duration(length) == written


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234.5, None, "1.234,5"),
        (829750000, None, "829.750.000"),
        (6.68, None, "6,68"),
        (0, None, "0"),
        (-1234567, None, "-1.234.567"),
        (Decimal("1000.50"), 2, "1.000,50"),
        (2.0, None, "2"),
        (1e21, None, "1.000.000.000.000.000.000.000"),
        (1e-7, None, "0,0000001"),
    ],
)
def test_a_number_has_points_for_thousands_and_a_comma(
    value: float, decimals: int | None, written: str
) -> None:
    assert number(value, decimals) == written


@given(st.integers(-(10**15), 10**15))
def test_a_whole_number_is_read_back_unchanged(value: int) -> None:
    assert int(number(value).replace(".", "")) == value


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        number(float("nan"))
