"""What the operator decides, read once and never changed while the program runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from config.approval import Approval
from config.archive import Archive
from config.database import Database
from config.doors import FORM, Intake, Lmtp, Mailbox, Notices, Outgoing, Uploads
from config.faults import SettingsError, explain
from config.frozen import Frozen
from config.proof import Proof
from config.signin import SignIn
from config.style import Style


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("zona waktu tidak dikenal; contoh: Asia/Jakarta, Asia/Makassar") from error
    return value


Zone = Annotated[str, AfterValidator(_known_zone)]
"""The name of an IANA time zone that this machine knows."""


class Office(Frozen):
    name: str = Field(min_length=1, description="The office's name as readers know it.")
    zone: Zone = Field(
        "Asia/Jakarta",
        description="IANA time zone: Asia/Jakarta or Asia/Pontianak (WIB), Asia/Makassar (WITA), "
        "Asia/Jayapura (WIT).",
    )
    language: Literal["id", "en"] = Field("id", description="Language of the screens until a person chooses.")
    address: str | None = Field(
        None,
        description="The address contributors write to, as the guide names it; by default the `user` of the "
        "first IMAP mailbox that is a whole address.",
    )
    largest_mail_mb: int = Field(
        25, ge=1, description="The largest mail the office's mail server takes, in MB, as the guide names it."
    )
    logo: Path | None = Field(
        None,
        description="The office's mark in the screens' head: a PNG, as the setup in the browser makes it.",
    )

    @field_validator("logo")
    @classmethod
    def _is_png(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() != ".png":
            raise ValueError("logo harus berkas .png")
        return value

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Web(Frozen):
    listen: str = Field("127.0.0.1:8000", description="Address and port the web server listens on.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="The address people type, used in links and to accept hosts."
    )

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("tulis sebagai alamat:port, misalnya 127.0.0.1:8000")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("tulis lengkap dengan http:// atau https://")
        return value.rstrip("/")


class Site(BaseModel):
    """One place stories are published to. Keys beyond these belong to its kind (`publishers.KINDS`)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60, description="Short name, unique among sites."
    )
    kind: str = Field(description="The kind of site; each has a page under docs/sites/.")
    title: str = Field(min_length=1, description="The site's name as people know it.")
    style: Style = Field(
        default_factory=lambda: Style.model_validate({}), description="How stories are written there."
    )

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the site's kind, unchecked."""
        return dict(self.__pydantic_extra__ or {})


class Collage(Frozen):
    months: int = Field(6, ge=3, le=6, description="Length of a collage period in months, 3 to 6.")


class Checks(Frozen):
    """What is not looked for in a story's words."""

    off: tuple[str, ...] = Field(
        (), description="Names of rules that say nothing in this office; all are in [checks.md](checks.md)."
    )

    @model_validator(mode="before")
    @classmethod
    def _off_is_a_key(cls, value: Any) -> Any:
        # YAML 1.1 reads a bare `off` as the truth value false, as a key too.
        if isinstance(value, dict) and False in value:
            return {"off" if key is False else key: item for key, item in value.items()}
        return value


@dataclass(frozen=True)
class Source:
    """The file settings were read from, and how it was then."""

    path: Path
    stamp: tuple[int, ...]
    fault: str = ""
    """What is wrong with the file as it is now; these settings are older and still hold."""
    restart: bool = False
    """The file has changes that only a new start takes up."""

    @property
    def same(self) -> bool:
        """Say whether the file is still what it was."""
        return stamp_of(self.path) == self.stamp


def stamp_of(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does; nothing when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)


