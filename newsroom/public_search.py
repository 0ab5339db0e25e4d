"""Search for readers: the index proposes, and what readers may read of a story proves it.

The index is the desk's. It holds documents that came with a mail, people and tags, captions of photos that are barred
by now, and stories that are closed; so nothing readers are told, not even that there is more, comes from it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsroom.public import Shown, readable, shown
from newsroom.query import Query, Term
from newsroom.search import Filters, numbers
from prose.lexemes import stem, words

LOOKED_AT = 1_000
"""So many of the newest proposals are looked at."""
_AT_ONCE = 100


@dataclass(frozen=True)
class Matches:
    """One page of what readers find."""

    shown: list[Shown]
    more: bool


def matches(query: Query, *, page: int, per_page: int) -> Matches:
    """Return a page of the stories whose public text matches, the newest first."""
    start, end = (page - 1) * per_page, page * per_page
    found: list[Shown] = []
    # What is not wanted is looked for in the text only: else a word of a document would make a story vanish.
    proposed = numbers(replace(query, terms=query.wanted), Filters(state=("released",)), most=LOOKED_AT)
    for batch in _batches(proposed):
        found += [one for one in shown(readable().filter(pk__in=batch)) if _proven(one, query)]
        if len(found) > end:
            break
    return Matches(found[start:end], len(found) > end)


def _batches(proposed: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(proposed), _AT_ONCE):
        yield proposed[at : at + _AT_ONCE]


def _proven(one: Shown, query: Query) -> bool:
    """Say whether what the story's page shows holds all that is wanted, and nothing that is not."""
    if not query.terms:
        return True
    texts = [tuple(words(text)) for text in _texts(one)]
    known = {word for text in texts for word in text}
    stems = set(map(stem, known))
    return all(_stands(term, texts, known, stems) is not term.excluded for term in query.terms)


def _stands(term: Term, texts: list[tuple[str, ...]], known: set[str], stems: set[str]) -> bool:
    if term.exact:
        long = len(term.words)
        return term.words[0] in known and any(
            text[at : at + long] == term.words for text in texts for at in range(len(text) - long + 1)
        )
    first = term.words[0]
    return stem(first) in stems or (term.begun and any(word.startswith(first) for word in known))


def _texts(one: Shown) -> Iterator[str]:
    sealed = one.sealed
    yield from (sealed.headline, sealed.body, sealed.dateline_city, sealed.category)
    yield from (sealed.byline_outlet, sealed.byline_writer)
    for _number, photo in one.photos:
        yield from (photo["caption"], photo["credit"], photo["alt"])
