"""Encryption of what leaves this machine: age files, which the `age` program opens without us.

Everything is sealed for public keys, so that whoever makes a backup need not be able to read it. A passphrase seals
one key of the target's own (`identity.age`), as `age -i` takes it: opening a passphrase takes a second on purpose,
and a backup has many files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyrage

from archive.disk import CHUNK, ArchiveError, Damaged

NOT_OPENED = "Kata sandi cadangan tidak cocok. Periksa isinya, lalu jalankan lagi; tidak ada yang berubah."


class Locked(ArchiveError):
    """It is encrypted, and what was given does not open it."""


class _Line:
    """A file as pyrage reads or writes it; it remembers what the disk said, which pyrage tells as words only."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.error: OSError | None = None

    def read(self, size: int = CHUNK) -> bytes:
        try:
            return self.file.read(size)
        except OSError as error:
            self.error = error
            raise

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self.file.flush()


def read_recipient(text: str) -> str:
    """Return a public key as it is written. Raises ArchiveError."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError as error:
        raise ArchiveError(
            f"“{text[:80]}” bukan kunci publik age. Kunci publik dimulai dengan age1 dan dibuat dengan age-keygen."
        ) from error


def new_key() -> tuple[str, str]:
    """Make a key pair; return the secret one and the public one."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def public_of(identity: str) -> str:
    """Return the public key of a secret one. Raises Locked."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity.strip()).to_public())
    except pyrage.IdentityError as error:
        raise Locked("Isi berkas kunci bukan kunci age (AGE-SECRET-KEY-1…). Periksa berkasnya.") from error


def keys_in(text: str) -> tuple[str, ...]:
    """Return the secret keys of an age key file. Raises Locked."""
    lines = (line.strip() for line in text.splitlines())
    found = tuple(line for line in lines if line and not line.startswith("#"))
    for line in found:
        public_of(line)
    if not found:
        raise Locked("Berkas kunci kosong. Pakai berkas yang dibuat dengan age-keygen.")
    return found


def seal_words(words: str, passphrase: str) -> bytes:
    """Encrypt a few words with a passphrase."""
    return bytes(pyrage.passphrase.encrypt(words.encode(), passphrase))


def open_words(sealed: bytes, passphrase: str) -> str:
    """Return the words. Raises Locked."""
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, passphrase)).decode()
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise Locked(NOT_OPENED) from error


def seal(source: BinaryIO, target: BinaryIO, recipients: Sequence[str]) -> None:
    """Encrypt a stream piece by piece. Raises OSError as the disk does."""
    reader, writer = _Line(source), _Line(target)
    try:
        pyrage.encrypt_io(reader, writer, [pyrage.x25519.Recipient.from_str(one) for one in recipients])
    except (pyrage.EncryptError, OSError) as error:
        raise reader.error or writer.error or OSError(str(error)) from error


def unseal(source: BinaryIO, target: BinaryIO, keys: Sequence[str]) -> None:
    """Decrypt a stream piece by piece. Raises Locked, Damaged, and OSError as the disk does."""
    reader, writer = _Line(source), _Line(target)
    try:
        pyrage.decrypt_io(reader, writer, [pyrage.x25519.Identity.from_str(one) for one in keys])
    except (pyrage.DecryptError, OSError) as error:
        if told := reader.error or writer.error:
            raise told from error
        if "No matching keys" in str(error):
            raise Locked(
                "Kunci ini tidak membuka cadangan tersebut. Pakai kunci yang pasangannya dipakai ketika membuatnya."
            ) from error
        raise Damaged("sudah berubah dari isi semula") from error
