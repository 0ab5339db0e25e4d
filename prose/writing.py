"""Markdown to the HTML that every role on every site keeps, and to plain text."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from html import escape
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

import markdown
import nh3
from bleach.linkifier import Linker
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# What WordPress keeps from an author without `unfiltered_html`, minus what a news text does not need:
# a story is then the same on every site, whoever the office signs in as there.
_NAMES = "p br hr strong em a ul ol li blockquote h2 h3 h4 code pre table thead tbody tr th td"
TAGS = frozenset(_NAMES.split())
SCHEMES = frozenset({"http", "https", "mailto"})
_REL = "nofollow noopener"

# Bare addresses: with a scheme, with www., or under an Indonesian second-level domain. A bare `.id` alone
# is not enough: a missing space after a full stop would make links of words.
_BARE_LINK = re.compile(
    r"(?<![@\w./-])(?:https?://[^\s<>\"]+|www\.[\w-]+\.[^\s<>\"]+"
    r"|(?:[a-z0-9-]+\.)+(?:go|ac|sch|or|co|net|web|desa|my|mil)\.id(?![\w@-])(?:[/?][^\s<>\"]*)?)",
    re.IGNORECASE,
)

# Every bracket without a partner makes the converter look through all that follows.
_MOST_BRACKETS = 500

# The converter's work grows with the square of the marks and of the lines that cut a block in two
# (rulers, headings, fences of code). A story has some hundred marks and a few such lines; up to these limits the worst
# text found took 0.7 s (two shared cores), and 60,000 marks took 13 s. Beyond them it is no story: its
# words are enough.
_MOST_MARKS = 5_000
_MOST_CUTS = 200
_CUT = re.compile(r"^ {0,3}(?:#{1,6}[ \t]|[-*_](?:[ \t]*[-*_]){2,}[ \t]*$|`{3}|~{3})", re.MULTILINE)


def to_html(text: str) -> str:
    """Return Markdown as safe HTML. HTML typed into `text` is shown as typed, never obeyed."""
    try:
        html = (
            _words(text) if _overmarked(text) else _converter(text.count("[") <= _MOST_BRACKETS).convert(text)
        )
    except RecursionError:
        html = _words(text)  # lists within lists without end
    if "<a " in html or _BARE_LINK.search(html):
        html = _linker().linkify(html)
    return sanitise(html)


def sanitise(html: str) -> str:
    """Return `html` reduced to the tags and links a story may have. Doing it twice is doing it once."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},  # without "*" it keeps lang and title
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=_REL,
    ).strip()


def paragraphs(text: str) -> list[str]:
    """Return the plain text of each block of Markdown: paragraphs, headings, list items, table rows."""
    reader = _Blocks()
    reader.feed(to_html(text))
    reader.close()
    reader.end_block()
    return reader.blocks


def to_text(text: str) -> str:
    """Return Markdown as plain text, one blank line between blocks."""
    return "\n\n".join(paragraphs(text))


class _Story(Extension):
    """Markdown as contributors mean it: what they type by accident makes no structure."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        # Typed HTML stays text: nothing a contributor wrote between < and > disappears.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # An indented first line is no program, and a line of dashes under a line is no heading.
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.register(_SpacedHeader(md.parser), "hashheader", 70)
        md.treeprocessors.register(_Headings(md), "story-headings", 5)


class _SpacedHeader(HashHeaderProcessor):
    # A line of hashtags (#MediaCenter) is no heading: a heading has a space after its marks.
    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ \t]+(?P<header>[^\n]*?)[ \t]*#*[ \t]*(?:\n|$)")


class _Headings(Treeprocessor):
    """The page's only h1 is the headline; below h4 nothing differs to a reader."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "h1":
                element.tag = "h2"
            elif element.tag in ("h5", "h6"):
                element.tag = "h4"


def _overmarked(text: str) -> bool:
    marks = sum(text.count(mark) for mark in "*_\\")
    return marks > _MOST_MARKS or sum(1 for _ in _CUT.finditer(text)) > _MOST_CUTS


def _words(text: str) -> str:
    """Return a text that is no story as it was typed, in paragraphs."""
    return "".join(f"<p>{escape(block)}</p>" for block in re.split(r"\n\s*\n", text) if block.strip())


def _converter(links: bool) -> markdown.Markdown:
    # Made for each text: an instance keeps state and is not safe between threads.
    made = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists", _Story()])
    if not links:
        for pattern in (
            "reference",
            "link",
            "image_link",
            "image_reference",
            "short_reference",
            "short_image_ref",
        ):
            made.inlinePatterns.deregister(pattern)
    return made


def _safe_link(attrs: MutableMapping[Any, str], new: bool = False) -> Any:
    href = attrs.get((None, "href"), "")
    if href.partition(":")[0].lower() not in SCHEMES:
        return None  # the words stay, the link goes
    return attrs


def _linker() -> Linker:
    return Linker(callbacks=[_safe_link], skip_tags={"pre", "code"}, url_re=_BARE_LINK)


class _Blocks(HTMLParser):
    """Collects the text of each block of sanitised HTML."""

    _BLOCK = frozenset({"p", "li", "blockquote", "h2", "h3", "h4", "pre", "tr", "ul", "ol", "table", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._verbatim = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._BLOCK:
            self.end_block()
            self._verbatim = tag == "pre"
        elif tag == "br":
            self._words.append("\n")
        elif tag in ("td", "th") and "".join(self._words).strip():
            self._words.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._BLOCK:
            self.end_block()
            self._verbatim = False

    def handle_data(self, data: str) -> None:
        self._words.append(data if self._verbatim else data.replace("\n", " "))

    def end_block(self) -> None:
        text = "".join(self._words)
        if not self._verbatim:
            text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        if text.strip():
            self.blocks.append(text.strip())
        self._words = []
