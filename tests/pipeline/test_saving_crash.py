"""A backup or an import that is killed at any moment leaves nothing half-done, and goes on when it is run again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.office import SETTINGS

pytestmark = pytest.mark.real
CHECKOUT = Path(__file__).parent.parent.parent


def test_a_killed_backup_is_none_and_a_killed_import_brings_nothing_twice(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    (office / "settings.yaml").write_text(SETTINGS)
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash_saving"],
        cwd=CHECKOUT,
        env={**os.environ, "REDAKSI_SETTINGS": str(office / "settings.yaml")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert [trial for trial in trials if trial["wrong"]] == []
    killed = Counter(trial["phase"] for trial in trials if trial["killed"])
    assert set(killed) == {"import", "import site", "backup"}
    assert min(killed.values()) >= 5


FULL = """
set -u
mkdir -p "$TARGET"
mount -t tmpfs -o size=1m redaksi "$TARGET"
"$PYTHON" manage.py migrate --verbosity 0 || exit 9
"$PYTHON" manage.py backup "$TARGET"; echo "full: $?"
ls "$TARGET/backups" "$TARGET/tmp" | wc -l
mount -o remount,size=200m "$TARGET"
"$PYTHON" manage.py backup "$TARGET"; echo "room: $?"
ls "$TARGET/backups" | wc -l
"""


def test_a_full_disk_at_the_target_is_told_and_leaves_no_backup(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    originals = tmp_path / "var" / "originals" / "aa" / "bb"
    originals.mkdir(parents=True)
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", FULL],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "REDAKSI_SETTINGS": str(tmp_path / "settings.yaml"),
            "TARGET": str(tmp_path / "cadangan"),
            "PYTHON": sys.executable,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    full, _, room = done.stdout.partition("full: 1")
    assert "Penyimpanan penuh" in full, done.stdout
    assert "Kosongkan ruang" in full
    assert "Traceback" not in done.stdout
    assert "room: 0" in room, done.stdout
    assert room.rstrip().endswith("\n1")
