"""Children's names: a name beside an age under 18, beside a word for a pupil or a child, or beside a school.

Indonesian writes who somebody is on either side of the name, so each pattern is one such habit. Whoever is
spoken of with a pupil (a parent, a teacher, an office holder) or is told to be of age is no child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from prose.personal_numbers import Hit

_WORD = r"(?:[A-Z][a-z'’]{1,20}|[A-Z]\.)"
_NAME = (
    r"(?P<name>(?:(?:Muhammad|Muh|Moh|Nur|Siti|Ahmad|M|H|Putri|St)\.? )?[A-Z][a-z'’]{2,20}"
    rf"(?: (?:bin |binti )?{_WORD}){{0,3}})"
)
_NAMED = rf"(?<![A-Za-z.]){_NAME}"
_LEVEL = r"(?:SD|SMP|SMA|SMK|SLB)(?:N|IT|LB|S|K)?\b|MIN?\b|MTsN?\b|MAN?\b|TK\b|PAUD\b|RA\b"
_SCHOOL = rf"(?:kelas|{_LEVEL}|asal|dari|di\b|pada|pondok|Pondok)"
_PUPIL = r"(?<![A-Za-z-])(?:[Ss]iswa|[Ss]iswi|[Mm]urid|[Pp]elajar|[Ss]antri(?:wati|wan)?|[Pp]eserta didik)"
_CHILD = r"(?<![A-Za-z-])(?:[Aa]nak|[Bb]ocah|[Bb]alita|[Bb]ayi|[Rr]emaja|[Pp]utr[ai](?:nya)?|[Aa]naknya|OSIS|[Cc]ilik)"
_WORDS_AGES = (
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua_belas tiga_belas empat_belas"
    " lima_belas enam_belas tujuh_belas"
)
_AGES = {word.replace("_", " "): age for age, word in enumerate(_WORDS_AGES.split(), start=1)}
_AGE = rf"(?P<age>[0-9]{{1,2}}|{'|'.join(sorted(_AGES, key=len, reverse=True))})"
_UNIT = r"(?P<unit>tahun|thn|th|bulan)\b\.?"
_SERVED = (
    "lalu silam penjara terakhir ke berturut anggaran menjabat mengabdi bertugas bekerja menjadi memimpin melatih"
    " mengajar berkarya berdiri bersama kemudian kurungan masa pengalaman lamanya mendatang berjalan"
)
_AGE_AFTER = re.compile(rf"{_NAMED},? \((?:(?:usia|umur|berusia|berumur) )?{_AGE}(?: ?{_UNIT})?\)")
_AGE_BETWEEN = re.compile(rf"{_NAMED}, {_AGE}(?P<unit>),(?! [0-9])")
_AGED = re.compile(
    rf"{_NAMED},? (?:(?:yang )?(?:kini |saat ini |saat itu )?(?:baru |masih |genap )?(?:berusia|berumur|usia|umur) )?{_AGE} {_UNIT}"
    rf"(?! (?:{_SERVED.replace(' ', '|')})\b)"
)
_THEN_PUPIL = re.compile(
    rf"{_NAMED},? (?:\([^()\n]{{1,20}}\),? )?(?:seorang |salah satu |(?:yang )?merupakan |adalah )?"
    rf"(?:{_PUPIL} {_SCHOOL}|(?:bocah|balita|bayi|remaja)\b)"
)
_AT_SCHOOL = re.compile(
    rf"{_NAMED},? (?:yang )?(?:kini |saat ini |masih |baru |sedang ){{0,2}}"
    rf"(?:duduk|bersekolah|sekolah|belajar) di (?:bangku )?(?:kelas|{_LEVEL})"
)
_FROM_SCHOOL = re.compile(rf"{_NAMED},? \(?(?:(?:dari|asal|utusan|perwakilan) )?(?:{_LEVEL})")
_PUPIL_NAMED = re.compile(
    rf"(?P<who>{_PUPIL}|{_CHILD})(?P<between>(?: [A-Za-z0-9.\-]{{1,20}}){{0,7}}?)"
    rf"(?P<said>,? (?:(?:yang )?(?:di)?beri nama|(?:yang )?bernama|dinamai|atas nama|a\.n\.|yakni|yaitu)|,) {_NAME}(?=[ ,.;:)\n]|$)"
)
_ANANDA = re.compile(
    rf"(?<![A-Za-z])(?:[Aa]nanda|[Aa]dik|[Ss]iswa|[Ss]iswi|[Mm]urid|[Bb]ocah|[Bb]alita) {_NAME}(?=[ ,.;:)\n(]|$)"
)
_PUPIL_WORDS = re.compile(
    r"(?i)(?<![a-z])(?:anak\w*|bocah|balita|bayi|remaja|siswa|siswi|murid|pelajar|santri\w*|putr[ai]nya|kelas|sd[nk]?|smp[nk]?|sma[nk]?"
    r"|smk[n]?|mts|tk|paud|korban|kakak\w*|adik\w*|beradik|bersaudara|cucu\w*|keponakan\w*|ayah\w*|ananda|ibunda|paskibra\w*|pramuka|osis|ibunya|orang ?tuanya)(?![a-z])"
)
_SPEAKS = re.compile(
    r"(?i)(?<![a-z])(?:ujar|kata|tutur|ungkap|ucap|cerita|jelas|bernama|adalah|yakni|yaitu|oleh|menurut|terhadap)(?:nya)? $"
)
_CONTEST = re.compile(
    r"(?i)(?<![a-z])(?:juara|lomba|peserta|siswa|siswi|murid|pelajar|medali|olimpiade|finalis|pemenang|disusul|terbaik|paskibraka)(?![a-z])"
)
_NOT_REALLY = re.compile(r"(?i)[ ,]*\(?(?:nama samaran|bukan nama|samaran|nama disamarkan|inisial)")
_OTHER_WORDS = (
    "januari februari maret april mei juni juli agustus september oktober november desember senin selasa rabu kamis jumat sabtu minggu pasal"
    " ayat kecamatan kelurahan kabupaten kota provinsi desa dusun dinas badan kantor kelas tim regu kelompok sekolah negeri"
    " perempuan laki putra putri juara nomor bab tabel gambar foto lampiran pemerintah kementerian universitas madrasah pondok"
    " sejak selama dalam pada setelah sebelum saat usia umur kurang lebih hingga sekitar minimal maksimal lebih anak siswa siswi murid korban"
    " peserta warga selain para dan yang ini itu menurut dari sebanyak ada program indonesia jalan sungai pulau taman gedung aula masjid gereja"
    " rumah puskesmas posyandu rsud hari tahun bulan provinsi undang peraturan perda kalimantan jakarta palangka barito kapuas katingan"
    " kotawaringin murung gunung lamandau sukamara seruyan pulang borneo sebangau jekan pahandut bukit rakumpit menteng langkai panarung kereng"
    " media wali bupati gubernur wakil kepala ketua guru bapak ibu pak bu sekretaris camat lurah menteri presiden dokter dr drs plt pj panitia orang"
    " pramuka paskibraka olimpiade sains lomba festival pekan hut dies ramadan idulfitri natal bahasa inggris matematika ujian sekaligus berprestasi"
    " mahasiswa pelajar santri pemuda tokoh lansia balita remaja bayi bocah terbaik teladan gratis baru asal kita kami mereka tersebut bangsa kartu beasiswa bantuan gerakan aplikasi jawa sumatera sumatra sulawesi nusa bali papua maluku aceh riau jambi bengkulu lampung banten gorontalo bangka kontingen islam kristen hindu buddha katolik nasional internasional"
)
_NO_NAME = frozenset(_OTHER_WORDS.split())
_CHILDREN = (
    "ananda adik korban siswa siswi murid bocah balita bayi anak santri santriwati santriwan pelajar remaja"
    " ayah ibu ayahanda ibunda kakak kakek nenek paman bibi putra putri cucu keponakan tersangka"
)
_OPENERS = (
    "menurut sementara namun saat ketika usai setelah selain adalah kini juara pemenang peserta atlet kapten finalis"
    " sebelumnya bagi untuk bersama oleh dan kepada sosok"
)
_BEFORE_A_NAME = frozenset(f"{_CHILDREN} {_OPENERS}".split())
_ADULT_BEFORE = re.compile(
    r"(?i)(?<![a-z])(?:kepala|wali|bupati|gubernur|ketua|plt|plh|pj|bapak|ibu|pak|bu|guru|sekretaris|camat|lurah|menteri|presiden|dr|drs|dra|ir|prof|hj?)\.?"
    r"(?: [\w.]+){0,4} ?$"
)
_GROWN_WORDS = (
    r"(?:orang ?tua\w*|wali murid|ibu\w*|ayah\w*|bapak\w*|guru\w*|gurunya|pembina\w*|pembimbing\w*|pelatih\w*|pengasuh\w*|pendamping\w*"
    r"|kepala|kepsek|kakek|nenek|paman|bibi|dokter|psikolog|pemerhati|bunda|dosen|tenaga|rektor|alumn[iu]\w*)"
)
_GROWN = re.compile(rf"(?i)(?<![a-z]){_GROWN_WORDS}(?![a-z])")
_GROWN_OF = re.compile(
    rf"(?i)(?<![a-z]){_GROWN_WORDS}(?: (?:kandung|asuh|sambung|angkat|tiri|dari|para|pembimbing|pendamping|korban|seorang|salah satu)){{0,2}} $"
)
_GROWN_ONE = re.compile(rf"(?i)(?<![a-z]){_GROWN_WORDS} $")
_OF_CHILDREN = re.compile(
    r"(?i)(?<![a-z])(?:buku|dunia|hak|dokter|lagu|dongeng\w*|pendongeng|psikolog\w*|pe?rlindungan|pelindungan|pemerhati|aktivis|rumah|taman|panti"
    r"|bidang|sekolah|spesialis|poli|forum|layak|ramah|pojok|festival|hari|komisi|ruang|pakaian|mainan|klinik|lembaga|gizi|kesehatan|pendidikan"
    r"|duta|pelajaran|program|kebutuhan|urusan|peduli|sahabat) $"
)
"""Things and offices that are for children: `penulis buku anak`."""
_MANY = re.compile(
    r"(?i)(?:para|[0-9]|belasan|puluhan|ratusan|ribuan|sejumlah|seluruh|semua|setiap|antar|sesama) $"
)
_FRONTED = re.compile(
    r"(?:Kepada|Di|Dalam|Pada|Bersama|Bagi|Untuk|Usai|Seusai|Setelah|Sebelum|Saat|Ketika|Selain|Melalui|Demi|Agar|Sambil|Lewat|Dari|Di depan"
    r"|Mendampingi|Menyapa|Menemui|Bertemu)(?![a-z])"
)
_OF_AGE = re.compile(
    r"(?i),? ?\(?(?:(?:yang )?(?:berusia|berumur|usia|umur) )?(?P<age>[0-9]{2})(?:[ ]?(?:tahun|thn|th)\b\.?|\)|,)"
)
_DIRECTIONS = frozenset({"utara", "selatan", "timur", "barat", "tengah", "tenggara"})
"""A name that ends in one is a region's."""
_PERSONS_NAMES = frozenset({"putra", "putri", "juli", "april", "agustus"})


