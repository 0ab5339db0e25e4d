"""Text as an eye reads it: what only changes how letters look is folded away, and every place is remembered."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

# What is not read as it is written: marks of Markdown and HTML, and everything outside ASCII.
_ODD = re.compile(
    r"(?P<break><br\s?/?>)|(?P<tag></?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>@]{0,200})?/?>|<!--[^<>]{0,200}-->)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});)|(?P<escape>\\)|(?P<other>[^\x00-\x7f])"
    r"|(?P<space>[\t\r\x0b\x0c])"
)
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_DOTS = dict.fromkeys("·․‧∙", ".")


@dataclass(frozen=True)
class Folded:
    text: str
    origin: tuple[int, ...]
    """Where each letter of `text` stands in what was folded, and at last where that ends."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in what was folded."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Make digits and spaces ASCII, dashes one dash; drop what has no width, tags and escapes.

    A tag that stands inside a line becomes an asterisk, as if it were Markdown's emphasis. Linear.
    """
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for match in _ODD.finditer(text):
        pieces.append(text[done : match.start()])
        origin.extend(range(done, match.start()))
        read = _read(match)
        pieces.append(read)
        origin.extend([match.start()] * len(read))
        done = match.end()
    pieces.append(text[done:])
    origin.extend(range(done, len(text)))
    return Folded("".join(pieces), (*origin, len(text)))


def _read(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "break":
            return "\n"
        case "tag":
            return "*"
        case "escape":
            return ""
        case "space":
            return " "
        case "entity":
            return "".join(_letter(letter) for letter in html.unescape(match.group()))
        case _:
            return _letter(match.group())


def _letter(letter: str) -> str:
    if letter in _DASHES or letter in _DOTS:
        return _DASHES.get(letter) or _DOTS[letter]
    category = unicodedata.category(letter)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if letter == "\u2028" or letter == "\u2029":
        return "\n"
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(letter))
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 else letter
