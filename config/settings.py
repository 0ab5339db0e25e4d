"""What the operator decides, read once and never changed while the program runs."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from config.oauth import OAuth
from config.style import Style


class SettingsError(Exception):
    """settings.yaml cannot be used; the text names the place and what is wrong with it."""


FORM = "formulir"
"""The name under which mail made by our own form is kept; no mailbox may be called so."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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


class _Mailbox(Frozen):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name, unique among mailboxes.")
    largest_mb: int = Field(
        150, ge=1, description="A larger mail is not fetched but put before a person, in MB."
    )


class FolderMailbox(_Mailbox):
    kind: Literal["folder"]
    path: Path = Field(description="A Maildir, or a directory of .eml files. Never changed by Redaksi.")
    every: int = Field(2, ge=1, description="Seconds between two looks.")


class ImapMailbox(_Mailbox):
    kind: Literal["imap"]
    host: str = Field(description="The mail server's name.")
    port: int = Field(993, ge=1, le=65535, description="993 for TLS from the start, 143 for STARTTLS.")
    security: Literal["tls", "starttls", "none"] = Field(
        "tls", description="`none` sends the password in clear and is accepted on this machine only."
    )
    ca_file: Path | None = Field(
        None,
        description="Certificates to trust instead of the system's, for a server with its own authority.",
    )
    user: str = Field(description="The name to sign in with, usually the whole address.")
    password_env: str | None = Field(None, description="Environment variable that holds the password.")
    password_file: Path | None = Field(None, description="File whose first line is the password.")
    oauth: OAuth | None = Field(None, description="Instead of a password: a grant, for Google and Microsoft.")
    folder: str = Field("INBOX", description="The folder to read, in plain Unicode.")
    since_days: int | None = Field(
        None,
        ge=0,
        description="On the first look, how many days back to go; when not given, a person is asked.",
    )
    after: Literal["nothing", "mark", "move"] = Field(
        "nothing",
        description="What to do with a mail once its bytes are kept: leave it, mark it read, move it.",
    )
    move_to: str | None = Field(None, description="The folder for `after: move`.")
    timeout: int = Field(30, ge=1, description="Seconds to wait for the server.")
    every: int = Field(60, ge=1, description="Seconds between two looks.")

    @model_validator(mode="after")
    def _complete(self) -> ImapMailbox:
        if self.oauth is None:
            _one_secret(self.password_env, self.password_file)
        elif self.password_env or self.password_file:
            raise ValueError("isi salah satu: oauth, atau password_env/password_file")
        if self.after == "move" and not self.move_to:
            raise ValueError("after: move memerlukan move_to (nama folder tujuan)")
        if self.security == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("security: none hanya untuk server di komputer ini; pakai tls atau starttls")
        return self


Mailbox = Annotated[FolderMailbox | ImapMailbox, Field(discriminator="kind")]


class Outgoing(Frozen):
    """Where letters to contributors go; without `host` they are left in a folder as .eml files."""

    sender: str = Field("redaksi@localhost", description="The From address of our letters.")
    acknowledge: bool = Field(
        False, description="Answers a known contributor's mail with its number and what is still missing."
    )
    path: Path | None = Field(
        None,
        description="Folder for letters while no `host` is given; `outbox` in the data folder by default.",
    )
    host: str | None = Field(None, description="SMTP server.")
    port: int = Field(587, ge=1, le=65535, description="SMTP port.")
    security: Literal["tls", "starttls", "none"] = Field("starttls", description="As for a mailbox.")
    ca_file: Path | None = Field(None, description="As for a mailbox.")
    user: str | None = Field(None, description="SMTP user, when the server asks for one.")
    password_env: str | None = Field(None, description="Environment variable that holds the password.")
    password_file: Path | None = Field(None, description="File whose first line is the password.")

    @model_validator(mode="after")
    def _complete(self) -> Outgoing:
        if self.user:
            _one_secret(self.password_env, self.password_file)
        return self


