"""Characters: what never belongs in a story is taken out, what only looks different is made the same."""

from __future__ import annotations

import re
import unicodedata

_NEWLINES = re.compile("\r\n?|[\v\f\u2028]")

# Windows-1252 text labelled ISO-8859-1 arrives as C1 controls; browsers read it this way too.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}

_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u1680\u202f\u205f\u3000"), " ") | dict.fromkeys(
    range(0x2000, 0x200B), " "
)

_REMOVED: dict[int, None] = dict.fromkeys(
    [
        *(code for code in range(0x20) if code != 0x0A),
        0x7F,
        0xAD,  # soft hyphen
        0x034F,  # combining grapheme joiner
        0x061C,
        0x180E,
        0x200B,  # zero-width space
        0x200E,  # bidi marks, embeddings, overrides and isolates
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFDD0, 0xFDF0),  # noncharacters
        0xFEFF,
        *range(0xFFF9, 0xFFFD),  # annotations and the object replacement character
        0xFFFE,
        0xFFFF,
        *range(0xE0000, 0xE01F0),  # tags and the supplementary variation selectors
    ]
)

_SURROGATES = re.compile("[\ud800-\udfff]")

# Letters drawn in another font (𝗯𝗼𝗹𝗱, full-width, ligatures from PDF); the single code points are the
# letters Unicode had before the mathematical block and left out of it.
_DISGUISED = re.compile(
    "[\U0001d400-\U0001d7ff\uff01-\uff5e\ufb00-\ufb06\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128"
    "\u212c\u212d\u212f-\u2131\u2133\u2134]"
)

_JOINERS = "\u200c\u200d"
_SELECTORS = re.compile("[\ufe00-\ufe0f]")


def clean(text: str) -> str:
    """Return `text` in NFC without controls, invisible or bidi characters, with plain spaces and newlines.

    Joiners stay inside emoji and inside scripts that are written with them. Cleaning twice is cleaning once.
    """
    while (cleaned := _clean_once(text)) != text:
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    text = _NEWLINES.sub("\n", text).replace("\u2029", "\n\n")
    text = text.translate(_C1).translate(_SPACES).translate(_REMOVED)
    text = _SURROGATES.sub("\ufffd", text)
    text = _DISGUISED.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = unicodedata.normalize("NFC", text)
    if any(joiner in text for joiner in _JOINERS) or _SELECTORS.search(text):
        text = "".join(char for at, char in enumerate(text) if _belongs(text, at))
    return unicodedata.normalize("NFC", text)


def _belongs(text: str, at: int) -> bool:
    """Say whether the character at `at`, if it is a joiner or a variation selector, has work to do there."""
    char = text[at]
    before = text[at - 1] if at else " "
    if char in _JOINERS:
        after = text[at + 1] if at + 1 < len(text) else " "
        return _joins(before) and _joins(after)
    if _SELECTORS.match(char):
        # Symbols (☀️), and the digits, # and * of keycaps.
        return unicodedata.category(before) in ("So", "Sm", "Sk", "Po", "Nd") and not before.isspace()
    return True


def _joins(char: str) -> bool:
    # Letters without case (Arabic, Javanese, Balinese …), their marks, emoji and their skin tones.
    return unicodedata.category(char) in ("Lo", "Mn", "Mc", "So", "Sk")


def slug(text: str, limit: int = 60) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, at most `limit` characters long.

    Cut between words where that is possible; empty when nothing of it can be written in ASCII.
    """
    plain = unicodedata.normalize("NFKD", clean(text)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", "").replace("`", ""))
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:limit]
        if len(longer) > limit:
            break
        made = longer
    return made
