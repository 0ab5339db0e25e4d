"""How the commands are told the keys of a backup: never on the command line, where others can read it."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from archive import sealing
from archive.vault import Reading, Vault


def ask(parser: CommandParser) -> None:
    """Add what opens an encrypted backup."""
    parser.add_argument("--name", default="", help="which backup; the newest by default")
    parser.add_argument("--identity-file", default="", metavar="FILE", help="age key file that opens it")
    parser.add_argument(
        "--passphrase-env", default="", metavar="VAR", help="environment variable with the passphrase"
    )


def passphrase_in(variable: str) -> str:
    """Return the passphrase a variable holds; empty when none is named. Raises CommandError."""
    if not variable:
        return ""
    value = os.environ.get(variable, "")
    if not value:
        raise CommandError(f"Variabel {variable} kosong. Isi dengan kata sandi cadangan, lalu jalankan lagi.")
    return value


def opened(folder: Path, name: str, identity_file: str, variable: str) -> Reading:
    """Return a backup, opened. Raises ArchiveError, CommandError."""
    vault = Vault.at(folder)
    keys: tuple[str, ...] = ()
    if vault.recipients and identity_file:
        try:
            keys = sealing.keys_in(Path(identity_file).read_text("utf-8"))
        except OSError as error:
            raise CommandError(f"{identity_file} tidak dapat dibaca ({error.strerror}).") from error
    elif vault.recipients and (passphrase := passphrase_in(variable)):
        keys = (vault.own_key(passphrase),)
    if name and name not in vault.names():
        raise CommandError(
            f"Tidak ada cadangan bernama {name} di {folder}. Yang ada: {', '.join(vault.names())}"
        )
    return Reading(vault, name or vault.newest(), keys)
