"""People: one name one way, with their office when they first appear, without Bapak and Ibu."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from prose.checks.finding import Finding, Story
from prose.checks.lists import ABBREVIATIONS, SPELLINGS
from prose.checks.passage import Passage, Word
from prose.checks.spelling import RUN_TOGETHER
from prose.dates import MONTH_WORDS, WEEKDAY_WORDS

_TITLES = (
    "Wakil Wali Kota",
    "Wali Kota",
    "Wakil Walikota",
    "Walikota",
    "Wakil Bupati",
    "Bupati",
    "Wakil Gubernur",
    "Gubernur",
    "Presiden",
    "Wakil Presiden",
    "Menteri",
    "Kepala",
    "Sekretaris",
    "Sekda",
    "Plt",
    "Plh",
    "Pj",
    "Ketua",
    "Wakil Ketua",
    "Camat",
    "Lurah",
    "Direktur",
    "Kapolres",
    "Kapolresta",
    "Dandim",
    "Kabid",
    "Kadis",
    "Asisten",
    "Komandan",
    "Rektor",
    "Anggota",
)
_TITLE_WORDS = {word for title in _TITLES for word in title.split()}
_TITLE_BEFORE = re.compile(rf"(?:{'|'.join(_TITLES)})[\w .,’'/-]{{0,80}}$", re.IGNORECASE)
_TITLE_AFTER = re.compile(rf",? ?\(?(?:selaku |sebagai )?(?:{'|'.join(_TITLES)})\b", re.IGNORECASE)

# Words of offices, places and days: two such names may differ in a letter and both be right.
_NO_PERSON = {
    *_TITLE_WORDS,
    *[
        "Kota",
        "Kabupaten",
        "Provinsi",
        "Kecamatan",
        "Kelurahan",
        "Desa",
        "Dinas",
        "Badan",
        "Bidang",
        "Bagian",
        "Biro",
        "Kantor",
        "Jalan",
        "Gedung",
        "Aula",
        "Hotel",
        "Pasar",
    ],
    *[
        "Universitas",
        "Sekolah",
        "Rumah",
        "Sakit",
        "Puskesmas",
        "Utara",
        "Selatan",
        "Timur",
        "Barat",
        "Tengah",
        "Tenggara",
        "Raya",
        "Jaya",
        "Baru",
        "Lama",
        "Satu",
        "Dua",
    ],
    *[
        "Pemerintah",
        "Pembina",
        "Utama",
        "Muda",
        "Madya",
        "Pratama",
        "Hari",
        "Tahun",
        "Lomba",
        "Bapak",
        "Ibu",
        "Bpk",
        "Pak",
        "Bu",
        "Program",
        "Media",
        "Center",
        "Republik",
    ],
}
_NO_NAME = (
    RUN_TOGETHER
    | {wrong.lower() for wrong, _right in SPELLINGS}
    | {word.lower() for pair in ABBREVIATIONS for side in pair for word in re.findall(r"\w+", side)}
)
"""Words that other rules mend or write: they are part of a name neither before nor after."""
_DAY_OR_MONTH = re.compile(rf"(?i)(?:{WEEKDAY_WORDS}|{MONTH_WORDS})")
"""Misspelt ones too: once `Jum'at` is mended nothing else may look like a name."""
_SHORTEST = 5
"""Letters. Rini and Rina are two people more often than one."""

HONORIFIC = re.compile(
    r"(?<![\w-])(?:[Bb]apak|[Ii]bu|[Bb]pk\.?|[Pp]ak|[Bb]u|BAPAK|IBU|BPK\.?|PAK|BU) {1,9}(?=[A-Z][A-Za-z])"
    rf"(?!(?i:{WEEKDAY_WORDS}|Kota|Negara|Pertiwi|Rumah|Hamil|Menyusui|Bangsa|Bhayangkari|Pembangunan|Kandung)\b|Rp)"
)
_SPOKEN = re.compile(r"“[^“”\n]{0,2000}”|\"[^\"\n]{0,2000}\"")

Name = tuple[Word, ...]


def name_variant(story: Story) -> Iterator[Finding]:
    """Find a name that differs in a letter or two from one that stands there more often, or first."""
    found = [(passage, name) for passage in story.texts for name in _names(passage)]
    counted = Counter(_text(name) for _passage, name in found)
    usual = _usual(counted)
    for passage, name in found:
        other = usual.get(_text(name))
        if other is None:
            continue
        often = counted[other] > counted[_text(name)]
        shown = passage.raw[name[0].start : name[-1].end]
        told = f"Nama ini ditulis juga “{other}”. Pakai satu ejaan yang sudah diperiksa."
        yield Finding(
            "name_variant",
            passage.where,
            name[0].start,
            name[-1].end,
            told,
            shown,
            (other.upper() if shown.isupper() else other) if often else None,
        )


def jabatan(story: Story) -> Iterator[Finding]:
    """Find a person whose office is told only when they are mentioned again."""
    names = _names(story.body)
    titled: dict[str, int] = {}
    for name in names:
        for size in (2, 3):
            if len(name) >= size and _title_before(story.body, name[-size].start):
                titled.setdefault(_text(name[-size:]), name[-size].start)
    seen: set[str] = set()
    for name in names:
        text = _text(name)
        later = titled.get(text)
        if later is None or text in seen:
            continue
        seen.add(text)
        bare = not _title_before(story.body, name[0].start) and not _TITLE_AFTER.match(
            story.body.raw, name[-1].end
        )
        if bare and name[0].start < later:
            told = "Jabatannya baru disebut kemudian; sebut pada penyebutan pertama."
            yield Finding("jabatan", "body", name[0].start, name[-1].end, told, text)


def honorific(story: Story) -> Iterator[Finding]:
    """Find Bapak and Ibu before a name or an office; what somebody says aloud stays."""
    for passage in story.texts:
        if not any(
            word in passage.prose
            for word in ("pak", "Pak", "bu ", "Bu ", "Ibu", "Bpk", "bpk", "BPK", "PAK", "IBU", "BU ")
        ):
            continue
        spoken = [found.span() for found in _SPOKEN.finditer(passage.prose)]
        for found in HONORIFIC.finditer(passage.prose):
            if any(start < found.start() < end for start, end in spoken):
                continue
            following = re.match(r"\w+", passage.raw[found.end() :])
            words = found[0] + (following[0] if following else "")
            told = "Nama dan jabatan ditulis tanpa Bapak atau Ibu."
            glued = passage.raw[max(found.start() - 1, 0) : found.start()].endswith((".", ","))
            yield Finding(
                "honorific", passage.where, found.start(), found.end(), told, words, " " if glued else ""
            )


@lru_cache(maxsize=32)
def _names(passage: Passage) -> tuple[Name, ...]:
    """Return the runs of two to four capitalised words that may be people."""
    names: list[Name] = []
    run: list[Word] = []
    for word in passage.words:
        shouted = word.text.isupper() and passage.where != "headline"  # a headline may be all capitals
        capital = word.text[0].isupper() and len(word.text) > 1 and not shouted
        person = capital and _may_be_a_persons(word.text)
        if run and (not person or passage.raw[run[-1].end : word.start] != " "):
            names.append(tuple(run))
            run = []
        if person:
            run.append(word)
    names.append(tuple(run))
    return tuple(name for name in names if 2 <= len(name) <= 4)


@lru_cache(maxsize=4096)
def _may_be_a_persons(word: str) -> bool:
    return (
        word.title() not in _NO_PERSON and word.lower() not in _NO_NAME and not _DAY_OR_MONTH.fullmatch(word)
    )


def _usual(counted: Counter[str]) -> dict[str, str]:
    """Map each doubtful name to the one it is taken for."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for text in counted:
        words = text.split()
        for place in range(len(words)):
            alike.setdefault((*words[:place], "", *words[place + 1 :]), []).append(text)
    usual: dict[str, str] = {}
    for key, texts in alike.items():
        place = key.index("")
        first = max(texts, key=lambda text: counted[text])
        for text in texts if 1 < len(texts) <= 20 else ():
            if text != first and _slip(first.split()[place], text.split()[place]):
                usual.setdefault(text, first)
    return {text: other for text, other in usual.items() if other not in usual}


def _slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST or one[0] != other[0]:
        return False
    most = 1 if max(len(one), len(other)) < 8 else 2
    return Levenshtein.distance(one, other, score_cutoff=most) <= most


def _title_before(passage: Passage, at: int) -> bool:
    """Say whether an office stands before a name: `Kepala Dinas Kesehatan Kota Contoh Andi Wijaya`."""
    before = passage.raw[max(at - 90, 0) : at]
    before = re.split(r"[.!?;:,“”\"\n(](?:\s|$)|\b(?:dan|yang|bersama|oleh|kepada)\b", before)[-1]
    return _TITLE_BEFORE.search(before) is not None


def _text(name: Name) -> str:
    return " ".join(word.text.title() if word.text.isupper() else word.text for word in name)
