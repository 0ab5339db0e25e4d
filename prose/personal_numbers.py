"""Numbers that belong to one person: what they look like, and what only looks like them.

Digits may be parted by spaces, dots, dashes, marks of emphasis and one line break. A number that is part of
a longer one, a sum of money, a decimal or a list of times is none. Every search is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from prose.regions import PROVINCES

Hit = tuple[str, int, int]
"""Kind, start and end in the folded text."""

_GROUP = re.compile(r"[0-9]+")
_JOIN = re.compile(r"[ .\-*_~`()]*\n?[ .\-*_~`()>]*")
_LONGEST_JOIN = 8
_MONEY_BEFORE = re.compile(r"(?i)(?:\brp|\bidr|\busd|\bsgd|\$)[. ]*$")
_MONEY_AFTER = re.compile(
    r"(?i)(?:,[0-9]{2}(?![0-9])|[ ]*(?:,-|rupiah|ribu|juta|mil[iy]ar|triliun|persen|%))"
)
_DATE = re.compile(r"[0-9]{1,2}[-./][0-9]{1,2}[-./](?:[0-9]{4}|[0-9]{2})(?![0-9])")
_IDENTITY = re.compile(
    r"(?i)(?:n\.?i\.?k|kk|ktp|kartu keluarga|kependudukan|npwp|wajib pajak)\W{0,6}(?:nomor|no)?\W{0,6}$"
)
_FAMILY = re.compile(r"(?i)(?:(?<![a-z])kk|kartu keluarga)[^0-9]{0,20}$")
_TAX = re.compile(r"(?i)(?<![a-z])(?:npwp|pokok wajib pajak)[^0-9]{0,30}$")


@dataclass(frozen=True)
class Chain:
    """Digits that may belong together: groups with no more between them than a number allows."""

    digits: str
    spans: tuple[tuple[int, int], ...]
    offsets: tuple[int, ...]
    """Where each group begins among the digits, and at last how many there are."""
    joins: tuple[str, ...]
    """What stands before each group; nothing before the first."""

    def ends_after(self, group: int, count: int) -> int | None:
        """Return the group that ends `count` digits after `group` begins; None when none does."""
        wanted = self.offsets[group] + count
        place = bisect_left(self.offsets, wanted)
        return place - 1 if place < len(self.offsets) and self.offsets[place] == wanted else None

    def worth(self, first: int, last: int) -> str:
        return self.digits[self.offsets[first] : self.offsets[last + 1]]


def chains(text: str) -> Iterator[Chain]:
    """Return the chains of digits of a folded text, in order."""
    spans: list[tuple[int, int]] = []
    joins: list[str] = []
    for match in _GROUP.finditer(text):
        join = text[spans[-1][1] : match.start()][: _LONGEST_JOIN + 1] if spans else ""
        if spans and (len(join) > _LONGEST_JOIN or not _JOIN.fullmatch(join)):
            yield _chain(text, spans, joins)
            spans, joins, join = [], [], ""
        spans.append(match.span())
        joins.append(join)
    if spans:
        yield _chain(text, spans, joins)


def _chain(text: str, spans: list[tuple[int, int]], joins: list[str]) -> Chain:
    offsets = [0]
    for start, end in spans:
        offsets.append(offsets[-1] + end - start)
    return Chain("".join(text[start:end] for start, end in spans), tuple(spans), tuple(offsets), tuple(joins))


def in_chain(text: str, chain: Chain) -> Iterator[Hit]:
    """Return the identity and telephone numbers of one chain; they may overlap."""
    for first in range(len(chain.spans)):
        for kind, last in _from(text, chain, first):
            start, end = chain.spans[first][0], chain.spans[last][1]
            if kind == "phone":
                start -= text[start - 1 : start] == "+"
                start -= text[start - 1 : start] == "(" and ")" in text[start:end]
            yield kind, start, end


def _from(text: str, chain: Chain, first: int) -> Iterator[tuple[str, int]]:
    lead = chain.digits[chain.offsets[first] : chain.offsets[first] + 4]
    if lead[:2] in ("19", "20"):
        last = chain.ends_after(first, 18)
        if last is not None and _stands_alone(text, chain, first, last) and is_nip(chain.worth(first, last)):
            yield "nip", last
    if lead[:2] in PROVINCES:
        last = chain.ends_after(first, 16)
        if last is not None and _is_identity(text, chain, first, last):
            yield "kk" if _FAMILY.search(_before(text, chain, first, 40)) else "nik", last
    if lead[:2] in ("08", "62"):
        last = _telephone(text, chain, first)
        if last is not None:
            yield "phone", last
    last = chain.ends_after(first, 15)
    if last is not None and _is_tax_number(text, chain, first, last):
        yield "npwp", last


def _is_identity(text: str, chain: Chain, first: int, last: int) -> bool:
    alone = _stands_alone(text, chain, first, last) and not _is_decimal(text, chain, first, last)
    return alone and is_nik(chain.worth(first, last))


def is_nik(digits: str) -> bool:
    """Say whether 16 digits are built as a NIK or KK number: region, day of birth (a woman's + 40), serial."""
    if len(digits) != 16 or digits[:2] not in PROVINCES or digits[12:] == "0000":
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


def is_nip(digits: str) -> bool:
    """Say whether 18 digits are built as a NIP: day of birth, month of appointment, sex, serial.

    A contract employee (PPPK) has a code from 21 on where others have the month.
    """
    if len(digits) != 18 or digits[14] not in "12" or digits[15:] == "000":
        return False
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    appointed, month = int(digits[8:12]), int(digits[12:14])
    return born.year >= 1930 and 15 <= appointed - born.year <= 65 and (1 <= month <= 12 or month >= 21)


def _telephone(text: str, chain: Chain, first: int) -> int | None:
    begin = chain.offsets[first]
    lead = chain.digits[begin : begin + 5]
    country = 0 if lead[0] == "0" else 3 if lead.startswith("620") else 2
    national = ("0" if country == 2 else "") + chain.digits[begin + country - (country == 3) :][:3]
    if not re.match(r"08[1-9]", national):
        return None
    fits = [
        last
        for last in range(first, min(first + 14, len(chain.spans)))
        if 10 <= chain.offsets[last + 1] - begin - country + (country > 0) <= 13
    ]
    last = _last_of_number(text, chain, first, fits)
    if last is None or not _stands_alone(text, chain, first, last):
        return None
    joins = chain.joins[first + 1 : last + 1]
    lengths = [end - start for start, end in chain.spans[first : last + 1]]
    decimal = joins and joins[0] == "." and lengths[0] <= 2 and (len(joins) == 1 or set(joins) != {"."})
    times = set(lengths) == {2} and joins[0] == "." and set(joins) != {"."}
    if text[chain.spans[first][0] - 1 : chain.spans[first][0]] != "+" and (decimal or times):
        return None
    return last


def _last_of_number(text: str, chain: Chain, first: int, fits: list[int]) -> int | None:
    """Return where the longest number ends, but before a line break or a space after a number of dashes."""
    best: int | None = None
    for last in fits:
        if best is not None:
            join, inner = chain.joins[last], set(chain.joins[first + 1 : best + 1])
            if "\n" in join or (join not in inner and (inner == {"-"} or inner == {"."})):
                return best
            if not inner and (join.isspace() or "(" in join):
                # Ten digits and more in one piece are a number by themselves; one or two behind them that count
                # nothing and begin no item of a list belong to it.
                rest = chain.offsets[-1] - chain.offsets[last]
                if join != " " or rest > 2 or _COUNTS.match(text, chain.spans[-1][1]):
                    return best
        best = last
    return best


_COUNTS = re.compile(
    r"(?i)[.)] |,[0-9]| ?(?:x\b|jam|hari|orang|kali|persen|%|tahun|menit|unit|buah|lembar|pcs|minggu|pekan|bulan|meter|km|kg|wi[bt])"
)


def _stands_alone(text: str, chain: Chain, first: int, last: int) -> bool:
    """Say whether these groups are a number by themselves: no part of a longer one, no money."""
    start, end = chain.spans[first][0], chain.spans[last][1]
    if first and _is_tight(chain.joins[first]):
        return False
    if last + 1 < len(chain.spans) and _is_tight(chain.joins[last + 1]):
        return False
    apart = first > 0 or last + 1 < len(chain.spans)
    longest = max(stop - begin for begin, stop in chain.spans[first : last + 1])
    if apart and (last - first >= 7 or longest <= 2):
        return False  # a row of small numbers
    if re.search(r"(?<![0-9])[0-9]{1,3},\Z", text[max(0, start - 5) : start]):
        return False
    before = text[max(0, start - 16) : start]
    if _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, end):
        return False
    if before[-1:].isalpha() and not re.search(r"(?i)(?:nik|kk|ktp|nip|npwp|wa|hp|te?lp|no|nomor)$", before):
        return False
    return before[-1:] == "+" or not _in_thousands(chain, first, last)


