"""A story as a message for WhatsApp: title, dateline and lead, link, tags and code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from prose.writing import paragraphs, to_text

LONGEST = 1_500
"""Characters: longer texts are cut by wa.me on some telephones."""

_LINK = re.compile(r"(https?://\S+)")
# WhatsApp has no escape: what it would take for a mark is written with a character it does not know.
_LOOK_ALIKE = str.maketrans({"*": "∗", "~": "∼", "`": "'"})
_MARK = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_AT_START = re.compile(r"^(?:(?:[-*•]\s+|>\s*)+|(?P<number>\d+)\.(?=\s))")


def whatsapp(
    headline: str,
    body: str,
    *,
    dateline: str = "",
    link: str = "",
    tags: Iterable[str] = (),
    code: str = "",
    longest: int = LONGEST,
) -> str:
    """Return a message of at most `longest` characters: the first two paragraphs of `body` are cut to fit.

    `dateline`, `body` and `code` are Markdown. Nothing of the words is taken for WhatsApp's own marks, and
    links stay as they are.
    """
    title = f"*{_words(headline)[: longest // 3].strip()}*" if _words(headline) else ""
    tag_line = " ".join(f"#{tag}" for tag in map(_tag, tags) if tag)
    end = [part for part in (link.strip(), tag_line, _words(to_text(code))) if part]
    lead = [_words(paragraph) for paragraph in paragraphs(body)[:2]]
    if before := _words(to_text(dateline)):
        lead[:1] = [f"{before} {lead[0]}" if lead else before]
    room = longest - sum(len(part) + 2 for part in (title, *end))
    return "\n\n".join(part for part in (title, *_cut(lead, room), *end) if part)


def whatsapp_link(message: str) -> str:
    """Return the address that opens WhatsApp with `message` written and asks whom to send it to."""
    return f"https://wa.me/?text={quote(message, safe='')}"


def _words(text: str) -> str:
    """Return one line of words in which WhatsApp finds no mark."""
    line = " ".join(text.split())
    line = _AT_START.sub(lambda match: f"{match['number']})" if match["number"] else "", line)
    parts = _LINK.split(line)  # every second one is a link
    parts[::2] = [_MARK.sub("", part.translate(_LOOK_ALIKE)) for part in parts[::2]]
    return " ".join("".join(parts).split())


def _cut(lead: list[str], room: int) -> list[str]:
    kept: list[str] = []
    for paragraph in lead:
        if len(paragraph) + 2 > room:
            if room > 40:  # less would be no sentence
                kept.append(f"{paragraph[: room - 3].rpartition(' ')[0].rstrip(' ,;:–-')} …")
            break
        kept.append(paragraph)
        room -= len(paragraph) + 2
    return kept


def _tag(name: str) -> str:
    words = re.findall(r"[^\W_]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)
