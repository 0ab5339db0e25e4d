"""A second copy in a bucket of an S3-compatible store. Needs the extra `s3` (obstore)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import config
from archive.disk import ArchiveError, Readable
from archive.pace import Reading
from archive.stores import (
    ASIDE,
    MARKER,
    Away,
    compare_marks,
    copy_is_missing,
    copy_is_wrong,
    marker_text,
    opened,
    other_bytes,
    source_digest_is_wrong,
)

_PIECE = 1 << 20
_PART = 8 << 20
"""What is larger is sent in parts of this size, of which an object may have ten thousand."""
_PARTS_AT_ONCE = 2


@dataclass(frozen=True)
class _Known:
    """A file as it lies here."""

    size: int
    sha256: str
    tags: tuple[str, str]
    """What S3 calls an object of these bytes, sent whole or in parts."""


class _ThereByNow(Exception):
    """Another has given the name to an object while ours was on its way."""


class Bucket:
    """A bucket. Puts are conditional (`If-None-Match`), so that two writers never replace each other's."""

    def __init__(self, place: config.BucketPlace) -> None:
        try:
            import obstore
            from obstore.store import S3Store
        except ImportError as error:
            raise config.SettingsError(
                "Salinan kedua di S3 memerlukan tambahan s3. Pasang dengan `pip install redaksi[s3]`, "
                "lalu jalankan ulang Redaksi."
            ) from error
        key, secret = place.keys()
        where = place.endpoint.partition("://")[2] if place.endpoint else "Amazon S3"
        self.title = f"bucket {place.bucket} di {where}"
        self._s3: Any = obstore
        self._store = S3Store(
            place.bucket,
            prefix=place.prefix or None,
            endpoint=place.endpoint,
            region=place.region,
            access_key_id=key,
            secret_access_key=secret,
            virtual_hosted_style_request=place.endpoint is None,
            client_options={
                "allow_http": True,
                "timeout": timedelta(seconds=place.timeout),
                "connect_timeout": timedelta(seconds=min(10, place.timeout)),
            },
            # Trying again is the road's: it waits longer, and says so meanwhile.
            retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=place.timeout)},
        )

    def begin(self, mark: str) -> str:
        with self._usable():
            if self._marker() is None:
                self._create(MARKER, marker_text(mark))
            return (self._marker() or b"").decode("utf-8", "replace").partition("\n")[0].strip()

    def require(self, mark: str) -> None:
        with self._usable():
            found = self._marker()
        compare_marks(found, mark, self.title)

    def keep(self, name: str, source: Path, sha256: str) -> int:
        known = _measured(source)
        if known.sha256 != sha256:
            raise source_digest_is_wrong(source)
        with self._usable():
            # Asked first: some stores take a conditional put for a plain one.
            if self._size(name) is None and self._sent(name, source, known):
                if not self._same(name, known):
                    raise Away(f"{self.title} menyimpan isi lain dari yang dikirim. Periksa layanannya.")
            elif not self._same(name, known):
                raise other_bytes(name, self.title)
        return known.size

    def read(self, name: str) -> bytes:
        with self._usable(), self._reading(name):
            return bytes(self._s3.get(self._store, name).bytes())

    def check(
        self,
        name: str,
        sha256: str,
        size: int | None = None,
        *,
        deep: bool = True,
        reading: Reading | None = None,
    ) -> None:
        with self._usable():
            found = self._size(name)
            if found is None:
                raise copy_is_missing(name, self.title)
            if size not in (None, found) or (deep and self._digest(name) != sha256):
                raise copy_is_wrong(name, self.title)

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        with self._usable():
            for rows in self._s3.list(self._store, prefix=under or None):
                for row in rows:
                    yield str(row["path"]), int(row["size"])

    def set_aside(self, name: str) -> None:
        with self._usable():
            self._s3.copy(self._store, name, f"{ASIDE}/{name}-{secrets.token_hex(4)}")
            self._s3.delete(self._store, name)

    def _sent(self, name: str, source: Path, known: _Known) -> bool:
        """Put a file that is not there: a small one in one piece, a large one part by part; False when it is there."""
        with opened(source) as file:
            if known.size > _PART:
                return self._sent_in_parts(name, file, source, known)
            data = file.read(_PART + 1)
        if hashlib.sha256(data).hexdigest() != known.sha256:
            raise source_digest_is_wrong(source)
        return self._create(name, data)

    def _sent_in_parts(self, name: str, file: Readable, source: Path, known: _Known) -> bool:
        """Put a large file part by part; whatever is raised before the end leaves no object.

        Such an upload has no condition: that nothing is there is asked once more just before it is completed.
        """
        digest = hashlib.sha256()
        try:
            with self._s3.open_writer(
                self._store, name, buffer_size=_PART, max_concurrency=_PARTS_AT_ONCE
            ) as out:
                while piece := file.read(_PIECE):
                    digest.update(piece)
                    out.write(piece)
                if digest.hexdigest() != known.sha256:
                    raise source_digest_is_wrong(source)
                if self._size(name) is not None:
                    raise _ThereByNow
        except _ThereByNow:
            return False
        return True

    def _create(self, name: str, data: bytes) -> bool:
        """Put an object that is not there; False when it is."""
        try:
            self._s3.put(self._store, name, data, mode="create")
        except self._s3.exceptions.AlreadyExistsError:
            return False
        return True

    def _marker(self) -> bytes | None:
        try:
            return bytes(self._s3.get(self._store, MARKER).bytes())
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise
            return None

    def _size(self, name: str) -> int | None:
        try:
            return int(self._s3.head(self._store, name)["size"])
        except FileNotFoundError:
            return None

    def _same(self, name: str, known: _Known) -> bool:
        """Say whether an object holds a file: by its tag where that is a checksum of it, else by reading it."""
        found = self._s3.head(self._store, name)
        if found["size"] != known.size:
            return False
        return (found.get("e_tag") or "").strip('"') in known.tags or self._digest(name) == known.sha256

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        for piece in self._s3.get(self._store, name).stream(min_chunk_size=_PIECE):
            digest.update(piece)
        return digest.hexdigest()

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise copy_is_missing(name, self.title) from error

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn what the store says into Away."""
        faults = self._s3.exceptions
        try:
            yield
        except ArchiveError:
            raise
        except FileNotFoundError as error:
            raise Away(f"{self.title}: bucket ini tidak ada. Periksa namanya, atau buat dulu.") from error
        except (faults.PermissionDeniedError, faults.UnauthenticatedError) as error:
            raise Away(
                f"{self.title} menolak kunci kita. Periksa kunci dan izinnya di pengaturan archive.second_copy."
            ) from error
        except (faults.BaseError, OSError) as error:
            told = " ".join(str(error).partition("Debug source")[0].split())[:200]
            raise Away(f"{self.title} tidak dapat dipakai sekarang ({told}).") from error


def _measured(source: Path) -> _Known:
    """Read a file piece by piece. Raises Missing, ArchiveError."""
    sha256, whole, parts = hashlib.sha256(), _md5(), []
    size = 0
    with opened(source) as file:
        while part := file.read(_PART):
            sha256.update(part)
            whole.update(part)
            parts.append(_md5(part).digest())
            size += len(part)
    return _Known(
        size, sha256.hexdigest(), (whole.hexdigest(), f"{_md5(b''.join(parts)).hexdigest()}-{len(parts)}")
    )


def _md5(data: bytes = b"") -> hashlib._Hash:
    return hashlib.md5(data, usedforsecurity=False)  # what S3 makes its tags of
