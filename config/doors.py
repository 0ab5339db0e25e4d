"""The doors coverage comes in by and letters go out by."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.faults import SettingsError
from config.frozen import Frozen
from config.oauth import OAuth
from config.secrets import one_secret

FORM = "formulir"
"""The name under which mail made by our own form is kept; no mailbox may be called so."""


class _Mailbox(Frozen):
    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60, description="Short name, unique among mailboxes."
    )
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
            one_secret(self.password_env, self.password_file)
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
            one_secret(self.password_env, self.password_file)
        return self


class Lmtp(Frozen):
    """Where the office's own mail server may hand over mail, besides the mailboxes that are looked into."""

    name: str = Field(
        "lmtp",
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        max_length=60,
        description="Short name, unlike those of the mailboxes.",
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
    private_addresses: bool = Field(
        False,
        description="Lets people's own addresses lead into the office's network or to this machine.",
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
