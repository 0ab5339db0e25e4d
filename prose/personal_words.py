"""Words that point at one person: e-mail addresses, number plates, homes and children's names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.personal_numbers import Hit
from prose.regions import PLATES

_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
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


_STREET = re.compile(
    r"(?<![A-Za-z])(?:Jalan|Jln|Jl|Gang|Gg|Perumahan|Perum|Komplek|Kompleks|jalan|jln|jl|JALAN|JL)(?:\.|(?= ))[ \n]?[^\n.;:!?()]{2,60}?"
    r"(?P<house>,?[ ](?:[Nn]o(?:mor)?\b\.?|RT\b\.?|Blok\b|NO\b\.?)[ ]?[A-Z]{0,2}[-/ ]?[0-9]{1,4}[A-Z]?(?![0-9]))"
    r"(?P<rest>(?:[ ,/]{1,3}(?:RT|RW|Blok|Kelurahan|Kel|Desa|No)\b\.?[ /]{0,2}(?:RW[ .]{0,2})?[A-Z]?[-/]?[0-9]{1,4}(?:[ ]?/[ ]?(?:RW[ .]{0,2})?[0-9]{1,3})?)*)"
)
_SOMEBODY = re.compile(
    r"(?i)(?<![a-z])(?:warga|korban|pasien|tersangka|pelaku|terduga|saksi|keluarga|almarhum(?:ah)?|alm|pemilik rumah|rumah(?:nya)? milik"
    r"|rumah (?:bapak|ibu|pak|bu|sdr|saudara|orang ?tua|pribadi|kontrakan|duka|kos)|rumahnya|kediaman\w*|beralamat\w*|alamat\w*|tinggal"
    r"|bertempat tinggal|berdomisili|domisili|kontrakan|penghuni|ahli waris|inisial|berinisial|siswa|siswi|anak|bocah|ibu rumah tangga)(?![a-z])"
)
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
        venues = [found.end() for found in _VENUE.finditer(before)]
        if venues and venues[-1] >= max(somebody, default=0):
            continue
        if somebody or re.match(r"(?i)[ ,]*(?:milik|tempat tinggal|kediaman|rumah (?:korban|warga))", after):
            yield "address", match.start(), match.end()


def _sentence_before(text: str, at: int, length: int) -> str:
    """Return the sentence up to a place; a dot after an abbreviation ends none."""
    before = text[max(0, at - length) : at]
    ends = list(re.finditer(r"(?:[a-z0-9)”\"]{3}[.!?]|[!?])[ \n]+(?=[A-Z“\"])|\n\n", before))
    return before[ends[-1].end() :] if ends else before


_WORD = r"(?:[A-Z][a-z'’]{1,20}|[A-Z]\.)"
_NAME = rf"(?P<name>(?:(?:Muhammad|Muh|Moh|Nur|Siti|Ahmad|M|H|Putri|St)\.? )?[A-Z][a-z'’]{{2,20}}(?: {_WORD}){{0,3}})"
_SCHOOL = r"(?:kelas|SD|SMP|SMA|SMK|MI\b|MTs|MA\b|MAN|TK|PAUD|RA\b|asal|dari|di\b|pada|SLB|pondok|Pondok)"
_PUPIL = r"(?:[Ss]iswa|[Ss]iswi|[Mm]urid|[Pp]elajar|[Ss]antri(?:wati|wan)?|[Pp]eserta didik)"
_CHILD = r"(?:[Aa]nak|[Bb]ocah|[Bb]alita|[Bb]ayi|[Rr]emaja|[Pp]utr[ai]nya|[Aa]naknya|[Kk]orban)"
_AGE_AFTER = re.compile(
    rf"(?<![A-Za-z.]){_NAME},? \((?P<age>[0-9]{{1,2}})(?P<unit> ?(?:tahun|thn|th|bulan)\.?)?\)"
)
_AGED = re.compile(
    rf"(?<![A-Za-z.]){_NAME},? (?:(?:yang )?(?:baru |masih )?(?:berusia|berumur|usia|umur) )?(?P<age>[0-9]{{1,2}}) (?P<unit>tahun|thn|th|bulan)\b(?! (?:lalu|silam|penjara|terakhir|ke|berturut|anggaran))"
)
_THEN_PUPIL = re.compile(
    rf"(?<![A-Za-z.]){_NAME},? (?:\([^()\n]{{1,20}}\),? )?(?:seorang |salah satu |yang merupakan )?{_PUPIL} {_SCHOOL}"
)
_PUPIL_NAMED = re.compile(
    rf"(?:{_PUPIL}|{_CHILD})(?: [A-Za-z0-9.\-]{{1,20}}){{0,7}}?(?:,? (?:bernama|atas nama|a\.n\.|yakni|yaitu)|,) {_NAME}(?=[ ,.;:)\n]|$)"
)
_ANANDA = re.compile(
    rf"(?:[Aa]nanda|[Aa]dik|[Ss]iswa|[Ss]iswi|[Mm]urid|[Bb]ocah|[Bb]alita) {_NAME}(?=[ ,.;:)\n(]|$)"
)
_PUPIL_WORDS = re.compile(
    r"(?i)(?<![a-z])(?:anak\w*|bocah|balita|bayi|remaja|siswa|siswi|murid|pelajar|santri\w*|putr[ai]nya|kelas|sd[nk]?|smp[nk]?|sma[nk]?|smk[n]?|mts|tk|paud|korban)(?![a-z])"
)
_NOT_REALLY = re.compile(r"(?i)[ ,]*\(?(?:nama samaran|bukan nama|samaran|nama disamarkan|inisial)")
_OTHER_WORDS = (
    "januari februari maret april mei juni juli agustus september oktober november desember senin selasa rabu kamis jumat sabtu minggu pasal"
    " ayat kecamatan kelurahan kabupaten kota provinsi desa dusun dinas badan kantor kelas tim regu kelompok sekolah negeri"
    " perempuan laki putra putri juara nomor bab tabel gambar foto lampiran pemerintah kementerian universitas madrasah pondok"
    " sejak selama dalam pada setelah sebelum saat usia umur kurang lebih hingga sekitar minimal maksimal lebih anak siswa siswi murid korban"
    " peserta warga selain para dan yang ini itu menurut dari sebanyak ada program indonesia jalan sungai pulau taman gedung aula"
    " rumah puskesmas posyandu rsud hari tahun bulan provinsi undang peraturan perda kalimantan jakarta palangka barito kapuas katingan"
    " kotawaringin murung gunung lamandau sukamara seruyan pulang borneo sebangau jekan pahandut bukit rakumpit menteng langkai panarung kereng"
    " media wali bupati gubernur wakil kepala ketua guru bapak ibu pak bu sekretaris camat lurah menteri presiden dokter dr drs plt pj panitia orang"
    " pramuka paskibraka olimpiade sains lomba festival pekan hut dies ramadan idulfitri natal bahasa inggris matematika ujian sekaligus berprestasi"
    " mahasiswa pelajar santri pemuda tokoh lansia balita remaja bayi bocah terbaik teladan gratis baru asal kita kami mereka tersebut bangsa islam kristen hindu buddha katolik nasional internasional"
)
_NO_NAME = frozenset(_OTHER_WORDS.split())
_CHILDREN = (
    "ananda adik korban siswa siswi murid bocah balita bayi anak santri santriwati santriwan pelajar remaja"
)
_BEFORE_A_NAME = frozenset(_CHILDREN.split())
_ADULT_BEFORE = re.compile(
    r"(?i)(?:kepala|wali|bupati|gubernur|ketua|plt|plh|pj|bapak|ibu|pak|bu|guru|sekretaris|camat|lurah|menteri|presiden|dr|drs|dra|ir|prof|hj?)\.?"
    r"(?: [\w.]+){0,4} ?$"
)


def children(text: str) -> Iterator[Hit]:
    """Return names beside an age under 18, or beside a word for a pupil or a child."""
    for pattern in (_AGE_AFTER, _AGED):
        for match in pattern.finditer(text):
            months = "bulan" in (match["unit"] or "")
            sure = match["unit"] or _PUPIL_WORDS.search(text[max(0, match.start() - 120) : match.end() + 80])
            if sure and (months or int(match["age"]) < 18):
                yield from _name(text, match)
    for pattern in (_THEN_PUPIL, _PUPIL_NAMED, _ANANDA):
        for match in pattern.finditer(text):
            if pattern is not _THEN_PUPIL or not _ADULT_BEFORE.search(
                text[max(0, match.start() - 40) : match.start()]
            ):
                yield from _name(text, match)


def _name(text: str, match: re.Match[str]) -> Iterator[Hit]:
    start, end = match.span("name")
    words = match["name"].split()
    while len(words) > 1 and words[0].lower() in _BEFORE_A_NAME:
        start += len(words.pop(0)) + 1
    if not words or words[0].lower() in _NO_NAME or _NOT_REALLY.match(text, end):
        return
    kept = len(words)
    while kept > 1 and words[kept - 1].lower() in _NO_NAME - {"putra", "putri", "juli", "april", "agustus"}:
        kept -= 1
    yield "child", start, start + len(" ".join(words[:kept]))
