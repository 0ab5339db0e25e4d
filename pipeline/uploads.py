"""Coverage sent by the form: files arrive in pieces, and once sent become a mail on the same road."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import zlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

import config
import ingest
from archive.disk import flush_folder, make_folder
from newsroom.models import Contributor, Person, Upload, UploadedFile, log
from pipeline.form_mail import Sent, SentFile, as_mail, is_photo
from pipeline.receive import keep
from pipeline.stores import need_room

UNFINISHED = 20
"""Sendings one person may have begun and not sent."""
TOLD_AFTER = timedelta(days=7)
"""Something begun and not sent for so long is pointed out to its writer."""
REMOVED_AFTER = timedelta(days=30)
_MEGABYTE = 1_000_000


class UploadRefused(Exception):
    """The form cannot take this. The text says in Indonesian why, and what to do."""


class WrongOffset(Exception):
    """A piece does not begin where the file ends; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(person: Person) -> Upload:
    """Begin a new sending. Raises UploadRefused, DiskFull."""
    need_room()
    if Upload.objects.filter(person=person, sent_at=None).count() >= UNFINISHED:
        raise UploadRefused(
            f"Sudah ada {UNFINISHED} kiriman yang belum selesai. Kirim atau hapus sebagian lebih dahulu."
        )
    return Upload.objects.create(key=secrets.token_hex(16), person=person)


def write(upload: Upload, headline: str, text: str, captions: Mapping[str, tuple[str, int]]) -> None:
    """Save the words: headline, text, and each file's caption and place, by the file's key."""
    with transaction.atomic():
        open_ = Upload.objects.filter(pk=upload.pk, sent_at=None)
        if not open_.update(headline=headline.replace("\0", ""), text=text.replace("\0", "")):
            raise UploadRefused("Kiriman ini sudah terkirim, jadi tidak dapat diubah lagi.")
        for key, (caption, order) in captions.items():
            file = UploadedFile.objects.filter(upload=upload, key=key)
            file.update(caption=caption.replace("\0", ""), order=order)
    upload.refresh_from_db()


def add_file(upload: Upload, filename: str, content_type: str, size: int) -> UploadedFile:
    """Make room for a file that is to arrive. Raises UploadRefused, DiskFull."""
    name = PurePath(filename.replace("\\", "/")).name
    # No NUL, which PostgreSQL refuses, and no sign that turns a name around on the screen.
    name = "".join(letter for letter in name if letter.isprintable()).strip()[:255] or "berkas"
    _fits(upload, name, size)
    need_room(size)
    with transaction.atomic():
        if not Upload.objects.filter(pk=upload.pk, sent_at=None).exists():
            raise UploadRefused("Kiriman ini sudah terkirim, jadi tidak dapat diubah lagi.")
        return UploadedFile.objects.create(
            upload=upload,
            key=secrets.token_hex(16),
            filename=name,
            content_type=content_type[:120],
            size=size,
            order=upload.files.count() + 1,
        )


def append(file: UploadedFile, offset: int, data: bytes) -> int:
    """Add a piece to a file and return how much of it is safe on disk. Raises WrongOffset, DiskFull."""
    need_room(len(data))
    path = _path(file)
    make_folder(path.parent)
    with path.open("ab") as disk, _alone(disk):
        file.refresh_from_db()
        if offset != file.received or offset + len(data) > file.size or file.upload.sent_at:
            raise WrongOffset(file.received)
        # What a writer that died has left beyond the row's figure is not believed.
        disk.truncate(offset)
        disk.write(data)
        disk.flush()
        os.fsync(disk.fileno())
        if offset == 0:
            flush_folder(path.parent)
        UploadedFile.objects.filter(pk=file.pk).update(received=offset + len(data))
    file.refresh_from_db()
    return file.received


def remove(file: UploadedFile) -> None:
    """Take a file out of a sending that has not been sent."""
    if Upload.objects.filter(pk=file.upload_id, sent_at=None).exists():
        path = _path(file)
        file.delete()
        path.unlink(missing_ok=True)


def discard(upload: Upload) -> None:
    """Remove a sending that was never sent, with its files."""
    with transaction.atomic():
        gone, _ = Upload.objects.filter(pk=upload.pk, sent_at=None).delete()
    if gone:
        shutil.rmtree(folder(upload), ignore_errors=True)


def send(upload: Upload) -> None:
    """Seal a sending: from now on the worker makes a mail of it. Raises UploadRefused."""
    with transaction.atomic():
        upload.refresh_from_db()
        files = list(upload.files.all())
        if upload.sent_at:
            return
        half = [file.filename for file in files if file.received < file.size]
        if half:
            raise UploadRefused(
                f"Belum semua berkas sampai: {', '.join(half[:5])}. Lanjutkan mengunggah, atau hapus berkas itu."
            )
        if not files and not upload.text.strip():
            raise UploadRefused("Kiriman masih kosong. Isi naskahnya, atau tambahkan naskah .docx dan foto.")
        Upload.objects.filter(pk=upload.pk, sent_at=None).update(sent_at=timezone.now())
    upload.refresh_from_db()


