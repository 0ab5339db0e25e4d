"""Words as search compares them: without case, accents and apostrophes, and by their Indonesian stem."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

_APOSTROPHES = "'’‘ʼ`´"
# `Rp1.250` is an amount, whose number is looked for.
_WRITTEN = re.compile(rf"(?<![^\W_])[Rr][Pp](?=\d)|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]+")
_LINK = re.compile(r"\]\([^)\s]*\)")
LONGEST = 60
"""Characters of a word that count; nothing people search for is longer."""

_stemmer = snowballstemmer.stemmer("indonesian")
_lock = threading.Lock()  # the stemmer keeps what it works on in itself


def words(text: str) -> list[str]:
    """Return the words of a text in their order: `Jum'at` is jumat, `Musrenbang-nya` two words."""
    return [word for written in _WRITTEN.findall(_LINK.sub("] ", text)) for word in _folded(written)]


def written(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield where each word stands in a text, and its words as they are compared."""
    for found in _WRITTEN.finditer(text):
        yield found.start(), found.end(), _folded(found[0])


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return what `membangun`, `pembangunan` and `dibangun` have in common."""
    with _lock:
        return str(_stemmer.stemWord(word)) or word


@lru_cache(maxsize=100_000)
def _folded(written: str) -> tuple[str, ...]:
    bare = "".join(mark for mark in written if mark not in _APOSTROPHES)
    apart = unicodedata.normalize("NFKD", bare)
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark)).casefold()
    return tuple(word[:LONGEST] for word in _PLAIN.findall(plain))
