"""A site of plain files: a real static site that any web server can serve under any prefix."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

import photos
from config import Finding, Zone
from publishers import folder_pages as pages
from publishers.base import Ledger, Options, Picture, Post, Publisher, Receipt, Refused, Unreachable
from publishers.folder_files import Change, disk_sentence, site_folder
from publishers.folder_record import (
    Photo,
    Record,
    address_for,
    read_record,
    read_records,
    record_path,
)

SMALL = 720
"""Longest side in pixels of the photos in lists and on phones."""


class FolderOptions(Options):
    path: Path = Field(description="The site's folder; made when it is not there.")
    zone: Zone = Field("Asia/Jakarta", description="Time zone of the dates shown: WIB, WITA or WIT.")
    url: str = Field("", description="The site's public address, for absolute links in RSS and previews.")

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
        self.look = pages.Look(title, ZoneInfo(options.zone), options.url)
        self.now = now

    def find(self, key: str) -> Receipt | None:
        try:
            record = read_record(record_path(self.root, key))
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error
        return self._receipt(record) if record else None

    def create(self, post: Post, ledger: Ledger) -> Receipt:
        return self._publish(post)

    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        self._known(remote_id)
        return self._publish(post)

    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        with site_folder(self.root, self.title):
            old = self._known(remote_id)
            # The record keeps the address and the dates, and forgets the story itself.
            record = Record(
                key=old.key,
                address=old.address,
                state="hidden",
                published_at=old.published_at,
                modified_at=old.modified_at if old.state == "hidden" else self.now(),
                notice=notice,
            )
            change = Change(self.root)
            change.put(record.address + "index.html", pages.tombstone_page(record, self.look))
            self._settle(change, record, old)
        return self._receipt(record)

    def rebuild(self) -> int:
        """Draw every page anew from the records, for a new title or look; return how many stories."""
        with site_folder(self.root, self.title):
            records, _ = read_records(self.root)
            change = Change(self.root)
            for record in records:
                draw = pages.story_page if record.state == "live" else pages.tombstone_page
                change.put(record.address + "index.html", draw(record, self.look))
            self._lists(change, records, {self.look.month(record) for record in records})
            change.commit()
        return len(records)

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
        return findings

    def _known(self, remote_id: str) -> Record:
        try:
            record = read_record(record_path(self.root, remote_id))
        except OSError as error:
            raise Unreachable(disk_sentence(error, self.root, self.title)) from error
        if record is None:
            raise Refused(
                f"Berita ini tidak ditemukan lagi di folder {self.title}; mungkin dihapus dengan tangan. "
                "Periksa folder itu, lalu putuskan apakah berita perlu ditayangkan lagi."
            )
        return record

    def _publish(self, post: Post) -> Receipt:
        with site_folder(self.root, self.title):
            old = read_record(record_path(self.root, post.key))
            local = post.published_at.astimezone(self.look.zone)
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
                photos=tuple(_photo(picture, address, change) for picture in post.pictures),
            )
            change.put(address + "index.html", pages.story_page(record, self.look))
            self._settle(change, record, old)
        return self._receipt(record)

    def _settle(self, change: Change, record: Record, old: Record | None) -> None:
        """Add what follows from a changed story: the lists, its unused files, and its record as the seal."""
        others = [other for other in read_records(self.root)[0] if other.key != record.key]
        records = sorted([record, *others], key=lambda one: (one.published_at, one.key), reverse=True)
        self._lists(change, records, {self.look.month(one) for one in (record, old) if one})
        folder = self.root / record.address
        wanted = {"index.html"} | {name for photo in record.photos for name in (photo.file, photo.small)}
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in wanted:
                change.drop(path)
        change.seal(record_path(self.root, record.key), record.model_dump_json(indent=1).encode())
        change.commit()

    def _lists(self, change: Change, records: Iterable[Record], months: set[str]) -> None:
        live = [record for record in records if record.state == "live"]
        change.put("gaya.css", (Path(__file__).parent / "folder.css").read_bytes())
        change.put("ikon.svg", pages.icon(self.look))
        for month in sorted(months):
            change.put(f"arsip/{month}/index.html", pages.month_page(month, live, self.look))
        change.put("arsip/index.html", pages.archive_page(live, self.look))
        change.put("rss.xml", pages.feed(live, self.look))
        change.put("index.html", pages.front_page(live, self.look))

    def _receipt(self, record: Record) -> Receipt:
        return Receipt(
            remote_id=record.key,
            url=self.look.url + record.address,
            state=record.state,
            version=record.version,
            sha256=record.sha256,
        )


def _photo(picture: Picture, address: str, change: Change) -> Photo:
    """Put a photo and its small version into the story's folder, under a name made of their bytes."""
    stem = (
        re.sub(r"[^a-z0-9_]+", "-", picture.filename.lower().removesuffix(".jpg"))[:80].strip("-") or "foto"
    )
    stem = f"{stem}-{hashlib.sha256(picture.data).hexdigest()[:8]}"
    change.put(f"{address}{stem}.jpg", picture.data)
    small, width, height = f"{stem}.jpg", picture.width, picture.height
    if max(width, height) > SMALL and (smaller := _smaller(picture.data)):
        data, (width, height) = smaller
        small = f"{stem}-kecil.jpg"
        change.put(address + small, data)
    return Photo(
        file=f"{stem}.jpg",
        width=picture.width,
        height=picture.height,
        small=small,
        small_width=width,
        small_height=height,
        caption=picture.caption,
        credit=picture.credit,
        alt=picture.alt,
    )


def _smaller(jpeg: bytes) -> tuple[bytes, tuple[int, int]] | None:
    """Return a small JPEG with the large one's label, its width and height; None when it is not whole."""
    try:
        (small,) = photos.renditions(jpeg, [(SMALL, 80)])
    except photos.UnreadablePhoto:
        return None
    if small.incomplete:
        return None
    return photos.labelled_like(small.data, jpeg), (small.width, small.height)
