from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prose import clock, duration, long_date, moment, plain_date, short, zone_label
from prose.dates import find_dates, find_times, read_date, read_moment

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
    ("text", "written", "day", "weekday"),
    [
        ("Acara Selasa (31/3/2026) itu", "Selasa (31/3/2026)", date(2026, 3, 31), 1),
        ("Acara Selasa, (31/03/2026).", "Selasa, (31/03/2026)", date(2026, 3, 31), 1),
        ("Selasa, 31 Maret 2026, dibuka", "Selasa, 31 Maret 2026", date(2026, 3, 31), 1),
        ("pada hari selasa 31 MARET 2026", "selasa 31 MARET 2026", date(2026, 3, 31), 1),
        ("(31-3-2026)", "(31-3-2026)", date(2026, 3, 31), None),
        ("(pada 31-3-2026)", "31-3-2026", date(2026, 3, 31), None),
        ("tanggal 12.5.2026.", "12.5.2026", date(2026, 5, 12), None),
        ("Jum'at (20/11/2026)", "Jum'at (20/11/2026)", date(2026, 11, 20), 4),
        ("Jum’at, 20 Nopember 2026", "Jum’at, 20 Nopember 2026", date(2026, 11, 20), 4),
        ("Ahad 1 Feb. 2026", "Ahad 1 Feb. 2026", date(2026, 2, 1), 6),
        ("Senin, 31 Maret 2026", "Senin, 31 Maret 2026", date(2026, 3, 31), 0),  # a wrong weekday is told
        ("1-3 April 2026", "3 April 2026", date(2026, 4, 3), None),
    ],
)
def test_a_day_is_found_where_it_stands(text: str, written: str, day: date, weekday: int | None) -> None:
    (found,) = find_dates(text)
    assert (text[found.start : found.end], found.day, found.weekday) == (written, day, weekday)


@pytest.mark.parametrize(
    "text",
    [
        "Nomor 800/12/3/2026/DKISP",
        "Nomor 409/12/2026",
        "31/2/2026",
        "32 Maret 2026",
        "Senin (23/11)",
        "3/4 peserta",
        "1.234.567",
        "31/3/20265",
        "NIP 197001011990011001",
    ],
)
def test_what_is_no_whole_day_is_not_found(text: str) -> None:
    assert find_dates(text) == []


def test_a_day_without_its_year_is_the_nearest_one() -> None:
    (found,) = find_dates("Senin (23/11)", near=date(2026, 11, 24))
    assert (found.day, found.weekday) == (date(2026, 11, 23), 0)
    (found,) = find_dates("pada 30 Desember", near=date(2027, 1, 2))
    assert found.day == date(2026, 12, 30)
    assert find_dates("3/4 dari peserta", near=date(2026, 4, 3)) == []


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("pukul 09.00 WIB", [("pukul 09.00 WIB", time(9), "WIB")]),
        ("Pkl. 9:30 wita", [("Pkl. 9:30 wita", time(9, 30), "WITA")]),
        ("jam 7.15 pagi", [("jam 7.15", time(7, 15), "")]),
        ("pukul 9", [("pukul 9", time(9), "")]),
        ("08.30–10.00 WIT", [("08.30", time(8, 30), "WIT"), ("10.00 WIT", time(10), "WIT")]),
        ("pukul 9 s.d. 11 WIB", [("pukul 9", time(9), "WIB"), ("11 WIB", time(11), "WIB")]),
        ("1 jam 10 menit", []),
        ("pukul 24.30 WIB", []),
        ("pukul 09.75 WIB", []),
        ("naik 12.30", []),
        ("Rp9.000 dan 10.000", []),
    ],
)
def test_a_time_is_found_with_its_zone(text: str, times: list[tuple[str, time, str]]) -> None:
    found = find_times(text)
    assert [(text[one.start : one.end], one.at.replace(tzinfo=None), one.zone) for one in found] == times
    assert all((one.at.tzname() or "") == one.zone for one in found)


def test_a_wall_of_digits_and_marks_is_read_at_once() -> None:
    for piece in ("1/", "1-", "1.", "jam 1", "1 Mei ", "Senin "):
        assert find_dates(piece * 20_000) == []
        find_times(piece * 20_000)


@given(st.dates())
def test_a_written_day_is_read_back(day: date) -> None:
    assume(day.year >= 1000)  # years are written as they are, without zeros before them
    assert read_date(long_date(day)) == read_date(plain_date(day)) == day
    (found,) = find_dates(f"Kegiatan dibuka {long_date(day)}.")
    assert found.weekday == day.weekday()


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.sampled_from([PONTIANAK, MAKASSAR, JAYAPURA]),
)
def test_a_written_moment_is_read_back_to_the_minute(day: date, at: time, zone: ZoneInfo) -> None:
    aware = datetime.combine(day, at.replace(second=0, microsecond=0), zone)
    assert read_moment(moment(aware, zone)) == read_moment(short(aware, zone)) == aware


@pytest.mark.parametrize(
    "text",
    ["", "Jumat, 20 November 2026", "20/11/2026 14.05", "pukul 14.05 WIB", "rapat 20/11/2026 14.05 WIB"],
)
def test_what_is_no_whole_moment_is_not_read(text: str) -> None:
    assert read_moment(text) is None


def test_a_text_that_holds_more_than_a_day_is_no_day() -> None:
    assert read_date("Selasa (31/3/2026)") == date(2026, 3, 31)
    assert read_date("sejak 31/3/2026") is None
    assert read_date("31/3/2026 dan 1/4/2026") is None
