"""A real Dovecot of our own, in a temporary folder, for tests.

    @pytest.fixture
    def dovecot() -> Iterator[Dovecot]:
        with Dovecot() as server:
            yield server

    server.deliver(b"From: …\r\n…")            a mail in INBOX (or `folder=`); returns its UID
    server.make_folder("Arsip Rilis")           a folder, by its Unicode name
    server.settings(after="mark")               an ImapMailbox that signs in, with changes
    server.flags(uid), server.uids(folder)      what the server holds, seen by another client
    server.stop(); server.start()               as an administrator would; `restart()` does both
    server.kill()                               as a power cut would
    server.rebuild_uidvalidity()                the folder is made anew: new UIDVALIDITY, UIDs from 1

It listens on 127.0.0.1 with a certificate for `localhost` from an authority made for this server
(`server.ca_file`): TLS on `server.port`, plain with STARTTLS on `server.plain_port`. It runs as root or not.
Needs the packages of packages/dovecot.txt.
"""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imapclient.imap_utf7 import encode as folder_name

from config import ImapMailbox
from tests.ports import free_port

USER = "redaksi@contoh.go.id"
PASSWORD = "sandi-uji-7Kx"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
state_dir = {home}/state
log_path = /dev/stderr
login_log_format_elements =
ssl = yes
ssl_cert = <{home}/tls/server.pem
ssl_key = <{home}/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/mail/%u
mail_fsync = never
mail_max_userip_connections = {connections}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
{grants}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


