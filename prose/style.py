"""House style: the dateline before a story and the code behind it, taken apart into fields and put back.

A dateline says where (and for whom) a text was written: `MEDIA CENTER, Palangka Raya – …`. The tail code
says who wrote it: `… (MC. Isen Mulang/nala)`. Both are kept as fields and written anew for each site, so a
text never carries two.
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


@dataclass(frozen=True)
class Style:
    """How one site wants datelines and tail codes.

    Names in braces are filled in: {office} {city} in the dateline, {outlet} {writer} in the tail. An empty
    one is left out with the punctuation before it; when all are empty, so is the whole.
    """

    dateline: str = "{office}, {city} – "
    tail: str = "({outlet}/{writer})"


@dataclass(frozen=True)
class Known:
    """Names of this region that the general words for offices do not give away."""

    offices: Collection[str] = ()
    outlets: Collection[str] = ()


_NOBODY = Known()

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
_DATELINE = re.compile(
    rf"^(?P<marks>{_MARKS})(?P<place>[^\W\d_](?:[^\W\d_]|[ ,.'’/()]|{_DASH}(?=[^\W\d_]))*?)(?P<inner>{_MARKS})"
    rf"(?P<gap>[ ]*)(?P<dash>{_DASH}{{1,2}})(?P<outer>{_MARKS})(?P<after>\s*)(?=(?P<next>\S?\S?))"
)
_LONGEST = 70

_PREAMBLE = re.compile(r"(?i)^oleh\s+(?P<outlet>[^,\n]+),[^\n]*\bW(?:IB|ITA|IT)\b[^\n]*redaktur[^\n]*\s*")
_CAPTION = re.compile(r"^[A-Z][A-Z .,/-]{3,60} ?: \S")

_SENTENCE_END = re.compile(r"[.!?…:;\"'”’»)*_\]]$")
_TAIL = re.compile(rf"(?P<before>\s*)(?P<open>{_MARKS})\((?P<code>[^()\n]{{1,80}})\)(?P<close>{_MARKS})\.?$")
# A code even without a full stop before it; `(BPBD)` there would explain the words it follows.
_UNMISTAKABLE = re.compile(r"M+C\b.*/|humas$|[a-z]*kominfo/|[a-z]+/[a-z]*kominfo$")
_TAIL_LINE = re.compile(r"(?:^|\n)(?P<code>[^()\n]{3,80}/[^()\n/]{1,40}(?:/[^()\n/]{1,40})?)$")
_TOKEN = re.compile(r"^[^\W_][\w .&’'-]{0,58}$")
_NO_CODE = re.compile(
    r"(?i)^(?:kiri|kanan|tengah|depan|belakang|foto|ist|istimewa|dok\w*|ilustrasi|bersambung|adv|advertorial)\b|\d{2,}"
)
# Blocks a dateline or a tail cannot be written into.
_STRUCTURE = re.compile(r"^(?:#{1,6} |>|[-*+] |\d+[.)] |\||```|~~~|-{3,}$|\*{3,}$|_{3,}$)")


def take_apart(text: str, known: Known = _NOBODY) -> Fields:
    """Return the fields of a story's Markdown. What is missing is empty; the body then holds neither."""
    fields = Fields(body=text.strip())
    while (less := _strip_once(fields, known)) != fields:
        fields = less
    return fields


def render(fields: Fields, style: Style, known: Known = _NOBODY) -> str:
    """Return the story in a site's style. A dateline or code already in the body is replaced, never doubled."""
    inner = take_apart(fields.body, known)
    fields = _merge(fields, inner)
    dateline = ""
    if fields.dateline_city or _stands_alone(fields.dateline_office, known):
        dateline = _fill(style.dateline, {"office": fields.dateline_office, "city": fields.dateline_city})
    tail = _fill(style.tail, {"outlet": fields.byline_outlet, "writer": fields.byline_writer})
    # Words of a style that nothing recognises in general are known exactly.
    body = fields.body
    if dateline.strip() and _dateline(f"{dateline.strip()}\n\nX", known) is None:
        body = body.removeprefix(dateline.strip()).strip()
    if tail.strip() and _strip_tail(f"X.\n\n{tail.strip()}", known) is None:
        body = body.removesuffix(tail.strip()).strip()
    return _with_tail(_with_dateline(body, dateline, known), tail)


def _strip_once(fields: Fields, known: Known) -> Fields:
    for strip in (_strip_tail, _strip_preamble, _strip_dateline):
        found = strip(fields.body, known)
        if found is not None:
            fields = _merge(fields, found)
    return fields


