"""HTML as mail programs write it, to the Markdown a story is kept in."""

from __future__ import annotations

import re
from itertools import chain, islice

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from prose.cleaning import clean

_KEPT = (
    "p div span br hr strong b em i u a ul ol li blockquote h1 h2 h3 h4 h5 h6 code pre font center "
    "table thead tbody tfoot tr th td section article header footer main figure figcaption dl dt dd "
    "del s strike sub sup small big q cite address caption"
)
_TAGS = set(_KEPT.split())
_UNREAD = {"script", "style", "title", "template", "noscript", "textarea", "select"}
_DEEPEST = 150
"""Tags inside tags beyond this are an attack or an accident; the converter would run out of stack."""
_ATTRIBUTES = {"*": {"style", "hidden", "bgcolor"}, "a": {"href"}, "font": {"color", "size"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

_BLOCK_NAMES = (
    "p div ul ol li blockquote h1 h2 h3 h4 h5 h6 pre table section article header footer main figure "
    "figcaption dl dt dd address hr"
)
_BLOCKS = _BLOCK_NAMES.split()
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|$|!)"
    r"|font-size\s*:\s*(?:0(?:\.0+)?(?:px|pt|r?em|%)?|[01](?:\.\d+)?p[xt])\s*(?:;|$|!)"
    r"|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
_COLLAPSED = re.compile(r"max-height\s*:\s*0(?:px)?\s*(?:;|$|!)", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"background(?:-color)?\s*:\s*(?!none|transparent|white|#fff(?:fff)?\b)", re.IGNORECASE
)


def from_html(html: str) -> str:
    """Return the visible text of `html` as Markdown, without scripts, hidden text, layout and pictures."""
    safe = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_UNREAD,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
    )
    soup = BeautifulSoup(safe, "html.parser")
    _drop_hidden(soup)
    if _depth(soup) > _DEEPEST:
        return _tidy(clean(soup.get_text("\n\n")))
    _unwrap_layout(soup)
    _unwrap_wide_emphasis(soup)
    soup.smooth()  # so that spaces on both sides of what was dropped become one
    written: str = _Converter(
        heading_style="atx", bullets="-", autolinks=False, sub_symbol="", sup_symbol=""
    ).convert_soup(soup)
    return _tidy(clean(written))


class _Converter(MarkdownConverter):
    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""  # struck out by its author

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "")
        if text.strip() in (href, href.partition("://")[2], href.removeprefix("mailto:")):
            return text  # an address that shows itself is made a link again when the story is written out
        link: str = super().convert_a(el, text, parent_tags)  # type: ignore[misc]  # missing in its stub
        return link

    convert_s = convert_del
    convert_strike = convert_del


def _depth(soup: BeautifulSoup) -> int:
    depths = {id(soup): 0}
    for element in soup.find_all(True):
        depths[id(element)] = depths[id(element.parent)] + 1
    return max(depths.values())


def _drop_hidden(soup: BeautifulSoup) -> None:
    for element in [element for element in soup.find_all(True) if _is_hidden(element)]:
        element.decompose()


def _is_hidden(element: Tag) -> bool:
    style = str(element.get("style") or "")
    if element.has_attr("hidden") or _INVISIBLE.search(style):
        return True
    if _COLLAPSED.search(style) and "overflow" in style.lower():
        return True
    white = _WHITE.search(style) or str(element.get("color") or "").lower() in ("white", "#fff", "#ffffff")
    # White letters are read on a coloured ground, such as the head of a table.
    return bool(white) and not any(
        _has_ground(tag) for tag in islice(chain((element,), element.parents), _DEEPEST)
    )


def _has_ground(element: Tag) -> bool:
    ground = str(element.get("bgcolor") or "").lower()
    return ground not in ("", "white", "#fff", "#ffffff") or bool(
        _BACKGROUND.search(str(element.get("style") or ""))
    )


def _unwrap_layout(soup: BeautifulSoup) -> None:
    """Make plain blocks of tables that only place things on the page."""
    for table in reversed(soup.find_all("table")):
        if _is_layout(table):
            for part in table.find_all(["thead", "tbody", "tfoot", "tr", "caption"]):
                part.unwrap()
            for cell in table.find_all(["td", "th"]):
                cell.name = "div"
            table.name = "div"


def _is_layout(table: Tag) -> bool:
    if table.find("table") is not None:
        return True
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    if len(rows) < 2 or max(len(cells) for cells in rows) < 2:
        return True
    return any(
        len(cell.find_all(["p", "div", "li"])) > 1 or len(cell.get_text()) > 300
        for cells in rows
        for cell in cells
    )


def _unwrap_wide_emphasis(soup: BeautifulSoup) -> None:
    """Drop emphasis that spans paragraphs: Markdown cannot say it, and its marks would show."""
    for element in soup.find_all(["strong", "b", "em", "i", "a"]):
        if element.find(_BLOCKS) is not None or len(element.find_all("br")) > 1:
            element.unwrap()


def _tidy(text: str) -> str:
    lines = [line if line.strip() else "" for line in text.split("\n")]
    text = "\n".join(lines)
    text = re.sub(r"(?m)[ ]+$(?=\n\n|\Z)", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
