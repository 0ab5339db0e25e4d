"""What stands in Chromium's place may be missing, hang or talk nonsense: there is no picture, and nothing else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from publishers.chromium import NoPicture, draw, find
from publishers.chromium_line import outside


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user of this machine can look into."""
    with tempfile.TemporaryDirectory(prefix="uji-peramban-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def program(place: Path, script: str) -> str:
    file = place / "chromium"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "tidak dapat dijalankan"),
        ("sleep 60", "terlalu lama"),
        (r"printf 'bukan JSON\000' >&4; sleep 60", "tidak dapat dijalankan"),
        (r"printf '{\"id\":1,\"result\":{}}\000' >&4; sleep 60", "tidak dapat dijalankan"),
        ("cat /dev/zero | tr '\\000' x >&4", "tidak dibuat"),
    ],
    ids=["ends", "hangs", "nonsense", "half an answer", "endless"],
)
def test_a_browser_that_does_not_do_its_work_leaves_no_picture_no_process_and_no_folder(
    place: Path, script: str, why: str
) -> None:
    file = program(place, f'echo "$$ $PWD" > {place}/start\n{script}')
    (place / "start").touch()
    (place / "start").chmod(0o666)
    with pytest.raises(NoPicture, match=why):
        draw(file, "http://situs.invalid/", seconds=1.5)
    process, folder = (place / "start").read_text().split()
    assert "redaksi-chromium-" in folder
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)


def test_folders_of_workers_that_were_killed_are_removed(place: Path) -> None:
    left = Path(tempfile.mkdtemp(prefix="redaksi-chromium-"))
    (left / "profile").mkdir()
    with pytest.raises(NoPicture):
        draw(program(place, "exit 1"), "http://situs.invalid/")
    assert not left.exists()


def test_a_browser_that_is_not_there_is_not_found(place: Path) -> None:
    assert find(place / "tidak-ada") is None
    assert find(place) is None
    file = program(place, "exit 1")
    assert find(Path(file)) == file


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("www.kota.example", True),
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("[::1]", False),
        ("router", False),
        ("nas.local", False),
        ("portal.lan.", False),
        ("", False),
    ],
)
def test_a_page_may_not_look_into_the_offices_own_network(host: str, public: bool) -> None:
    assert outside(host) is public