def _merge(first: Fields, found: Fields) -> Fields:
    """Keep what `first` says, fill its gaps from `found`, and take `found`'s shorter body."""
    has_byline = first.byline_outlet or first.byline_writer
    has_dateline = first.dateline_city
    return Fields(
        dateline_office=first.dateline_office or ("" if has_dateline else found.dateline_office),
        dateline_city=first.dateline_city or found.dateline_city,
        byline_outlet=first.byline_outlet if has_byline else found.byline_outlet,
        byline_writer=first.byline_writer if has_byline else found.byline_writer,
        body=found.body,
    )


def _strip_preamble(body: str, known: Known) -> Fields | None:
    """Strip the line a portal writes above a contributor's story: `Oleh …, tanggal | … - Redaktur: …`."""
    match = _PREAMBLE.match(body)
    if match is None:
        return None
    return Fields(byline_outlet=match["outlet"].strip(), body=body[match.end() :].strip())


def _strip_dateline(body: str, known: Known) -> Fields | None:
    found = _dateline(body, known)
    if found is None and _CAPTION.match(body):
        # A caption with a label in capitals may stand above the text.
        caption, gap, rest = body.partition("\n\n")
        below = _dateline(rest.lstrip(), known)
        if gap and below is not None:
            return replace(below, body=f"{caption}\n\n{below.body}".strip())
    return found


def _dateline(body: str, known: Known) -> Fields | None:
    match = _DATELINE.match(body)
    if match is None or len(match["place"]) > _LONGEST:
        return None
    if not _balanced(match["marks"], match["inner"] + match["outer"]):
        return None
    place = match["place"].strip(" ,")
    if not _reads_as_dateline(match, place, known):
        return None
    office, city = _office_and_city(place, _names_one(known.offices, _OFFICE))
    return Fields(dateline_office=office, dateline_city=city, body=body[match.end("after") :].strip())


def _reads_as_dateline(match: re.Match[str], place: str, known: Known) -> bool:
    is_office = _names_one(known.offices, _OFFICE)
    capitals = _in_capitals(place)
    parts = [part.strip() for part in place.split(",")]
    if len(parts) > 3 or not all(_is_name(part, is_office) for part in parts):
        return False
    if len(parts) == 1 and is_office(place) and not _stands_alone(place, known):
        return False
    alone = not match["next"] or "\n" in match["after"]
    spaced = bool(match["gap"] or match["after"] or match["inner"] or alone)
    if not spaced and match["dash"] == "-":
        # PALANGKA RAYA-Wali Kota …, but not DPRD-Pemkot, COVID-19, and no compound word.
        a_sentence = match["next"][:1].isupper() and match["next"][1:].islower()
        return capitals and a_sentence and not is_office(place)
    return alone or capitals or not match["next"].lstrip("*_\"'“‘(")[:1].islower()


def _stands_alone(office: str, known: Known) -> bool:
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


def _strip_tail(body: str, known: Known) -> Fields | None:
    is_outlet = _names_one(known.outlets, _OFFICE)
    match = _TAIL.search(body)
    if match is not None and _balanced(match["open"], match["close"]):
        rest = body[: match.start()]
        byline = _byline(match["code"], is_outlet)
        stands_apart = "\n" in match["before"] or not rest or _SENTENCE_END.search(rest)
        if byline is not None and (stands_apart or _UNMISTAKABLE.match(match["code"])):
            return Fields(byline_outlet=byline[0], byline_writer=byline[1], body=rest.strip())
    line = _TAIL_LINE.search(body)
    if line is not None:
        byline = _byline(line["code"], is_outlet)
        if byline is not None and byline[0]:
            return Fields(byline_outlet=byline[0], byline_writer=byline[1], body=body[: line.start()].strip())
    return None


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


def _fill(template: str, values: dict[str, str]) -> str:
    """Fill a template; an empty value takes the punctuation between it and its neighbour along."""
    pieces = re.split(r"\{(\w+)\}", template)
    made, names = pieces[0], pieces[1:-1:2]
    if not names:
        return template
    written = False
    for name, before in zip(names, ["", *pieces[2:-1:2]], strict=True):
        value = values.get(name, "").strip()
        if value:
            made += (before if written else "") + value
            written = True
    return made + pieces[-1] if written else ""


def _with_dateline(body: str, dateline: str, known: Known) -> str:
    if not dateline.strip():
        return body
    joined = dateline + body
    if not body or _STRUCTURE.match(body) or _dateline(joined, known) is None:
        return f"{dateline.rstrip()}\n\n{body}".strip()
    return joined


def _with_tail(body: str, tail: str) -> str:
    if not tail.strip():
        return body
    last = body.rsplit("\n\n", 1)[-1]
    fits = body and not any(_STRUCTURE.match(line.lstrip()) for line in last.split("\n"))
    if fits and _SENTENCE_END.search(last):
        return f"{body} {tail}"
    return f"{body}\n\n{tail}".strip()
