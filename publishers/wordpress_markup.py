"""A post as WordPress' editors expect to find it: text and figures, as blocks or as plain HTML."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from html.parser import HTMLParser
from typing import Literal

from publishers.base import Picture, Post
from publishers.captions import caption_line

Markup = Literal["block", "classic"]


@dataclass(frozen=True)
class Shown:
    """A photo that is at the site."""

    number: int
    url: str
    picture: Picture


def marker(key: str, version: int | None = None, digest: str = "") -> str:
    """Return the comment by which a story is found again: `<!-- key -->`, when filled with its version."""
    return f"<!-- {key} -->" if version is None else f"<!-- {key} v{version} {digest} -->"


@dataclass(frozen=True)
class Mark:
    key: str
    version: int | None
    """None for a reserved draft that was never filled."""


def read_mark(content: str) -> Mark | None:
    """Return the marker that stands in a text, None when there is none."""
    found = re.search(r"<!-- (r[0-9a-f]{14})(?: v(\d+) [0-9a-f]+)? -->", content)
    return Mark(found[1], int(found[2]) if found[2] else None) if found else None


def compose(post: Post, photos: Sequence[Shown], markup: Markup, *, first_photo: bool = True) -> str:
    """Return the story's text: the notice, the first photo if wanted, the body, the other photos."""
    pieces = []
    if post.notice:
        pieces.append(_wrapped("p", f"<p><em>{_text(post.notice)}</em></p>", markup))
    pieces += [_figure(photo, markup) for photo in photos[:1] if first_photo]
    # A square bracket could start a shortcode, which WordPress would run.
    body = post.html.replace("[", "&#91;")
    pieces += _blocks(body) if markup == "block" else [body.strip()]
    pieces += [_figure(photo, markup) for photo in photos[1:]]
    return "\n\n".join(piece for piece in pieces if piece)


def sealed(content: str, mark: str, markup: Markup) -> str:
    """Close `content` with its marker. Where the marker is, all that stands before it has arrived."""
    return f"{content}\n\n{_wrapped('', mark, markup)}"


def title(text: str) -> str:
    """Return a headline as WordPress stores titles: themes print them unescaped."""
    return escape(" ".join(text.split()), quote=False).replace("[", "&#91;")


def readable(text: str) -> str:
    """Return text without what typography changes: case, quotes, dashes, spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def plain(text: str) -> str:
    """Return text for a field that WordPress strips of tags and percent signs."""
    return " ".join(re.sub(r"[<>]|%(?=[0-9a-fA-F]{2})", " ", text).split())


def words(html: str) -> str:
    """Return what a reader reads, to compare texts that WordPress has re-spaced or re-escaped."""
    return " ".join(unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL)).split())


def narrow(post: Post) -> Post:
    """Return the post without characters beyond 16 bits, for sites whose database cannot hold them.

    Decorated letters (𝗣𝗮𝘀𝗮𝗿), common in text from messengers, become plain ones; emoji are dropped.
    """
    pictures = tuple(
        replace(one, caption=_narrow(one.caption), credit=_narrow(one.credit), alt=_narrow(one.alt))
        for one in post.pictures
    )
    return replace(
        post,
        headline=_narrow(post.headline),
        html=_narrow(post.html),
        text_lead=_narrow(post.text_lead),
        notice=_narrow(post.notice),
        tags=tuple(tag for tag in map(_narrow, post.tags) if tag.strip()),
        pictures=pictures,
    )


def is_wide(post: Post) -> bool:
    """Say whether `narrow` would change anything."""
    return narrow(post) != post


def _narrow(text: str) -> str:
    plain_letters = (unicodedata.normalize("NFKC", char) if char > "\uffff" else char for char in text)
    return "".join(char for char in "".join(plain_letters) if char <= "\uffff")


def _text(text: str) -> str:
    return escape(" ".join(text.split())).replace("[", "&#91;")


def _figure(photo: Shown, markup: Markup) -> str:
    caption = _text(caption_line(photo.picture.caption, photo.picture.credit))
    # The class is what makes WordPress add srcset and sizes.
    image = (
        f'<img src="{escape(photo.url)}" alt="{_text(photo.picture.alt)}" class="wp-image-{photo.number}"/>'
    )
    if markup == "classic":
        below = f'<figcaption class="wp-caption-text">{caption}</figcaption>' if caption else ""
        return f'<figure class="wp-caption alignnone">{image}{below}</figure>'
    below = f'<figcaption class="wp-element-caption">{caption}</figcaption>' if caption else ""
    facts = json.dumps(
        {"id": photo.number, "sizeSlug": "large", "linkDestination": "none"}, separators=(",", ":")
    )
    figure = f'<figure class="wp-block-image size-large">{image}{below}</figure>'
    return f"<!-- wp:image {facts} -->\n{figure}\n<!-- /wp:image -->"


def _wrapped(tag: str, html: str, markup: Markup) -> str:
    if markup == "classic":
        return html
    if tag == "p":
        return f"<!-- wp:paragraph -->\n{html}\n<!-- /wp:paragraph -->"
    if tag in ("h2", "h3", "h4"):
        level = "" if tag == "h2" else f' {{"level":{tag[1]}}}'
        return f"<!-- wp:heading{level} -->\n{html}\n<!-- /wp:heading -->"
    return f"<!-- wp:html -->\n{html}\n<!-- /wp:html -->"


def _blocks(html: str) -> list[str]:
    """Give every top-level element of sanitised HTML its block."""
    splitter = _Splitter(html)
    return [_wrapped(tag, piece, "block") for tag, piece in splitter.pieces]


class _Splitter(HTMLParser):
    """Cuts HTML between its top-level elements."""

    VOID = frozenset({"br", "hr", "img", "wbr", "col"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[tuple[str, str]] = []
        self._html = html
        self._starts = [0]
        for line in html.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._depth = 0
        self._from = 0
        self._tag = ""
        self.feed(html)
        self.close()
        self._cut(len(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._depth:
            self._cut(self._here())
            # Only a bare element is what its block would have written.
            self._tag = "" if attrs else tag
        if tag in self.VOID:
            if not self._depth:
                self._cut(self._here() + len(self.get_starttag_text() or ""))
        else:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._depth:
            self._cut(self._here())
            self._cut(self._here() + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in self.VOID:
            self._depth -= 1
            if not self._depth:
                self._cut(self._html.index(">", self._here()) + 1)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def _cut(self, end: int) -> None:
        piece = self._html[self._from : end].strip()
        if piece:
            self.pieces.append((self._tag, piece))
        self._from, self._tag = end, ""
