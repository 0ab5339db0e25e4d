"""Photos for layouts and recipes, invented by rule from a seed."""

from __future__ import annotations

import random
from datetime import date

from collage import Shot, Subject
from photos import Edits

SIZES = ((4000, 3000), (3000, 4000), (1920, 1080), (1080, 1080), (4000, 2667), (6000, 1500), (1000, 3200))


def shots(count: int, seed: int = 0) -> tuple[Shot, ...]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        width, height = chance.choice(SIZES)
        focus = (round(chance.random(), 3), round(chance.random(), 3)) if chance.random() < 0.5 else None
        crop = (0.1, 0.0, 0.9, 0.75) if chance.random() < 0.2 else None
        made.append(
            Shot(
                sha256=f"{number:064x}",
                width=width,
                height=height,
                name=f"{number}.jpg",
                edits=Edits(crop=crop, focus=focus),
                caption=f"Kegiatan {number} di Kecamatan Contoh",
                taken_on=date(2026, chance.randint(1, 6), chance.randint(1, 28)),
                credit="Foto: nala",
                weight=chance.choice((0.3, 0.7, 1.0, 1.0, 2.5)),
            )
        )
    return tuple(made)


def subjects(count: int, seed: int = 0) -> list[Subject]:
    """Return photos of any shape from a tall scan to a panorama."""
    chance = random.Random(seed)
    narrow, wide = chance.choice(((0.3, 4.0), (0.5, 2.2), (0.66, 0.8), (1.3, 1.8)))
    return [
        Subject(
            ratio=chance.uniform(narrow, wide),
            weight=chance.uniform(0.1, 8.0),
            focus=(chance.random(), chance.random()) if chance.random() < 0.5 else None,
            month=chance.choice(("", "2026-01", "2026-02", "2026-03")),
        )
        for _ in range(count)
    ]
