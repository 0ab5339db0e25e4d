"""Stories nobody has written: what newsrooms write, right and wrong, put together by chance. A seed makes a story."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from prose.checks import Caption, Checked
from prose.checks.lists import ABBREVIATIONS, SPELLINGS
from prose.checks.spelling import RUN_TOGETHER
from prose.dates import DAYS, MONTHS

RECEIVED = date(2026, 11, 20)

FIRST = [
    "Bram",
    "Nala",
    "Dewi",
    "Teguh",
    "Wulan",
    "Harun",
    "Suryani",
    "Marlina",
    "Siti",
    "Muhammad",
    "Putra",
    "Minggu",
    "Raya",
]
LAST = [
    "Hadikusuma",
    "Hadikusumo",
    "Ayuningtyas",
    "Ayuningtias",
    "Larasati",
    "Larasatie",
    "Saputra",
    "Saputro",
    "Prakoso",
    "Prakosa",
]
OFFICES = [
    "Wali Kota",
    "Walikota",
    "walikota",
    "WALIKOTA",
    "Kepala Dinas Kesehatan",
    "Camat",
    "Plt. Bupati",
    "Ketua DPRD",
    "Sekda",
    "Ketua TP PKK",
    "Bapak Wali Kota",
    "Ibu Camat",
    "Bpk. Lurah",
    "Pak",
    "Ibu",
    "Bapak",
    "PAK",
    "bpk.",
]
WORDS = [
    "yang",
    "di",
    "ke",
    "dari",
    "dan",
    "untuk",
    "pada",
    "dengan",
    "adalah",
    "akan",
    "telah",
    "dalam",
    "oleh",
    "para",
    "anak",
    "rata",
    "masing",
    "warga",
    "hadir",
    "kegiatan",
    "membuka",
    "memeriksa",
    "kata",
    "ujarnya",
    "usai",
    "lalu",
    "nanti",
    "hingga",
    "persen",
    "ribu",
    "juta",
    "rupiah",
    "jam",
    "pukul",
    "tanggal",
    "tahun",
]
ODD = [
    "“Kami siap,”",
    "“",
    '"',
    "”",
    "(",
    ")",
    "!",
    "?",
    ";",
    ":",
    "…",
    "-",
    "–",
    "/",
    "**",
    "_",
    "`jam 09:00`",
    "> ",
    "# ",
    "- ",
    "1. ",
    "😀",
    "👩\u200d🌾",
    "é",
    "&",
    "%",
    "@ana",
    "#Tagar",
    "31/2/2026",
    "www.contoh.id",
    "a@contoh.go.id",
    "[x](https://contoh.id)",
    "https://contoh.example/walikota?jam=09:00",
    "XYZA",
    "ABCDE (abc)",
    "(XYZA)",
    "PT",
    "KPU",
    "Rp",
    "RP",
    "WIB",
    "IV",
    "￼",
    "Organisasi Perangkat Daerah (OPD)",
    "Kota Contoh",
    "di aula kecamatan",
]
JOINTS = (
    *(" " for _ in range(9)),
    "  ", "   ", ", ", " , ", ". ", ".\n\n", "\n", "\n\n", " \n", ",", ".", "", "! ", "-", " - ", "; ", ": ", "? ", "(", ") ", "”. ",
)  # fmt: skip
HOURS = ("", " WIB", " wita", "WIB", " wib", " Wit", " WIB WIB", " waktu setempat")
UNTIL = (" - ", "-", " s.d. ", " sampai ", " hingga ", "–", " s/d ", " hingga pukul ")


def strange(seed: int) -> Checked:
    """Return the story of a seed: the same on every machine."""
    chance = Random(seed)
    # A right word may be a letter longer than the wrong one: a headline at its very limit is left out.
    headline = _text(chance, 6).replace("\n", " ")[:50]
    return Checked(
        headline=chance.choice((headline, headline, headline.upper())),
        body=_text(chance, 12),
        captions=[Caption("1", _text(chance, 6).replace("\n", " "), "Ada.")],
        received=chance.choice((RECEIVED, RECEIVED, None)),
        zone=chance.choice(("WIB", "WITA")),
        city=chance.choice(("", "Kota Contoh")),
    )


def _text(chance: Random, most: int) -> str:
    pieces = (_piece(chance) + chance.choice(JOINTS) for _ in range(chance.randint(0, most)))
    return "".join(pieces).strip()


def _piece(chance: Random) -> str:
    makers = (_date, _number, _time, _person, _word, _odd, _listed)
    return chance.choice(makers)(chance)


def _cased(chance: Random, text: str) -> str:
    titled = " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))
    return chance.choice((text, text, text, text.lower(), text.upper(), titled, text[:1].upper() + text[1:]))


def _word(chance: Random) -> str:
    return _cased(chance, chance.choice(WORDS))


def _odd(chance: Random) -> str:
    return chance.choice(ODD)


def _listed(chance: Random) -> str:
    """A word of the lists, wrong or right; `di` and `ke` run together."""
    pairs = chance.choice((SPELLINGS, SPELLINGS, ABBREVIATIONS))
    words = (chance.choice(chance.choice(pairs)), chance.choice(sorted(RUN_TOGETHER)))
    return _cased(chance, chance.choice(words))


def _person(chance: Random) -> str:
    office = chance.choice((*OFFICES, *("" for _ in OFFICES)))
    return f"{office} {chance.choice(FIRST)} {chance.choice(LAST)}".strip()


def _date(chance: Random) -> str:
    day = date(2024, 1, 1) + timedelta(chance.randrange(1600))
    name = MONTHS[day.month - 1]
    written = chance.choice(
        (
            f"{day.day}/{day.month}/{day.year}",
            f"{day.day} {name} {day.year}",
            f"{day.day}-{day.month}-{day.year}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day.day} {name.upper()}",
            f"{chance.randint(28, 32)} {chance.choice(('Februari', 'nopember', 'Pebruari', 'Agt', 'Juni'))} {day.year}",
            f"{chance.randint(1, 31)}/{chance.randint(1, 13)}/{chance.choice((2025, 2026, 2027, 2036))}",
        )
    )
    weekday = chance.choice((*DAYS, "Jum'at", "Jum’at", "JUM'AT", "Ahad", "Senen", "senin", "SELASA", ""))
    between = chance.choice((" (%s)", ", %s", " %s", ",%s", " tanggal %s", " (%s", "  (%s)"))
    return weekday + between % written if weekday else written


def _number(chance: Random) -> str:
    commas = f"{chance.randrange(1, 10 ** chance.randint(1, 10)):,}"
    dots = commas.replace(",", ".")
    small = f"{chance.randrange(100)}{chance.choice('.,')}{chance.randrange(1000)}"
    mark = chance.choice(("Rp ", "Rp", "Rp. ", "Rp.", "rp", "RP ", "", "", "", ""))
    unit = chance.choice(("", " juta", " ribu", ",-", ",00", "%", " %", " persen", "% persen", ".-", "-"))
    return mark + chance.choice((commas, dots, f"{commas}.{chance.randrange(100):02}", small)) + unit


def _time(chance: Random) -> str:
    said = chance.choice(
        ("jam ", "pukul ", "Jam ", "Pukul ", "PUKUL ", "JAM ", "", "pkl ", "jam  ", "pukul jam ")
    )
    clock = _clock(chance)
    if chance.random() < 0.3:
        clock += chance.choice(UNTIL) + _clock(chance)
    return said + clock + chance.choice(HOURS)


def _clock(chance: Random) -> str:
    return f"{chance.randint(0, 25)}{chance.choice('.:')}{chance.randint(0, 60):02}"
