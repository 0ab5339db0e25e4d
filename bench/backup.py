"""The rows of the backup: how fast new originals are saved, plain and encrypted, beside `cp` and `sync` of the same files."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

from archive import Originals, sealing
from archive.vault import Vault, Writing
from bench.measure import Row, side_by_side

FILES = 60
SIZE = 3_000_000


def backup(folder: Path) -> list[Row]:
    """Sixty originals of 3 MB into an empty target, then once more when all of them are there."""
    place = folder / "backup"
    store = Originals(place / "originals")
    names = [store.keep(number.to_bytes(4) * (SIZE // 4)) for number in range(FILES)]
    _secret, public = sealing.new_key()
    numbers = itertools.count()

    def into(target: Path, recipients: list[str]) -> None:
        vault = Vault.for_writing(target, recipients)
        with vault.locked():
            writing = Writing(vault, f"20261201T{next(numbers):06d}Z", place)
            for name in names:
                writing.keep(f"originals/{name}", store.path(name), name)
            writing.finish({})

    def fresh(recipients: list[str]) -> None:
        into(place / f"new-{next(numbers)}", recipients)

    def copied() -> None:
        target = place / f"cp-{next(numbers)}"
        shutil.copytree(store.root, target)
        subprocess.run(["sync", "-f", target], check=True)

    try:
        into(place / "again", [])
        plain, sealed, again, floor = side_by_side(
            lambda: fresh([]), lambda: fresh([public]), lambda: into(place / "again", []), copied, rounds=2
        )
        return [
            _row("backup, all new", plain, floor),
            _row("backup, all new, encrypted", sealed, floor),
            _row("backup, nothing new", again, floor),
        ]
    finally:
        shutil.rmtree(place)


def _row(what: str, took: float, floor: float) -> Row:
    size = FILES * SIZE / 1e6
    return Row(
        what=f"{what}, {FILES} originals of {SIZE / 1e6:.0f} MB",
        ours=f"{size / took:.0f} MB/s",
        floor=f"{size / floor:.0f} MB/s",
        floor_is="copying the same files and flushing them, nothing read back or summed",
        ratio=took / floor,
    )
