"""House style: the dateline before a story and the code behind it, taken apart into fields.

A dateline says where (and for whom) a text was written: `MEDIA CENTER, Palangka Raya – …`. The tail code
says who wrote it: `… (MC. Isen Mulang/nala)`. Both are kept as fields and written anew for each site
(prose.dressing), so a text never carries two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fields:
    """One story's text and what stood around it."""

    dateline_office: str = ""
    dateline_city: str = ""
    byline_outlet: str = ""
    byline_writer: str = ""
    body: str = ""
    """Markdown, without dateline and tail code."""
    byline_editor: str = ""
    photographer: str = ""


@dataclass(frozen=True)
class Known:
    """Names of this region that the general words for offices do not give away."""

    offices: Collection[str] = ()
    outlets: Collection[str] = ()


NOBODY = Known()

# What an office or outlet is called, wherever it is.
_OFFICE = re.compile(
    r"""(?ix) ^(?: M*MC\b | M+C(?=[A-Z]) | media\s*center | info\s*publik | humas | bagian | biro | dinas | badan
    | sekretariat | setda | setwan | bawaslu | panwaslu | kpu | (?:dis)?kominfo\w* | dkisp? | ppid | prokopim\w*
    | protokol | pemkab | pemkot | pemprov | pemerintah | kementerian | kecamatan | kelurahan | puskesmas | rsud
    | dprd | polres\w* | polda | kodim | korem | kejaksaan | kejari | pn | bpbd | bappeda\w* | bkd | satpol
    | radio | rri | tvri | antara | tim | redaksi )"""
)

# Somebody, not somewhere: a text that opens with one of these opens with its subject.
_TITLES = re.compile(
    r"(?i)^(?:wali\s*kota|wakil|bupati|gubernur|presiden|menteri|ketua|kepala|sekretaris|camat|lurah|plt|plh|pj|pjs"
    r"|asisten|staf|direktur|komandan|kapol\w+|dandim|anggota|warga|siswa|tim|acara|kegiatan)\b"
)

_DASH = "[-–—−]"
_MARKS = r"[*_]{0,3}"
_LONGEST = 70
_DATELINE = re.compile(
    rf"(?P<marks>{_MARKS})(?P<place>[^\W\d_](?:[^\W\d_]|[ ,.'’/()]|{_DASH}(?=[^\W\d_])){{0,{_LONGEST}}}?)(?P<inner>{_MARKS})"
    rf"(?P<gap>[ ]*)(?P<dash>{_DASH}{{1,2}})(?P<outer>{_MARKS})(?P<after>\s*)(?=(?P<next>\S?\S?))"
)

_PREAMBLE = re.compile(r"(?i)oleh\s+(?P<outlet>[^,\n]+),[^\n]*\bW(?:IB|ITA|IT)\b[^\n]*redaktur[^\n]*\s*")
_GAP = re.compile(r"\n\n\s*")
_CAPTION = re.compile(r"[A-Z][A-Z .,/-]{3,60} ?: \S")

SENTENCE_END = re.compile(r"[.!?…:;\"'”’»)*_\]]$")
_TAIL = re.compile(rf"(?P<open>{_MARKS})\((?P<code>[^()\n]{{1,80}})\)(?P<close>{_MARKS})\.?$")
# No code reaches further back than this from the end of the text.
_REACH = 200
# A code even without a full stop before it; `(BPBD)` there would explain the words it follows.
_UNMISTAKABLE = re.compile(r"M+C\b.*/|humas$|[a-z]*kominfo/|[a-z]+/[a-z]*kominfo$")
_TAIL_LINE = re.compile(r"(?:^|\n)(?P<code>[^()\n]{3,80}/[^()\n/]{1,40}(?:/[^()\n/]{1,40})?)$")
_TOKEN = re.compile(r"^[^\W_][\w .&’'-]{0,58}$")
_NO_CODE = re.compile(
    r"(?i)^(?:kiri|kanan|tengah|depan|belakang|foto|ist|istimewa|dok\w*|ilustrasi|bersambung|adv|advertorial)\b|\d{2,}"
)


