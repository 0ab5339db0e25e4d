"""WordPress' export file (WXR), read as a stream: no entity is ever expanded, no address in it ever opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from ingest.before import LONGEST_MOMENT, Library, OldPicture, OldPost, headline, with_pictures, words

_PIECE = 1 << 16
_LONGEST = 20_000_000
"""Characters of one text; a longer one is no post."""
_WP = "http://wordpress.org/export/"
_NAMES = {
    "http://purl.org/rss/1.0/modules/content/ encoded": "content",
    "http://purl.org/dc/elements/1.1/ creator": "creator",
}


class NotWxr(Exception):
    """The file is no export of WordPress, or not whole. The text says in Indonesian what to do."""


@dataclass
class _Item:
    texts: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        text = self.texts.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else 0


def read(path: Path) -> Iterator[OldPost]:
    """Yield the published posts of an export file, oldest as they stand. Raises NotWxr.

    The file is gone through twice: pictures may stand behind the posts that show them.
    """
    library = Library()
    authors: dict[str, str] = {}
    for item in _items(path, authors):
        if item.texts.get("post_type") == "attachment" and item.texts.get("attachment_url"):
            library.add(_picture(item))
    for item in _items(path, authors):
        if item.texts.get("post_type") != "post" or item.texts.get("status") != "publish":
            continue
        if post := _post(item, authors):
            yield with_pictures(post, library)


def site_of(path: Path) -> str:
    """Return the address of the site the file was exported from. Raises NotWxr."""
    with path.open("rb") as file:
        reader = _Reader()
        for _ in _fed(reader, file):
            if reader.site:
                break
    if not reader.site:
        raise NotWxr(
            f"{path} bukan berkas ekspor WordPress. Buat di WordPress lewat Perkakas → Ekspor → Semua konten."
        )
    return reader.site


def _items(path: Path, authors: dict[str, str]) -> Iterator[_Item]:
    with path.open("rb") as file:
        reader = _Reader(authors)
        yield from _fed(reader, file)


def _fed(reader: _Reader, file: BinaryIO) -> Iterator[_Item]:
    try:
        while piece := file.read(_PIECE):
            reader.parser.Parse(piece, False)
            yield from reader.taken()
        reader.parser.Parse(b"", True)
        yield from reader.taken()
    except expat.ExpatError as error:
        raise NotWxr(
            f"Berkas ekspor rusak atau tidak lengkap pada baris {error.lineno} ({expat.ErrorString(error.code)}). "
            "Ekspor ulang dari WordPress; yang sudah diimpor tidak akan berganda."
        ) from error


class _Reader:
    def __init__(self, authors: dict[str, str] | None = None) -> None:
        self.site = ""
        self._authors = authors if authors is not None else {}
        self._author = ("", "")
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._item: _Item | None = None
        self._term = ""
        self._key = ""
        self._done: list[_Item] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_doctype
        self.parser.StartElementHandler = self._begins
        self.parser.EndElementHandler = self._ends
        self.parser.CharacterDataHandler = self._says

    def taken(self) -> list[_Item]:
        done, self._done = self._done, []
        return done

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        short = _short(name)
        if short == "item":
            self._item = _Item()
        if short == "category":
            self._term = attributes.get("domain", "")
        self._path.append(short)
        self._text, self._length = [], 0

    def _says(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST:
            raise NotWxr("Berkas ekspor memuat teks yang terlalu panjang untuk sebuah berita. Ekspor ulang.")
        self._text.append(text)

    def _ends(self, name: str) -> None:
        short, text = self._path.pop(), "".join(self._text).strip()
        self._text, self._length = [], 0
        parent = self._path[-1] if self._path else ""
        if self._item is None:
            self._channel(short, parent, text)
        elif short == "item":
            self._done.append(self._item)
            self._item = None
        elif short == "category" and parent == "item":
            self._item.terms.append((self._term, text))
        elif parent == "postmeta":
            self._key = text if short == "meta_key" else self._key
            if short == "meta_value":
                self._item.meta[self._key] = text
        elif parent == "item":
            self._item.texts[short] = text

    def _channel(self, short: str, parent: str, text: str) -> None:
        if short == "base_blog_url" or (short == "link" and parent == "channel" and not self.site):
            self.site = text
        if parent == "author" and short == "author_login":
            self._author = (text, "")
        if parent == "author" and short == "author_display_name":
            self._authors[self._author[0]] = text


def _no_doctype(*_: object) -> None:
    raise NotWxr("Berkas ini memuat DOCTYPE, yang tidak pernah ada pada ekspor WordPress, jadi tidak dibaca.")


def _short(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    space, _, local = name.rpartition(" ")
    if space.startswith(_WP):
        return f"excerpt_{local}" if "/excerpt/" in space else local
    return local if not space else f"other_{local}"


def _picture(item: _Item) -> OldPicture:
    return OldPicture(
        url=item.texts["attachment_url"],
        caption=words(item.texts.get("excerpt_encoded", "")),
        alt=words(item.meta.get("_wp_attachment_image_alt", "")),
        number=item.number("post_id"),
        parent=item.number("post_parent"),
    )


def _post(item: _Item, authors: dict[str, str]) -> OldPost | None:
    texts = item.texts
    published = _moment(texts.get("post_date_gmt", ""))
    if published is None or not item.number("post_id"):
        return None
    thumbnail = item.meta.get("_thumbnail_id", "")
    named: Callable[[str], tuple[str, ...]] = lambda domain: tuple(  # noqa: E731 - a name for one line
        dict.fromkeys(words(text) for kind, text in item.terms if kind == domain and text)
    )
    return OldPost(
        remote_id=str(item.number("post_id")),
        url=texts.get("link", ""),
        title=headline(texts.get("title", "")),
        html=texts.get("content", ""),
        published_at=published,
        modified=texts.get("post_modified_gmt", "")[:LONGEST_MOMENT],
        author=words(authors.get(texts.get("creator", ""), texts.get("creator", ""))),
        categories=named("category"),
        tags=named("post_tag"),
        featured=int(thumbnail) if thumbnail.isdecimal() else 0,
        # Its status is `publish` all the same, and the export holds its text.
        locked=bool(texts.get("post_password")),
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