class Settings(Frozen):
    _source: Source | None = PrivateAttr(None)
    office: Office
    data: Path = Field(
        Path("var"), description="Folder for the database, originals, packages and renditions."
    )
    database: Database = Field(default_factory=lambda: Database.model_validate({}))
    web: Web = Field(default_factory=lambda: Web.model_validate({}))
    mailboxes: tuple[Mailbox, ...] = Field((), description="The official addresses coverage is mailed to.")
    trusted_authserv_ids: tuple[str, ...] = Field(
        (),
        description="Names our own mail server writes into Authentication-Results; no others are believed.",
    )
    lmtp: Lmtp | None = Field(
        None,
        description="Where the office's own mail server hands mail over; not listened to when not given.",
    )
    uploads: Uploads = Field(default_factory=lambda: Uploads.model_validate({}))
    intake: Intake = Field(default_factory=lambda: Intake.model_validate({}))
    outgoing: Outgoing = Field(default_factory=lambda: Outgoing.model_validate({}))
    notices: Notices = Field(default_factory=lambda: Notices.model_validate({}))
    sites: tuple[Site, ...] = Field((), description="The sites a verified story goes to.")
    approval: Approval = Field(default_factory=lambda: Approval.model_validate({}))
    proof: Proof = Field(default_factory=lambda: Proof.model_validate({}))
    checks: Checks = Field(default_factory=lambda: Checks.model_validate({}))
    collage: Collage = Field(default_factory=lambda: Collage.model_validate({}))
    archive: Archive = Field(default_factory=lambda: Archive.model_validate({}))
    signin: SignIn = Field(default_factory=lambda: SignIn.model_validate({}))

    @model_validator(mode="after")
    def _unique_names(self) -> Settings:
        doors = (*self.mailboxes, self.lmtp) if self.lmtp else self.mailboxes
        for what, rows in (("mailboxes", doors), ("sites", self.sites)):
            names = [row.name for row in rows]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what}: nama {', '.join(twice)} dipakai lebih dari sekali")
        if FORM in (door.name for door in doors):
            raise ValueError(
                f"mailboxes: nama {FORM} dipakai Redaksi untuk formulir kiriman; pilih nama lain"
            )
        return self

    @property
    def source(self) -> Source | None:
        """Where these settings come from; None when from no file."""
        return self._source

    def known_as(self, source: Source, **changes: Any) -> Settings:
        """Return the settings with some of them changed, as what `source` now stands for."""
        made = self.model_copy(update=changes)
        made._source = source
        return made

    def site(self, name: str) -> Site | None:
        """Return the site called `name`, or None when the settings no longer have it."""
        return next((site for site in self.sites if site.name == name), None)


def load(path: Path | None = None) -> Settings:
    """Read the settings file (`path`, else $REDAKSI_SETTINGS, else the checkout's settings.yaml).

    Relative paths inside it are relative to the file. Raises SettingsError.
    """
    if path is None:
        path = Path(os.environ.get("REDAKSI_SETTINGS") or Path(__file__).parent.parent / "settings.yaml")
    path = path.absolute()
    stamp = stamp_of(path)  # before it is read: a change meanwhile is seen later
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: berkas pengaturan tidak dapat dibaca ({error.strerror}).") from error
    return understand(raw, path).known_as(Source(path, stamp))


def understand(raw: bytes, path: Path) -> Settings:
    """Return what `raw` says, if it stood in the file `path`. Raises SettingsError."""
    try:
        data = yaml.safe_load(raw.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: bukan YAML yang benar: {_one_line(error)}.") from error
    if not isinstance(data, dict):
        raise SettingsError(f"{path}: isinya harus berupa daftar kunci, dimulai dengan office:.")
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError("\n".join(f"{path}: {line}" for line in explain(error))) from error
    return _anchored(settings, path.parent)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _names_a_file(key: str, value: object) -> bool:
    return isinstance(value, str) and (key in ("path", "theme") or key.endswith("_file"))


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Return the settings with every relative path made absolute from `folder`."""

    def walk(value: Any) -> Any:
        if isinstance(value, Path):
            return folder / value
        if isinstance(value, Site):
            paths = {key: str(folder / v) for key, v in value.options.items() if _names_a_file(key, v)}
            return Site.model_validate({**value.model_dump(), **paths})
        if isinstance(value, BaseModel):
            return value.model_copy(
                update={name: walk(getattr(value, name)) for name in type(value).model_fields}
            )
        if isinstance(value, tuple):
            return tuple(walk(item) for item in value)
        return value

    return Settings.model_validate(walk(settings).model_dump())
