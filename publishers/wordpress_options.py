"""A WordPress site's keys in settings.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from publishers.base import Options


class WordPressOptions(Options):
    url: str = Field(description="The site's address as its pages show it, with https:// and www if any.")
    user: str = Field(min_length=1, description="The account's login name; its role should be Editor.")
    password_env: str | None = Field(
        None, description="Environment variable that holds the application password."
    )
    password_file: Path | None = Field(None, description="File whose first line is the application password.")
    categories: dict[str, int] = Field(
        default_factory=dict,
        description="Our category names and the site's numbers; `default` for all others.",
    )
    markup: Literal["block", "classic"] = Field(
        "block", description="`classic` for sites that use the classic editor."
    )
    first_photo: Literal["both", "featured"] = Field(
        "both",
        description="Where the first photo goes: `featured` for themes that show the featured image by themselves.",
    )
    quarantine: float = Field(
        120, ge=0, description="Seconds the site may go on working on a request it has not answered."
    )
    timeout: float = Field(30, gt=0, description="Seconds to wait for an answer.")

    @field_validator("url")
    @classmethod
    def _safe_url(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        host = rest.partition("/")[0]
        if scheme not in ("http", "https") or not host or "@" in host or "?" in value or "#" in value:
            raise ValueError("tulis alamat situs saja, lengkap dengan https://")
        if scheme == "http" and host.rpartition(":")[0] not in ("127.0.0.1", "localhost", "[::1]"):
            raise ValueError("pakai https://; dengan http:// kata sandi terkirim tanpa pengaman")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_password(self) -> WordPressOptions:
        if bool(self.password_env) == bool(self.password_file):
            raise ValueError("isi salah satu: password_env atau password_file")
        return self
