"""How a mailbox signs in without a password: by a grant that its owner gives once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

_HERE = ("localhost", "127.0.0.1", "::1")
# https://developers.google.com/identity/protocols/oauth2/native-app and
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code. Google's own device flow does
# not grant mail, so its owner signs in by a link.
_KNOWN = {
    "google": {
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
    },
    "microsoft": {
        "device_url": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        "token_url": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    },
    "other": {},
}


class OAuth(BaseModel):
    """The grant of one mailbox. `manage.py connect_mailbox` asks its owner for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["google", "microsoft", "other"] = Field(
        description="Who gives the grant; `other` needs the addresses below."
    )
    client_id: str = Field(min_length=1, description="The application's id, as registered with the provider.")
    client_secret_env: str | None = Field(
        None, description="Environment variable that holds the application's secret, when it has one."
    )
    client_secret_file: Path | None = Field(None, description="File whose first line is that secret.")
    token_file: Path = Field(
        description="Where the grant is kept; written by Redaksi, readable by its own user only."
    )
    tenant: str = Field(
        "common",
        pattern=r"^[A-Za-z0-9.-]+$",
        description="Microsoft: the organisation's id or domain, when its application is for itself alone.",
    )
    token_url: str = Field("", description="`other`: where tokens are given out.")
    device_url: str = Field("", description="`other`: where a code for the owner is asked for.")
    authorize_url: str = Field(
        "", description="`other`: the page where the owner signs in, when there is no `device_url`."
    )
    scope: str = Field("", description="`other`: what is asked for.")

    @model_validator(mode="after")
    def _complete(self) -> OAuth:
        if self.client_secret_env and self.client_secret_file:
            raise ValueError("isi salah satu: client_secret_env atau client_secret_file")
        if self.provider == "other" and not (self.token_url and (self.device_url or self.authorize_url)):
            raise ValueError("provider: other memerlukan token_url dan device_url (atau authorize_url)")
        for url in (self.token_url, self.device_url, self.authorize_url):
            parts = urlsplit(url)
            if url and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
                raise ValueError("alamat OAuth harus diawali https://")
        return self

    def place(self, name: str) -> str:
        """Return the address or scope called `name`: as written, else the provider's; may be empty."""
        return getattr(self, name) or _KNOWN[self.provider].get(name, "").format(tenant=self.tenant)
