"""Addresses and names made to be taken for those of somebody we know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA

from ingest.domains import organisation, shown_form, suffix

# Cyrillic and Greek letters drawn like Latin ones, after Unicode's confusables.txt (UTS #39); what NFKC
# and the stripping of marks already make plain is not repeated.
_DRAWN_ALIKE = str.maketrans(
    "аеорсухіјѕԁһкмтвнгпԛԝɡɑοαρνυκτιϲɩıł",
    "aeopcyxijsdhkmtbhrnqwgaoapvukticiil",
)
_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ONE_LETTER = str.maketrans("01i|5", "olll" + "s")
_SEPARATORS = re.compile(r"[._\-+]")
_NUMBER = re.compile(r"\d+")
_SHORTEST_NAME = 3


def resembled(address: str, known: Iterable[str], free_mail: Collection[str]) -> str:
    """Return which of the `known` addresses or `@domains` an unknown address passes for; empty when none.

    `free_mail` are the domains anybody can have an address at: there the name alone tells people apart,
    and their domains have look-alikes even when nobody of ours has an address there.
    """
    name, _, domain = address.lower().rpartition("@")
    if not name or not domain:
        return ""
    domains: dict[str, list[str]] = {}
    for other in known:
        other_name, _, other_domain = other.lower().rpartition("@")
        if other_domain != domain:
            domains.setdefault(other_domain, []).append(other)
        elif other_name and _names_alike(name, other_name):
            return other
    if domain in free_mail:
        return ""
    for place, there in domains.items():
        if _domains_alike(domain, place):
            # Whom exactly it passes for: the one of that name, else anybody there.
            return next((other for other in there if other.lower().startswith(f"{name}@")), there[0])
    return ""


def same_name(name: str, names: Mapping[str, str]) -> str:
    """Return what `names` (as `plain_name` writes them) holds for a display name; empty when it has none."""
    plain = plain_name(name)
    return names.get(plain, "") if plain else ""


def plain_name(name: str) -> str:
    """Write a name so that names which look the same are the same: no case, marks, spaces, foreign letters."""
    letters = "".join(letter for letter in _latin(name) if letter.isalnum())
    return letters if len(letters) >= _SHORTEST_NAME else ""


def _names_alike(one: str, other: str) -> bool:
    """Compare two names at the same domain."""
    drawn, other_drawn = _skeleton(one), _skeleton(other)
    if _SEPARATORS.sub("", drawn) == _SEPARATORS.sub("", other_drawn):
        return True
    if _NUMBER.sub("", one) == _NUMBER.sub("", other) and _NUMBER.search(one) and _NUMBER.search(other):
        return False  # humas1@ and humas2@ are two desks of one office
    return _near(drawn, other_drawn)


@lru_cache(maxsize=50_000)
def _domains_alike(one: str, other: str) -> bool:
    """Compare two different domains; those of one organisation are no look-alikes."""
    registered, other_registered = organisation(one), organisation(other)
    if registered and registered == other_registered:
        return False
    drawn, other_drawn = _skeleton(shown_form(one)), _skeleton(shown_form(other))
    if drawn == other_drawn:
        return True
    if _holds(drawn, other_drawn):
        return True
    label, other_label = _label(one), _label(other)
    if label == other_label:
        # contoh.com for contoh.go.id; short labels (ptsp, kpu) are many offices' own.
        return len(label) >= 5
    return suffix(one) == suffix(other) and _near(label, other_label)


def _holds(one: str, other: str) -> bool:
    """Say whether a domain holds another whole: contoh-go.id, contoh.go.id.penipu.example, contohgoid.com."""
    if f".{other.replace('-', '.')}." in f".{one.replace('-', '.')}.":
        return True
    squeezed = _SEPARATORS.sub("", other)
    return len(squeezed) >= 7 and squeezed in (label.replace("-", "") for label in one.split("."))


def _label(domain: str) -> str:
    """Return the part of a domain somebody chose, as it is drawn."""
    registered = organisation(domain)
    return _skeleton(shown_form(registered).partition(".")[0]) if registered else ""


def _near(one: str, other: str) -> bool:
    """Say whether two words differ by a slip: one letter, two in words of nine and more; swapped ones count one."""
    shortest = min(len(one), len(other))
    allowed = 0 if shortest < 4 else 1 if shortest < 9 else 2
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


@lru_cache(maxsize=50_000)
def _skeleton(text: str) -> str:
    """Write a word as a hurried eye reads it."""
    drawn = _latin(text)
    for pair, letter in _ALIKE:
        drawn = drawn.replace(pair, letter)
    return drawn.translate(_ONE_LETTER)


def _latin(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_DRAWN_ALIKE)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
