"""A place for backups: dated, immutable manifests over one pool of files.

    redaksi-backup.json           what this folder is, and for whom it is encrypted
    identity.age                  its key, sealed with a passphrase, where one was chosen
    pool/ab/<sha256>[.age]        every file once, under the SHA-256 of its content
    backups/<name>/               one backup; the folder gets its name last of all
        manifest.jsonl[.age]      a head, then a line for each file: path, sha256, size, where it lies
        SHA256SUMS                what must lie here, for `sha256sum -c`, without any key
        files/…[.age]             what is this backup's own: the database, the settings

Small secrets never lie in the pool: there the SHA-256 of a short password would be its name.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from archive import sealing
from archive.bag import manifest_text, read_manifest
from archive.disk import (
    CHUNK,
    ArchiveError,
    Damaged,
    Missing,
    flush_folder,
    make_folder,
    sha256_of,
    speaking_of,
)

FORMAT = 1
MARKER = "redaksi-backup.json"
IDENTITY = "identity.age"
SUMS = "SHA256SUMS"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z(-[0-9]+)?")


@dataclass(frozen=True)
class Entry:
    """One file of a backup."""

    path: str
    """Where it belongs, relative to the data folder; `/` between folders."""
    sha256: str
    size: int
    lies: str
    """Where it lies in the vault."""


class Vault:
    """A folder of backups. One process writes into it at a time."""

    def __init__(self, root: Path, recipients: Sequence[str] = ()) -> None:
        self.root = root
        self.recipients = tuple(recipients)
        self.suffix = ".age" if self.recipients else ""

    @classmethod
    def at(cls, root: Path) -> Vault:
        """Return the vault that lies here. Raises Missing, ArchiveError."""
        try:
            marker = json.loads((root / MARKER).read_bytes())
            number, recipients = int(marker["format"]), tuple(marker["recipients"])
        except FileNotFoundError as error:
            raise Missing(f"Tidak ada cadangan Redaksi di {root}. Periksa foldernya.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{root / MARKER} rusak, jadi cadangan di sini tidak dapat dibaca.") from error
        except OSError as error:
            raise ArchiveError(f"{root} tidak dapat dibaca ({error.strerror}).") from error
        need_format(number)
        return cls(root, recipients)

    @classmethod
    def for_writing(cls, root: Path, recipients: Sequence[str], passphrase: str = "") -> Vault:
        """Return the vault at `root`, made now where the folder is empty. Raises ArchiveError."""
        with speaking_of(root):
            if not (root / MARKER).exists():
                return cls._made(root, recipients, passphrase)
        vault = cls.at(root)
        if passphrase:
            recipients = (sealing.public_of(vault.own_key(passphrase)),)
        if set(recipients) != set(vault.recipients):
            raise ArchiveError(
                f"Cadangan di {root} {_how(vault.recipients)}, sedangkan yang diminta {_how(recipients)}. "
                "Pakai kunci yang sama, atau folder lain yang masih kosong."
            )
        return vault

    @classmethod
    def _made(cls, root: Path, recipients: Sequence[str], passphrase: str) -> Vault:
        inside = [path.name for path in root.iterdir()] if root.exists() else []
        strange = [name for name in inside if not name.startswith(_LEFTOVERS)]
        if strange:
            raise ArchiveError(
                f"Folder {root} berisi hal lain ({strange[0]}). Pakai folder kosong khusus untuk cadangan."
            )
        make_folder(root)
        if passphrase:
            secret, public = sealing.new_key()
            recipients = (public,)
            _put(root / IDENTITY, sealing.seal_words(secret, passphrase))
        marker = {"format": FORMAT, "recipients": list(recipients)}
        _put(root / MARKER, json.dumps(marker, indent=2).encode() + b"\n")
        for path in (*root.glob(f"{MARKER}.*"), *root.glob(f"{IDENTITY}.*")):
            path.unlink()  # unfinished by a writer that died
        return cls(root, recipients)

    def own_key(self, passphrase: str) -> str:
        """Return the vault's own secret key. Raises Locked."""
        try:
            sealed = (self.root / IDENTITY).read_bytes()
        except OSError as error:
            raise sealing.Locked(
                f"Cadangan di {self.root} tidak dikunci dengan kata sandi. Pakai berkas kunci (--identity-file)."
            ) from error
        return sealing.open_words(sealed, passphrase).strip()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other writers out; what writers that died left half-written is removed."""
        with speaking_of(self.root):
            handle = os.open(self.root, os.O_RDONLY)
            try:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise ArchiveError(
                        f"Ada pencadangan lain yang sedang menulis ke {self.root}. Tunggu sampai selesai."
                    ) from error
                shutil.rmtree(self.root / "tmp", ignore_errors=True)
                make_folder(self.root / "tmp")
                make_folder(self.root / "pool")
                make_folder(self.root / "backups")
                yield
            finally:
                os.close(handle)

    def names(self) -> list[str]:
        """Return the names of the finished backups, oldest first."""
        folder = self.root / "backups"
        found = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return sorted((name for name in found if _NAME.fullmatch(name)), key=_in_order)

    def newest(self) -> str:
        """Return the name of the newest backup. Raises Missing."""
        names = self.names()
        if not names:
            raise Missing(f"Belum ada cadangan yang selesai di {self.root}.")
        return names[-1]

    def sums(self, name: str) -> dict[str, str]:
        """Return the checksums of all files a backup needs, by where they lie. Raises Missing."""
        path = self.root / "backups" / name / SUMS
        try:
            return read_manifest(path.read_text("utf-8", "replace"))
        except OSError as error:
            raise Missing(f"{path} hilang atau tidak terbaca; pakai cadangan lain.") from error

    def drop_all_but(self, most: int) -> list[str]:
        """Delete the oldest backups beyond `most`, and what no other needs; return their names."""
        names = self.names()
        gone = names[: max(len(names) - most, 0)]
        if not gone:
            return []
        pool = {
            path.relative_to(self.root).as_posix(): path
            for shelf in (self.root / "pool").iterdir()
            for path in shelf.iterdir()
        }
        needed = {lies for name in names[len(gone) :] for lies in self.sums(name)}
        for lies in sorted(needed - pool.keys()):
            if not (self.root / lies).exists():
                # A list that names what is not there may have rotted, and lack what it should name.
                raise Damaged(
                    f"Cadangan lama tidak dihapus: {lies} tidak ada di {self.root}, padahal tercatat dalam cadangan "
                    "yang disisakan. Jalankan drill untuk setiap cadangan, dan simpan yang lama sampai jelas."
                )
        for name in gone:
            # Unnamed first: a backup that is half deleted must not be taken for one.
            aside = self.root / "tmp" / name
            (self.root / "backups" / name).rename(aside)
            flush_folder(self.root / "backups")
            shutil.rmtree(aside)
        for lies in pool.keys() - needed:
            pool[lies].unlink()
        return gone


_LEFTOVERS = ("tmp", IDENTITY, f"{MARKER}.", "lost+found")
"""What the names begin with of what a disk has, or a writer that died at its very beginning has left."""


class Writing:
    """A backup being written. Nothing of it is a backup until `finish` has returned."""

    def __init__(self, vault: Vault, name: str, scratch: Path) -> None:
        """`scratch` holds the unsealed list of contents meanwhile: a folder of this machine."""
        self.vault = vault
        self.name = name
        self.new_files = self.new_bytes = self.files = self.bytes = 0
        self._staging = vault.root / "tmp" / name
        make_folder(self._staging / "files")
        self._known: dict[str, str] = {}
        for before in vault.names():
            with contextlib.suppress(Missing):  # what no list tells is read instead
                self._known.update(vault.sums(before))
        self._sums: dict[str, str] = {}
        self._plain = scratch / f"{name}.jsonl"
        self._lines = self._plain.open("w", encoding="utf-8")
        self._plain.chmod(0o600)
        self._shelves: set[Path] = set()

    def keep(self, path: str, source: Path, sha256: str) -> None:
        """Bring a file into the pool, unless it is there. Raises Damaged where it is not what it is called."""
        lies = f"pool/{sha256[:2]}/{sha256}{self.vault.suffix}"
        target = self.vault.root / lies
        try:
            size = source.stat().st_size
            if not target.exists():
                self._sums[lies] = self._copied(source, target, sha256)
                self.new_files += 1
                self.new_bytes += size
            else:
                # Left by a writer that died: whole, because it has its name, and only never counted.
                self._sums[lies] = self._known.get(lies) or sha256_of(target)
        except FileNotFoundError as error:
            raise Missing(f"{source} hilang.") from error
        self._list(Entry(path, sha256, size, lies))

    def keep_own(self, path: str, source: BinaryIO) -> str:
        """Write a file that belongs to this backup alone; return its SHA-256."""
        lies = f"files/{path}{self.vault.suffix}"
        target = self._staging / lies
        make_folder(target.parent)
        reader = _Counted(source)
        with target.open("xb") as file:
            target.chmod(0o600)
            self._sums[f"backups/{self.name}/{lies}"] = _pour(reader, file, self.vault.recipients)
        self._list(Entry(path, reader.sha256, reader.size, f"backups/{self.name}/{lies}"))
        self.new_bytes += reader.size
        return reader.sha256

    def finish(self, head: Mapping[str, Any]) -> Path:
        """Write the manifest and give the backup its name."""
        self._lines.close()
        manifest = f"manifest.jsonl{self.vault.suffix}"
        first = json.dumps({"format": FORMAT, **head}, ensure_ascii=False).encode() + b"\n"
        with self._plain.open("rb") as lines, (self._staging / manifest).open("xb") as file:
            (self._staging / manifest).chmod(0o600)
            both = _Counted(lines, first)
            self._sums[f"backups/{self.name}/{manifest}"] = _pour(both, file, self.vault.recipients)
        self._plain.unlink()
        _put(self._staging / SUMS, manifest_text(self._sums).encode())
        for folder in (*sorted(self._shelves), self.vault.root / "pool"):
            flush_folder(folder)
        for below, _, _ in os.walk(self._staging):
            flush_folder(Path(below))
        target = self.vault.root / "backups" / self.name
        self._staging.rename(target)
        flush_folder(target.parent)
        return target

    def close(self) -> None:
        """Let go of the unsealed list, whatever came of the backup."""
        self._lines.close()
        self._plain.unlink(missing_ok=True)

    def _copied(self, source: Path, target: Path, sha256: str) -> str:
        """Copy into the pool under a name only what is what it is called; return the stored file's SHA-256."""
        unfinished = self.vault.root / "tmp" / secrets.token_hex(16)
        with source.open("rb") as plain, unfinished.open("xb") as file:
            reader = _Counted(plain)
            stored = _pour(reader, file, self.vault.recipients)
        if reader.sha256 != sha256:
            unfinished.unlink()
            raise Damaged(f"{source} sudah berubah dari isi semula, jadi tidak dicadangkan.")
        unfinished.chmod(0o444)
        make_folder(target.parent)
        unfinished.rename(target)
        self._shelves.add(target.parent)
        return stored

    def _list(self, entry: Entry) -> None:
        row = {"path": entry.path, "sha256": entry.sha256, "size": entry.size, "lies": entry.lies}
        self._lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.files += 1
        self.bytes += entry.size


