"""Likeness of texts: how much two of them share, quick enough to ask of thousands at once."""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_WIDTH = 4
"""Words in a row that make one shingle (Broder 1997)."""
_KEPT = 64
"""Shingles a sketch keeps: its estimate is within 0.13 of the truth in 95 of 100 cases."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Overlap:
    """What two texts share of their shingles, each from 0 to 1."""

    whole: float
    """Of both together: 1 when they are the same."""
    shorter: float
    """Of the shorter one: 1 when it stands in the longer one."""


def words(text: str) -> list[str]:
    """Return a text's words, lower-cased, without marks."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def overlap(one: str, other: str) -> Overlap:
    a, b = _shingles(one), _shingles(other)
    if not a or not b:
        return Overlap(0.0, 0.0)
    shared = len(a & b)
    return Overlap(shared / len(a | b), shared / min(len(a), len(b)))


def sketch(text: str) -> bytes:
    """Return at most 256 bytes by which texts can be compared without being read again."""
    kept = sorted(_shingles(text))[:_KEPT]
    return struct.pack(f">{len(kept)}I", *kept)


def resemblance(one: bytes, other: bytes) -> float:
    """Estimate from two sketches how much the texts share of their shingles, from 0 to 1."""
    a, b = _unpacked(one), _unpacked(other)
    if not a or not b:
        return 0.0
    lowest = sorted(a | b)[:_KEPT]
    return sum(value in a and value in b for value in lowest) / len(lowest)


def headline_likeness(one: str, other: str) -> float:
    """Say how far two headlines have the same words, whatever their order, from 0 to 1."""
    return fuzz.token_sort_ratio(" ".join(words(one)), " ".join(words(other))) / 100


def like_headlines(headline: str, others: Mapping[int, str], least: float) -> dict[int, float]:
    """Return those of `others` whose likeness to `headline` is at least `least`, with their likeness."""
    plain = " ".join(words(headline))
    if not plain:
        return {}
    choices = {key: " ".join(words(other)) for key, other in others.items()}
    found = process.extract(
        plain, choices, scorer=fuzz.token_sort_ratio, score_cutoff=100 * least, limit=None
    )
    return {key: score / 100 for _text, score, key in found}


def _shingles(text: str) -> frozenset[int]:
    found = words(text)
    if not found:
        return frozenset()
    rows = range(max(1, len(found) - _WIDTH + 1))
    return frozenset(zlib.crc32(" ".join(found[row : row + _WIDTH]).encode()) for row in rows)


def _unpacked(packed: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f">{len(packed) // 4}I", packed))
