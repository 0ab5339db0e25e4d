"""What a site held before Redaksi: posts and their pictures, read from WordPress' HTML. Nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

import prose
from ingest import html

LONGEST_MOMENT = 40
"""Characters of the moment a post was last changed, kept as its site wrote it."""
_SIZED = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated)(?=\.[A-Za-z0-9]{2,5}$)")
_CAPTIONED = re.compile(r"(?is)\[caption\b[^\]]*\](.*?)\[/caption\]")
_GALLERY = re.compile(r"(?i)\[gallery\b([^\]]*)\]")
_IDS = re.compile(r"""(?i)\bids\s*=\s*["']?([\d,\s]+)""")
_NUMBERED = re.compile(r"\bwp-image-(\d{1,12})\b")
_PARAGRAPH = re.compile(r"(?i)<p\b|<!-- wp:")
_BLOCK = re.compile(r"(?i)\s*</?(?:div|ul|ol|table|blockquote|figure|pre|h[1-6])\b")


@dataclass(frozen=True)
class OldPicture:
    """One picture of a post, where it lies and what is said of it there."""

    url: str
    caption: str = ""
    alt: str = ""
    number: int = 0
    """Its own at the site; 0 when it is only known by its address."""
    parent: int = 0
    """The post it was uploaded for."""


@dataclass(frozen=True)
class OldPost:
    """One post as its site's readers know it."""

    remote_id: str
    url: str
    title: str
    html: str
    published_at: datetime
    """Aware."""
    modified: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    featured: int = 0
    locked: bool = False
    """Its site shows it only to those who know its password."""
    pictures: tuple[OldPicture, ...] = ()
    """In the order of the text, the post's own picture first."""


def headline(title: str) -> str:
    """Return a title without its HTML."""
    return " ".join(prose.clean(unescape(re.sub(r"<[^<>]*>", "", title))).split())


def words(text: str) -> str:
    """Return a caption or a name as plain words on one line."""
    return " ".join(prose.clean(html.words(text)).split())


def to_markdown(source: str) -> str:
    """Return a post's text as Markdown, without pictures and their captions."""
    return html.to_markdown(str(_without_pictures(_soup(source))))


class Library:
    """The pictures of a site: by number, by address, by the post they were uploaded for."""

    def __init__(self, pictures: Iterable[OldPicture] = ()) -> None:
        self._numbers: dict[int, OldPicture] = {}
        self._addresses: dict[str, OldPicture] = {}
        self._parents: dict[int, list[OldPicture]] = {}
        for picture in pictures:
            self.add(picture)

    def add(self, picture: OldPicture) -> None:
        if picture.number not in self._numbers:
            self._numbers[picture.number] = picture
            self._addresses[_stem(picture.url)] = picture
            self._parents.setdefault(picture.parent, []).append(picture)

    def known(self, number: int, url: str = "") -> OldPicture | None:
        return self._numbers.get(number) or self._addresses.get(_stem(url))

    def of(self, post: OldPost) -> list[OldPicture]:
        return self._parents.get(int(post.remote_id), [])


def with_pictures(post: OldPost, library: Library) -> OldPost:
    """Return the post with the pictures it shows, its own picture first, and those that were uploaded for it."""
    featured = library.known(post.featured) if post.featured else None
    shown = [_told(one, library.known(one.number, one.url)) for one in _shown(post, library)]
    found: dict[str, OldPicture] = {}
    for one in (*([featured] if featured else ()), *shown, *library.of(post)):
        found[_stem(one.url)] = _told(one, found.get(_stem(one.url)))
    return replace(post, pictures=tuple(found.values()))


def _told(one: OldPicture, other: OldPicture | None) -> OldPicture:
    """Return the picture as the library has it; what stands beside it in the text comes before the library's words."""
    if other is None:
        return one
    return replace(other, caption=one.caption or other.caption, alt=one.alt or other.alt)


def _shown(post: OldPost, library: Library) -> Iterator[OldPicture]:
    """Yield the pictures of the text in its order."""
    for match in _GALLERY.finditer(post.html):
        ids = _IDS.search(match[1])
        numbers = (ids[1] if ids else "").replace(",", " ").split()
        yield from filter(None, (library.known(int(number)) for number in numbers))
    for image in _soup(post.html).find_all("img"):
        address = urljoin(post.url, str(image.get("src") or ""))
        if urlsplit(address).scheme not in ("http", "https"):
            continue
        told = _NUMBERED.search(" ".join(filter(None, image.get_attribute_list("class"))))
        yield OldPicture(
            address, _caption_of(image), words(str(image.get("alt") or "")), int(told[1]) if told else 0
        )


def _caption_of(image: Tag) -> str:
    figure = image.find_parent("figure")
    said = figure.find("figcaption") if figure else None
    if said is not None:
        return words(str(said))
    return ""


def _without_pictures(soup: BeautifulSoup) -> BeautifulSoup:
    for figure in soup.find_all("figure"):
        if figure.find("img") is not None:
            figure.decompose()
    return soup


def _soup(source: str) -> BeautifulSoup:
    """Read a post's HTML; a caption in WordPress' brackets becomes a figure, galleries are taken out."""
    source = _CAPTIONED.sub(_figure, source)
    source = _GALLERY.sub("", source)
    if not _PARAGRAPH.search(source):  # written before WordPress kept paragraphs: they are blank lines
        parts = (part for part in re.split(r"\n\s*\n", source) if part.strip())
        source = "".join(part if _BLOCK.match(part) else f"<p>{part}</p>" for part in parts)
    return BeautifulSoup(source, "html.parser")


def _figure(match: re.Match[str]) -> str:
    shown, _, said = match[1].rpartition(">")
    return f"<figure>{shown}><figcaption>{said}</figcaption></figure>" if shown else match[1]


def _stem(url: str) -> str:
    """Return what a picture's sizes have in common: the address without scheme, size and query."""
    parts = urlsplit(url)
    return f"{parts.netloc}{_SIZED.sub('', parts.path)}".lower()
