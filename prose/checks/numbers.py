"""Numbers, money and times as the house writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.checks.finding import Finding, Story
from prose.numbers import BY_COMMAS, regrouped

_MONEY = re.compile(
    r"(?<!\w)(?P<mark>rp)\.? {0,9}(?P<sum>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|"
    r"\d+(?:,\d{1,2})?)(?P<tail>(?:,[-–]{1,2}|\.[-–]){1,3})?(?![\d]|[.,]\d)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(rf"(?<![\w.,/]){BY_COMMAS}(?![\w/]|[.,]\d)")
_PERCENT = re.compile(
    r"(?<![\w.,/])(?P<sum>\d+(?:[.,]\d+)*)(?P<unit> {0,9}%(?: {1,9}persen\b)?|(?= {1,9}persen\b))(?![\w-])"
)
_OF_MONEY = re.compile(r"(?i)rp\.? {0,9}\Z")
_SCALED = re.compile(r" {0,9}(?:ribu|juta|mil[iy]ar|tril[iy]un|rb|jt)\b", re.IGNORECASE)
_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_TIME = re.compile(
    r"(?P<first>\d(?<![\w.:,/]\d)(?:(?<=[01])\d|(?<=2)[0-4])?[.:][0-5]\d)"
    rf"(?P<until> {{0,9}}(?:[-–—]|s\.?d\.?|s/d|sampai dengan|sampai|hingga) {{0,9}}(?:pukul {{1,9}})?{_CLOCK})?"
    r"(?:(?P<zone>(?: {0,9}|\n)(?P<named>wib|wita|wit)(?![^\W_]))(?:(?: {1,9}|\n)(?P=named)(?![^\W_]))?|(?P<local> {1,9}waktu \w{1,30})|(?![\w/]|[.,:]\d))",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(
    r"(?<!\w)(?P<word>pukul|jam|pkl\.?)(?: {1,9}(?:pukul|jam|pkl\.?)){0,2} {1,9}\Z", re.IGNORECASE
)


def money(story: Story) -> Iterator[Finding]:
    """Find sums of rupiah that are not written `Rp829.750.000`."""
    for passage in story.texts:
        if "rp" not in passage.prose.lower():
            continue
        for found in _MONEY.finditer(passage.prose):
            scaled = _SCALED.match(passage.prose, found.end())
            # `Rp1,500 juta` is a million and a half: a comma before a scale is a decimal's.
            fix = "Rp" + (
                found["sum"] if scaled and found["sum"].count(",") == 1 else regrouped(found["sum"])
            )
            if fix != found[0]:
                told = f"Jumlah uang ditulis tanpa spasi, ribuan dengan titik: {fix}."
                yield Finding("money", passage.where, found.start(), found.end(), told, found[0], fix)


def thousands(story: Story) -> Iterator[Finding]:
    """Find large numbers grouped by commas."""
    for passage in story.texts:
        for found in _THOUSANDS.finditer(passage.prose):
            if _OF_MONEY.search(passage.prose[max(found.start() - 14, 0) : found.start()]):
                continue
            fix = regrouped(found[0])
            told = f"Ribuan dipisah dengan titik: {fix}."
            yield Finding("thousands", passage.where, found.start(), found.end(), told, found[0], fix)


def percent(story: Story) -> Iterator[Finding]:
    """Find percentages that are not written `6,68 persen`."""
    for passage in story.running:
        if "%" not in passage.prose and "persen" not in passage.prose:
            continue
        for found in _PERCENT.finditer(passage.prose):
            number = re.sub(r"^(\d+)\.(\d{1,2}|\d{4,})$", r"\1,\2", found["sum"])
            fix = f"{number} persen" if found["unit"] else number
            if _OF_MONEY.search(passage.prose[max(found.start() - 14, 0) : found.start()]):
                continue
            if fix != found[0]:
                told = f"Persentase ditulis dengan koma dan kata persen: {number} persen."
                yield Finding("percent", passage.where, found.start(), found.end(), told, found[0], fix)


def time(story: Story) -> Iterator[Finding]:
    """Find times that are not written `pukul 09.00 WIB`."""
    for passage in story.texts:
        for found in _TIME.finditer(passage.prose):
            at = max(found.start() - 30, 0)
            before = _WORD_BEFORE.search(passage.prose[at : found.start()])
            if not before and not (found["zone"] or found["local"]):
                continue
            start = at + before.start() if before else found.start()
            shown = passage.raw[start : found.end()]
            fix = _time(found, before["word"] if before else "", story.checked.zone)
            if fix != shown:
                told = f"Waktu ditulis dengan titik dan zonanya: {fix}."
                yield Finding("time", passage.where, start, found.end(), told, shown, fix)


def _time(found: re.Match[str], word: str, zone: str) -> str:
    if word.lower() in ("jam", "pkl", "pkl."):
        word = "PUKUL" if word.isupper() else "Pukul" if word[0].isupper() else "pukul"
    until = found["until"] or ""
    clocks = (found["first"] + until).replace(":", ".")
    named = (found["zone"] or found["local"] or f" {zone}").strip()
    if named.lower() in ("wib", "wita", "wit"):
        named = named.upper()
    return f"{word + ' ' if word else ''}{clocks} {named}"
