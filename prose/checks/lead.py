"""Does the first paragraph say who, what, when and where?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.checks.finding import Finding, Story
from prose.checks.names import HONORIFIC

_WHEN = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|januari|februari|maret|april|mei|juni|juli|agustus|september"
    r"|oktober|november|desember|hari ini|kemarin|pagi|siang|sore|malam|pekan|bulan|tahun|\d{1,2}/\d{1,2}|\d{4})\b",
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
    text = HONORIFIC.sub("", story.body.raw[start:end])
    missing = [what for what, sign in _TOLD.items() if not sign.search(text)]
    if story.checked.city and "di mana" in missing:
        missing.remove("di mana")
    if missing:
        told = f"Teras berita belum menyebut {_listed(missing)}."
        yield Finding("lead", "body", start, end, told, " ".join(text.split()[:8]) + " …")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"
