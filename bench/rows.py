"""The rows of the table, one function each: it measures in its own process and returns its lines."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path

from bench.archive import archive
from bench.backup import backup
from bench.collages import photo_collage
from bench.desk import desk
from bench.dovecot import fetch
from bench.drift import drift
from bench.mail import mail
from bench.measure import Row
from bench.pictures import photo_nearness, photo_sizes, photo_sizes_48, photo_sizes_200
from bench.public import public
from bench.reading import reading, reading_large
from bench.search import search
from bench.sites import sites
from bench.words import checks

ROWS: dict[str, Callable[[Path], list[Row]]] = {
    "mail": mail,
    "fetch": fetch,
    "reading": reading,
    "reading_large": reading_large,
    "checks": checks,
    "photos": photo_sizes,
    "photos_48": photo_sizes_48,
    "photos_200": photo_sizes_200,
    "photos_near": photo_nearness,
    "collage": photo_collage,
    "sites": sites,
    "desk": desk,
    "drift": drift,
    "public": public,
    "archive": archive,
    "backup": backup,
    "search": search,
}


def measured(name: str, folder: Path) -> tuple[list[Row], int]:
    """Measure one row in this process; return its lines and the process's peak memory in megabytes."""
    rows = ROWS[name](folder)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
