"""What a reader finds on a portal's page: words whatever their dress, and the photos that stand with them."""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from publishers.assisted_reading import Answer

FURNITURE = ("nav", "footer", "aside", "noscript")
"""Parts of a page whose pictures belong to no story."""
SMALL = 120
"""Pixels of a side below which a picture is an ornament, where the page says how large it is."""
SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
"""Where a picture's address stands; pages that load late keep it beside a placeholder."""
BLOCKS = ("p", "li", "blockquote", "h2", "h3", "h4", "pre", "td", "th")
MOST_PLACES = 12
SHORTEST = 20
"""Letters below which a paragraph says nothing about where it was found."""


def letters(text: str) -> str:
    """Return only letters and digits, in small form: quotes, dashes, spaces and capitals are a portal's own."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def blocks(html: str) -> list[str]:
    """Return the letters of each paragraph that is long enough to be known again."""
    soup = BeautifulSoup(html, "html.parser")
    found = [letters(tag.get_text()) for tag in soup.find_all(BLOCKS) if not tag.find(BLOCKS)]
    return [block for block in found if len(block) >= SHORTEST]


class Page:
    """One page, read once: its letters in order, and where in the tree each of them stands."""

    def __init__(self, answer: Answer) -> None:
        self.url = answer.url
        self.soup = BeautifulSoup(answer.body, "html.parser", from_encoding=answer.charset)
        self._strings: list[NavigableString] = []
        self._starts: list[int] = []
        pieces, length = [], 0
        for string in self.soup.find_all(string=True):
            # Scripts, styles and comments are kinds of their own.
            if type(string) is not NavigableString or not (piece := letters(string)):
                continue
            self._strings.append(string)
            self._starts.append(length)
            pieces.append(piece)
            length += len(piece)
        self._letters = "".join(pieces)

    def has(self, text: str) -> bool:
        """Say whether the text stands on the page; no text always does."""
        return letters(text) in self._letters

    def has_letters(self, wanted: str) -> bool:
        return wanted in self._letters

    @property
    def titles(self) -> str:
        """What the page calls itself towards messengers and search engines."""
        named = self.soup.find_all("meta", attrs={"property": "og:title"})
        return letters(" ".join(str(tag.get("content", "")) for tag in named))

    def names(self, headline: str) -> bool:
        return self.has(headline) or letters(headline) in self.titles

    def article(self, headline: str, lead: str, rest: Sequence[str] = ()) -> Tag:
        """Return the part of the page that holds headline and lead, of several the one with most of `rest`.

        Where the page has an `article` or `main` around it, that is meant: galleries stand beside the text.
        """
        found = [self._around(letters(headline), place) for place in self._places(letters(lead))]

        def told(tag: Tag) -> int:
            text = letters(tag.get_text())
            return sum(block in text for block in rest)

        return max(found, key=told, default=self.soup)

    def text_hash(self, article: Tag) -> str:
        """Return the SHA-256 of an article's words as a reader sees them, spaces folded."""
        strings = [s for s in article.find_all(string=True) if type(s) is NavigableString]
        return hashlib.sha256(" ".join(" ".join(strings).split()).encode()).hexdigest()

    def photos(self, article: Tag) -> list[str]:
        """Return the addresses of an article's pictures in their order, ornaments left out."""
        found: dict[str, None] = {}
        for image in article.find_all("img"):
            if _ornament(image) or image.find_parent(FURNITURE):
                continue
            named = next((str(image[name]) for name in SOURCES if str(image.get(name) or "").strip()), "")
            if named and not named.startswith("data:"):
                try:
                    found[urljoin(self.url, named.strip())] = None
                except ValueError:
                    continue  # no address at all
        return list(found)

    def _around(self, headline: str, place: int) -> Tag:
        before = self._letters.rfind(headline, 0, place) if headline else -1
        shared = _common([self._string(at) for at in (before, place) if at >= 0])
        whole = next((tag for tag in _upwards(shared) if tag.name in ("article", "main")), None)
        return whole or shared

    def _places(self, wanted: str) -> Iterator[int]:
        """Yield where the letters begin in the page's body, the first few times."""
        place = self._letters.find(wanted) if wanted else -1
        for _ in range(MOST_PLACES):
            if place < 0:
                return
            if self._string(place).find_parent("head") is None:
                yield place
            place = self._letters.find(wanted, place + 1)

    def _string(self, place: int) -> PageElement:
        return self._strings[bisect_right(self._starts, place) - 1]


def _common(elements: list[PageElement]) -> Tag:
    """Return the innermost tag that holds all of them."""
    lines = [list(_upwards(element.parent)) for element in elements if element.parent]
    others = [{id(tag) for tag in line} for line in lines[1:]]
    return next(tag for tag in lines[0] if all(id(tag) in other for other in others))


def _upwards(tag: Tag | None) -> Iterator[Tag]:
    while tag is not None:
        yield tag
        tag = tag.parent


def _ornament(image: Tag) -> bool:
    sides = [str(image.get(name) or "") for name in ("width", "height")]
    return any(side.isdecimal() and int(side) < SMALL for side in sides)
