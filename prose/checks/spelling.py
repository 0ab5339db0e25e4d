"""Words spelled as this house does not spell them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage, Word

# Only places, times and words that no verb looks like: `dibuka` and `dibaca` are one word, `keluar` and
# `kepada` too, and `dibalik` may be a page turned.
_DI = (
    "antara atas bawah bidang dalam depan luar samping belakang sebelah tengah seluruh sejumlah setiap sekitar berbagai "
    "beberapa hadapan sebuah suatu tingkat kota kabupaten kecamatan kelurahan desa provinsi wilayah kawasan lingkungan "
    "lapangan halaman ruang ruangan kantor rumah sekolah jalan gedung aula tempat lokasi tepi pinggir mana sini sana situ "
    "tahun bulan hari masa saat akhir awal pagi malam indonesia kalimantan jakarta pasar masjid gereja bandara pelabuhan"
)
_KE = (
    "dalam depan atas bawah luar tengah belakang samping mana sini sana situ kantor sekolah rumah jalan lokasi tempat "
    "kota desa kecamatan kelurahan wilayah lapangan seluruh sejumlah setiap berbagai beberapa depannya jakarta masjid pasar"
)
_LIKE_A_WORD = {"keluar", "dimasa", "kejalan", "diawal", "dihari"}
_JOINED = {pre + word: f"{pre} {word}" for pre, words in (("di", _DI), ("ke", _KE)) for word in words.split()}
_JOINED = {wrong: right for wrong, right in _JOINED.items() if wrong not in _LIKE_A_WORD}
RUN_TOGETHER = frozenset(_JOINED)
AFTER_DI_OR_KE = frozenset(word for right in _JOINED.values() for word in right.split())
_PLACES = {"indonesia", "kalimantan", "jakarta"}

_Index = dict[str, list[tuple[list[str], dict[str, str]]]]
"""First word → the words that follow it, and the pairs in the case they are listed in."""


def spelling(story: Story) -> Iterator[Finding]:
    """Find the words of the office's spelling list."""
    for passage in story.texts:
        yield from misspelt(passage, story.checked.lists.spellings)


def misspelt(passage: Passage, pairs: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    """Find the wrong spellings of one text."""
    index = _index(pairs)
    skipped = -1
    for place, word in enumerate(passage.words):
        rows = index.get(word.text.lower())
        if rows is None or word.start < skipped:
            continue
        for following, spelled in rows:
            last = _last(passage, place, following)
            if last is None or _part_of_a_compound(passage, word.start, last.end):
                continue
            shown = passage.raw[word.start : last.end]
            fix = spelled.get(shown) or _as_written(shown, next(iter(spelled.values())), passage.where)
            if fix != shown:
                told = f"Ejaan di kantor ini: {fix}."
                yield Finding("spelling", passage.where, word.start, last.end, told, shown, fix)
            skipped = last.end
            break


def joined(story: Story) -> Iterator[Finding]:
    """Find `di` and `ke` written together with a place or a time."""
    for passage in story.texts:
        yield from run_together(passage)


def run_together(passage: Passage) -> Iterator[Finding]:
    """Find the prepositions of one text that stand together with their place."""
    for word in passage.words:
        right = _JOINED.get(word.text.lower())
        if right is None or _part_of_a_compound(passage, word.start, word.end):
            continue
        fix = _apart(word, right, passage.where)
        told = f"Kata depan ditulis terpisah: {fix}."
        if re.search(rf"(?i)(?<!\w){right[:2]}\s{{1,4}}\Z", passage.raw[max(word.start - 9, 0) : word.start]):
            fix = fix[3:]  # `di dibidang`: the preposition stands there already
        yield Finding("joined", passage.where, word.start, word.end, told, word.text, fix)


def _apart(word: Word, right: str, where: str) -> str:
    fix = _as_written(word.text, right, "body")
    if word.text.isupper():
        return fix
    titled = where == "headline" and word.text[0].isupper()
    if titled and word.start:
        fix = right  # a preposition within a headline is small
    return f"{fix[:3]}{right[3:].title()}" if titled or right[3:] in _PLACES else fix


@lru_cache(maxsize=8)
def _index(pairs: tuple[tuple[str, str], ...]) -> _Index:
    """Sort the pairs by their first word, those of most words first; two rows may differ in case alone."""
    grouped: dict[tuple[str, ...], dict[str, str]] = {}
    for wrong, right in pairs:
        grouped.setdefault(tuple(wrong.lower().split()), {})[wrong] = right
    index: _Index = {}
    for words in sorted(filter(None, grouped), key=len, reverse=True):
        index.setdefault(words[0], []).append((list(words[1:]), grouped[words]))
    return index


def _last(passage: Passage, place: int, following: list[str]) -> Word | None:
    """Return the last word of a wrong spelling whose later words are `following`; None when they differ."""
    words = passage.words[place : place + len(following) + 1]
    if [word.text.lower() for word in words[1:]] != following:
        return None
    between = itertools.pairwise(words)
    if any(passage.raw[first.end : second.start].strip(" \n") for first, second in between):
        return None
    return words[-1]


def _part_of_a_compound(passage: Passage, start: int, end: int) -> bool:
    """A word with a hyphen or an underline at it is another word, or a file's name."""
    around = passage.prose[max(start - 1, 0) : start], passage.prose[end : end + 1]
    if around[0] == "." and passage.prose[start : start + 1].islower() and start > 1:
        return not passage.prose[start - 2].isspace()
    return around[0] in ("-", "_", "/") or around[1] in ("-", "_", "/")


def _as_written(shown: str, right: str, where: str) -> str:
    """Return `right` in the case of what stands there; a proper name keeps its own."""
    if shown.isupper() and len(shown) > 1:
        return right.upper()
    if right != right.lower() or not shown[0].isupper():
        return right
    if where == "headline":
        return " ".join(word[0].upper() + word[1:] for word in right.split())
    return right[0].upper() + right[1:]