def take_apart(text: str, known: Known = NOBODY) -> Fields:
    """Return the fields of a story's Markdown. What is missing is empty; the body then holds neither."""
    fields = Fields(body=text.strip())
    while (less := _strip_once(fields, known)) != fields:
        fields = less
    return fields


def _strip_once(fields: Fields, known: Known) -> Fields:
    return _strip_front(_strip_tails(fields, known), known)


def merge(first: Fields, found: Fields) -> Fields:
    """Keep what `first` says, fill its gaps from `found`, and take `found`'s shorter body."""
    has_byline = first.byline_outlet or first.byline_writer
    has_dateline = first.dateline_city
    return replace(
        first,
        dateline_office=first.dateline_office or ("" if has_dateline else found.dateline_office),
        dateline_city=first.dateline_city or found.dateline_city,
        byline_outlet=first.byline_outlet if has_byline else found.byline_outlet,
        byline_writer=first.byline_writer if has_byline else found.byline_writer,
        body=found.body,
    )


def _strip_tails(fields: Fields, known: Known) -> Fields:
    body = fields.body
    end = len(body)
    while (found := _tail(body, end, known)) is not None:
        end, outlet, writer = found
        fields = merge(fields, Fields(byline_outlet=outlet, byline_writer=writer))
    return replace(fields, body=body[:end])


def _strip_front(fields: Fields, known: Known) -> Fields:
    """Strip what stands before the text: a portal's line, datelines; a caption above them stays.

    The body is cut once at the end, so that a thousand of them cost no more than the text is long.
    """
    body, start = fields.body, 0
    while True:
        if preamble := _PREAMBLE.match(body, start):
            # The line a portal writes above a contributor's story: `Oleh …, tanggal | … - Redaktur: …`.
            fields = merge(fields, Fields(byline_outlet=preamble["outlet"].strip()))
            start = preamble.end()
        elif found := _dateline(body, known, start):
            start, office, city = found
            fields = merge(fields, Fields(dateline_office=office, dateline_city=city))
        else:
            break
    if _CAPTION.match(body, start) and (gap := _GAP.search(body, start)):
        # A caption with a label in capitals may stand above the text.
        below = gap.end()
        while found := _dateline(body, known, below):
            below, office, city = found
            fields = merge(fields, Fields(dateline_office=office, dateline_city=city))
        if below > gap.end():
            return replace(fields, body=f"{body[start : gap.start()]}\n\n{body[below:]}".strip())
    return replace(fields, body=body[start:])


def _dateline(body: str, known: Known, start: int = 0) -> tuple[int, str, str] | None:
    """Return where the text behind the dateline at `start` begins, and its office and city."""
    match = _DATELINE.match(body, start)
    if match is None:
        return None
    if not _balanced(match["marks"], match["inner"] + match["outer"]):
        return None
    place = match["place"].strip(" ,")
    if not _reads_as_dateline(match, place, known):
        return None
    office, city = _office_and_city(place, _names_one(known.offices, _OFFICE))
    return match.end("after"), office, city


def reads_as_dateline(text: str, known: Known = NOBODY) -> bool:
    """Say whether `text` begins with something that would be taken for a dateline."""
    return _dateline(text, known) is not None


def reads_as_tail(text: str, known: Known = NOBODY) -> bool:
    """Say whether `text` ends with something that would be taken for a tail code."""
    return _tail(text, len(text), known) is not None


def without_tail(text: str, known: Known = NOBODY) -> str:
    """Return `text` without the tail code at its end, if there is one."""
    return _strip_tails(Fields(body=text.strip()), known).body


