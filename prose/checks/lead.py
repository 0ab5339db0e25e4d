"""Does the first paragraph say who, what, when and where?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.checks.finding import Finding, Story
from prose.checks.names import HONORIFIC
from prose.checks.passage import Passage
from prose.checks.spelling import misspelt, run_together
from prose.dates import MONTH_WORDS, WEEKDAY_WORDS

_WHEN = re.compile(
    rf"\b(?:{WEEKDAY_WORDS}|{MONTH_WORDS}|hari ini|kemarin|pagi|siang|sore|malam|pekan|bulan|tahun|\d{{1,2}}/\d{{1,2}}|(?<![\d.,])(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:di|ke|dari)\s[^\W\d_]{3,}|\b(?:kota|kabupaten|provinsi|kecamatan|kelurahan|desa)\b",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"\b(?:me|ber|di|ter|pe|ke)[^\W\d_]{4,}\b|\b(?:gelar|ikut|hadir|raih|buka|ajak|minta|akan|telah)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?<=[^\W_] )[A-Z][^\W\d_]+|^[A-Z][^\W\d_]+ [A-Z]|[A-Z]{3,}"
    r"|\b(?i:warga|masyarakat|pemerintah|petugas|siswa|pelajar|peserta|pedagang|petani|nelayan|tim|dinas|wali kota|walikota|bupati|camat|lurah|ketua|kepala)\b",
)
_TOLD = {"siapa": _WHO, "apa": _WHAT, "kapan": _WHEN, "di mana": _WHERE}


def lead(story: Story) -> Iterator[Finding]:
    """Find what the first paragraph leaves out. It reads for signs only, so it advises and never insists."""
    spans = story.body.paragraphs
    if len(spans) < 2:
        return  # a notice has no lead
    start, end = spans[0]
    text = _as_meant(Passage("body", story.body.raw[start:end]), story.checked.lists.spellings)
    missing = [what for what, sign in _TOLD.items() if not sign.search(text)]
    if story.checked.city and "di mana" in missing:
        missing.remove("di mana")
    if missing:
        told = f"Teras berita belum menyebut {_listed(missing)}."
        yield Finding("lead", "body", start, end, told, " ".join(text.split()[:8]) + " …")


def _as_meant(passage: Passage, spellings: tuple[tuple[str, str], ...]) -> str:
    """Return the words as they will be read once misspellings are mended: `dikantor` is no verb but a place."""
    text = passage.raw
    found_all = [*misspelt(passage, spellings), *run_together(passage)]
    for found in sorted(found_all, key=lambda found: found.start, reverse=True):
        text = text[: found.start] + (found.fix or "") + text[found.end :]
    return HONORIFIC.sub("", text)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"
