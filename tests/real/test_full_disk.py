"""A disk that is really full: a small memory file system in a namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import SETTINGS, coverage

pytestmark = pytest.mark.real
CHECKOUT = Path(__file__).parent.parent.parent

SCRIPT = """
set -u
mount -t tmpfs -o size=8m redaksi "$DATA"
manage() { "$PYTHON" manage.py "$@"; }
manage migrate --verbosity 0 || exit 9
manage contributors "$OFFICE/contributors.csv" || exit 9
echo "== full"
manage receive "$OFFICE/mail.eml"; echo "receive: $?"
manage work --once; echo "work: $?"
manage submissions
manage doctor
mount -o remount,size=900m "$DATA"
echo "== room again"
manage receive "$OFFICE/mail.eml"; echo "receive: $?"
manage work --once >/dev/null; echo "work: $?"
manage submissions
"""


def test_a_full_disk_is_told_loses_nothing_and_heals(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    (tmp_path / "contributors.csv").write_text(
        "address,name,outlet,initials\nnala@contoh.example,Nala,MC,nala\n"
    )
    (tmp_path / "mail.eml").write_bytes(coverage())
    for sub in ("tmp", "new", "cur"):
        (tmp_path / "mailbox" / sub).mkdir(parents=True)
    (tmp_path / "mailbox" / "new" / "satu").write_bytes(coverage("Berita kedua", message_id="<b@x.example>"))
    (tmp_path / "var").mkdir()
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", SCRIPT],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "REDAKSI_SETTINGS": str(tmp_path / "settings.yaml"),
            "OFFICE": str(tmp_path),
            "DATA": str(tmp_path / "var"),
            "PYTHON": sys.executable,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    told = done.stdout
    full, _, after = told.partition("== room again")
    assert "== full" in full, told
    assert "Traceback" not in told, told
    assert "receive: 1" in full
    assert "Kosongkan ruang" in full
    assert '"step": "receive", "done": 0, "failed": 1' in full
    assert "SALAH disk:" in full
    assert '"sha256"' not in full, "nothing half-taken"
    assert "receive: 0" in after
    assert after.count('"disposition": "accepted"') == 2