def children(text: str) -> Iterator[Hit]:
    """Return names of children. Linear in the text: every pattern is bounded."""
    for pattern in (_AGE_AFTER, _AGE_BETWEEN, _AGED):
        for match in pattern.finditer(text):
            if _is_young(text, match):
                yield from _name(text, match)
    for pattern in (_THEN_PUPIL, _AT_SCHOOL, _FROM_SCHOOL):
        for match in pattern.finditer(text):
            if not _ADULT_BEFORE.search(text[max(0, match.start() - 40) : match.start()]) and (
                pattern is not _FROM_SCHOOL or _competes(text, match)
            ):
                yield from _name(text, match)
    for match in _PUPIL_NAMED.finditer(text):
        if _is_the_pupil(text, match):
            yield from _name(text, match)
    for match in _ANANDA.finditer(text):
        yield from _name(text, match)


def _is_young(text: str, match: re.Match[str]) -> bool:
    """Say whether the number is an age under 18: by its unit, or by a word for a child near a bare number."""
    around = text[max(0, match.start() - 120) : match.end() + 80]
    age = _AGES.get(match["age"]) or int(match["age"])
    told = len(match["name"].split()) > 1 and _SPEAKS.search(text[max(0, match.start() - 12) : match.start()])
    sure = bool(match["unit"] or told or _PUPIL_WORDS.search(around))
    return sure and ("bulan" in (match["unit"] or "") or age < 18)


