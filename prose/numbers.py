"""Numbers, rupiah and percentages as Indonesian readers write them, written and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from prose.dates import find_dates, find_times

SCALES = {
    "ribu": Decimal(10**3),
    "juta": Decimal(10**6),
    "miliar": Decimal(10**9),
    "triliun": Decimal(10**12),
}
_SHORT = {"milyar": "miliar", "trilyun": "triliun", "rb": "ribu", "jt": "juta"}

_GROUPED = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"
BY_COMMAS = r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?"
"""A number no Indonesian reader takes for a decimal: thousands parted by two commas and more."""
_ENGLISH = rf"{BY_COMMAS}|\d{{1,3}}(?:,\d{{3}})+\.\d+"
_AMOUNT = rf"(?:{_ENGLISH}|{_GROUPED}|\d+\.\d{{1,2}}(?![\d.])|\d+(?:,\d+)?)"
_SCALE = r"(?:\s?(?P<scale>ribu|juta|mil[iy]ar|tril[iy]un|rb|jt)\b)?"
_MONEY = re.compile(
    rf"(?i)(?:(?<![\w)\]])(?P<minus>[-−]))?(?<!\w)Rp\.?\s?(?P<amount>{_AMOUNT}){_SCALE}(?:,-+)?"
)
_NUMBER = re.compile(
    rf"(?i)(?<![\w.,/:)-])(?:(?P<minus>[-−])(?=\d))?(?P<amount>{_AMOUNT})(?![\w/:-]|[.,]\d)"
    rf"{_SCALE}(?:\s?(?P<unit>persen\b|%))?"
)
_ONE_COMMA = r"\d{1,3},\d{3}"
_SWAPPED = str.maketrans(",.", ".,")
_PLAIN = re.compile(rf"[-−]?(?:{_GROUPED}|\d+(?:,\d+)?)")


@dataclass(frozen=True)
class FoundNumber:
    """A number that stands in a text."""

    start: int
    end: int
    value: Decimal
    """With `ribu`, `juta`, `miliar` and `triliun` multiplied out."""
    unit: str = ""
    """`rupiah`, `persen` or nothing."""


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
    return written.translate(_SWAPPED)


def money(value: int | Decimal, *, short: bool = False) -> str:
    """Write `Rp829.750.000`; with `short`, `Rp829,75 juta` where that says the same in two decimals."""
    exact = Decimal(value)
    sign, amount = "-" if exact < 0 else "", exact.copy_abs()
    if short:
        for name, size in reversed(SCALES.items()):
            parts = amount / size
            if parts >= 1 and parts == parts.quantize(Decimal("0.01")):
                return f"{sign}Rp{number(parts)} {name}"
    return f"{sign}Rp{number(amount)}"


def regrouped(amount: str) -> str:
    """Write `829,750,000.50` as `829.750.000,50`, digit for digit; what has no commas for thousands stays.

    One comma before three digits counts as thousands: pass only what must be that, such as rupiah.
    """
    if re.fullmatch(rf"{_ENGLISH}|{_ONE_COMMA}", amount):
        return amount.translate(_SWAPPED)
    return amount


def percent(value: int | float | Decimal, decimals: int | None = None) -> str:
    """Write `6,68 persen`."""
    return f"{number(value, decimals)} persen"


def read_number(text: str) -> Decimal:
    """Return what `number` has written: `1.234,5`. Raises ValueError for anything else."""
    if not _PLAIN.fullmatch(text):
        raise ValueError("not a number as Indonesian readers write it")
    return _value(text)


def read_money(text: str) -> Decimal:
    """Return the rupiah of `Rp829.750.000` or `Rp15 ribu`. Raises ValueError for anything else."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        raise ValueError("not an amount of rupiah")
    return _rupiah(match)


def find_money(text: str) -> list[FoundNumber]:
    """Return the sums of rupiah in a text, those written with commas for thousands too.

    Compare `text[start:end]` with `money(value)` to see whether one is written in house style.
    """
    return [
        FoundNumber(match.start(), match.end(), _rupiah(match), "rupiah") for match in _MONEY.finditer(text)
    ]


def find_numbers(text: str) -> list[FoundNumber]:
    """Return the other numbers of a text: no sums, dates or times, nor digits within a word or a code."""
    taken = [
        (found.start, found.end) for finder in (find_money, find_dates, find_times) for found in finder(text)
    ]
    taken.sort(reverse=True)
    numbers = []
    for match in _NUMBER.finditer(text):
        while taken and taken[-1][1] <= match.start():
            taken.pop()
        inside = bool(taken) and taken[-1][0] < match.end()
        if inside or re.match(r"0\d", match["amount"]):
            continue  # a leading zero: a telephone number, a code
        value = _value(match["amount"], match["minus"]) * _size(match["scale"])
        numbers.append(FoundNumber(match.start(), match.end(), value, "persen" if match["unit"] else ""))
    return numbers


def _rupiah(match: re.Match[str]) -> Decimal:
    amount = match["amount"]
    if not match["scale"] and re.fullmatch(_ONE_COMMA, amount):
        amount = regrouped(amount)  # nobody writes rupiah with three decimals: thousands are meant
    return _value(amount, match["minus"]) * _size(match["scale"])


def _size(scale: str | None) -> Decimal:
    name = (scale or "").lower()
    return SCALES.get(_SHORT.get(name, name), Decimal(1))


def _value(amount: str, minus: str | None = None) -> Decimal:
    digits = amount.lstrip("-−")
    if re.fullmatch(_ENGLISH, digits):
        digits = digits.replace(",", "")
    elif not re.fullmatch(r"\d+\.\d{1,2}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    value = Decimal(digits)
    return value.copy_negate() if minus or amount != amount.lstrip("-−") else value
