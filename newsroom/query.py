"""What somebody typed into a search field, understood: any text is a question, none is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsroom.tickets import ticket_in
from prose.lexemes import words

MOST = 24
"""Words and phrases of one question that count."""
SHORTEST = 3
"""Letters of an unfinished word from which on it is completed."""
_QUOTES = str.maketrans("“”„«»", '"""""')
_PIECE = re.compile(r'(?P<no>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One thing that is looked for."""

    words: tuple[str, ...]
    """Several are a phrase: they stand one after another, as they are."""
    exact: bool = False
    """As written; else whatever has the same stem."""
    excluded: bool = False
    begun: bool = False
    """Perhaps not typed to its end: words that begin so are found too."""


@dataclass(frozen=True)
class Query:
    """All terms must be found, the excluded ones must not."""

    terms: tuple[Term, ...] = ()
    ticket: int | None = None
    """The story whose number was typed; nothing else counts then."""

    def __bool__(self) -> bool:
        return bool(self.terms) or self.ticket is not None

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)


def parse(text: str) -> Query:
    """Understand what was typed: words, "phrases", -excluded; a story's number. Never raises."""
    if (number := ticket_in(text)) is not None:
        return Query(ticket=number)
    text = text.translate(_QUOTES)
    terms: list[Term] = []
    for piece in _PIECE.finditer(text):
        # An unfinished phrase or word is the last there is, and nothing follows it, not even a space.
        terms += _terms(piece, begun=piece.end() == len(text))
    seen = dict.fromkeys(terms)
    return Query(tuple(seen)[:MOST])


def _terms(piece: re.Match[str], *, begun: bool) -> list[Term]:
    excluded = piece["no"] is not None
    if piece["phrase"] is not None:
        phrase = tuple(words(piece["phrase"]))
        return [Term(phrase, exact=True, excluded=excluded)] if phrase else []
    found = tuple(words(piece["word"]))
    if not found:
        return []
    if len(set(found)) > 1:  # `COVID-19`, `20/11/2026`
        return [Term(found, exact=True, excluded=excluded)]
    long_enough = len(found[0]) >= SHORTEST
    return [Term(found[:1], excluded=excluded, begun=begun and long_enough and not excluded)]
