"""Abbreviations a reader meets before anybody explains them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from prose.checks.finding import Finding, Story
from prose.checks.passage import Passage, Word
from prose.checks.spelling import AFTER_DI_OR_KE
from prose.dates import DAYS, MONTHS
from prose.numbers import SCALES

KNOWN = frozenset(
    [
        "WIB",
        "WITA",
        "WIT",
        "RI",
        "NKRI",
        "DPR",
        "MPR",
        "DPRD",
        "DPD",
        "TNI",
        "POLRI",
        "ASN",
        "PNS",
        "PPPK",
        "SD",
        "SMP",
        "SMA",
        "SMK",
        "KTP",
        "SIM",
        "NIK",
        "NIP",
        "RSUD",
        "RSU",
        "UMKM",
        "HUT",
        "APBD",
        "APBN",
        "KPU",
        "BPS",
        "BMKG",
        "BPBD",
        "BNPB",
        "PMI",
        "PKK",
        "PAUD",
        "TNI",
        "PBB",
        "WHO",
        "COVID",
        "KONI",
        "PON",
        "PT",
        "CV",
        "TBK",
        "BUMN",
        "BUMD",
        "BPJS",
        "PLN",
        "PDAM",
        "MTQ",
        "KONI",
        "DKI",
        "DIY",
        "NTB",
        "NTT",
        "USA",
        "ASEAN",
        "SAR",
        "RRI",
        "TVRI",
        "TV",
        "FM",
        "AM",
        "SMS",
        "PIN",
        "QR",
        "AI",
        "IT",
        "IPK",
        "HIV",
        "AIDS",
        "DBD",
        "TBC",
        "USG",
        "ICU",
        "IGD",
        "UGD",
        "KK",
        "RT",
        "RW",
        "STNK",
        "BPKB",
        "PDIP",
        "OSIS",
        "UKM",
        "MUI",
        "NU",
        "KUA",
        "HAM",
        "KPK",
        "MK",
        "MA",
        "BI",
        "OJK",
        "KAI",
        "AC",
        "CCTV",
        "GPS",
        "USB",
        "PDF",
        "WA",
        "SOP",
        "SMAN",
        "SMPN",
        "SDN",
        "MAN",
        "MTS",
        "UPR",
        "IAIN",
        "PGRI",
        "IDI",
        "HMI",
        "PMII",
        "PSSI",
        "FIFA",
    ]
)
_ROMAN = re.compile(r"[IVXLCDM]+")
_CAPITALS = re.compile(r"[A-Z]{3,7}")
_BESIDE = re.compile(r"[A-Z]{3,} $"), re.compile(r" [A-Z]{3,}")


def abbreviation(story: Story) -> Iterator[Finding]:
    """Find the first use of an abbreviation that is neither well known nor explained."""
    listed = _listed(story.checked.lists.abbreviations)
    ordinary = _ordinary(story.checked.lists.spellings)
    passage = story.body
    seen: set[str] = set()
    for word in passage.words:
        short = word.text
        if short in seen or not (
            short in listed or (short.isupper() and _unknown(short) and short not in ordinary)
        ):
            continue
        seen.add(short)
        if _explained(passage, word) or (short not in listed and _shouted(passage, word)):
            continue
        long = listed.get(short, "")
        fix = f"{long} ({short})" if long and long.lower() not in passage.raw.lower() else None
        told = f"Singkatan ini belum dijelaskan pada penyebutan pertama{f': {fix}' if fix else ''}."
        yield Finding("abbreviation", "body", word.start, word.end, told, short, fix)


@lru_cache(maxsize=8)
def _listed(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(pairs)


@lru_cache(maxsize=8)
def _ordinary(spellings: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return words in capitals that are no abbreviations whatever stands around them: those other rules write."""
    written = {word for pair in spellings for side in pair for word in re.findall(r"[^\W_]+", side)}
    return frozenset(
        word.upper()
        for word in (*written, *AFTER_DI_OR_KE, *DAYS, *MONTHS, *SCALES, "pukul", "jam", "persen")
    )


def _unknown(word: str) -> bool:
    return bool(_CAPITALS.fullmatch(word)) and word not in KNOWN and not _ROMAN.fullmatch(word)


def _explained(passage: Passage, word: Word) -> bool:
    """`Organisasi Perangkat Daerah (OPD)` and `OPD (Organisasi Perangkat Daerah)` explain; so does a hyphen's other half."""
    raw = passage.raw
    before, after = raw[max(word.start - 2, 0) : word.start], raw[word.end : word.end + 2]
    if before[-1:] in ("(", "-", "/", "_") or after[:1] in ("-", "/", "_") or after[:2] == " (":
        return True
    return any(f"({word.text}{end}" in raw[: word.start] for end in (")", ",", " ", "/"))


def _shouted(passage: Passage, word: Word) -> bool:
    """In a line of capitals, or beside another word in capitals, no word can be told from an abbreviation."""
    raw = passage.raw
    before, after = _BESIDE
    if before.search(raw[max(word.start - 12, 0) : word.start]) or after.match(raw, word.end):
        return True
    start, end = raw.rfind("\n", 0, word.start) + 1, raw.find("\n", word.end)
    around = raw[max(start, word.start - 60) : min(end if end >= 0 else len(raw), word.end + 60)]
    letters = [char for char in around if char.isalpha()]
    return sum(char.isupper() for char in letters) * 2 > len(letters) and len(letters) > len(word.text) + 2
