"""Make ready what the real suites need: the Debian packages listed in tests/real/packages/.

As root on Debian or Ubuntu they are installed; elsewhere what is missing is said, and the run fails.
A line `download: NAME` asks only for the package's file, which the suite unpacks by itself; `newest: NAME`
for the newest that newer Debian suites have, from this machine's own archive. Where that offers none, this is
said, and the tests that need it fail with the same words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.real import suites

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "debian"
POLICY = Path("/usr/sbin/policy-rc.d")


def main() -> int:
    fetch_newest()
    install, download = wanted("install"), wanted("download")
    missing = [name for name in install if not installed(name)]
    absent = [name for name in download if not list(CACHE.glob(f"{name}_*.deb"))]
    if not missing and not absent:
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print("Uji dengan peranti nyata memerlukan paket Debian yang belum ada:", *missing, *absent)
        if missing:
            print("Pasang dahulu:  sudo apt-get install --no-install-recommends", *missing)
        if absent:
            print(f"Unduh dahulu ke {CACHE}:  apt-get download", *absent)
        return 1
    apt("update", "-qq")
    if missing:
        print("Memasang paket Debian:", *missing, flush=True)
        quiet_daemons(lambda: apt("install", "-y", "-qq", "--no-install-recommends", *missing))
    if absent:
        CACHE.mkdir(parents=True, exist_ok=True)
        apt("-qq", "download", *absent, cwd=CACHE)
    return 0


def wanted(word: str) -> list[str]:
    """Return the packages whose lines begin with `word`; those to install stand without one."""
    names = set()
    for file in (HERE / "packages").glob("*.txt"):
        for line in file.read_text().splitlines():
            first, colon, name = line.partition("#")[0].partition(":")
            if first.strip() and word == (first.strip() if colon else "install"):
                names.add((name if colon else first).strip())
    return sorted(names)


def fetch_newest() -> None:
    names = wanted("newest")
    if all(list((CACHE / "newest").glob(f"{name}_*.deb")) for name in names):
        return
    try:
        suites.download(names, CACHE / "newest")
    except suites.NotOffered as error:
        print(f"Versi terbaru ({', '.join(names)}) tidak didapat: {error}. Ujinya akan gagal.", flush=True)


def installed(name: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True, text=True, check=False
    )
    return done.returncode == 0 and done.stdout.strip() == "installed"


def apt(*arguments: str, cwd: Path | None = None) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-o", "APT::Sandbox::User=root", *arguments],
        env=environment,
        cwd=cwd,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(f"apt-get {arguments[0]} gagal; pesannya ada di atas.")


def quiet_daemons(act: object) -> None:
    """Install without starting any server: the suites start their own, in folders of their own."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        act()  # type: ignore[operator]
    finally:
        if ours:
            POLICY.unlink()


if __name__ == "__main__":
    sys.exit(main())
