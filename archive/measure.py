#!/usr/bin/env python3
"""Measures files where they lie, for the register of storage media: size and SHA-256, written as CSV.

    python3 measure.py /media/HDD-07 --out HDD-07.csv

Needs nothing but Python 3.8 or newer: copy this one file to the computer the disk is on. Files are only read,
piece by piece, whatever their size. Begun again with the same --out it goes on where it stopped; --again
measures what is known once more, to see that nothing has rotted.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import io
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

HEADINGS = ("name", "size", "sha256", "modified")
PIECE = 4 << 20
SKIPPED = {
    ".Trashes",
    ".Spotlight-V100",
    ".fseventsd",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure what the command line names; return how many files could not be read, at most 1."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("files", nargs="+", type=Path, help="files and folders")
    words.add_argument(
        "--out", type=Path, help="the CSV to write or to go on with; standard output without it"
    )
    words.add_argument("--again", action="store_true", help="measure what the CSV has once more")
    wanted = words.parse_args(arguments)
    known = {} if wanted.again else _known(wanted.out)
    with _opened(wanted.out, fresh=wanted.again) as out:
        return 1 if _measure(wanted.files, known, out, sys.stderr) else 0


def _measure(roots: Iterable[Path], known: dict[str, tuple[str, str]], out: TextIO, told: TextIO) -> int:
    todo, faults, done = [], 0, 0
    for name, path in _listed(roots):
        try:
            found = path.stat()
        except OSError as error:
            faults += _fault(told, path, error)
            continue
        if known.get(name) == (str(found.st_size), _moment(found.st_mtime)):
            done += 1
        else:
            todo.append((name, path, found.st_size))
    total = sum(size for _, _, size in todo)
    if done:
        print(f"{done} berkas sudah diukur sebelumnya.", file=told)
    progress = _Progress(len(todo), total, told)
    for name, path, _ in todo:
        try:
            digest, size, modified = measured(path, progress.read)
        except OSError as error:
            faults += _fault(told, path, error)
            continue
        out.write(_row((name, str(size), digest, modified)))
        out.flush()
        progress.file()
    progress.end()
    return faults


def measured(path: Path, tell: object = None) -> tuple[str, int, str]:
    """Return a file's SHA-256, its size and its date. Raises OSError, also when it changes meanwhile."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb", buffering=0) as file:
        before = os.fstat(file.fileno())
        while True:
            piece = file.read(PIECE)
            if not piece:
                break
            digest.update(piece)
            size += len(piece)
            if callable(tell):
                tell(len(piece))
        after = os.fstat(file.fileno())
    if size != after.st_size or before.st_mtime != after.st_mtime:
        raise OSError("berubah selagi diukur")
    return digest.hexdigest(), size, _moment(after.st_mtime)


def _listed(roots: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Yield each file with its name from the folder it was asked for, in a steady order."""
    for root in roots:
        if not root.is_dir():
            yield root.name, root
            continue
        for folder, below, files in os.walk(root):
            below[:] = sorted(name for name in below if name not in SKIPPED)
            for name in sorted(files):
                path = Path(folder) / name
                if not name.startswith("._") and name not in (".DS_Store", "Thumbs.db") and path.is_file():
                    yield path.relative_to(root).as_posix(), path


def _known(out: Path | None) -> dict[str, tuple[str, str]]:
    """Return what an earlier run has measured: size and date by name. A half-written last line is none."""
    if out is None or not out.exists():
        return {}
    text = out.read_text(encoding="utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        out.write_text(whole, encoding="utf-8")
    return {
        row["name"]: (row["size"], row["modified"])
        for row in csv.DictReader(io.StringIO(whole))
        if row["modified"]
    }


def _opened(out: Path | None, fresh: bool) -> TextIO:
    if out is None:
        handle = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="")
    else:
        handle = out.open("w" if fresh else "a", encoding="utf-8", newline="")
    if out is None or handle.tell() == 0:
        handle.write(_row(HEADINGS))
    return handle


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _moment(stamp: float) -> str:
    return datetime.datetime.fromtimestamp(int(stamp), datetime.timezone.utc).isoformat()  # noqa: UP017 - older Pythons, too


def _fault(told: TextIO, path: Path, error: OSError) -> int:
    print(f"\n{path}: tidak dapat dibaca ({error.strerror or error}).", file=told)
    return 1


class _Progress:
    """Says now and then how far it has come."""

    def __init__(self, files: int, total: int, told: TextIO) -> None:
        self.files, self.total, self.told = files, total, told
        self.done = self.bytes = 0
        self.began = self.said = time.monotonic()

    def read(self, count: int) -> None:
        self.bytes += count
        now = time.monotonic()
        if now - self.said >= 1:
            self.said = now
            self._say(now)

    def file(self) -> None:
        self.done += 1

    def end(self) -> None:
        self._say(time.monotonic())
        print(file=self.told)

    def _say(self, now: float) -> None:
        rate = self.bytes / max(now - self.began, 0.001)
        left = int((self.total - self.bytes) / rate) if rate and self.total > self.bytes else 0
        print(
            f"\r{self.done} dari {self.files} berkas, {self.bytes / 1e9:.2f} dari {self.total / 1e9:.2f} GB, "
            f"{rate / 1e6:.0f} MB/s, sisa {left // 60} menit {left % 60} detik   ",
            end="",
            file=self.told,
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