def submit(upload: Upload) -> None:
    """Make a mail of what was sent and keep it; the same sending always makes the same bytes."""
    raw = ingest.RawMessage(as_mail(_sent(upload)), config.FORM, received_at=upload.sent_at)
    person = upload.person
    submission, _ = keep(raw, evidence={"signed_in": {"username": person.username, "name": str(person)}})
    upload.done(submission=submission)
    shutil.rmtree(folder(upload), ignore_errors=True)


def clear_uploads() -> None:
    """Remove what was begun and not sent long ago, and the loose files of what is a mail by now."""
    for upload in Upload.objects.filter(sent_at=None, created_at__lt=timezone.now() - REMOVED_AFTER):
        size = upload.files.aggregate(size=Sum("received"))["size"] or 0
        note = f"{upload} dari {upload.person}: {upload.files.count()} berkas, {size} byte, tidak pernah dikirim."
        log("discard_upload", note=note)
        discard(upload)
    there = list(_root().glob("*"))  # looked at first: a folder never comes before its row
    known = set(Upload.objects.filter(submission=None).values_list("key", flat=True))
    for left in there:
        if left.name not in known:
            shutil.rmtree(left, ignore_errors=True)


def folder(upload: Upload) -> Path:
    """Return where an upload's files lie until it is a mail."""
    return _root() / upload.key


def content(file: UploadedFile) -> bytes:
    """Return the bytes that have arrived of a file."""
    try:
        with _path(file).open("rb") as disk:
            return disk.read(file.received)
    except FileNotFoundError:
        return b""


def checksum(file: UploadedFile) -> int:
    """Return the CRC-32 of what has arrived: a browser that goes on asks whether it is the same file."""
    return zlib.crc32(content(file))


def _root() -> Path:
    return Path(settings.REDAKSI.data / "uploads")


def _path(file: UploadedFile) -> Path:
    return folder(file.upload) / file.key


def _fits(upload: Upload, name: str, size: int) -> None:
    limits = settings.REDAKSI.uploads
    if size <= 0:
        raise UploadRefused(f"Berkas {name} kosong. Pilih berkas lain.")
    if size > limits.largest_file_mb * _MEGABYTE:
        raise UploadRefused(
            f"Berkas {name} terlalu besar ({size / _MEGABYTE:.0f} MB). Paling besar {limits.largest_file_mb} MB."
        )
    there = upload.files.aggregate(size=Sum("size"))["size"] or 0
    if there + size > limits.largest_mb * _MEGABYTE:
        raise UploadRefused(
            f"Seluruh berkas melebihi {limits.largest_mb} MB bila ditambah {name}. Kirim sisanya terpisah."
        )
    if upload.files.count() >= limits.files:
        raise UploadRefused(
            f"Paling banyak {limits.files} berkas dalam satu kiriman. Kirim sisanya terpisah."
        )


class _alone:
    """Lets one writer at a time into a file, whatever thread or process it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self.file, fcntl.LOCK_UN)


def contributor_of(person: Person) -> Contributor:
    """Return the contributor a signed-in person is, made now when they are none yet."""
    mine = Contributor.objects.filter(person=person).first()
    if mine is not None:
        return mine
    if person.email:
        Contributor.objects.filter(address=person.email.lower(), person=None).update(person=person)
        if named := Contributor.objects.filter(person=person).first():
            return named
    taken = Contributor.objects.filter(address=person.email.lower()).exists()
    address = person.email.lower() if person.email and not taken else _no_address(person)
    made, _ = Contributor.objects.get_or_create(
        address=address, defaults={"name": str(person), "person": person}
    )
    return made


def _no_address(person: Person) -> str:
    """Return what stands for the address of a person who has none; nothing can be mailed to it (RFC 2606)."""
    return f"akun-{person.pk}@{config.FORM}.invalid"


def _sent(upload: Upload) -> Sent:
    writer = contributor_of(upload.person)
    address = writer.address
    if address.startswith("@"):  # a whole domain; the account says who in it
        address = upload.person.email.lower() or f"akun-{upload.person_id}{address}"
    return Sent(
        key=upload.key,
        name=str(upload.person),
        address=address,
        at=timezone.localtime(upload.sent_at or upload.created_at, settings.REDAKSI.office.tz),
        headline=upload.headline,
        text=upload.text,
        files=tuple(
            SentFile(_path(file), file.filename, file.content_type, file.caption)
            for file in upload.files.order_by("order", "id")
        ),
    )


__all__ = [
    "REMOVED_AFTER",
    "TOLD_AFTER",
    "UploadRefused",
    "WrongOffset",
    "add_file",
    "append",
    "begin",
    "checksum",
    "clear_uploads",
    "content",
    "contributor_of",
    "discard",
    "folder",
    "is_photo",
    "remove",
    "send",
    "submit",
    "write",
]
