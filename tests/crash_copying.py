"""Kills a writer of the second copy with SIGKILL before every single act, and looks at what is left.

Run by tests/archive/test_stores.py as a process of its own, with a folder. An act is a call of the system or of an
open file: opening, every piece written, flushing, linking, removing. After each death everything is looked at,
then the writing is done again, and everything is looked at once more.
Prints one JSON object a line: {"phase", "moment", "killed", "wrong": [sentences]}.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from archive.disk import CHUNK
from archive.stores import MARKER, Folder, marker_text

ACTS = frozenset(
    ("open", "read", "write", "flush", "fchmod", "fsync", "link", "unlink", "rename", "replace", "mkdir")
)
UNFINISHED = ".belum-selesai"
HERE = {
    "originals/ab/cd/besar": bytes(range(256)) * (CHUNK // 100),
    "packages/r1/v1/data/text.md": b"naskah",
    "packages/r1/v1/manifest-sha256.txt": b"daftar",
    "packages/r1/v1/tagmanifest-sha256.txt": b"daftar lagi",
}


def killed_at(work: Callable[[], object], moment: int) -> bool:
    """Do `work` in a child that dies just before its act of that number; say whether it came that far."""
    child = os.fork()
    if child == 0:
        acts = 0

        def trip(_frame: FrameType, event: str, called: Any) -> None:
            nonlocal acts
            if event == "c_call" and called.__name__ in ACTS:
                acts += 1
                if acts == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        status = 1
        try:
            sys.setprofile(trip)
            work()
            status = 0
        finally:
            sys.setprofile(None)
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the writer failed instead of dying or finishing")
    return os.WIFSIGNALED(status)


class Trials:
    def __init__(self, folder: Path) -> None:
        self.disk = folder / "disk"
        self.sources = folder / "sources"
        self.digests = {name: hashlib.sha256(data).hexdigest() for name, data in HERE.items()}
        for name, data in HERE.items():
            (self.sources / name).parent.mkdir(parents=True, exist_ok=True)
            (self.sources / name).write_bytes(data)

    def copy(self) -> None:
        store = Folder(self.disk)
        store.require(store.begin("redaksi-1"))
        for name, sha256 in self.digests.items():
            store.keep(name, self.sources / name, sha256)

    def renew(self) -> None:
        """Set a rotten copy aside and make it anew, as `copy_again` does."""
        name, store = next(iter(HERE)), Folder(self.disk)
        if (self.disk / name).exists() and (self.disk / name).read_bytes() == b"busuk":
            store.set_aside(name)
        store.keep(name, self.sources / name, self.digests[name])

    def run(self, phase: str, work: Callable[[], None], rotten: bool) -> None:
        moment, killed = 0, True
        while killed:
            moment += 1
            shutil.rmtree(self.disk, ignore_errors=True)
            self.disk.mkdir()
            if rotten:
                self.copy()
                path = self.disk / next(iter(HERE))
                path.chmod(0o644)
                path.write_bytes(b"busuk")
            killed = killed_at(work, moment)
            wrong = self.torn(rotten) + (self.lost() if rotten else [])
            work()
            wrong += self.torn(rotten=False) + self.lacking() + (self.lost() if rotten else [])
            self.copy()  # once more: what is there is compared, and stays
            wrong += self.left_over()
            print(
                json.dumps({"phase": phase, "moment": moment, "killed": killed, "wrong": wrong}), flush=True
            )

    def torn(self, rotten: bool) -> list[str]:
        """What bears a name that is used, and is not what that name stands for."""
        good = {**HERE, MARKER: marker_text("redaksi-1")}
        found = [path for path in self.disk.rglob("*") if path.is_file()]
        names = {path.relative_to(self.disk).as_posix(): path.read_bytes() for path in found}
        return [
            f"torn: {name}, {len(data)} bytes"
            for name, data in names.items()
            if not name.startswith((UNFINISHED, "rusak/"))
            and data != good.get(name)
            and not (rotten and data == b"busuk")
        ]

    def lost(self) -> list[str]:
        """The rotten copy is kept, under its name or aside."""
        kept = [
            path for path in self.disk.rglob("besar*") if path.is_file() and path.read_bytes() == b"busuk"
        ]
        return [] if len(kept) == 1 else [f"{len(kept)} rotten copies"]

    def lacking(self) -> list[str]:
        return [f"lacking: {name}" for name in HERE if not (self.disk / name).is_file()]

    def left_over(self) -> list[str]:
        """What the dead writer left is one unfinished file at most, gone a day later."""
        left = list((self.disk / UNFINISHED).iterdir())
        for path in left:
            os.utime(path, (0, 0))
        shutil.rmtree(self.disk / "packages")
        self.copy()
        return [f"left: {len(left)}"] * (len(left) > 1) + [
            f"kept: {path.name}" for path in left if path.exists()
        ]


if __name__ == "__main__":
    trials = Trials(Path(sys.argv[1]))
    trials.run("copy", trials.copy, rotten=False)
    trials.run("renew", trials.renew, rotten=True)
