"""A PostgreSQL cluster of a test's own, in a folder of its own, run by another user where we are root.

`python -m tests.real.postgres tests/newsroom …` runs tests that need no real part on one, with the order of names
that an office's server has (see `make postgres`).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.ports import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
USER = "redaksi"
PLAIN = ("--locale=C.UTF-8",)
INDONESIAN = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=id")
"""Capital letters beside small ones, as most servers sort."""


class Postgres:
    """A running cluster; `url` names a database in it."""

    def __init__(self, folder: Path, sorts: tuple[str, ...] = PLAIN) -> None:
        self._data = folder / "data"
        self._log = folder / "log"
        self._socket = folder / "s"
        self.port = free_port()
        self._socket.mkdir(parents=True)
        self._owner = _other_user()
        if self._owner:
            folder.chmod(0o755)
            for path in (folder, self._socket):
                shutil.chown(path, self._owner, self._owner)
        self._run(
            "initdb",
            "-D",
            self._data,
            "-U",
            USER,
            "--auth=trust",
            "--no-sync",
            *sorts,
            "-E",
            "UTF8",
        )
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self._socket} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=256MB"
        self._run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def create(self, name: str, like: str = "template0") -> str:
        """Make a database, empty or as another is now, and return its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-T", like, name)
        return self._url(name)

    def schema(self, name: str) -> str:
        """Return the statements that make a database's tables, in the order of their columns."""
        words = [str(PROGRAMS[-1] / "pg_dump"), "--schema-only", "--no-owner", self._url(name)]
        dump = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        return "\n".join(line for line in dump.splitlines() if not line.startswith(("--", "\\")))

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [str(PROGRAMS[-1] / program), *map(str, words)],
            user=self._owner,
            group=self._owner,
            extra_groups=[] if self._owner else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server keeps it open
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or self._log.read_text(errors='replace')}")


def _other_user() -> str | None:
    """Return whom the cluster runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def main(words: list[str]) -> int:
    """Run pytest with these words on a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="redaksi-postgres-") as folder:
        cluster = Postgres(Path(folder), INDONESIAN)
        try:
            told = {"REDAKSI_TEST_DATABASE": cluster.create("redaksi")}
            return subprocess.run(
                [sys.executable, "-m", "pytest", *words], env={**os.environ, **told}, check=False
            ).returncode
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