class Reading:
    """A finished backup, opened with the keys it needs."""

    def __init__(self, vault: Vault, name: str, keys: Sequence[str] = ()) -> None:
        self.vault = vault
        self.name = name
        self.keys = tuple(keys)
        if vault.recipients and not keys:
            raise sealing.Locked(
                "Cadangan ini dienkripsi. Beri kuncinya dengan --identity-file, atau kata sandinya dengan "
                "--passphrase-env."
            )
        self.head: dict[str, Any] = {}

    @contextlib.contextmanager
    def entries(self, scratch: Path) -> Iterator[Iterator[Entry]]:
        """Read the head, and give the entries one by one. Raises Damaged, Missing, Locked."""
        lies = f"backups/{self.name}/manifest.jsonl{self.vault.suffix}"
        target = scratch / f"manifest-{secrets.token_hex(8)}"
        try:
            self._pour_out(lies, target)
            if sha256_of(self.vault.root / lies) != self.vault.sums(self.name).get(lies):
                raise Damaged(f"{self.vault.root / lies} sudah berubah dari isi semula. Pakai cadangan lain.")
            with target.open(encoding="utf-8") as lines:
                self.head = json.loads(next(lines, "{}"))
                need_format(int(self.head.get("format", 0)))
                yield (_entry(line) for line in lines)
        finally:
            target.unlink(missing_ok=True)

    def extract(self, entry: Entry, target: Path) -> None:
        """Write the file to `target`, compared with its checksum on the way. Raises Damaged, Missing, OSError."""
        make_folder(target.parent)
        unfinished = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}")
        try:
            sha256, size = self._pour_out(entry.lies, unfinished)
            if (sha256, size) != (entry.sha256, entry.size):
                raise Damaged(f"{self.vault.root / entry.lies} sudah berubah dari isi semula.")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)

    def _pour_out(self, lies: str, target: Path) -> tuple[str, int]:
        source = self.vault.root / lies
        try:
            plain = source.open("rb")
        except FileNotFoundError as error:
            raise Missing(f"{source} hilang dari cadangan.") from error
        with plain, target.open("xb") as file:
            target.chmod(0o600)
            writer: Any = _Tally(file)
            if not self.vault.recipients:
                shutil.copyfileobj(plain, writer, CHUNK)
            else:
                try:
                    sealing.unseal(plain, writer, self.keys)
                except Damaged as error:
                    raise Damaged(f"{source} sudah berubah dari isi semula.") from error
        return str(writer.sha256), int(writer.size)


