"""How people sign in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from config.frozen import Frozen

_HERE = ("localhost", "127.0.0.1", "::1")


class Oidc(Frozen):
    """Another office's sign-in (OpenID Connect), besides account name and password."""

    title: str = Field("Akun kantor", min_length=1, description="What the button on the sign-in page names.")
    issuer: str = Field(description="The provider's address, as it names itself.")
    client_id: str = Field(min_length=1, description="Redaksi's id, as registered with the provider.")
    client_secret_env: str | None = Field(
        None, description="Environment variable that holds Redaksi's secret there."
    )
    client_secret_file: Path | None = Field(None, description="File whose first line is that secret.")

    @field_validator("issuer")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        here = parts.scheme == "http" and parts.hostname in _HERE
        if not parts.hostname or not (parts.scheme == "https" or here):
            raise ValueError("tulis lengkap, diawali https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_secret(self) -> Oidc:
        if bool(self.client_secret_env) == bool(self.client_secret_file):
            raise ValueError("isi salah satu: client_secret_env atau client_secret_file")
        return self


class SignIn(Frozen):
    second_factor: tuple[str, ...] = Field(
        (),
        description="Roles that must use a second factor (a code or a passkey); names as in "
        "[people.md](people.md).",
    )
    oidc: Oidc | None = Field(None, description="A provider people may sign in with; see below.")
