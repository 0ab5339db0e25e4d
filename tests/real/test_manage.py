"""What somebody at a terminal is told when something is wrong: a sentence, never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kept import lay
from tests.office import SETTINGS

pytestmark = pytest.mark.real  # each test starts the program as an operator does

CHECKOUT = Path(__file__).parent.parent.parent


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT,
        env={**os.environ, "REDAKSI_SETTINGS": str(folder / "settings.yaml")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def laid(folder: Path) -> None:
    if not lay(folder / "var"):
        assert manage(folder, "migrate", "--verbosity", "0").returncode == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SETTINGS.replace("office:", "ofice:"), "ofice: kunci ini tidak dikenal."),
        (SETTINGS.replace("kind: folder, title: Situs Kota", "kind: drupal, title: Situs Kota"), "drupal"),
        (SETTINGS.replace("title: Situs Kota, path", "title: Situs Kota, pth: x, path"), "pth"),
        ("office: [", "bukan YAML"),
    ],
)
def test_a_wrong_setting_is_one_sentence_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    done = manage(tmp_path, "check")
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_was_never_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    for command in (["stories"], ["work", "--once"], ["run"]):
        done = manage(tmp_path, *command)
        assert done.returncode != 0
        assert "manage.py migrate" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    (tmp_path / "var").write_text("bukan folder")
    done = manage(tmp_path, "check")
    assert done.returncode != 0
    assert "data: folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (tmp_path / "settings.yaml").write_text(
            SETTINGS.replace("127.0.0.1:8000, public", f"127.0.0.1:{port}, public")
        )
        laid(tmp_path)
        done = manage(tmp_path, "run")
    assert done.returncode != 0
    assert "web.listen" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_names_what_is_wrong_and_fails(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    laid(tmp_path)
    done = manage(tmp_path, "doctor", "--json")
    assert done.returncode != 0
    assert '"subject": "pekerja", "ok": false' in done.stdout
    assert str(tmp_path / "mailbox") in done.stdout
    assert "Traceback" not in done.stderr
