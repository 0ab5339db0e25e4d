from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose.numbers import find_money, find_numbers, money, number, percent, read_money, read_number


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


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        number(float("nan"))


@pytest.mark.parametrize("text", ["", "1,234,567", "1.23", "12.34.567", "Rp5", "1e5", ",5", "5,"])
def test_what_is_no_indonesian_number_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="Indonesian"):
        read_number(text)


def test_money_and_percentages_are_written_in_house_style() -> None:
    assert money(829750000) == "Rp829.750.000"
    assert money(15000, short=True) == "Rp15 ribu"
    assert money(829750000, short=True) == "Rp829,75 juta"
    assert money(829750001, short=True) == "Rp829.750.001"
    assert money(Decimal("-2500000000"), short=True) == "-Rp2,5 miliar"
    assert percent(Decimal("6.68")) == "6,68 persen"


@pytest.mark.parametrize(
    ("text", "written", "value"),
    [
        ("senilai Rp829.750.000.", "Rp829.750.000", "829750000"),
        ("seharga Rp15 ribu per kilo", "Rp15 ribu", "15000"),
        ("Rp829,750,000 dari APBD", "Rp829,750,000", "829750000"),
        ("sebesar Rp 1.5 miliar", "Rp 1.5 miliar", "1500000000"),
        ("Rp. 2,5 jt", "Rp. 2,5 jt", "2500000"),
        ("Rp10.000,- per orang", "Rp10.000,-", "10000"),
        ("Rp10.000,00", "Rp10.000,00", "10000"),
        ("Rp15,000", "Rp15,000", "15000"),
        ("Rp3 trilyun", "Rp3 trilyun", "3000000000000"),
        ("rugi -Rp5.000", "-Rp5.000", "-5000"),
        ("RP5000", "RP5000", "5000"),
    ],
)
def test_money_is_found_with_its_value(text: str, written: str, value: str) -> None:
    (found,) = find_money(text)
    assert (text[found.start : found.end], found.value, found.unit) == (written, Decimal(value), "rupiah")


def test_a_span_of_money_is_two_sums_and_a_word_is_none() -> None:
    assert [found.value for found in find_money("Rp1.000-Rp2.000")] == [1000, 2000]
    assert find_money("SRP5 dan Rp saja") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("naik 6,68 persen", [("6,68 persen", "6.68", "persen")]),
        ("naik 7%", [("7%", "7", "persen")]),
        ("120 peserta dan 1.234,5 hektare.", [("120", "120", ""), ("1.234,5", "1234.5", "")]),
        ("1,5 juta jiwa", [("1,5 juta", "1500000", "")]),
        ("1,234,567 orang", [("1,234,567", "1234567", "")]),
        ("Rp15 ribu pukul 09.00 WIB, Selasa (31/3/2026)", []),
        ("COVID-19, KH1234AB, 800/123/DKISP, 081234567890, MC.1", []),
        ("Rp5.000 untuk 3 orang pada 1 Mei 2026", [("3", "3", "")]),
    ],
)
def test_other_numbers_are_found_but_no_sums_days_times_or_codes(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert [(text[one.start : one.end], one.value, one.unit) for one in find_numbers(text)] == [
        (written, Decimal(value), unit) for written, value, unit in found
    ]


def test_a_wall_of_digits_is_read_at_once() -> None:
    for piece in ("1,", "123.", "Rp", "Rp1,000,", "12 ", "-1", "1"):
        find_numbers(piece * 8_000)


AMOUNTS = st.decimals(-(10**15), 10**15, allow_nan=False, places=2)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_written_number_is_read_back(value: Decimal) -> None:
    assert read_number(number(value)) == value


@given(AMOUNTS, st.booleans())
def test_written_money_is_read_back_and_found(value: Decimal, short: bool) -> None:
    written = money(value, short=short)
    assert read_money(written) == value
    (found,) = find_money(f"Nilainya {written} tahun ini")
    assert found.value == value
    assert money(found.value, short=short) == written


@given(AMOUNTS)
def test_a_written_percentage_is_found(value: Decimal) -> None:
    (found,) = find_numbers(f"Naik {percent(value)} tahun ini")
    assert (found.value, found.unit) == (value, "persen")
