"""What a static site knows of each of its stories, kept as JSON beside its pages."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from publishers.base import Post

PRIVATE = ".redaksi"
"""The folder inside the site that no web server may serve."""


class Photo(BaseModel):
    """One photo file of a story, named relative to the story's folder."""

    model_config = ConfigDict(frozen=True)

    file: str
    width: int
    height: int
    small: str
    """A version for lists and phones; the file itself when it is small enough."""
    small_width: int
    small_height: int
    caption: str
    credit: str
    alt: str


class Record(BaseModel):
    """One story of the site. Every page of the site is drawn from these and nothing else."""

    model_config = ConfigDict(frozen=True)

    key: str
    address: str
    """Relative to the site's root, with a closing slash. Never changes."""
    state: Literal["live", "hidden"]
    version: int | None = None
    headline: str = ""
    html: str = ""
    lead: str = ""
    published_at: datetime
    modified_at: datetime
    byline: str = ""
    notice: str = ""
    """The correction line, or the reason of a retraction."""
    category: str = ""
    tags: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the text as it is stored."""
        return hashlib.sha256(self.html.encode()).hexdigest() if self.state == "live" else ""


def record_path(root: Path, key: str) -> Path:
    """Return where the record of `key` lies. A key that is no plain name is kept under its hash."""
    name = (
        key if re.fullmatch(r"[A-Za-z0-9_-]{1,100}", key) else "x" + hashlib.sha256(key.encode()).hexdigest()
    )
    return root / PRIVATE / f"{name}.json"


def read_record(path: Path) -> Record | None:
    """Return the record at `path`; None when there is none or it is damaged."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def read_records(root: Path) -> tuple[list[Record], list[str]]:
    """Return all readable records, newest story first, and the names of damaged ones."""
    records, damaged = [], []
    for path in (root / PRIVATE).glob("*.json"):
        record = read_record(path)
        if record is None:
            damaged.append(path.name)
        else:
            records.append(record)
    records.sort(key=lambda record: (record.published_at, record.key), reverse=True)
    return records, sorted(damaged)


def address_for(root: Path, post: Post, local: datetime) -> str:
    """Return the story's address: the one it has, or else one made of date, slug and key.

    The end is made of the key alone, so an address is found again after a crash or without its record.
    """
    mark = hashlib.sha256(post.key.encode()).hexdigest()[:10]
    known = sorted(root.glob(f"[0-9][0-9][0-9][0-9]/[0-9][0-9]/*-{mark}"))
    if known:
        return known[0].relative_to(root).as_posix() + "/"
    slug = re.sub(r"[^a-z0-9]+", "-", post.slug.lower())[:80].strip("-") or "berita"
    return f"{local:%Y/%m}/{slug}-{mark}/"