def _is_tight(join: str) -> bool:
    return bool(join) and not join.strip(".-")


def _in_thousands(chain: Chain, first: int, last: int) -> bool:
    lengths = [end - start for start, end in chain.spans[first : last + 1]]
    begins = chain.digits[chain.offsets[first]]
    return (
        len(lengths) > 1
        and lengths[0] <= 3
        and begins != "0"
        and set(lengths[1:]) == {3}
        and set(chain.joins[first + 1 : last + 1]) == {"."}
    )


def _is_decimal(text: str, chain: Chain, first: int, last: int) -> bool:
    """Say whether it reads as a decimal: one dot after one to three digits, and no word that says what it is."""
    length = chain.spans[first][1] - chain.spans[first][0]
    if last - first != 1 or chain.joins[last] != "." or length > 3:
        return False
    return not _IDENTITY.search(_before(text, chain, first, 40))


def _is_tax_number(text: str, chain: Chain, first: int, last: int) -> bool:
    if not _stands_alone(text, chain, first, last):
        return False
    lengths = [end - start for start, end in chain.spans[first : last + 1]]
    written = lengths == [2, 3, 3, 1, 3, 3]
    return written or _TAX.search(_before(text, chain, first, 40)) is not None


def _before(text: str, chain: Chain, first: int, length: int) -> str:
    start = chain.spans[first][0]
    return text[max(0, start - length) : start]


