"""The archive on a disk that is really full: nothing half-made is left, nothing good is lost, and it heals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import SETTINGS

pytestmark = pytest.mark.real
CHECKOUT = Path(__file__).parent.parent.parent

SCRIPT = """
import json, subprocess, sys
from pathlib import Path
from archive import SIP, ArchiveError, check_package, make_package, mend_package

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "uji", disk], check=True)
folder = disk / "packages"


class Elsewhere:
    def read_original(self, sha256): raise NotImplementedError
    def read_package_file(self, package, name): return good[name]


def sip(number, size):
    return SIP(f"r{number}", 1, "Judul", {"mail.eml": bytes([number]) * size, "a.jpg": b"foto"})


def tell(**what): print(json.dumps(what), flush=True)


first = make_package(sip(1, 1_500_000), folder)
good = {path.relative_to(first).as_posix(): path.read_bytes() for path in first.rglob("*") if path.is_file()}
try:
    make_package(sip(2, 3_000_000), folder)
except ArchiveError as error:
    tell(packaging=str(error))
tell(left=[path.name for path in (folder / ".staging").iterdir()], made=(folder / "r2/v1").exists())

bad = first / "data/mail.eml"
bad.chmod(0o644)
whole = bad.read_bytes()
bad.write_bytes(b"x" + whole[1:])
(disk / "sampah").write_bytes(b"x" * 1_400_000)
[repair] = mend_package(folder, "r1/v1", check_package(first), Elsewhere(), disk / "set-aside")
tell(mended=repair.mended, why=repair.why, still=bad.read_bytes()[:1].decode(), unfinished=len(list(folder.glob(".staging/*"))))

subprocess.run(["mount", "-o", "remount,size=40m", disk], check=True)
[repair] = mend_package(folder, "r1/v1", check_package(first), Elsewhere(), disk / "set-aside")
tell(mended=repair.mended, sound=check_package(first) == [], kept=repair.aside.read_bytes()[:1].decode())
tell(sound=check_package(make_package(sip(2, 3_000_000), folder)) == [])
"""


def test_on_a_full_disk_nothing_is_half_made_and_a_repair_touches_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    full, left, repair, mended, again = map(json.loads, done.stdout.splitlines())
    assert "Kosongkan ruang" in full["packaging"]
    assert left == {"left": [], "made": False}
    assert not repair["mended"]
    assert "Kosongkan ruang" in repair["why"]
    assert repair["still"] == "x", "the bad file is still in its place, and no worse"
    assert repair["unfinished"] == 0
    assert mended == {"mended": True, "sound": True, "kept": "x"}
    assert again == {"sound": True}


def test_a_full_second_disk_stops_nothing_is_told_once_and_heals_by_itself(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(
        SETTINGS
        + "archive: {second_copy: {kind: folder, path: ./salinan}}\nnotices: {urls_env: UJI_ALAMAT}\n"
    )
    done = subprocess.run(
        [
            *("unshare", "--map-root-user", "--mount"),
            *(sys.executable, "-m", "tests.real.second_full", str(tmp_path)),
        ],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "REDAKSI_SETTINGS": str(tmp_path / "settings.yaml"),
            "UJI_ALAMAT": "json://127.0.0.1:9/uji",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    begun, full, later, room = map(json.loads, done.stdout.splitlines())
    assert (begun["in_step"], begun["waiting"]) == (True, 0)
    assert begun["files"] > 20, "originals and a package"
    assert (full["state"], full["live"]) == ("released", ["live"] * 3), "work goes on"
    assert full["waiting"] >= 3
    assert full["trouble"].startswith("Salinan kedua penuh: tidak ada ruang lagi di ")
    assert "pakai disk yang lebih besar; penyalinan berlanjut sendiri." in full["trouble"]
    assert full["doctor"] == f"{full['trouble']} {full['words']}."
    assert (full["well"], full["marked"]) == (False, 0), "the place's trouble, and not one file's"
    assert (full["untouched"], full["torn"], full["unfinished"], full["first_copy"]) == (True, [], 0, [])
    assert later["trouble"] == full["trouble"], "that the disk is there does not make it well"
    assert len(later["notices"]) == 1
    assert room == {"waiting": 0, "trouble": "", "same": True, "clear": True}
