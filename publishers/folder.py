"""A site of plain files: a real static site that any web server can serve under any prefix."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

import photos
from config import Finding, Zone
from publishers.base import (
    Held,
    Ledger,
    Options,
    Picture,
    Post,
    Publisher,
    Receipt,
    Seen,
    Unreachable,
)
from publishers.folder_drift import ask_if_changed, compare, left_alone, record_of
from publishers.folder_files import FULL, Change, disk_sentence, site_folder
from publishers.folder_frame import Look
from publishers.folder_record import (
    INDEX,
    Index,
    Photo,
    Record,
    Row,
    address_for,
    known_address,
    notes_after,
    read_index,
    read_record,
    read_records,
    record_path,
    withdrawn_notes,
)
from publishers.folder_site import Lists, redraw, story_files
from publishers.folder_theme import theme_for

SMALL = 720
"""Longest side in pixels of the photos in lists and on phones."""


class FolderOptions(Options):
    path: Path = Field(description="The site's folder; made when it is not there.")
    zone: Zone = Field("Asia/Jakarta", description="Time zone of the dates shown: WIB, WITA or WIT.")
    url: str = Field("", description="The site's public address, for absolute links in feeds and previews.")
    theme: Path | None = Field(None, description="A folder with the office's own style; ours when left out.")

    @field_validator("url")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("tulis lengkap dengan http:// atau https://")
        return value.rstrip("/") + "/" if value else ""


class FolderPublisher(Publisher):
    """The record of a story is written last, so whatever was cut short is done again by repeating it."""

    Options = FolderOptions

    def __init__(
        self,
        name: str,
        title: str,
        options: FolderOptions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name, title, options)
        self.root = options.path
        self.zone = ZoneInfo(options.zone)
        self.now = now

    def find(self, key: str) -> Receipt | None:
        try:
            record = read_record(record_path(self.root, key))
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error
        return self._receipt(record) if record else None

    def create(self, post: Post, ledger: Ledger) -> Receipt:
        return self._publish(post, ledger)

    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        try:
            ask_if_changed(self.root, remote_id, post, ledger, self.title)
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error
        return self._publish(post, ledger)

    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        ledger.pop("seen", None)
        with site_folder(self.root, self.title):
            old = self._last_known(remote_id)
            if old is None:
                return Receipt(remote_id, "", "hidden", detail={"status": "deleted"})
            at = old.modified_at if old.state == "hidden" else self.now()
            # The record keeps the address and the dates, and forgets the story itself.
            record = Record(
                key=old.key,
                address=old.address,
                state="hidden",
                published_at=old.published_at,
                modified_at=at,
                notice=notice,
                notes=withdrawn_notes(old, notice, at),
            )
            try:
                self._settle(Change(self.root), record, old)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                # The photos have to go anyway, and leave the room that the rest needs.
                for path in (self.root / old.address).glob("*.jpg"):
                    path.unlink()
                self._settle(Change(self.root), record, old)
        return self._receipt(record)

    def rebuild(self) -> int:
        """Draw every page anew from the records, also those changed by hand; return how many stories."""
        with site_folder(self.root, self.title):
            records, _ = read_records(self.root)
            rows = tuple(record.row for record in records)
            look = self._look()
            redraw(self.root, records, look, lambda record: True)
            change = Change(self.root)
            Lists(change, rows, look).draw(rows)
            self._finish(change, Index(look=look.digest, rows=rows), look)
        return len(records)

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        try:
            yield from compare(self.root, held)
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error

    def check(self) -> list[Finding]:
        subject = f"situs {self.name}: folder"
        try:
            place = next(path for path in (self.root, *self.root.parents) if path.exists())
            with tempfile.TemporaryFile(dir=place) as probe:
                probe.write(b"Redaksi")
                probe.flush()
            records, damaged = read_records(self.root)
        except OSError as error:
            return [Finding(subject, False, disk_sentence(error, self.root, self.title))]
        findings = [
            Finding(subject, True, f"Folder {self.root} dapat ditulis; berisi {len(records)} berita.")
        ]
        if damaged:
            sentence = (
                f"Catatan {', '.join(damaged)} rusak, jadi beritanya tidak muncul di halaman depan. Tayangkan "
                "ulang berita itu, atau pulihkan catatannya dari cadangan."
            )
            findings.append(Finding(f"situs {self.name}: catatan", False, sentence))
        if fault := theme_for(self.root, self.options.theme)[1]:
            sentence = f"{fault} Sementara itu situs memakai tampilan terakhir yang benar."
            findings.append(Finding(f"situs {self.name}: tema", False, sentence))
        return findings

    def _look(self) -> Look:
        theme, _ = theme_for(self.root, self.options.theme)
        return Look(self.title, self.zone, self.options.url, theme)

    def _last_known(self, key: str) -> Record | None:
        """Return a story's record; where a hand has spoiled it, what the index and the story's folder still tell."""
        try:
            record = read_record(record_path(self.root, key))
            rows = () if record else read_index(self.root).rows
            address = "" if record else known_address(self.root, key)
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error
        if record is None and (row := next((row for row in rows if row.key == key), None)):
            return Record(**row.model_dump())
        if record or not address:
            return record
        year, month, _ = address.split("/", 2)
        begun = datetime(int(year), int(month), 1, tzinfo=self.zone)
        return Record(key=key, address=address, state="live", published_at=begun, modified_at=begun)

    def _publish(self, post: Post, ledger: Ledger) -> Receipt:
        # Until the story is there, what the folder holds is not what we have seen there.
        ledger.pop("seen", None)
        with site_folder(self.root, self.title):
            old = read_record(record_path(self.root, post.key))
            local = post.published_at.astimezone(self.zone)
            change = Change(self.root)
            address = old.address if old else address_for(self.root, post, local)
            record = Record(
                key=post.key,
                address=address,
                state="live",
                version=post.version,
                headline=post.headline,
                html=post.html,
                lead=post.text_lead,
                published_at=post.published_at,
                modified_at=post.modified_at,
                byline=post.byline,
                notice=post.notice,
                category=post.category,
                tags=post.tags,
                notes=notes_after(post, old),
                photos=tuple(_photo(picture, address, change, old) for picture in post.pictures),
            )
            self._settle(change, record, old)
        ledger["seen"] = record_of(record.headline, record.html)
        return self._receipt(record)

    def _settle(self, change: Change, record: Record, old: Record | None) -> None:
        """Add what follows from a changed story: its page, the lists, its unused files; its record as the seal."""
        look = self._look()
        before = read_index(self.root)
        index = before.holding(record)
        if not before.rows:
            index = Index(look=look.digest, rows=index.rows)
        pages = story_files(record, look)
        touched: list[Row] = [record, *([old] if old else [])]
        if index.look != look.digest:
            touched += before.rows
        # What a page leads to comes before it: a new page before the lists, the lists before one that was there.
        page_first = old is None or record.state == "hidden"
        if page_first:
            change.put_all(record.address, pages)
        Lists(change, index.rows, look, [record]).draw(touched)
        if not page_first:
            change.put_all(record.address, pages)
        change.put(INDEX, index.model_dump_json().encode())
        folder = self.root / record.address
        wanted = {*pages, *(name for photo in record.photos for name in (photo.file, photo.small))}
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in wanted:
                change.drop(path)
        change.seal(record_path(self.root, record.key), record.model_dump_json(indent=1).encode())
        change.commit()
        if index.look != look.digest:
            records, _ = read_records(self.root)
            left = redraw(self.root, records, look, lambda one: left_alone(self.root, one))
            self._finish(Change(self.root), Index(look=look.digest, rows=index.rows), None if left else look)

    def _finish(self, change: Change, index: Index, only: Look | None) -> None:
        """Note that all pages have the index's look; where they have `only` this one, remove the others' files."""
        change.put(INDEX, index.model_dump_json().encode())
        for path in sorted((self.root / "tema").glob("*")) if only else ():
            if only and path.name not in only.theme.files:
                change.drop(path)
        change.commit()

    def _receipt(self, record: Record) -> Receipt:
        return Receipt(
            remote_id=record.key,
            url=self.options.url + record.address,
            state=record.state,
            version=record.version,
            sha256=record.sha256,
        )


def _photo(picture: Picture, address: str, change: Change, old: Record | None) -> Photo:
    """Put a photo and its small version into the story's folder, under a name made of their bytes."""
    stem = (
        re.sub(r"[^a-z0-9_]+", "-", picture.filename.lower().removesuffix(".jpg"))[:80].strip("-") or "foto"
    )
    stem = f"{stem}-{hashlib.sha256(picture.data).hexdigest()[:8]}"
    change.put(f"{address}{stem}.jpg", picture.data)
    words = {"caption": picture.caption, "credit": picture.credit, "alt": picture.alt}
    for had in old.photos if old else ():
        # Made of the same bytes, so there is nothing to make again.
        if had.file == f"{stem}.jpg" and had.small_sum == _sum(change.root / address / had.small):
            return had.model_copy(update=words)
    small, width, height, total = f"{stem}.jpg", picture.width, picture.height, ""
    if max(width, height) > SMALL and (smaller := _smaller(picture.data)):
        data, (width, height) = smaller
        small, total = f"{stem}-kecil.jpg", hashlib.sha256(data).hexdigest()
        change.put(address + small, data)
    return Photo(
        file=f"{stem}.jpg",
        width=picture.width,
        height=picture.height,
        small=small,
        small_width=width,
        small_height=height,
        small_sum=total,
        **words,
    )


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return "gone"


def _smaller(jpeg: bytes) -> tuple[bytes, tuple[int, int]] | None:
    """Return a small JPEG with the large one's label, its width and height; None when it is not whole."""
    try:
        (small,) = photos.renditions(jpeg, [(SMALL, 80)])
    except photos.UnreadablePhoto:
        return None
    if small.incomplete:
        return None
    return photos.labelled_like(small.data, jpeg), (small.width, small.height)
