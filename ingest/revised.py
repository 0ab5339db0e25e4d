"""Whether a mail says that it replaces an earlier one: `REVISI:`, `RALAT`, `mohon yang dipakai yang ini`.

Stories are about revisions, too (`Revisi Perda Disahkan`, `Bupati Minta Revisi APBD`). What these functions
find is a claim; whether there is an earlier story it can be about, is for the caller to look up.
"""

from __future__ import annotations

import re
from enum import Enum

_PREFIX = r"(?:(?:re|fwd?|bls|balas|trs|tr)\s*:\s*|\[(?:external|eksternal|ext)\]\s*)*"
_WORD = r"(?:revisi|ralat|koreksi|perbaikan|pembetulan|pembaruan|update)"
_NUMBER = r"(?:\s*(?:ke[- ]?)?(?:\d{1,2}|i{1,3}))?"
_OF_OURS = r"(?:berita|rilis|release|naskah|siaran pers|liputan|judul|caption|keterangan foto|foto|teks)"

_SUBJECT = re.compile(
    rf"(?i)^\W*{_PREFIX}[\[(*]*\s*{_WORD}{_NUMBER}\s*(?:[\])*]+|[:：|–—]|\s-|-\s|$|\s+{_OF_OURS}\b)"
)
_END = re.compile(rf"(?i)(?:[\[(]\s*(?:{_WORD}|rev){_NUMBER}\s*[\])]|[-–—|:]\s*(?:{_WORD}|rev){_NUMBER})\s*$")
_SHOUTED = re.compile(rf"^\W*(?i:{_PREFIX})(?:{_WORD.upper()[3:-1]})(?i:{_NUMBER})\s+(?=.*[a-z]{{3}})")
"""`REVISI Wali Kota Membuka …`: in capitals before words that are not."""
_BEGINS = re.compile(rf"(?i)^\W*{_PREFIX}{_WORD}\s+\w")
_LINE = re.compile(rf"(?i)^\W*{_WORD}{_NUMBER}\W*$|^\W*{_WORD}{_NUMBER}\s*[:：]")
_PHRASE = re.compile(
    rf"""(?ix)
    \b (?:pakai|dipakai|gunakan|digunakan|muat|dimuat|tayangkan|ditayangkan)
        \s+ (?:{_OF_OURS}\s+)? yang \s+ (?:ini|baru|terbaru|terakhir) \b
    | \b (?:menggantikan|mengganti|pengganti) \s+ {_OF_OURS} \s+ (?:yang\s+)? (?:tadi|sebelumnya|kemarin|terdahulu|pertama|awal)
    | \b (?:ralat|revisi|perbaikan|koreksi|pembetulan) \s+ (?:dari|atas|untuk|terhadap) \s+ {_OF_OURS} \b
    | \b {_OF_OURS} \s+ (?:tadi|sebelumnya|kemarin|pertama) \s+ .{{0,30}} \b (?:salah|keliru|jangan|dibatalkan)
    | ^ \W* (?:revisi|perbaikan|koreksi|ralat) \s+ {_OF_OURS} \b
    """,
)
_LINES = 6
_LONGEST = 400
"""Characters of a line that are looked at; no claim is longer, and patterns stay quick."""
_ASKS = re.compile(
    r"""(?ix) \d | \? | \b (?:seharusnya|semestinya|salah|keliru|ralat|revisi|koreksi|ganti\w*|diganti|ubah|diubah
    |mohon|tolong|perbaik\w+|diperbaiki|tambah\w*|ditambah\w*|hapus|dihapus|jangan|batal\w*|tunda|kurang|bukan|yang\s+benar)\b"""
)


class Claim(Enum):
    NONE = ""
    MAYBE = "maybe"
    """It begins with such a word, as a story about a revision does."""
    CLEAR = "clear"


def claim(subject: str, text: str) -> Claim:
    """Say whether a mail claims to replace an earlier one, by its subject and its first lines."""
    subject = subject[:_LONGEST]
    if any(sign(subject) for sign in (_SUBJECT.match, _SHOUTED.match, _END.search, _PHRASE.search)):
        return Claim.CLEAR
    first = [line[:_LONGEST] for line in text[:20_000].splitlines() if line.strip()][:_LINES]
    if any(_LINE.match(line) or (len(line.split()) <= 40 and _PHRASE.search(line)) for line in first):
        return Claim.CLEAR
    return Claim.MAYBE if _BEGINS.match(subject) else Claim.NONE


def claimed_word(subject: str) -> str:
    """Return the word a subject begins with when it may be a claim, lower-cased; else nothing."""
    found = re.match(rf"(?i)^\W*{_PREFIX}({_WORD})\b", subject[:_LONGEST])
    return found[1].lower() if found else ""


def bare(title: str) -> str:
    """Return a subject or headline without its claim: `REVISI: Judul (revisi 2)` is `Judul`."""
    if len(title) > _LONGEST:
        return title  # no headline
    title = re.sub(
        rf"(?i)^\W*{_PREFIX}[\[(*]*\s*{_WORD}{_NUMBER}\s*(?:[\])*]+\s*[:–—-]?|[:：|–—]|\s-|-\s)\s*", "", title
    )
    title = _SHOUTED.sub("", title)
    title = re.sub(rf"(?i)^\W*{_PREFIX}{_WORD}\s+{_OF_OURS}\s*[:：–—-]?\s*", "", title)
    title = _END.sub("", title)
    return title.strip(" \t-–—:|").strip()


def without_claim(text: str) -> str:
    """Return a text without the paragraphs at its head that only say that it replaces another."""
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    while len(paragraphs) > 1 and _only_claims(paragraphs[0]):
        paragraphs.pop(0)
    return "\n\n".join(paragraphs)


def asks(text: str) -> bool:
    """Say whether a few words may ask for something: `peserta 120, bukan 100`; `Terima kasih` does not."""
    return bool(_ASKS.search(text))


def _only_claims(paragraph: str) -> bool:
    plain = re.sub(r"[*_#\\]", "", paragraph).strip()
    if len(plain.split()) > 40 or len(plain) > _LONGEST:
        return False
    alone = re.fullmatch(rf"(?i)\W*{_WORD}{_NUMBER}\W*", plain)
    return bool(alone or _PHRASE.search(plain))
