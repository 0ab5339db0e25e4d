"""What is measured on: photo-like pictures of camera size, painted by rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from web.sample.pictures import SCENES, jpeg, photograph


def write_photos(folder: Path, count: int) -> None:
    """Write `count` photos of 4000 × 3000 pixels, some held upright, as 01.jpg, 02.jpg …"""
    scenes = list(SCENES)
    for number in range(count):
        taken_at = datetime(2026, 6, 1, 9) + timedelta(days=7 * number)  # noqa: DTZ001 - a camera's clock
        picture = photograph(
            scenes[number % len(scenes)],
            number,
            taken_at=taken_at,
            orientation=(1, 1, 6, 8)[number % 4],
            gps=True,
        )
        (folder / f"{number + 1:02}.jpg").write_bytes(jpeg(picture))


def photos_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
