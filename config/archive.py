"""What is kept for decades: where its second copy lies, and how often all of it is re-read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.frozen import Frozen
from config.secrets import one_secret, secret


class FolderPlace(Frozen):
    kind: Literal["folder"]
    path: Path = Field(
        description="A folder on another disk or another computer; it must be there, Redaksi does not make it."
    )


class BucketPlace(Frozen):
    kind: Literal["s3"]
    endpoint: str | None = Field(
        None, description="Address of an S3-compatible server, `https://…`; Amazon's own when not given."
    )
    bucket: str = Field(
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="The bucket; it must be there, Redaksi does not make it.",
    )
    prefix: str = Field(
        "", pattern=r"^([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?$", description="Folder inside the bucket."
    )
    region: str = Field("us-east-1", description="The bucket's region, where the server knows regions.")
    key_env: str | None = Field(None, description="Environment variable that holds the access key.")
    key_file: Path | None = Field(None, description="File whose first line is the access key.")
    secret_env: str | None = Field(None, description="Environment variable that holds the secret key.")
    secret_file: Path | None = Field(None, description="File whose first line is the secret key.")
    timeout: int = Field(30, ge=1, description="Seconds to wait for the server.")

    @field_validator("endpoint")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("tulis lengkap dengan http:// atau https://")
        return value.rstrip("/") if value else None

    @model_validator(mode="after")
    def _complete(self) -> BucketPlace:
        one_secret(self.key_env, self.key_file, "key")
        one_secret(self.secret_env, self.secret_file, "secret")
        return self

    def keys(self) -> tuple[str, str]:
        """Return the access key and the secret key. Raises SettingsError."""
        return secret(self.key_env, self.key_file), secret(self.secret_env, self.secret_file)


Place = Annotated[FolderPlace | BucketPlace, Field(discriminator="kind")]


class Archive(Frozen):
    second_copy: Place | None = Field(
        None, description="Where a second copy of originals and packages is kept in step; see below."
    )
    reread_days: int = Field(
        90, ge=1, le=3650, description="All that is kept is re-read and compared once in so many days."
    )
    reread_mb_per_second: float = Field(
        10, gt=0, description="At most so many megabytes a second are read for that, so that nobody feels it."
    )
    public: bool = Field(False, description="Readers may look through what was published, at `/publik/`.")
    public_title: str | None = Field(
        None, max_length=120, description="Name of the public archive; that of the office when not given."
    )
