"""Secrets are named by the settings, never written into them."""

from __future__ import annotations

import os
from pathlib import Path

from config.faults import SettingsError


def secret(env: str | None, file: Path | None) -> str:
    """Return the secret that is named by a variable or a file. Raises SettingsError when it is not there."""
    if env:
        value = os.environ.get(env, "")
        if not value:
            raise SettingsError(f"Variabel lingkungan {env} kosong; isi dengan kata sandinya.")
        return value
    if file:
        try:
            value = file.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"Berkas kata sandi {file} tidak dapat dibaca.") from error
        if not value:
            raise SettingsError(f"Berkas kata sandi {file} kosong.")
        return value
    raise SettingsError("Kata sandi belum disebut; isi password_env atau password_file.")


def one_secret(env: str | None, file: Path | None, name: str = "password") -> None:
    """Raise ValueError unless exactly one place of a secret is named."""
    if bool(env) == bool(file):
        raise ValueError(f"isi salah satu: {name}_env atau {name}_file")
