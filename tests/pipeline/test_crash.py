"""A worker killed at any moment loses nothing and does nothing twice."""

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


@pytest.mark.parametrize("moments", [6, 14])
def test_a_worker_killed_at_any_moment_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, moments: int
) -> None:
    office = tmp_path / "office"
    office.mkdir()
    (office / "settings.yaml").write_text(SETTINGS)
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash", str(moments)],
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
    phases = [
        "receive and prepare",
        "send back",
        "publish",
        "correct",
        "late revision",
        "collage and fixity",
        "retract",
        "form",
        "second copy",
    ]
    assert list(killed) == phases
    assert min(killed.values()) > moments / 2
