"""Where in a story the words stand that somebody looks for, marked for the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from newsroom.models import Attachment, Revision, Story
from newsroom.query import Query
from prose.lexemes import stem, written

AROUND = 24
"""Words of a snippet."""
LOOKED_AT = 20_000
"""Characters of a text that are looked through."""


@dataclass(frozen=True)
class Snippet:
    headline: SafeString
    text: SafeString
    """Empty where only the headline matches, or what matches is no text."""
    source: str = ""
    """Where the text stands: `body`, `caption`, `document`."""
    name: str = ""
    """Of the document."""


class _Wanted:
    """The words of a question, to be recognised in a text as it was written."""

    def __init__(self, query: Query) -> None:
        terms = query.wanted
        self._exact = {word for term in terms if term.exact for word in term.words}
        self._stems = {stem(term.words[0]) for term in terms if not term.exact}
        self._begun = tuple(term.words[0] for term in terms if term.begun)
        self._judged: dict[tuple[str, ...], bool] = {}

    def __contains__(self, words: tuple[str, ...]) -> bool:
        known = self._judged.get(words)
        if known is None:  # the same words come again and again
            known = self._judged[words] = any(map(self._matches, words))
        return known

    def _matches(self, word: str) -> bool:
        return (
            word in self._exact
            or stem(word) in self._stems
            or (bool(self._begun) and word.startswith(self._begun))
        )


def snippets(stories: Iterable[Story], query: Query) -> dict[int, Snippet]:
    """Return for each story its headline and the text around the first match, what matches in <mark>.

    Three questions, however many stories.
    """
    stories = list(stories)
    wanted = _Wanted(query)
    sealed = _sealed(stories)
    found = {pk: _first(row, wanted) for pk, row in sealed.items()}
    missing = [pk for pk, snippet in found.items() if not snippet.text and query.wanted]
    if missing:
        for pk, snippet in _in_documents(missing, wanted):
            if not found[pk].text:
                found[pk] = Snippet(found[pk].headline, snippet.text, snippet.source, snippet.name)
    return found


def marked(text: str, query: Query) -> SafeString:
    """Return the text, escaped, with what matches in <mark>."""
    return _marked(text, _Wanted(query))


def _sealed(stories: list[Story]) -> dict[int, Revision]:
    versions = {story.pk: story.version for story in stories}
    rows = Revision.objects.filter(story__in=list(versions), sealed=True).order_by("id")
    rows = rows.only("story_id", "version", "headline", "body", "photos")
    return {row.story_id: row for row in rows if row.version == versions[row.story_id]}


def _first(sealed: Revision, wanted: _Wanted) -> Snippet:
    headline = _marked(sealed.headline, wanted)
    texts = [("body", sealed.body), *(("caption", photo["caption"]) for photo in sealed.photos)]
    for source, text in texts:
        if around := _around(text[:LOOKED_AT], wanted):
            return Snippet(headline, around, source)
    return Snippet(headline, SafeString())


def _in_documents(pks: list[int], wanted: _Wanted) -> Iterable[tuple[int, Snippet]]:
    kept = Attachment.objects.filter(submission__story__in=pks).exclude(words="").order_by("id")
    for pk, name, words in kept.values_list("submission__story", "filename", "words"):
        if around := _around(words[:LOOKED_AT], wanted):
            yield pk, Snippet(SafeString(), around, "document", name)


def _around(text: str, wanted: _Wanted) -> SafeString:
    """Return the stretch of the text that holds most matches; empty where there is none."""
    places = list(written(text))
    hits = [number for number, (_, _, words) in enumerate(places) if words in wanted]
    if not hits:
        return SafeString()
    best = max(hits[:60], key=lambda first: (sum(first <= hit < first + AROUND for hit in hits), -first))
    first = max(best - 5, 0)
    last = min(first + AROUND, len(places))
    start = places[first][0] if first else 0
    end = places[last - 1][1] if last < len(places) else len(text)
    before, after = "… " if first else "", " …" if last < len(places) else ""
    return mark_safe(before + _marked(" ".join(text[start:end].split()), wanted) + after)  # noqa: S308


def _marked(text: str, wanted: _Wanted) -> SafeString:
    parts, done = [], 0
    for start, end, words in written(text):
        if words in wanted:
            parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
            done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece is escaped above
