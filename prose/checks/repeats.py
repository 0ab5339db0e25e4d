"""Words and spaces that stand there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage, Word

# Written twice, these are a slip of the hand; other words may want a hyphen (`anak anak`) or be meant.
_SMALL = {
    "yang",
    "di",
    "ke",
    "dari",
    "dan",
    "untuk",
    "pada",
    "dengan",
    "adalah",
    "akan",
    "telah",
    "dalam",
    "oleh",
    "para",
    "bahwa",
    "sebagai",
    "agar",
    "karena",
    "serta",
    "juga",
    "tersebut",
    "atau",
    "bagi",
    "tidak",
    "dapat",
    "bisa",
    "harus",
    "hingga",
    "saat",
    "ketika",
    "setelah",
    "sebelum",
    "seperti",
    "antara",
    "tentang",
    "kepada",
}
_HYPHENED = {
    "masing",
    "rata",
    "tiba",
    "undang",
    "anak",
    "kupu",
    "laki",
    "hati",
    "cita",
    "mata",
    "cuma",
    "pura",
    "hari",
    "sama",
    "bersama",
}
_GAPS = (" ", "\n", "  ", "   ")

# Each is looked for by its first character, and only then looked at closely: spaces and marks are many.
_SPACES = re.compile(r" {2,}(?=\S)"), re.compile(r"(?<=\S) ")
_BEFORE_MARK = re.compile(r" {1,9}(?=[,.;](?:\s|$))"), re.compile(r"(?<=[\w)”’\"%-]) ")
_AFTER_MARK = (
    re.compile(r"(?<=[,.])(?=[A-Za-z]{2})"),
    re.compile(
        r"(?<=[\w%)”-],)|(?<=[a-z'’]{3}\.)(?=[A-Z][A-Za-z]{2}|(?:Di|Ke)\s)"
        r"|(?<=[\d ][Ww][Ii][BbTt]\.)(?=[A-Z][A-Za-z]{2})"
        r"|(?<=[%\d-]\.)(?=[A-Z][A-Za-z]{2})|(?<=[A-Z'’]{3}\.)(?=[A-Z]{3}|(?:DI|KE)\s)"
    ),
)
_TABLE = re.compile(r"^[ \t]{0,9}\|.*$", re.MULTILINE)


def doubled_word(story: Story) -> Iterator[Finding]:
    """Find a word that stands there twice in a row."""
    for passage in story.texts:
        for first, last in _doubled(passage):
            word, shown = first.text, passage.raw[first.start : last.end]
            fix, told = None, f"Kata “{word}” tertulis dua kali. Hapus satu, atau beri tanda hubung."
            if word.lower() in _SMALL:
                fix, told = word, f"Kata “{word}” tertulis dua kali."
            elif word.lower() in _HYPHENED and len(shown.split()) == 2:
                fix = f"{word}-{last.text}"
                told = f"Kata ulang ditulis dengan tanda hubung: {fix}."
            yield Finding("doubled_word", passage.where, first.start, last.end, told, shown, fix)


def _doubled(passage: Passage) -> Iterator[tuple[Word, Word]]:
    """Yield the first and the last of each run. A second with a capital is a name: Siti Siti, Baden Baden."""
    first: Word | None = None
    words = passage.words
    for one, other in pairwise(words):
        shouted = one.text.isupper() and one.text == other.text
        same = (shouted or one.text.lower() == other.text) and len(other.text) > 1 and other.text.isalpha()
        if same and passage.raw[one.end : other.start] in _GAPS and not _hyphened(passage, one, other):
            first = first or one
            continue
        if first:
            yield first, one
        first = None
    if first:
        yield first, words[-1]


def _hyphened(passage: Passage, one: Word, other: Word) -> bool:
    return passage.raw[one.start - 1 : one.start] == "-" or passage.raw[other.end : other.end + 1] == "-"


def spacing(story: Story) -> Iterator[Finding]:
    """Find double spaces, a space before a comma or full stop, and none after it."""
    for passage in story.texts:
        prose = passage.prose
        tables = [found.span() for found in _TABLE.finditer(prose)] if "|" in prose else []
        for (pattern, closely), fix, told in (
            (_SPACES, " ", "Spasi ganda."),
            (_BEFORE_MARK, "", "Tidak ada spasi sebelum tanda baca."),
            (_AFTER_MARK, " ", "Beri spasi sesudah tanda baca."),
        ):
            for found in pattern.finditer(prose):
                at = found.start()
                if not closely.match(prose, at) or any(start <= at < end for start, end in tables):
                    continue
                if closely is _SPACES[1] and _BEFORE_MARK[0].match(prose, at):
                    continue  # told as the space before a mark
                shown = " ".join(_around(passage.raw, found.start(), found.end()).split("\n"))
                yield Finding("spacing", passage.where, at, found.end(), told, shown, fix)


def _around(text: str, start: int, end: int) -> str:
    """Return the words on both sides, so that a reader finds the place."""
    before = text[max(start - 20, 0) : start].split(" ")[-1]
    after = text[end : end + 20].lstrip(" ").split(" ")[0]
    return f"{before}{text[start:end]}{after}"
