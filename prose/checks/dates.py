"""Days: does the weekday fit the date, is there such a date, has it come yet?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage
from prose.dates import DAYS, WrittenDate, existing, find_written

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
    """A date with its year, as it stands in a text."""

    passage: Passage
    date: WrittenDate
    year: int

    @property
    def words(self) -> str:
        return self.passage.raw[self.date.start : self.date.end]

    @property
    def weekday(self) -> str:
        """The word for it, empty where there is none."""
        return self.passage.raw[self.date.start : self.date.weekday_end]

    @property
    def value(self) -> Day | None:
        return existing(self.year, self.date.month, self.date.day)

    @property
    def fits(self) -> bool:
        return self.value is not None and self.date.weekday in (None, self.value.weekday())


def weekday(story: Story) -> Iterator[Finding]:
    """Find a weekday that the date does not fall on."""
    for written in _dates(story):
        value = written.value
        if value is None or written.fits:
            continue
        right = DAYS[value.weekday()]
        sentence = f"Hari dan tanggal tidak cocok: {_bare(written)} adalah {right}."
        if (slip := _year_slip(written, story.checked.received)) is not None:
            sentence += f" Mungkin maksudnya tahun {slip}."
            start = written.date.year_start
            yield Finding(
                "weekday", written.passage.where, start, start + 4, sentence, written.words, str(slip), True
            )
            continue
        fix = right.upper() if written.weekday.isupper() else right
        if written.weekday.islower() and written.passage.raw[: written.date.start].endswith("."):
            fix = right.lower()  # glued to a full stop: a capital would tell of a missing space
        yield Finding(
            "weekday",
            written.passage.where,
            written.date.start,
            written.date.weekday_end,
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
                written.date.start,
                written.date.end,
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
        sentence = written.passage.sentence(written.date.start)
        past = _PAST.search(sentence)
        if _AHEAD.search(sentence) or not (past or (written.weekday and written.date.in_brackets)):
            continue
        slip = _year_slip(written, received)
        yield Finding(
            "future",
            written.passage.where,
            written.date.year_start if slip else written.date.start,
            written.date.year_start + 4 if slip else written.date.end,
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
    return tuple(_Written(passage, found, found.year) for found in find_written(passage.prose) if found.year)


def _bare(written: _Written) -> str:
    return written.passage.raw[written.date.day_start : written.date.end]


def _year_slip(written: _Written, received: Day | None) -> int | None:
    """Return the year that makes the date fit its weekday and the days before the story came in."""
    if received is None or not written.weekday:
        return None
    for year in (received.year, received.year - 1):
        value = existing(year, written.date.month, written.date.day)
        if value is None or year == written.year or value.weekday() != written.date.weekday:
            continue
        if 0 <= (received - value).days <= _LONG_AGO:
            return year
    return None
