"""Pytest fixtures: MariaDB, WordPress, three sites and one of the newest. See the package's docstring."""

from __future__ import annotations

import fcntl
import getpass
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real import suites
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
NEWEST = ("baru", "Situs Baru Contoh", "Asia/Jakarta", "id_ID")
THEME = Path("wp-content") / "themes" / "twentytwentyone"


def unpacked() -> Path:
    """Return the folder of this machine's WordPress, unpacked from Debian's packages on first use."""
    return _unpack("core", _listed("download"), DEBIAN)


def unpacked_newest() -> Path:
    """Return the folder of the newest WordPress. Raises NotOffered when there is none to be had."""
    names = _listed("newest")
    debs = DEBIAN / "newest"
    if not all(list(debs.glob(f"{name}_*.deb")) for name in names):
        suites.download(names, debs)
    old, core = unpacked(), _unpack("newest", names, debs)
    if not (core / THEME).exists():
        # Debian no longer packs it, and readers' pages must be alike on both.
        shutil.copytree(old / THEME, core / THEME, symlinks=True)
    return core


def _listed(word: str) -> list[str]:
    lines = PACKAGES.read_text().splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith(f"{word}: ")]


def _unpack(edition: str, names: list[str], debs: Path) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    core = CACHE / edition
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if core.exists():
            return core
        absent = [name for name in names if not list(debs.glob(f"{name}_*.deb"))]
        if absent:
            debs.mkdir(parents=True, exist_ok=True)
            subprocess.run(["apt-get", "-qq", "download", *absent], cwd=debs, check=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            for name in names:
                package = max(debs.glob(f"{name}_*.deb"))
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


@dataclass
class Running:
    """A database and the sites that live in it."""

    database: Database
    folder: Path
    sites: list[WordPressSite]

    def add(self, core: Path, *wanted: tuple[str, str, str, str]) -> tuple[WordPressSite, ...]:
        """Install sites on one WordPress, at once, and start them."""
        made = []
        for name, title, zone, language in wanted:
            self.database.make(name)
            folder = self.folder / name
            made.append(WordPressSite(name, title, zone, language, core, folder, self.database.socket))
        for site, process in [(site, site.install()) for site in made]:
            site.installed(process)
        for site in made:
            if site.name == "media":
                self.database.narrow(site.name)
            self.database.keep(site.name)
            site.start()
            site.clear()
        self.sites += made
        return tuple(made)

    def reset(self, sites: Sequence[WordPressSite]) -> None:
        """Make sites what they were when they were installed."""
        for site in sites:
            if site.clear():
                self.database.restore(site.name)


@contextmanager
def running() -> Iterator[Running]:
    """Have a database of our own to put sites into; all is gone in the end, even after a kill."""
    # A short path: a socket's name may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="wp-"))
    reaper = subprocess.Popen([sys.executable, REAPER, folder], stdin=subprocess.PIPE, start_new_session=True)
    made = Running(Database(folder), folder, [])
    try:
        yield made
    finally:
        for site in made.sites:
            site.stop()
        made.database.stop()
        shutil.rmtree(folder)
        reaper.communicate()


@pytest.fixture(scope="session")
def _running() -> Iterator[Running]:
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def _sites(_running: Running) -> tuple[WordPressSite, ...]:
    return _running.add(unpacked(), *SITES)


@pytest.fixture(scope="session")
def _newest(_running: Running) -> WordPressSite:
    try:
        core = unpacked_newest()
    except suites.NotOffered as error:
        pytest.fail(f"WordPress terbaru tidak dapat diuji: {error}")
    (site,) = _running.add(core, NEWEST)
    return site


@pytest.fixture
def sites(_running: Running, _sites: tuple[WordPressSite, ...]) -> tuple[WordPressSite, ...]:
    """Three sites as they were installed."""
    _running.reset(_sites)
    return _sites


@pytest.fixture
def kota(sites: tuple[WordPressSite, ...]) -> WordPressSite:
    """The first of the three sites."""
    return sites[0]


@pytest.fixture
def newest(_running: Running, _newest: WordPressSite) -> WordPressSite:
    """A site of the newest WordPress that Debian has, as it was installed."""
    _running.reset([_newest])
    return _newest
