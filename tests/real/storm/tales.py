"""The stories of a storm: what is written in each edition, and what is done with them when. All from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.office import picture

UNVERIFIED = "BELUM DIVERIFIKASI"
"""Stands in every text that no editor has released: no reader may ever see it."""
CREDIT = "Nala Ayuningtias"
OUTLET = "MC. Kota Uji"
GOODS = [
    "beras",
    "gula",
    "minyak",
    "garam",
    "kopi",
    "teh",
    "jagung",
    "kedelai",
    "telur",
    "ikan",
    "sayur",
    "buah",
    "tikar",
    "payung",
    "ember",
    "sapu",
    "bibit",
    "pupuk",
    "cangkul",
    "topi",
    "buku",
    "pena",
    "meja",
    "kursi",
    "lampu",
    "kabel",
    "bambu",
    "rotan",
    "kain",
    "benang",
]


@dataclass(frozen=True)
class Shot:
    """One photo in one edition."""

    number: int
    caption: str
    alt: str


@dataclass(frozen=True)
class Edition:
    """One text of a story as an editor verifies it."""

    story: int
    number: int
    category: str
    """Empty for the site's default."""
    paragraphs: tuple[str, ...]
    shots: tuple[Shot, ...]

    @property
    def headline(self) -> str:
        return f"Kabar {self.story} edisi {self.number} dari kelurahan"

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass
class Tale:
    """One story through the storm."""

    number: int
    photos: int
    chance: random.Random
    deeds: list[tuple[float, str]]
    """When (seconds from the beginning) which verb is due, in order."""
    editions: dict[int, Edition] = field(default_factory=dict)
    """Those that were ordered to be published."""
    version: int = 0
    withdrawn: bool = False
    notice: str = ""
    """What readers are told of the present version."""

    @property
    def latest(self) -> Edition:
        return self.editions[max(self.editions)]

    def next_edition(self) -> Edition:
        """Write the next text. Corrections change words, captions, the order or the number of photos."""
        number = len(self.editions) + 1
        paragraphs = tuple(
            f"Pada bagian {part} cerita {self.number} edisi {number} warga membawa {self._goods()} dan "
            f"{self._goods()} ke balai kelurahan."
            for part in range(1, self.chance.randint(2, 4) + 1)
        )
        return Edition(self.number, number, self._category(), paragraphs, tuple(self._shots(number)))

    def _shots(self, edition: int) -> Iterator[Shot]:
        numbers = list(range(1, self.photos + 1))
        if edition > 1:
            self.chance.shuffle(numbers)
            numbers = numbers[: self.chance.randint(1, self.photos)]
        before = {shot.number: shot for shot in self.latest.shots} if edition > 1 else {}
        for number in numbers:
            kept = before.get(number)
            if kept and self.chance.random() < 0.5:
                yield kept
            else:
                told = f"foto {number} cerita {self.number} pada edisi {edition}"
                yield Shot(number, f"Keterangan {told}.", f"Gambaran {told}")

    def _category(self) -> str:
        return "Ekonomi" if self.number % 2 else ""

    def _goods(self) -> str:
        return self.chance.choice(GOODS)

    def mail(self) -> bytes:
        """Return the coverage as it comes in: its photos count, its words are not yet verified."""
        message = EmailMessage()
        message["From"] = "Nala <nala@contoh.example>"
        message["To"] = "redaksi@contoh.example"
        message["Subject"] = f"Kabar {self.number} {UNVERIFIED}"
        message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0700"
        message["Message-ID"] = f"<cerita-{self.number}@contoh.example>"
        message.set_content(
            f"Naskah mentah cerita {self.number}, {UNVERIFIED}: {self._goods()} dan {self._goods()} dibawa warga ke balai "
            f"kelurahan untuk dibagikan bersama.\n"
        )
        for number in range(1, self.photos + 1):
            data = picture(1000 * self.number + number, (800, 600))
            message.add_attachment(data, "image", "jpeg", filename=filename(number))
        return bytes(message)


def filename(number: int) -> str:
    return f"foto-{number}.jpg"


def tales(count: int, seed: int, seconds: float) -> list[Tale]:
    """Draw the stories of a storm of `seconds`: when each comes (some before it), and what becomes of it."""
    chance = random.Random(f"{seed} tales")
    return [
        _tale(number, random.Random(f"{seed} tale {number}"), chance, seconds)
        for number in range(1, count + 1)
    ]


def _tale(number: int, own: random.Random, chance: random.Random, seconds: float) -> Tale:
    moment = chance.uniform(-0.3, 0.4) * seconds
    deeds = [(moment, "mail"), (max(0.0, moment), "verify")]
    moment, out = max(0.0, moment), True
    for _ in range(chance.choice((0, 1, 2, 3, 4))):
        moment = chance.uniform(moment, seconds)
        verb = chance.choice(("correct", "correct", "retract", "withdraw")) if out else "restore"
        out = verb in ("correct", "restore")
        deeds.append((moment, verb))
    return Tale(number, chance.choice((2, 3)), own, deeds)
