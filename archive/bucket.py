"""A second copy in a bucket of an S3-compatible store. Needs the extra `s3` (obstore)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import config
from archive.disk import ArchiveError, Missing, sentence_for
from archive.pace import Reading
from archive.stores import (
    ASIDE,
    MARKER,
    Away,
    compare_marks,
    copy_is_missing,
    copy_is_wrong,
    marker_text,
    other_bytes,
    source_digest_is_wrong,
)

_PIECE = 1 << 20


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
        data = _read(source)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise source_digest_is_wrong(source)
        with self._usable():
            # Asked first: some stores take a conditional put for a plain one.
            if self._size(name) is None and self._create(name, data):
                if not self._same(name, data, sha256):
                    raise Away(f"{self.title} menyimpan isi lain dari yang dikirim. Periksa layanannya.")
            elif not self._same(name, data, sha256):
                raise other_bytes(name, self.title)
        return len(data)

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

    def _same(self, name: str, data: bytes, sha256: str) -> bool:
        """Say whether an object holds `data`: by its tag where that is a checksum of it, else by reading it."""
        found = self._s3.head(self._store, name)
        if found["size"] != len(data):
            return False
        tag = (found.get("e_tag") or "").strip('"')
        if tag == hashlib.md5(data, usedforsecurity=False).hexdigest():
            return True
        return self._digest(name) == sha256

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


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except FileNotFoundError as error:
        raise Missing(f"{source} tidak ada, jadi tidak dapat disalin.") from error
    except OSError as error:
        raise ArchiveError(sentence_for(error, source)) from error