_BANK = (
    r"bri|bca|bni|bsi|btn|mandiri|danamon|cimb niaga|permata|muamalat|bank (?:kalteng|kaltimtara|kalsel|kalbar"
    r"|[a-z]{3,12})"
)
_ACCOUNT = re.compile(
    r"(?i)(?<![a-z])(?<!kode )(?<!kode)(?:no(?:mor)?[. ]{0,2}rek(?:ening)?|norek|rek(?:ening)?(?! (?:listrik|air\b|belanja"
    r"|koran|telepon))|" + _BANK + r")(?![a-z])"
)
_TO_NUMBER = re.compile(r"[^0-9\n]{0,40}\n?[^0-9\n]{0,20}")
_FROM_BANK = re.compile(
    r"(?i)[\s:.,(#*_-]{0,6}(?:(?:syariah|cabang|unit|kcp|nomor|no|rekening|rek|dengan|ke|va|atas nama|a\.n)[\s:.,#*_-]{1,5}){0,3}"
)
_NO_ACCOUNT = re.compile(r"(?i)\brp\b|sebe?sar|senilai|sejumlah|sebanyak|tanggal|pukul|\btahun\b|persen")
_OWNER = re.compile(
    r"(?i)[\s,()*_]{0,4}(?:(?:bank )?[a-z]{3,10}[\s,()*_]{1,4})?(?:a\.? ?n\.?|atas nama)(?![a-z])"
)

_AT_BANK = re.compile(rf"(?i) (?:di|pada|ke|via|\(|–|-) ?(?:{_BANK})(?![a-z])")
_MOVED = re.compile(
    r"(?i)(?<![a-z])(?:transfer\w*|ditransfer\w*|mentransfer\w*|mengirim\w* (?:uang|dana)|setor\w*|disetor\w*|menyetor\w*|donasi|ke) (?:ke )?nomor[ :]{1,3}$"
)


