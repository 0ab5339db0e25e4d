"""HTML of a mail, as text. What is shown anywhere is made safe by `prose`; here it is only read."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from urllib.parse import unquote

import prose
from ingest import plain

_DEEPEST = 500
"""Nested elements beyond which HTML is read without its structure: parsers take quadratic time for it."""
_MOST_TAGS = 50_000
"""Tags beyond which HTML is read without its structure; each takes some 50 µs."""
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*>")
_MARK = "gambarsurel"
_CID = re.compile(r"""(?i)\bcid:([^"'\s<>)]{1,300})""")
# Written without an end, or closed by what follows them.
_SHALLOW = frozenset(
    [
        "p",
        "br",
        "img",
        "hr",
        "meta",
        "link",
        "input",
        "li",
        "tr",
        "td",
        "th",
        "dd",
        "dt",
        "col",
        "wbr",
        "base",
    ]
)
_UNSHOWN = tuple(
    (re.compile(begin, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<title", "</title"))
)


def to_markdown(html: str) -> str:
    """Return the visible text of HTML as Markdown, at worst without its structure. Never raises."""
    if html.count("<") <= _MOST_TAGS and _depth(html) <= _DEEPEST:
        try:
            return prose.from_html(html)
        except RecursionError:
            pass  # read it as below
    return plain.to_markdown(prose.clean(words(html)))


def pictures(html: str) -> list[str]:
    """Return the Content-IDs of the pictures HTML shows, in its order."""
    found = (unquote(match[1]).strip("<>") for match in islice(_CID.finditer(html), 1_000))
    return list(dict.fromkeys(found))


def with_marks(html: str) -> str:
    """Put a word into HTML at each picture of the mail, by which its place can be told in the text."""
    shown = {content_id: place for place, content_id in enumerate(pictures(html))}

    def mark(match: re.Match[str]) -> str:
        found = _CID.search(match[0])
        place = shown.get(unquote(found[1]).strip("<>")) if found else None
        return match[0] if place is None else f" {_MARK}{place}x "

    return re.sub(r"(?is)<img\b[^<>]*>", mark, html)


def marked(text: str, shown: list[str]) -> list[str]:
    """Return the Content-IDs whose marks stand in a text."""
    places = (int(number) for number in re.findall(rf"{_MARK}(\d+)x", text))
    return [shown[place] for place in places if place < len(shown)]


def words(html: str) -> str:
    """Return the text of HTML without tags, comments, scripts and styles, in linear time."""
    for begin, end in _UNSHOWN:
        html = _without(html, begin, end)
    return unescape(re.sub(r"<[^<>]*>", "\n", html))


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag["name"].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if tag["end"] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _without(html: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Cut out what stands between two marks; without the second, all that follows the first."""
    kept = []
    at = 0
    while found := begin.search(html, at):
        kept.append(html[at : found.start()])
        stop = end.search(html, found.end())
        at = stop.end() if stop else len(html)
    return "".join(kept) + html[at:]
