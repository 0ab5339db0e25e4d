"""Days: does the weekday fit the date, is there such a date, has it come yet?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage
from prose.dates import DAYS, MONTHS

_MONTH = {name.lower(): number for number, name in enumerate(MONTHS, start=1)} | {
    "nopember": 11,
    "pebruari": 2,
}
_WEEKDAY = {name.lower(): number for number, name in enumerate(DAYS)} | {"ahad": 6, "jum'at": 4, "jum’at": 4}
_NAMES = "|".join((*_WEEKDAY, *(name.upper() for name in DAYS), *(name.title() for name in _WEEKDAY)))
_DATE = re.compile(
    r"\d(?<![\w/.,-]\d)\d?"
    rf"(?:(?P<slash>[/-])(?P<number>\d{{1,2}})(?P=slash)| {{1,9}}(?P<month>{'|'.join(_MONTH)}) {{1,9}})"
    r"(?P<year>\d{4})(?![\d/]|[-.,]\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<weekday>{_NAMES})(?P<gap>,? {{0,9}}\(? {{0,9}}(?:tanggal )?)$", re.IGNORECASE
)
_FAR = 40
"""Characters before a date among which its weekday stands."""

_AHEAD = re.compile(
    r"\b(?:akan|mendatang|nanti|nantinya|rencananya|berencana|direncanakan|dijadwalkan|hingga|sampai|s\.d\.|target\w*|"
    r"ditargetkan|paling lambat|menjelang|besok|bakal|batas|berlaku|depan|mulai|jadwal\w*|rencana|periode|"
    r"diperkirakan|berakhir|selambat|dibuka|ditutup|pendaftaran|tenggat|menyambut|persiapan)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:telah|sudah|lalu|kemarin|tadi|usai|seusai|silam)\b", re.IGNORECASE)
_LONG_AGO = 60
"""Days. A story tells what was just now; a year that is off by one would be further away."""


@dataclass(frozen=True)
class _Written:
    """A date as it stands in a text."""

    passage: Passage
    start: int
    end: int
    day: int
    month: int
    year: int
    weekday: str
    weekday_start: int
    in_brackets: bool
    year_start: int

    @property
    def words(self) -> str:
        return self.passage.raw[self.start : self.end]

    @property
    def value(self) -> Day | None:
        return _real(self.year, self.month, self.day)

    @property
    def fits(self) -> bool:
        return self.value is not None and (
            not self.weekday or self.value.weekday() == _WEEKDAY[self.weekday.lower()]
        )


def weekday(story: Story) -> Iterator[Finding]:
    """Find a weekday that the date does not fall on."""
    for written in _dates(story):
        value = written.value
        if value is None or written.fits:
            continue
        right = DAYS[value.weekday()]
        sentence = f"Hari dan tanggal tidak cocok: {_bare(written)} adalah {right}."
        end = written.weekday_start + len(written.weekday)
        if (slip := _year_slip(written, story.checked.received)) is not None:
            sentence += f" Mungkin maksudnya tahun {slip}."
            start = written.year_start
            yield Finding(
                "weekday", written.passage.where, start, start + 4, sentence, written.words, str(slip), True
            )
            continue
        fix = right.upper() if written.weekday.isupper() else right
        yield Finding(
            "weekday",
            written.passage.where,
            written.weekday_start,
            end,
            sentence,
            written.words,
            fix,
            True,
        )


def date(story: Story) -> Iterator[Finding]:
    """Find a date no calendar has."""
    for written in _dates(story):
        if written.value is None:
            yield Finding(
                "date",
                written.passage.where,
                written.start,
                written.end,
                "Tanggal ini tidak ada di kalender. Periksa kepada penulisnya.",
                written.words,
                grave=True,
            )


def future(story: Story) -> Iterator[Finding]:
    """Find a date still to come in a sentence that tells of something past."""
    received = story.checked.received
    if received is None:
        return
    for written in _dates(story):
        value = written.value
        if value is None or value <= received:
            continue
        if not written.fits and _year_slip(written, received):
            continue  # told already, with the same fix
        sentence = written.passage.sentence(written.start)
        past = _PAST.search(sentence)
        if _AHEAD.search(sentence) or not (past or (written.weekday and written.in_brackets)):
            continue
        slip = _year_slip(written, received)
        yield Finding(
            "future",
            written.passage.where,
            written.year_start if slip else written.start,
            written.year_start + 4 if slip else written.end,
            "Tanggal ini belum tiba, tetapi kalimatnya bercerita tentang yang sudah lewat. Periksa tanggalnya.",
            written.words,
            str(slip) if slip else None,
            past is not None,
        )


def _dates(story: Story) -> Iterator[_Written]:
    for passage in story.texts:
        if any(char.isdigit() for char in passage.raw):
            yield from _in_text(passage)


@lru_cache(maxsize=32)
def _in_text(passage: Passage) -> tuple[_Written, ...]:
    return tuple(_written(passage, found) for found in _DATE.finditer(passage.prose))


def _written(passage: Passage, found: re.Match[str]) -> _Written:
    at = max(found.start() - _FAR, 0)
    before = _BEFORE.search(passage.prose[at : found.start()])
    start = at + before.start() if before else found.start()
    return _Written(
        passage,
        start,
        found.end(),
        int(re.split(r"\D", found[0])[0]),
        int(found["number"] or _MONTH[found["month"].lower()]),
        int(found["year"]),
        before["weekday"] if before else "",
        start,
        before is not None and "(" in before["gap"],
        found.start("year"),
    )


def _bare(written: _Written) -> str:
    text = written.words[len(written.weekday) :] if written.weekday else written.words
    return text.lstrip(" ,(").removeprefix("tanggal ")


def _year_slip(written: _Written, received: Day | None) -> int | None:
    """Return the year that makes the date fit its weekday and the days before the story came in."""
    if received is None or not written.weekday:
        return None
    for year in (received.year, received.year - 1):
        value = _real(year, written.month, written.day)
        if value is None or year == written.year or value.weekday() != _WEEKDAY[written.weekday.lower()]:
            continue
        if 0 <= (received - value).days <= _LONG_AGO:
            return year
    return None


def _real(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(year, month, day)
    except ValueError:
        return None
