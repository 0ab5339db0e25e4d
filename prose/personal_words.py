"""Words that point at one person: e-mail addresses, number plates and homes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.personal_numbers import Hit
from prose.regions import PLATES

_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_VEILED = re.compile(
    r"(?i)(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64} ?(?:\[at\]|\(at\)|\{at\}) ?(?P<domain>(?:[a-z0-9\-]{1,63}(?:\.| ?[\[({](?:dot|titik)[\])}] ?)){1,6}[a-z]{2,20})(?![a-z0-9\-])"
)
"""`nama [at] contoh.example`: veiled from machines, not from readers."""
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,20}")
_OFFICIAL = re.compile(r"(?i)\.(?:go|mil|desa)\.id$")


def emails(text: str) -> Iterator[Hit]:
    """Return e-mail addresses; those of offices (`.go.id`, `.mil.id`, `.desa.id`) as `public_email`."""
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text[max(0, at - 64) : at])
        domain = _DOMAIN.match(text, at + 1)
        if local and domain and (name := local.group().lstrip("._-+%")):
            kind = "public_email" if _OFFICIAL.search(domain.group()) else "email"
            yield kind, at - len(name), domain.end()
        at = text.find("@", at + 1)
    for match in _VEILED.finditer(text):
        plain = re.sub(r"(?i) ?[\[({](?:dot|titik)[\])}] ?", ".", match["domain"])
        yield "public_email" if _OFFICIAL.search(plain) else "email", match.start(), match.end()


_PLATE = re.compile(
    r"(?i)(?<![a-z0-9/.\-])(?P<region>[a-z]{1,2})(?P<one>[ \-]?)(?P<number>[1-9][0-9]{0,3})(?P<two>[ \-]?)(?P<tail>[a-z]{1,3})(?![a-z0-9/])"
)
_SAYS_PLATE = re.compile(r"(?i)(?:plat|nopol|polisi|bernomor|bernopol|tnkb)(?![a-z])[^\n]{0,25}$")
_VEHICLE = re.compile(
    r"(?i)(?<![a-z])(?:plat|nopol|polisi|bernomor|bernopol|tnkb|mobil|motor|kendaraan|truk|pikap|pick ?up|minibus|bus|taksi|angkot|honda"
    r"|yamaha|toyota|suzuki|daihatsu|mitsubishi|avanza|xenia|innova|vario|beat|scoopy)(?![a-z])[^\n]{0,60}$"
)
_UNITS = "DAN DI KE KG KM CM MM ML M L HA RT RW WIB TH HP PK CC GB TB MB RI TI UI X XI VII H S MAX"
_NO_TAIL = frozenset(_UNITS.split())


def plates(text: str) -> Iterator[Hit]:
    """Return number plates: the letters of a region, one to four digits, one to three letters."""
    for match in _PLATE.finditer(text):
        region, number, tail = match["region"], match["number"], match["tail"]
        if region.upper() not in PLATES:
            continue
        before = text[max(0, match.start() - 90) : match.start()]
        written = region.isupper() and tail.isupper()
        if _VEHICLE.search(before):
            plate = written or _SAYS_PLATE.search(before) is not None
        else:
            plate = written and _reads_as_plate(match, before, region, number, tail)
        if plate:
            yield "plate", match.start(), match.end()


def _reads_as_plate(match: re.Match[str], before: str, region: str, number: str, tail: str) -> bool:
    """Judge by the writing alone: `S 1 TI`, `H 2024 M` and `B 12 A` are none."""
    if "-" in match["one"] + match["two"] or tail in _NO_TAIL or re.search(r"[0-9] ?$", before):
        return False
    if len(region) == 1 and (len(number) < 3 or (1900 <= int(number) <= 2099 and len(tail) == 1)):
        return False
    return len(number) >= 3 or len(tail) > 1


# A dot ends a street's name unless it ends an abbreviation or stands within a number: `Jl. Dr. Contoh Gg. II No. 8`.
_SHORTENED = "".join(
    f"|(?<={word})\\."
    for word in [
        "[A-Z]",
        "Gg",
        "Dr",
        "Ir",
        "Hj",
        "St",
        "Km",
        "KH",
        "Jend",
        "Kapt",
        "Kol",
        "Let",
        "Sgt",
        "May",
        "Mayjen",
        "Letjen",
        "Brigjen",
        "Kompl",
    ]
)
_STREET = re.compile(
    r"(?<![A-Za-z])(?:Jalan|Jln|Jl|Gang|Gg|Perumahan|Perum|Komplek|Kompleks|jalan|jln|jl|JALAN|JL)(?:\.|(?= ))[ \n]?"
    rf"(?:[^\n.;:!?()]|\.(?=[0-9]){_SHORTENED}){{2,60}}?"
    r"(?P<house>,?[ ](?:[Nn]o(?:mor)?\b\.?|RT\b\.?|Blok\b|NO\b\.?)[ ]?[A-Z]{0,2}[-/ ]?[0-9]{1,4}(?: ?[A-Z](?![A-Za-z]))?(?![0-9]))"
    r"(?P<rest>(?:[ ,/]{1,3}(?:RT|RW|Blok|Kelurahan|Kel|Desa|No)\b\.?[ /]{0,2}(?:RW[ .]{0,2})?[A-Z]?[-/]?[0-9]{1,4}(?:[ ]?/[ ]?(?:RW[ .]{0,2})?[0-9]{1,3})?)*)"
)
_SOMEBODY = re.compile(
    r"(?i)(?<![a-z])(?:warga|korban|pasien|tersangka|pelaku(?! usaha| umkm)|terduga|saksi|pengantin|mempelai|tetangga|keluarga|almarhum(?:ah)?|alm|pemilik rumah|rumah(?:nya)? milik"
    r"|rumah (?:bapak|ibu|pak|bu|sdr|saudara|ayah|nenek|kakek|paman|bibi|mertua|anak|kakak|adik|orang ?tua|pribadi|kontrakan|duka|kos)|rumahnya|kediaman\w*|tinggal"
    r"|bertempat tinggal|berdomisili|domisili|kontrakan|penghuni|ahli waris|inisial|berinisial|siswa|siswi|anak|bocah|ibu rumah tangga)(?![a-z])"
)
_SITUATED = re.compile(r"(?i)(?<![a-z])(?:ber)?alamat(?:nya)?(?![a-z])")
"""Says that an address follows, of an office as well as of somebody: it counts only where no venue is named."""
_NAMED_HOME = re.compile(r"[Rr]umah [A-Z][a-z]+|[A-Z][a-z]+ \([0-9]{1,3}(?: tahun| th)?\)")
_VENUE = re.compile(
    r"(?i)(?<![a-z])(?:kantor|aula|gedung|dinas|hotel|sekolah|sd[nk]?|smp[nk]?|sma[nk]?|smk[n]?|masjid|mushala|gereja|pura|vihara|puskesmas|rumah sakit"
    r"|rs(?:ud|u|jiwa)?|klinik|apotek|balai|pasar|taman|lapangan|sekretariat|posko|bank|toko|warung|kafe|restoran|rumah makan|rumah jabatan|rumah dinas"
    r"|rumah betang|spbu|terminal|stadion|universitas|kampus|museum|perpustakaan|polsek|polres\w*|polda|kodim|koramil|mal|mpp|posyandu|panti|graha|istana"
    r"|kecamatan|kelurahan|diskominfo\w*|bpbd|bkd|disdukcapil|dprd|pdam|pln|bundaran|ruas|pelabuhan|bandara)(?![a-z])"
)


def homes(text: str) -> Iterator[Hit]:
    """Return street addresses with a house number whose sentence speaks of somebody rather than an office."""
    for match in _STREET.finditer(text):
        before = _sentence_before(text, match.start(), 160)
        after = re.split(r"[.!?\n]", text[match.end() : match.end() + 80])[0]
        somebody = [found.end() for found in _SOMEBODY.finditer(before)]
        somebody += [found.end() for found in _NAMED_HOME.finditer(before)]
        if re.match(r"[ ,(]*(?i:kantor|gedung|aula|sekretariat|posko|markas)\b", after):
            continue
        venues = [found.end() for found in _VENUE.finditer(before)]
        if venues and venues[-1] >= max(somebody, default=0):
            continue
        if (
            somebody
            or _SITUATED.search(before)
            or re.match(r"(?i)[ ,]*(?:milik|tempat tinggal|kediaman|rumah (?:korban|warga))", after)
        ):
            yield "address", match.start(), match.end()


def _sentence_before(text: str, at: int, length: int) -> str:
    """Return the sentence up to a place; a dot after an abbreviation ends none."""
    before = text[max(0, at - length) : at]
    ends = list(re.finditer(r"(?:[a-z0-9)”\"]{3}[.!?]|[!?])[ \n]+(?=[A-Z“\"])|\n\n", before))
    return before[ends[-1].end() :] if ends else before