def _reads_as_dateline(match: re.Match[str], place: str, known: Known) -> bool:
    is_office = _names_one(known.offices, _OFFICE)
    capitals = _in_capitals(place)
    parts = [part.strip() for part in place.split(",")]
    if len(parts) > 3 or not all(_is_name(part, is_office) for part in parts):
        return False
    if len(parts) == 1 and is_office(place) and not stands_alone(place, known):
        return False
    alone = not match["next"] or "\n" in match["after"]
    spaced = bool(match["gap"] or match["after"] or match["inner"] or alone)
    if not spaced and match["dash"] == "-":
        # PALANGKA RAYA-Wali Kota …, but not DPRD-Pemkot, COVID-19, and no compound word.
        a_sentence = match["next"][:1].isupper() and match["next"][1:].islower()
        return capitals and a_sentence and not is_office(place)
    return alone or capitals or not match["next"].lstrip("*_\"'“‘(")[:1].islower()


def stands_alone(office: str, known: Known) -> bool:
    """Say whether an office without a city makes a dateline: `Dinas Kesehatan – …` is a sentence about it."""
    told = office.casefold() in {name.casefold() for name in known.offices}
    return (
        told or _in_capitals(office) or re.match(r"(?i)M+C\b|M+C(?=[A-Z])|info\s*publik", office) is not None
    )


def _in_capitals(place: str) -> bool:
    return place.upper() == place and sum(char.isalpha() for char in place) > 3


def _is_name(part: str, is_office: Callable[[str], bool]) -> bool:
    words = part.split()
    if not words or (_TITLES.match(part) and not is_office(part)):
        return False
    longest = 8 if is_office(part) else 4
    small = ("dan", "di", "the", "of", "dan/atau")
    return len(words) <= longest and all(word[0].isupper() or word in small for word in words)


def _office_and_city(place: str, is_office: Callable[[str], bool]) -> tuple[str, str]:
    first, comma, rest = (part.strip() for part in place.partition(","))
    if not comma:
        return (place, "") if is_office(place) else ("", place)
    if is_office(first):
        return first, rest
    front, _, last = (part.strip() for part in place.rpartition(","))
    if is_office(last):
        return last, front
    return "", place


def _tail(body: str, end: int, known: Known) -> tuple[int, str, str] | None:
    """Return where the text before the code at `end` ends, and its outlet and writer."""
    is_outlet = _names_one(known.outlets, _OFFICE)
    start = max(0, end - _REACH)
    near = body[start:end]
    match = _TAIL.search(near)
    if match is not None and _balanced(match["open"], match["close"]):
        cut = _end_of_words(body, start + match.start())
        byline = _byline(match["code"], is_outlet)
        stands_apart = "\n" in body[cut : start + match.start()] or not cut
        stands_apart = stands_apart or SENTENCE_END.search(body, max(0, cut - 1), cut) is not None
        if byline is not None and (stands_apart or _UNMISTAKABLE.match(match["code"])):
            return cut, *byline
    line = _TAIL_LINE.search(near)
    if line is not None and (line.start() or not start):
        byline = _byline(line["code"], is_outlet)
        if byline is not None and byline[0]:
            return _end_of_words(body, start + line.start()), *byline
    return None


def _end_of_words(body: str, end: int) -> int:
    while end and body[end - 1].isspace():
        end -= 1
    return end


def _byline(code: str, is_outlet: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return outlet and writer of a tail code, in whatever order they stand; None when it is no code."""
    tokens = [token.strip() for token in code.split("/")]
    if len(tokens) > 4 or not all(_TOKEN.match(token) and not _NO_CODE.search(token) for token in tokens):
        return None
    outlet = next((token for token in tokens if is_outlet(token)), "")
    writers = list(tokens)
    if outlet:
        writers.remove(outlet)
    elif any(" " in token or len(token) > 12 for token in tokens) or not code[:1].islower():
        return None  # a remark in brackets, not somebody's initials
    return outlet, "/".join(writers)


def _names_one(names: Collection[str], general: re.Pattern[str]) -> Callable[[str], bool]:
    exact = {name.casefold() for name in names}
    return lambda text: text.casefold() in exact or general.match(text) is not None


def _balanced(opened: str, closed: str) -> bool:
    return sorted(opened) == sorted(closed)