_GRANTS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
"""


class Dovecot:
    """One running server; use as a context manager."""

    host = "localhost"

    def __init__(self, *, connections: int = 20, tokeninfo: str = "") -> None:
        """Start with `tokeninfo`, where it asks whose an access token is, to let clients sign in by XOAUTH2."""
        # Not below pytest's own folder, which another run of pytest closes to Dovecot's users.
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.home = self._folder / "dovecot"
        # A short path of its own: a socket's name may have no more than 107 bytes.
        self.run = Path(tempfile.mkdtemp(prefix="dc-"))
        self.port, self.plain_port = free_port(), free_port()
        self.ca_file = self.home / "tls" / "ca.pem"
        self.password_file = self.home / "password"
        self.log: deque[str] = deque(maxlen=500)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if self._program is None:
            raise RuntimeError("dovecot is not installed; see tests/real/packages/dovecot.txt")
        self._prepare(connections, tokeninfo)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def settings(self, **changes: Any) -> ImapMailbox:
        """Return a mailbox of the settings that can sign in here."""
        return ImapMailbox.model_validate(
            {
                "name": "uji",
                "kind": "imap",
                "host": self.host,
                "port": self.port,
                "ca_file": self.ca_file,
                "user": USER,
                "password_file": self.password_file,
                "timeout": 20,
                **changes,
            }
        )

    def start(self) -> None:
        """Start, and return when the ports are open."""
        command = [str(self._program), "-F", "-c", str(self.home / "dovecot.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line)
            if "starting up" in line:
                break
        else:
            raise RuntimeError("dovecot did not start:\n" + "".join(self.log))
        self._reader = threading.Thread(target=self.log.extend, args=(self._process.stderr,), daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Stop as an administrator would: clients are told goodbye."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop as a power cut would, all of its processes at once."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def deliver(self, data: bytes, folder: str = "INBOX", *, flags: str = "", date: Any = None) -> str:
        """Put a mail in a folder, byte for byte; lines must end in CRLF. Returns its UID."""
        with self.client() as client:
            _, answer = client.append(_quoted(folder), flags, date or "", data)
            return bytes(answer[0]).split(b"]")[0].split()[-1].decode()

    def deliver_many(self, mails: list[bytes]) -> None:
        """Put many mails in INBOX at once, as a mail transfer agent would."""
        new = self.home / "mail" / USER / "new"
        self.uids()  # makes the folder
        for index, data in enumerate(mails):
            path = new / f"{1_700_000_000 + index}.M{index}P1.contoh"
            path.write_bytes(data.replace(b"\r\n", b"\n"))
            os.chown(path, *self._owner)

    def make_folder(self, name: str) -> None:
        with self.client() as client:
            client.create(_quoted(name))

    def uids(self, folder: str = "INBOX") -> list[str]:
        with self.client() as client:
            client.select(_quoted(folder), readonly=True)
            return str(client.uid("SEARCH", "ALL")[1][0], "ascii").split()

    def flags(self, uid: str, folder: str = "INBOX") -> set[str]:
        with self.client() as client:
            client.select(_quoted(folder), readonly=True)
            answer = client.uid("FETCH", uid, "(FLAGS)")[1][0]
            return {flag.decode() for flag in imaplib.ParseFlags(answer)}

    def empty(self, folder: str = "INBOX") -> None:
        """Delete every mail of a folder."""
        with self.client() as client:
            client.select(_quoted(folder))
            client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def remove(self, uid: str, folder: str = "INBOX") -> None:
        """Delete a mail, as somebody with a mail program would."""
        with self.client() as client:
            client.select(_quoted(folder))
            client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            client.expunge()

    def rebuild_uidvalidity(self) -> None:
        """Forget the UIDs of INBOX: the next client sees another UIDVALIDITY and UIDs from 1."""
        self.stop()
        for path in (self.home / "mail" / USER).glob("dovecot*"):
            path.unlink()
        # UIDVALIDITY is made from the clock; the next one must differ within the same second, too.
        uidlist = self.home / "mail" / USER / "dovecot-uidlist"
        uidlist.write_text(f"3 V{self._next_uidvalidity} N1 G{os.urandom(16).hex()}\n")
        self._next_uidvalidity += 1
        os.chown(uidlist, *self._owner)
        self.start()

    def client(self) -> imaplib.IMAP4_SSL:
        """Return another client, signed in."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        client = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=20)
        client.login(USER, PASSWORD)
        return client

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if how is signal.SIGKILL:
            os.killpg(self._process.pid, how)
        else:
            self._process.send_signal(how)
        self._process.wait(timeout=30)
        assert self._reader is not None and self._process.stderr is not None
        if how is not signal.SIGKILL:
            with suppress(ProcessLookupError):  # what the master left behind when it was told to stop
                os.killpg(self._process.pid, signal.SIGKILL)
        self._reader.join(timeout=30)
        self._process.stderr.close()
        self._process = None

    def _prepare(self, connections: int, tokeninfo: str) -> None:
        self.run.chmod(0o755)
        for name in ("state", "tls", "mail"):
            (self.home / name).mkdir(parents=True)
        root = os.geteuid() == 0
        # Dovecot refuses to read mail as root; its own packages bring two users for this.
        owner = pwd.getpwnam("dovecot") if root else pwd.getpwuid(os.geteuid())
        self._owner = (owner.pw_uid, owner.pw_gid)
        self._next_uidvalidity = 2_000_000_001
        os.chown(self.home / "mail", *self._owner)
        if root:
            for path in (self.home, *self.home.parents):
                if path.stat().st_uid == 0 and path.stat().st_mode & 0o011 == 0:
                    path.chmod(path.stat().st_mode | 0o011)
        (self.home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.home / "users").chmod(0o644)
        self.password_file.write_text(PASSWORD + "\n")
        make_certificates(self.home / "tls")
        (self.home / "oauth2.conf").write_text(f"tokeninfo_url = {tokeninfo}\nusername_attribute = email\n")
        (self.home / "dovecot.conf").write_text(
            _CONFIG.format(
                home=self.home,
                run=self.run,
                internal="dovecot" if root else getpass.getuser(),
                group=grp.getgrgid(owner.pw_gid).gr_name,
                login="dovenull" if root else getpass.getuser(),
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=self.port,
                plain_port=self.plain_port,
                connections=connections,
                mechanisms=" xoauth2" if tokeninfo else "",
                grants=_GRANTS.format(home=self.home) if tokeninfo else "",
            )
        )


def make_certificates(folder: Path) -> None:
    """Make an authority, and a certificate of it for `localhost`."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    authority = [*curve, "-x509", "-subj", "/CN=Otoritas Uji", "-keyout", "ca.key", "-out", "ca.pem"]
    request = [*curve, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"]
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
    for command in (
        ["req", *authority],
        ["req", *request],
        ["x509", "-req", "-in", "server.csr", *signed, "-out", "server.pem"],
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)


def _quoted(folder: str) -> str:
    name = folder_name(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'
