"""Folders of old photos: each folder and day becomes a story of the archive, each photo once."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings

import ingest
import photos
import prose
from newsroom import importing
from newsroom.importing import Old
from newsroom.models import Origin, Photo, Source
from pipeline.pictures import kept_photo
from pipeline.stores import need_room

KINDS = frozenset(
    [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".gif", ".bmp", ".avif"]
)
LARGEST = 300_000_000
NOON = time(12, 0)
BY_FILE = "Tanggal diambil dari berkasnya, karena fotonya tidak menyebut kapan diambil, atau menyebut hari yang belum tiba."


@dataclass(frozen=True)
class Found:
    """One photo of a folder."""

    path: Path
    sha256: str
    day: date
    by_file: bool
    """Its day is that of its file: the photo itself names none."""


def import_photos(root: Path, told: Callable[[str], None] = lambda _: None) -> Counter[str]:
    """Bring in the photos under `root`, a story for each folder and day; return how many of what.

    A broken file is told and left where it is; nothing under `root` is changed.
    """
    source = Source.objects.get_or_create(name=f"folder {root.name}"[:200])[0]
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for folder, names in _folders(root):
        days: dict[date, list[Found]] = defaultdict(list)
        for name in names:
            found = _found(folder / name, told)
            if found is None:
                counts["broken"] += 1
            elif found.sha256 in seen or Photo.objects.filter(sha256=found.sha256).exists():
                counts["known"] += 1
            else:
                seen.add(found.sha256)
                days[found.day].append(found)
        for day, group in sorted(days.items()):
            _story(source, root, folder, day, group)
            counts["stories"] += 1
            counts["photos"] += len(group)
        if days:
            told(f"{folder}: {sum(map(len, days.values()))} foto.")
    return counts


def _folders(root: Path) -> Iterator[tuple[Path, list[str]]]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found = sorted(
            name for name in names if Path(name).suffix.lower() in KINDS and not name.startswith(".")
        )
        if found:
            yield Path(folder), found


def _found(path: Path, told: Callable[[str], None]) -> Found | None:
    """Return what a file is; None, and a sentence, for what is no picture that can be read."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            told(f"{path} dilewati: tautan, atau terlalu besar untuk sebuah foto.")
            return None
        data = path.read_bytes()
        facts = photos.facts(data)
    except OSError as error:
        told(f"{path} tidak dapat dibaca ({error.strerror}).")
        return None
    except photos.UnreadablePhoto as error:
        told(f"{path}: {error}")
        return None
    zone = settings.REDAKSI.office.tz
    taken = facts.taken_at
    today = datetime.now(zone).date()
    if taken and taken.date() <= today:
        return Found(path, hashlib.sha256(data).hexdigest(), taken.date(), by_file=False)
    # No photo was taken tomorrow: a camera's clock that is wrong would stand above all news for years.
    day = min(datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(zone).date(), today)
    return Found(path, hashlib.sha256(data).hexdigest(), day, by_file=True)


def _story(source: Source, root: Path, folder: Path, day: date, group: list[Found]) -> None:
    need_room()
    where = "" if folder == root else folder.relative_to(root).as_posix()
    rows = []
    for found in group:
        row = kept_photo(
            ingest.Image(data=found.path.read_bytes(), sha256=found.sha256, filename=found.path.name)
        )
        facts = {**row.get("facts", {}), "day_from_file": True} if found.by_file else row.get("facts", {})
        rows.append({**row, "facts": facts})
    by_file = any(found.by_file for found in group)
    title = " ".join((folder.name or root.name).replace("_", " ").split())
    importing.add(
        source,
        Old(
            remote_id=_free_name(source, f"{where[:280]} {day}".strip()),
            headline=f"{title}, {prose.long_date(day).partition(', ')[2] or prose.long_date(day)}",
            body=f"{len(rows)} foto dari folder “{where or root.name}”.",
            published_at=datetime.combine(day, NOON, settings.REDAKSI.office.tz),
            event_on=day,
            photos=tuple(rows),
            problem=BY_FILE if by_file else "",
        ),
    )


def _free_name(source: Source, wanted: str) -> str:
    """Return the name for a folder's day; photos added later are a story of their own: what is sealed stays."""
    taken = set(
        Origin.objects.filter(source=source, remote_id__startswith=wanted).values_list("remote_id", flat=True)
    )
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name
