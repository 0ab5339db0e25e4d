"""People's names with their degrees: taken apart, written, and sorted by the name itself.

Many people have one name only, so nothing here speaks of first and last names.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from prose.cleaning import clean

_BEFORE = re.compile(
    r"(?:Drs|Dra|Dr|dr|drg|drh|Ir|Prof|Apt|apt|Ns|Bdn|bdn|Tgk|Ust|Pdt|Rm|H|Hj|K\.?H|KH)\.|(?:KH|Hj|Ustaz|Ustazah)(?=\s)"
)
# `M.Si.`, `S.T.`, `A.Md.Keb.`, `Ph.D`, `Sp.PD-KGH`: parts with points; or some letters with two capitals: `SH`, `MSi`.
_WITH_POINTS = re.compile(r"[A-Z][A-Za-z]{0,4}(?:\.\s?[A-Z][A-Za-z-]{0,9})*\.(?:\s?[A-Z][A-Za-z-]{0,9})?")
_LETTERS = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z]{2,6}")


@dataclass(frozen=True)
class FullName:
    """A person's name and the degrees before and after it."""

    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write `Prof. Dr. Contoh Nama, S.H., M.Si.`."""
        return ", ".join((" ".join((*self.before, self.name)), *self.after))

    @property
    def sort_key(self) -> str:
        """What names are sorted by: the name itself, without regard to capitals, accents and marks."""
        plain = unicodedata.normalize("NFKD", self.name).casefold()
        return " ".join(
            "".join(char if char.isalnum() else " " for char in plain if not _accent(char)).split()
        )


def read_name(text: str) -> FullName:
    """Take `Drs. Contoh Nama, M.Si.` apart. What is no degree stays with the name."""
    text = " ".join(clean(text).split())
    front, *degrees = (part.strip() for part in text.split(","))
    degrees = [degree for degree in degrees if degree]
    if not front or not all(_is_degree(degree) for degree in degrees):
        front, degrees = text, []
    before = []
    while match := _BEFORE.match(front):
        rest = front[match.end() :].strip()
        if not rest:
            break
        before.append(match[0])
        front = rest
    return FullName(front, tuple(before), tuple(degrees))


def _is_degree(text: str) -> bool:
    return _WITH_POINTS.fullmatch(text) is not None or _LETTERS.fullmatch(text) is not None


def _accent(char: str) -> bool:
    return unicodedata.category(char) == "Mn" or char in "'’‘`"