class Lmtp(Frozen):
    """Where the office's own mail server may hand over mail, besides the mailboxes that are looked into."""

    name: str = Field(
        "lmtp", pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name, unlike those of the mailboxes."
    )
    listen: str = Field("127.0.0.1:8024", description="Address and port to listen on.")
    largest_mb: int = Field(100, ge=1, description="A larger mail is refused, in MB.")
    beyond_this_machine: bool = Field(
        False,
        description="Allows an address in `listen` that others can reach; whoever reaches it may hand over mail.",
    )

    @property
    def place(self) -> tuple[str, int]:
        """The address and the port."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @model_validator(mode="after")
    def _on_this_machine(self) -> Lmtp:
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("listen: tulis sebagai alamat:port, misalnya 127.0.0.1:8024")
        if host not in ("127.0.0.1", "[::1]", "localhost") and not self.beyond_this_machine:
            raise ValueError(
                "listen: alamat ini dapat dijangkau komputer lain; pakai 127.0.0.1, atau isi "
                "beyond_this_machine: true bila jaringannya memang dijaga"
            )
        return self


class Uploads(Frozen):
    """What contributors may send by the form."""

    largest_file_mb: int = Field(50, ge=1, description="The largest single file, in MB.")
    largest_mb: int = Field(100, ge=1, description="All files of one sending together, in MB.")
    files: int = Field(60, ge=1, description="Files in one sending.")


class Intake(Frozen):
    """How much one sender may send before an editor is asked, and where keys of signatures are looked up."""

    mails_per_hour: int = Field(
        120, ge=1, description="Mails of one address within an hour; what is above waits for an editor."
    )
    megabytes_per_day: int = Field(
        2000, ge=1, description="Megabytes of one address within 24 hours; what is above waits for an editor."
    )
    dns: str | None = Field(
        None, description="DNS server for the keys of DKIM, as `address:port`; the system's when not given."
    )

    @field_validator("dns")
    @classmethod
    def _address_and_port(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host, _, port = value.rpartition(":")
        try:
            ip_address(host.strip("[]"))
        except ValueError:
            host = ""
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("tulis alamat IP dan port, misalnya 127.0.0.1:53")
        return value


class Notices(Frozen):
    """Whom the office's machine tells when something is wrong; nobody when neither is given."""

    urls_env: str | None = Field(
        None, description="Environment variable that holds the addresses, parted by spaces."
    )
    urls_file: Path | None = Field(
        None,
        description="File with one address a line; what follows a `#` at the start of a line is ignored.",
    )

    @model_validator(mode="after")
    def _one(self) -> Notices:
        if self.urls_env and self.urls_file:
            raise ValueError("isi salah satu: urls_env atau urls_file")
        return self

    @property
    def named(self) -> bool:
        """Whether anybody is to be told."""
        return bool(self.urls_env or self.urls_file)

    def urls(self) -> tuple[str, ...]:
        """Return the addresses, none when the settings name none. Raises SettingsError when they are not there."""
        if self.urls_env:
            found = os.environ.get(self.urls_env, "").split()
            if not found:
                raise SettingsError(
                    f"Variabel lingkungan {self.urls_env} kosong; isi dengan alamat pemberitahuan."
                )
        elif self.urls_file:
            try:
                lines = self.urls_file.read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"Berkas alamat pemberitahuan {self.urls_file} tidak dapat dibaca."
                ) from error
            found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
            if not found:
                raise SettingsError(f"Berkas alamat pemberitahuan {self.urls_file} kosong.")
        else:
            found = []
        return tuple(found)


class Site(BaseModel):
    """One place stories are published to. Keys beyond these belong to its kind (`publishers.KINDS`)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name, unique among sites.")
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


class Settings(Frozen):
    office: Office
    data: Path = Field(
        Path("var"), description="Folder for the database, originals, packages and renditions."
    )
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
    checks: Checks = Field(default_factory=lambda: Checks.model_validate({}))
    collage: Collage = Field(default_factory=lambda: Collage.model_validate({}))

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
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: berkas pengaturan tidak dapat dibaca ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: bukan YAML yang benar: {_one_line(error)}.") from error
    if not isinstance(raw, dict):
        raise SettingsError(f"{path}: isinya harus berupa daftar kunci, dimulai dengan office:.")
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsError("\n".join(f"{path}: {line}" for line in explain(error))) from error
    return _anchored(settings, path.parent)


_ROWS = "isinya harus berupa kunci dan nilai, misalnya nama: nilai"
# pydantic's kinds of fault (https://docs.pydantic.dev/latest/errors/validation_errors/) in our words.
_PLAIN = {
    "int_parsing": "harus berupa angka bulat",
    "int_type": "harus berupa angka bulat",
    "int_from_float": "harus berupa angka bulat, tanpa koma",
    "float_parsing": "harus berupa angka",
    "float_type": "harus berupa angka",
    "string_type": "harus berupa teks; apit dengan tanda kutip bila isinya angka",
    "bool_parsing": "isi dengan true atau false",
    "bool_type": "isi dengan true atau false",
    "greater_than_equal": "paling kecil {ge}",
    "less_than_equal": "paling besar {le}",
    "greater_than": "harus lebih dari {gt}",
    "less_than": "harus kurang dari {lt}",
    "string_pattern_mismatch": "tulisannya tidak sesuai pola {pattern}",
    "string_too_short": "paling sedikit {min_length} huruf",
    "literal_error": "isi dengan salah satu: {expected}",
    "model_type": _ROWS,
    "model_attributes_type": _ROWS,
    "dict_type": _ROWS,
    "dict_attributes_type": _ROWS,
    "list_type": "harus berupa daftar; awali tiap barisnya dengan tanda hubung",
    "tuple_type": "harus berupa daftar; awali tiap barisnya dengan tanda hubung",
    "path_type": "harus berupa nama berkas atau folder",
}


def _limits(context: dict[str, Any]) -> dict[str, Any]:
    """Return what a fault's sentence may name: its limits, and the values allowed without quotes."""
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", " atau ")
    return {**context, "expected": expected}


def explain(error: ValidationError, *place: str | int) -> list[str]:
    """Say each fault of a pydantic ValidationError as `place: sentence`."""
    lines = []
    for fault in error.errors():
        where = ".".join(str(step) for step in (*place, *fault["loc"]) if step not in ("folder", "imap"))
        kind = fault["type"]
        if kind == "extra_forbidden":
            lines.append(f"{where}: kunci ini tidak dikenal.")
        elif kind == "missing":
            lines.append(f"{where}: wajib diisi.")
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            lines.append(f"{where}: kind harus folder atau imap.")
        else:
            told = _PLAIN.get(kind)
            text = told.format(**_limits(fault.get("ctx", {}))) if told else fault["msg"]
            text = text.removeprefix("Value error, ")
            lines.append(f"{where}: {text}." if where else f"{text}.")
    return lines


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


def _one_secret(env: str | None, file: Path | None) -> None:
    if bool(env) == bool(file):
        raise ValueError("isi salah satu: password_env atau password_file")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _names_a_file(key: str, value: object) -> bool:
    return isinstance(value, str) and (key == "path" or key.endswith("_file"))


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
