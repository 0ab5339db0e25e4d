"""Pytest fixtures: MariaDB, WordPress, three sites. See the package's docstring."""

from __future__ import annotations

import fcntl
import getpass
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.wordpress.site import WordPressSite

CHECKOUT = Path(__file__).parents[3]
CACHE = CHECKOUT / ".cache" / "wordpress"
DEBIAN = CHECKOUT / ".cache" / "debian"
PACKAGES = CHECKOUT / "tests" / "real" / "packages" / "wordpress.txt"
REAPER = Path(__file__).parent / "reaper.py"
SITES = (
    ("kota", "Situs Kota Contoh", "Asia/Jakarta", "id_ID"),
    ("dinas", "Dinas Contoh", "UTC", "en_US"),
    ("media", "Media Contoh", "Asia/Makassar", "id_ID"),
)


def unpacked() -> Path:
    """Return WordPress' folder, unpacked from Debian's packages on first use."""
    CACHE.mkdir(parents=True, exist_ok=True)
    core = CACHE / "core"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if core.exists():
            return core
        names = [
            line.partition(": ")[2] for line in PACKAGES.read_text().splitlines() if "download: " in line
        ]
        absent = [name for name in names if not list(DEBIAN.glob(f"{name}_*.deb"))]
        if absent:
            DEBIAN.mkdir(parents=True, exist_ok=True)
            subprocess.run(["apt-get", "-qq", "download", *absent], cwd=DEBIAN, check=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            for name in names:
                package = max(DEBIAN.glob(f"{name}_*.deb"))
                subprocess.run(["dpkg-deb", "-x", package, work], check=True)
            fresh = Path(work) / "usr" / "share" / "wordpress"
            (fresh / "wp-config.php").write_text("<?php require getenv('REDAKSI_WP_CONFIG');\n")
            fresh.rename(core)
    return core


class Database:
    """A MariaDB of our own, on a socket in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "sql.sock"
        self.folder = folder
        data = folder / "data"
        # Without being told to, MariaDB refuses to run as root.
        common = ["--no-defaults", f"--user={getpass.getuser()}", f"--datadir={data}"]
        subprocess.run(
            ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
        )
        self.process = subprocess.Popen(
            ["mariadbd", *common, f"--socket={self.socket}", "--skip-networking", "--skip-log-bin",
             f"--pid-file={folder / 'sql.pid'}", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0",
             "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=8M", "--performance-schema=OFF"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        (folder / "sql.group").write_text(str(self.process.pid))
        until = time.monotonic() + 30
        while subprocess.run(
            self.client("mariadb-admin", "ping"), capture_output=True, check=False
        ).returncode:
            assert self.process.poll() is None, "mariadbd has ended"
            assert time.monotonic() < until, "mariadbd does not answer"
            time.sleep(0.05)

    def client(self, program: str, *words: str) -> list[str]:
        return [program, "--no-defaults", f"--socket={self.socket}", "--user=root", *words]

    def make(self, name: str) -> None:
        sql = f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4"
        subprocess.run(self.client("mariadb", "-e", sql), check=True)

    def narrow(self, name: str) -> None:
        """Make a site's tables as old ones are: without room for characters of four bytes."""
        tables = ("wp_posts", "wp_postmeta", "wp_terms", "wp_term_taxonomy")
        sql = "; ".join(f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb3" for table in tables)
        subprocess.run(self.client("mariadb", name, "-e", sql), check=True)

    def keep(self, name: str) -> None:
        """Remember a site as it is now."""
        with (self.folder / f"{name}.sql").open("wb") as out:
            words = ["--default-character-set=utf8mb4", name]
            subprocess.run(self.client("mariadb-dump", *words), check=True, stdout=out)

    def restore(self, name: str) -> None:
        """Make a site what it was when it was kept."""
        with (self.folder / f"{name}.sql").open("rb") as dump:
            words = ["--default-character-set=utf8mb4", name]
            subprocess.run(self.client("mariadb", *words), check=True, stdin=dump)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def _wordpress() -> Iterator[tuple[Database, tuple[WordPressSite, ...]]]:
    # A short path: a socket's name may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="wp-"))
    core = unpacked()
    reaper = subprocess.Popen([sys.executable, REAPER, folder], stdin=subprocess.PIPE, start_new_session=True)
    database = Database(folder)
    sites: list[WordPressSite] = []
    try:
        for name, title, zone, language in SITES:
            database.make(name)
            sites.append(WordPressSite(name, title, zone, language, core, folder / name, database.socket))
        for site, process in [(site, site.install()) for site in sites]:
            site.installed(process)
        database.narrow("media")
        for site in sites:
            database.keep(site.name)
            site.start()
            site.clear()
        yield database, tuple(sites)
    finally:
        for site in sites:
            site.stop()
        database.stop()
        shutil.rmtree(folder)
        reaper.communicate()


@pytest.fixture
def sites(_wordpress: tuple[Database, tuple[WordPressSite, ...]]) -> tuple[WordPressSite, ...]:
    """Three sites as they were installed."""
    database, sites = _wordpress
    for site in sites:
        if site.clear():
            database.restore(site.name)
    return sites


@pytest.fixture
def kota(sites: tuple[WordPressSite, ...]) -> WordPressSite:
    """The first of the three sites."""
    return sites[0]
