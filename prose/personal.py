"""What of a text is somebody's own matter (UU PDP 27/2022), and how it is masked.

Offline and deterministic. What must not be published without a word of an editor blocks; numbers and
addresses an office gives to everybody are found too, and only shown. See docs/personal-data.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from prose import personal_children, personal_numbers, personal_words
from prose.folding import fold
from prose.personal_numbers import Hit

KINDS: dict[str, str] = {
    "nip": "NIP",
    "nik": "NIK",
    "kk": "nomor KK",
    "npwp": "NPWP",
    "passport": "nomor paspor",
    "account": "nomor rekening",
    "public_email": "surel kantor",
    "email": "alamat surel",
    "public_number": "nomor layanan umum",
    "phone": "nomor telepon",
    "plate": "pelat nomor",
    "address": "alamat rumah",
    "child": "nama anak",
}
"""Each kind and what readers of the screens call it. Where two kinds claim one place the earlier one has it."""

PUBLIC = frozenset({"public_email", "public_number"})
"""Kinds that are shown, and bar nothing."""
NUMBERS = frozenset({"nip", "nik", "kk", "npwp", "passport", "account"})
"""Kinds that are nobody's business in a note or a letter either."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_DOT = "•"
_OFFICE = re.compile(
    r"(?i)(?<![a-z])(?:call ?cent(?:er|re)|contact cent(?:er|re)|hotline|layanan|pengaduan|aduan|pusat informasi|posko|sekretariat"
    r"|kantor|customer service|whatsapp resmi|wa resmi|nomor resmi|wa center|whatsapp center|halo|lapor|ppid|darurat)(?![a-z])"
)
_PERSON = re.compile(
    r"(?i)(?<![a-z])(?:bapak|ibu|pak|bu|sdri?|saudara|saudari|pribadi|milik\w*|narahubung|contact person|cp|warga|korban|pelaku|a\.n|atas nama"
    r"|kepala|ketua|camat|lurah|sekretaris (?!daerah)|pemilik|pasien)(?![a-z])"
)


@dataclass(frozen=True)
class Finding:
    kind: str
    start: int
    end: int
    found: str
    """The text as it stands there. It is never logged."""

    @property
    def blocks(self) -> bool:
        return self.kind not in PUBLIC

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def value(self) -> str:
        """What was found, however it is written: the same for one number with and without spaces."""
        plain = fold(self.found).text
        if self.kind in ("child", "address"):
            return " ".join(re.sub(r"[*_~`]", "", plain).casefold().split())
        if self.kind in ("email", "public_email"):
            return plain.casefold()
        return re.sub(r"[^0-9A-Z]", "", plain.upper())

    @property
    def masked(self) -> str:
        """What may stand there instead; it is not found again."""
        return _MASKS.get(self.kind, _hide_middle)(fold(self.found).text) + _left_open(self.found)


def find(text: str) -> list[Finding]:
    """Return what is personal in a text, in order, without overlaps. Linear in its length."""
    folded = fold(text)
    plain = folded.text
    chains = list(personal_numbers.chains(plain))
    hits: list[Hit] = [hit for chain in chains for hit in personal_numbers.in_chain(plain, chain)]
    for more in (
        personal_numbers.accounts(plain, chains),
        personal_numbers.by_word(plain),
        personal_words.emails(plain),
        personal_words.plates(plain),
        personal_words.homes(plain),
        personal_children.children(plain),
    ):
        hits += more
    found = []
    for kind, start, end in _apart(hits):
        if kind == "phone" and _is_in_an_address(plain, start):
            continue
        if kind == "phone" and _is_an_offices(plain, start):
            kind = "public_number"
        begin, stop = folded.span(start, end)
        found.append(Finding(kind, begin, stop, text[begin:stop]))
    return found


def hide(text: str, kinds: Collection[str] = NUMBERS, values: Collection[str] = ()) -> str:
    """Return the text with what is of these kinds, or has one of these values, masked."""
    for finding in reversed(find(text)):
        if finding.kind in kinds or finding.value in values:
            text = text[: finding.start] + finding.masked + text[finding.end :]
    return text


def _apart(hits: list[Hit]) -> list[Hit]:
    """Keep one hit for each place: the kind that ranks first, and of one kind the longest."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[1], _RANK[hit[0]], -hit[2])):
        if not kept or hit[1] >= kept[-1][2]:
            kept.append(hit)
        elif _RANK[hit[0]] < _RANK[kept[-1][0]]:
            kept[-1] = hit
    return kept


def _is_an_offices(text: str, start: int) -> bool:
    """Say whether a telephone number is announced as an office's: by the nearer of the words before it."""
    before = re.split(r"[!?\n]|(?<=[a-z]{3})\. ", text[max(0, start - 80) : start])[-1]
    offices = [match.start() for match in _OFFICE.finditer(before)]
    persons = [match.start() for match in _PERSON.finditer(before)]
    return bool(offices) and offices[-1] > max(persons, default=-1)


def _is_in_an_address(text: str, start: int) -> bool:
    """Say whether digits stand within a page's address, where they number the page; wa.me names a telephone."""
    before = re.search(r"(?i)(?:https?://|www\.)[^\s<>\"()]{1,200}$", text[max(0, start - 210) : start])
    return before is not None and not re.search(r"(?i)wa\.me/|whatsapp|phone=|te?le?p=|hp=", before.group())


def _left_open(found: str) -> str:
    """Return the marks of emphasis that close in `found` and opened before it: `**6271**0145…`."""
    marks = re.findall(r"\*\*|__|\*|_|~~|`", found) if "@" not in found else []
    return "".join(mark for mark in dict.fromkeys(marks) if marks.count(mark) % 2)


def _digits(found: str) -> str:
    return re.sub(r"[^0-9]", "", found)


def _keeping(first: int, last: int, found: str) -> str:
    digits = _digits(found)
    return digits[:first] + _DOT * (len(digits) - first - last) + digits[len(digits) - last :]


def _hide_email(found: str) -> str:
    _local, mark, domain = re.split(
        r"( ?(?:@|\[at\]|\(at\)|\{at\}) ?)", found, maxsplit=1, flags=re.IGNORECASE
    )
    return f"{found[:1]}{_DOT * 3}{mark}{domain}"


def _hide_plate(found: str) -> str:
    return re.sub(r"[0-9]+", _DOT * 4, found)


def _hide_home(found: str) -> str:
    house = re.search(r"(?i)[ ,](?:no(?:mor)?|rt|blok)\b", found)
    street, rest = (found[: house.start()], found[house.start() :]) if house else ("", found)
    return street + re.sub(r"[0-9]+", _DOT * 2, rest)


def _hide_name(found: str) -> str:
    return "".join(
        f"{word[0].upper()}." for word in re.findall(r"[^\W\d_]+", found.replace("’", "").replace("'", ""))
    )


def _hide_middle(found: str) -> str:
    return found[:1] + _DOT * max(3, len(found) - 3) + found[-2:]


_MASKS = {
    "nik": lambda found: _keeping(5, 4, found),
    "kk": lambda found: _keeping(5, 4, found),
    "nip": lambda found: _keeping(0, 4, found),
    "npwp": lambda found: _keeping(2, 3, found),
    "account": lambda found: _keeping(0, 3, found),
    "phone": lambda found: _keeping(4, 3, found),
    "email": _hide_email,
    "plate": _hide_plate,
    "address": _hide_home,
    "child": _hide_name,
}
