"""Where rows are kept."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator, model_validator

from config.frozen import Frozen
from config.secrets import one_secret, secret

_WRITTEN = "tulis sebagai postgresql://pengguna@server:5432/nama"
_OPTIONS = ("sslmode", "sslrootcert", "host")


class Database(Frozen):
    url: str | None = Field(
        None,
        description="`postgresql://user@host:5432/name`, without the password; `?sslmode=require` may follow. "
        "By default an SQLite file in the data folder.",
    )
    password_env: str | None = Field(None, description="Environment variable that holds the password.")
    password_file: Path | None = Field(None, description="File whose first line is the password.")

    @field_validator("url")
    @classmethod
    def _names_a_database(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/") or not _port(parts):
            raise ValueError(_WRITTEN)
        if parts.password is not None:
            raise ValueError(
                "kata sandi tidak ditulis di sini; sebut tempatnya dengan password_env atau password_file"
            )
        strange = sorted(set(dict(parse_qsl(parts.query))) - set(_OPTIONS))
        if strange:
            raise ValueError(f"{', '.join(strange)} tidak dikenal; yang boleh: {', '.join(_OPTIONS)}")
        return value

    @model_validator(mode="after")
    def _one_password(self) -> Database:
        if self.password_env or self.password_file:
            if self.url is None:
                raise ValueError("kata sandi hanya berlaku bila url diisi")
            one_secret(self.password_env, self.password_file)
        return self

    def connection(self) -> dict[str, object]:
        """Return what Django calls the database on a server. Raises SettingsError when the password is not there."""
        parts = urlsplit(self.url or "")
        options = dict(parse_qsl(parts.query))
        named = self.password_env or self.password_file
        return {
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": secret(self.password_env, self.password_file) if named else "",
            "HOST": options.pop("host", "") or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }


def _port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return False
