"""Packages out of newer Debian suites than this machine's, from the archive its own apt uses.

They are only downloaded, never installed, by an apt configuration of our own with its own lists: this
machine's apt knows nothing of it, and no right beyond one's own is needed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

SUITES = ("trixie", "sid")
"""Older first; apt takes the newest version that any of them offers."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class NotOffered(Exception):
    """The newer suites cannot be had here; the text says why."""


def download(names: list[str], folder: Path) -> None:
    """Have the newest `.deb` of every package in `folder`. Raises NotOffered."""
    if shutil.which("apt-get") is None or not KEYRING.exists():
        raise NotOffered("mesin ini tidak memakai apt Debian (apt-get atau debian-archive-keyring tidak ada)")
    with tempfile.TemporaryDirectory(prefix="suites-") as work:
        options = _configuration(Path(work), _archive())
        _apt(options, "update", "--error-on=any")
        fresh = Path(work) / "debs"
        fresh.mkdir()
        _apt(options, "download", *names, cwd=fresh)
        folder.mkdir(parents=True, exist_ok=True)
        for package in fresh.glob("*.deb"):
            shutil.move(package, folder / package.name)


def _archive() -> str:
    """Return the address of the archive that gives this machine its Debian."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    release = Path("/etc/os-release").read_text().partition("VERSION_CODENAME=")[2].split()[:1]
    sites = {line.rpartition(" ")[0] for line in told.stdout.splitlines() if line.split()[1:] == release}
    if not sites:
        raise NotOffered("apt mesin ini tidak menunjuk arsip Debian")
    return min(sites)


def _configuration(work: Path, archive: str) -> list[str]:
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    (work / "status").touch()
    sources = "".join(f"deb [signed-by={KEYRING}] {archive} {suite} main\n" for suite in SUITES)
    (work / "sources.list").write_text(sources)
    settings = {
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::Etc::Preferences": "-",
        "Dir::Etc::PreferencesParts": "-",
        "Dir::State": work,
        "Dir::State::Lists": work / "lists",
        "Dir::State::Status": work / "status",
        "Dir::Cache": work / "cache",
        "Acquire::Languages": "none",
        "Acquire::PDiffs": "false",
        "Acquire::Retries": "2",
        "APT::Sandbox::User": "",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _apt(options: list[str], *words: str, cwd: Path | None = None) -> None:
    done = subprocess.run(
        ["apt-get", "-qq", *options, *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise NotOffered(f"arsip mesin ini tidak memberikannya ({said[-1] if said else 'tanpa pesan'})")
