"""What a static site knows of each of its stories, kept as JSON beside its pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from publishers.base import Post

PRIVATE = ".redaksi"
"""The folder inside the site that no web server may serve."""
INDEX = f"{PRIVATE}/indeks/berita.json"
"""Relative to the site's root; not beside the records, where a story may have any key."""


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
    small_sum: str = ""
    """SHA-256 of the small version where it is a file of its own."""
    caption: str
    credit: str
    alt: str


class PublicNote(BaseModel):
    """One line told to readers: what was corrected, why it was withdrawn, that it is back."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    text: str
    withdrawn: bool = False


class Row(BaseModel):
    """What the lists of the site need of one story."""

    model_config = ConfigDict(frozen=True)

    key: str
    address: str
    """Relative to the site's root, with a closing slash. Never changes."""
    state: Literal["live", "hidden"]
    headline: str = ""
    published_at: datetime
    modified_at: datetime
    category: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[PublicNote, ...] = ()
    """All of them, oldest first."""

    @property
    def page(self) -> str:
        """The file of the story's page, relative to the site's root."""
        return f"{self.address}index.html"


class Record(Row):
    """One story of the site. Every page of the site is drawn from these and nothing else."""

    version: int | None = None
    html: str = ""
    lead: str = ""
    byline: str = ""
    notice: str = ""
    """The correction line of this version, or the reason of a retraction."""
    photos: tuple[Photo, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the text as it is stored."""
        return hashlib.sha256(self.html.encode()).hexdigest() if self.state == "live" else ""

    @property
    def row(self) -> Row:
        return Row.model_validate({name: getattr(self, name) for name in Row.model_fields})


class Index(BaseModel):
    """All stories in one file, newest first, so that no list needs every record. Made again when it is lost."""

    model_config = ConfigDict(frozen=True)

    look: str = ""
    """Of the look all pages were drawn in; another one than the site's has them drawn anew."""
    rows: tuple[Row, ...] = ()

    def holding(self, record: Record) -> Index:
        """Return the index with `record` as it is now."""
        others = [row for row in self.rows if row.key != record.key]
        return Index.model_construct(look=self.look, rows=newest_first([record.row, *others]))


def newest_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.published_at, row.key), reverse=True))


def read_index(root: Path) -> Index:
    """Return the index, put together from the records when there is none or it is damaged."""
    try:
        return Index.model_validate_json((root / INDEX).read_bytes())
    except (FileNotFoundError, ValidationError):
        return Index(rows=tuple(record.row for record in read_records(root)[0]))


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
    if known := known_address(root, post.key):
        return known
    slug = re.sub(r"[^a-z0-9]+", "-", post.slug.lower())[:80].strip("-") or "berita"
    return f"{local:%Y/%m}/{slug}-{_mark(post.key)}/"


def known_address(root: Path, key: str) -> str:
    """Return the address of the folder that a story has; empty when it has none."""
    known = sorted(root.glob(f"[0-9][0-9][0-9][0-9]/[0-9][0-9]/*-{_mark(key)}"))
    return known[0].relative_to(root).as_posix() + "/" if known else ""


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:10]


@lru_cache(4096)
def slug_of(name: str) -> str:
    """Return the folder of a category or tag. Two names have one folder only if they read alike."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-")
    same = plain.replace("-", " ") == " ".join(name.lower().split())
    return plain if same and plain else f"{plain or 'x'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def notes_after(post: Post, old: Record | None) -> tuple[PublicNote, ...]:
    """Return all that readers were told of a story, oldest first, its present note included."""
    known = {note.text: note for note in (old.notes if old else ())}
    told = [PublicNote(at=note.at, text=note.text) for note in post.notes]
    if post.notice and post.notice not in {*known, *(note.text for note in told)}:
        told.append(PublicNote(at=post.modified_at, text=post.notice))
    for note in told:
        before = known.get(note.text)
        known[note.text] = note.model_copy(update={"withdrawn": before is not None and before.withdrawn})
    return tuple(sorted(known.values(), key=lambda note: note.at))


def withdrawn_notes(old: Record, notice: str, at: datetime) -> tuple[PublicNote, ...]:
    """Return what may still be said of a story that is withdrawn: its withdrawals, and nothing of what it told."""
    kept = [note for note in old.notes if note.withdrawn]
    if old.state == "hidden":  # its reason came later: the withdrawal is the same
        kept = kept[:-1]
    return (*kept, PublicNote(at=at, text=notice, withdrawn=True))