def need_format(number: int) -> None:
    """Raise ArchiveError for a form of backups this program does not know."""
    if number > FORMAT:
        raise ArchiveError(
            f"Cadangan ini ditulis Redaksi yang lebih baru (bentuk {number}; yang dikenal di sini {FORMAT}). "
            "Pasang versi terbaru, lalu pulihkan dengan versi itu."
        )
    if number < 1:
        raise Damaged("Kepala daftar cadangan ini rusak. Pakai cadangan lain.")


def _entry(line: str) -> Entry:
    try:
        row = json.loads(line)
        entry = Entry(str(row["path"]), str(row["sha256"]), int(row["size"]), str(row["lies"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("Daftar isi cadangan ini rusak. Pakai cadangan lain.") from error
    for path in (entry.path, entry.lies):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
            raise Damaged(f"Daftar isi cadangan ini menyebut tempat yang tidak sah: {path[:80]}")
    if not _SHA256.fullmatch(entry.sha256):
        raise Damaged("Daftar isi cadangan ini rusak. Pakai cadangan lain.")
    return entry


class _Counted:
    """A source that knows the SHA-256 and size of what was read of it; `first` comes before all else."""

    def __init__(self, file: BinaryIO, first: bytes = b"") -> None:
        self._file = file
        self._first = first
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def read(self, size: int = CHUNK) -> bytes:
        data, self._first = (self._first, b"") if self._first else (self._file.read(size), b"")
        self._digest.update(data)
        self.size += len(data)
        return data


class _Tally:
    """A target that knows the SHA-256 and size of what was written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _pour(source: Any, file: BinaryIO, recipients: Sequence[str]) -> str:
    """Write a stream, encrypted where there are recipients, flushed to disk; return the SHA-256 of what lies there."""
    told: Any = source  # as it is, it is what it was, and summed once
    if recipients:
        told = _Tally(file)
        sealing.seal(source, told, recipients)
    else:
        shutil.copyfileobj(source, file, CHUNK)
    file.flush()
    os.fsync(file.fileno())
    return str(told.sha256)


def _put(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with unfinished.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    flush_folder(path.parent)


def _how(recipients: Sequence[str]) -> str:
    return (
        "dienkripsi untuk " + ", ".join(f"{one[:12]}…" for one in recipients)
        if recipients
        else "tidak dienkripsi"
    )


def _in_order(name: str) -> tuple[str, int]:
    """Two backups of one second are told apart by a number behind the time."""
    moment, _, number = name.partition("-")
    return moment, int(number or 0)
