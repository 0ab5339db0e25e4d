"""A folder site on a disk that is really full: a small memory file system in a namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.real
CHECKOUT = Path(__file__).parent.parent.parent
SCRIPT = """
from pathlib import Path
from publishers import Unreachable
from tests.publishers.crawl import walk
from tests.publishers.samples import picture, post
from tests.publishers.test_folder import folder, tree

root = Path("situs").resolve()
site = folder(root)
site.create(post("satu"), {})
site.create(post("dua"), {})
with (root.parent / "penuh").open("wb", buffering=0) as file:
    try:
        while file.write(bytes(4096)):
            pass
    except OSError:
        pass
before = tree(root)
try:
    site.update("satu", post("satu", version=2, pictures=(picture(5),)), {})
except Unreachable as error:
    assert "penuh" in str(error), error
else:
    raise AssertionError("there was room")
assert tree(root) == before
site.retract("satu", "Ditarik: memuat data anak.", {})
pages = [name for name, data in tree(root).items() if b"memuat data anak" in data]
assert "ralat/index.html" in pages and "index.html" not in pages, pages
assert len([name for name in tree(root) if name.endswith(".jpg")]) == 6
assert walk(root)[1] == []
print("finished")
"""


def test_a_full_disk_changes_nothing_and_a_take_down_goes_through(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *("unshare", "--map-root-user", "--mount", "sh", "-c"),
            'mount -t tmpfs -o size=2m redaksi "$1" && cd "$1" && exec "$2" -c "$3"',
            *("sh", str(tmp_path), sys.executable, SCRIPT),
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "finished\n", done.stderr
