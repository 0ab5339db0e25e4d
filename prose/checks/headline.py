"""How a headline looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.checks.abbreviations import KNOWN
from prose.checks.finding import Finding, Story

LONGEST = 80
_SMALL = {
    "dan",
    "di",
    "ke",
    "dari",
    "yang",
    "untuk",
    "pada",
    "dengan",
    "dalam",
    "oleh",
    "bagi",
    "atau",
    "serta",
    "sebagai",
    "agar",
    "hingga",
    "tentang",
    "para",
}
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_HOUSE_CASE = re.compile(r"\b(?i:wib|wita|wit|persen|pukul|jam|pkl)\b|\b[Rr][Pp](?![^\W\d_])")
"""Written one way in any headline: they do not tell whether it shouts."""
_LONG = re.compile(r"(?:[^\W\d_]['’]?){4,}")
_ROMAN = re.compile(r"[IVXLCDM]+")
_MARKS = re.compile(
    r"(?:(?:(?<=[^\W_]{4})|(?<=[\d%”)-]))\.(?=[ !.,;]{1,9}$))? {0,9}!(?: {0,9}[!.,;])*(?P<glued>(?=[^\W_]))?|(?<=[\w%”)-]) {0,9}\.$"
)


def headline_length(story: Story) -> Iterator[Finding]:
    """Find a headline that search results and cards would cut."""
    text = story.checked.headline.strip()
    if len(text) > LONGEST:
        told = f"Judul {len(text)} huruf; paling panjang {LONGEST}. Pendekkan, misalnya dengan membuang gelar dan nama acara."
        yield Finding("headline_length", "headline", 0, len(story.checked.headline), told, text[:60] + "…")


def headline_capitals(story: Story) -> Iterator[Finding]:
    """Find a headline in capitals only."""
    text = story.checked.headline
    kept = KNOWN | {short for short, _long in story.checked.lists.abbreviations} | {"PUKUL", "WITA"}
    if not _HOUSE_CASE.sub("", text).isupper() or not any(
        word.isupper() and word not in kept for word in _LONG.findall(text)
    ):
        return
    fix = _WORD.sub(lambda found: _titled(found, kept), text)
    if fix == text:
        return  # nothing but abbreviations
    told = "Judul tidak ditulis dengan huruf besar semua."
    yield Finding("headline_capitals", "headline", 0, len(text), told, text, fix)


def headline_marks(story: Story) -> Iterator[Finding]:
    """Find exclamation marks, and a full stop at the end."""
    text = story.checked.headline
    for found in _MARKS.finditer(text):
        if found[0] == "." and re.search(r"(?<![\w'’])[^\W\d_]{1,3}\.$", text):
            continue  # S.Pd., dr., dst.
        told = "Judul tidak memakai tanda seru." if "!" in found[0] else "Judul tidak diakhiri tanda titik."
        words = text[max(found.start() - 20, 0) : found.end()].split(" ")[-1]
        yield Finding(
            "headline_marks",
            "headline",
            found.start(),
            found.end(),
            told,
            words,
            "" if found["glued"] is None else " ",
        )


def _titled(found: re.Match[str], kept: set[str] | frozenset[str]) -> str:
    """Return a word of a shouted headline as it is written; of `M.SI` each part."""
    word = found[0]
    if "." in word:
        return ".".join(
            part if part in kept or not part.isupper() or _ROMAN.fullmatch(part) else part.capitalize()
            for part in word.split(".")
        )
    if word.lower() in _SMALL:
        return word.lower() if found.start() else word.title()
    if word in kept or _ROMAN.fullmatch(word):
        return word
    return word[0] + word[1:].lower()