def _competes(text: str, match: re.Match[str]) -> bool:
    """Say whether a name with a school is a pupil's: in a sentence about a contest and about no teacher."""
    around = _sentence_start(text, match.start()) + text[match.end() : match.end() + 60]
    return _CONTEST.search(around) is not None and not _GROWN.search(around)


def _is_the_pupil(text: str, match: re.Match[str]) -> bool:
    """Say whether the name is the pupil's: not a parent's or teacher's, nor the next clause's subject."""
    if _GROWN.search(match["between"]):
        return False
    before = _sentence_start(text, match.start())
    if match["said"] != ",":
        return not (re.match(_PUPIL, match["who"]) and _GROWN_ONE.search(before))
    if match["who"].lower() == "cilik":
        return True
    if _GROWN_OF.search(before) or _MANY.search(before) or _OF_CHILDREN.search(before):
        return False
    apposed = text[match.end() : match.end() + 1] in (",", ".", ";", ")", "")
    return apposed or not _FRONTED.match(before.lstrip('“"*_ '))


def _sentence_start(text: str, at: int) -> str:
    return re.split(r"(?<=[a-z0-9)”\"])[.!?][ \n]+|\n\n", text[max(0, at - 160) : at])[-1]


def _name(text: str, match: re.Match[str]) -> Iterator[Hit]:
    start, end = match.span("name")
    words = match["name"].split(" ")
    while len(words) > 1 and words[0].lower() in _BEFORE_A_NAME - _surnamed(words):
        start += len(words.pop(0)) + 1
    if words[0].lower() in _NO_NAME - _surnamed(words) or _NOT_REALLY.match(text, end):
        return
    grown = _OF_AGE.match(text, end)
    if grown and int(grown["age"]) >= 18:
        return
    if words[-1].lower() in _DIRECTIONS:
        return
    kept = len(words)
    while kept > 1 and words[kept - 1].lower() in _NO_NAME - _PERSONS_NAMES:
        kept -= 1
    yield "child", start, start + len(" ".join(words[:kept]))


def _surnamed(words: list[str]) -> frozenset[str]:
    """Putra and Putri are names before another one: Putra Mahendra, but neither Putra nor Putri Indonesia."""
    named = len(words) > 1 and words[1].lower() not in _NO_NAME
    return frozenset({"putra", "putri"}) if named else frozenset()