def accounts(text: str, found: list[Chain]) -> Iterator[Hit]:
    """Return bank accounts: 8 to 16 digits after a word for an account, 10 and more after the name of a bank."""
    starts = [chain.spans[0][0] for chain in found]
    for match in _ACCOUNT.finditer(text):
        bank = not re.match(r"(?i)no|rek", match.group())
        gap = (_FROM_BANK if bank else _TO_NUMBER).match(text, match.end())
        if gap is None or (not bank and _NO_ACCOUNT.search(gap.group())):
            continue
        hit = _account_at(text, found, starts, gap.end(), 10 if bank else 8)
        if hit:
            yield hit
    for chain in found:
        end = chain.spans[-1][1]
        if 8 <= len(chain.digits) <= 16 and _OWNER.match(text, end):
            start = chain.spans[0][0]
            around = text[max(0, start - 60) : end + 40]
            if re.search(rf"(?i)(?<![a-z])(?:{_BANK}|rek(?:ening)?|transfer|donasi)(?![a-z])", around):
                yield "account", start, end
        elif 8 <= len(chain.digits) <= 16 and _AT_BANK.match(text, end):
            start = chain.spans[0][0]
            if _MOVED.search(text[max(0, start - 60) : start]):
                yield "account", start, end


def _account_at(text: str, found: list[Chain], starts: list[int], at: int, least: int) -> Hit | None:
    place = bisect_left(starts, at)
    if place == len(starts) or starts[place] != at:
        return None
    chain = found[place]
    last = None
    for group in range(min(16, len(chain.spans))):
        broken = "\n" in chain.joins[group] and last is not None
        if broken or chain.offsets[group + 1] > 16:
            break
        if chain.offsets[group + 1] >= least:
            last = group
    if last is None or (last + 1 < len(chain.spans) and _is_tight(chain.joins[last + 1])):
        return None
    start, end = at, chain.spans[last][1]
    money = _MONEY_BEFORE.search(text[max(0, at - 8) : at]) or _MONEY_AFTER.match(text, end)
    if money or _DATE.match(text, at) or _in_thousands(chain, 0, last):
        return None
    lengths = [stop - begin for begin, stop in chain.spans[: last + 1]]
    if len(lengths) > 3 and lengths[0] == 1 and set(chain.joins[1 : last + 1]) == {"."}:
        return None  # a code of a budget: 5.1.02.01.01.0024
    return "account", start, end


_LANDLINE = re.compile(
    r"(?i)(?:te?le?po?n?|te?lp|hubungi|dihubungi|menghubungi|faks?|fax)(?![a-z])[^0-9\n(+]{0,30}"
    r"(?P<number>(?:\(0[2-79][0-9]{1,2}\)|0[2-79][0-9]{1,2}|\+?62[ -]?[2-79][0-9]{1,2})[ -]{0,3}[2-9][0-9]{2,3}[ -]?[0-9]{2,4}(?:[ -]?[0-9]{1,2})?)"
    r"(?![0-9])"
)
_SHORT = re.compile(
    r"(?i)(?:call ?cent(?:er|re)|hotline|layanan|darurat|pusat panggilan|halo|lapor|hubungi|menghubungi)(?![a-z])[^0-9\n]{0,30}"
    r"(?P<number>(?:11[0-9]|12[39]|14[0-9]{3}|1500[ -]?[0-9]{2,3}|1-?500-?[0-9]{3}|0800(?:[ -]?[0-9]){6,8}))(?![0-9])(?![.,/-][0-9])"
)
_PASSPORT = re.compile(
    r"(?i)(?:paspor|passport)(?![a-z])[^0-9\n]{0,30}?(?<![a-z])(?P<number>[a-z] ?[0-9]{6,8})(?![0-9])"
)


def by_word(text: str) -> Iterator[Hit]:
    """Return what only the word before it makes a number of somebody: landlines, short numbers, passports."""
    for kind, pattern in (("phone", _LANDLINE), ("public_number", _SHORT), ("passport", _PASSPORT)):
        for match in pattern.finditer(text):
            yield kind, match.start("number"), match.end("number")
