"""`python -m bench [name …]`: measure the rows and print them as a table.

A new row is one function in bench/rows.py and its name in ROWS. Every row runs in a process of its own, so
that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench.rows import ROWS, measured
from bench.samples import write_photos

P = ParamSpec("P")
T = TypeVar("T")

HEAD = ("what", "ours", "floor", "ours ÷ floor", "peak memory", "the floor is")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", help=f"rows to measure: {', '.join(ROWS)}; all when none is named"
    )
    names = parser.parse_args().names or list(ROWS)
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    sys.stderr.write("painting 24 photos of 12 megapixels …\n")
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as folder:
        alone(write_photos, Path(folder), 24)
        table = [HEAD, *lines(names, Path(folder))]
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {multiprocessing.cpu_count()} cores\n"
    )
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    for number, line in enumerate(table):
        print(f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |")
        if number == 0:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return 0


def lines(names: list[str], folder: Path) -> Iterator[tuple[str, ...]]:
    """Measure each row in a fresh process and yield its cells."""
    for name in names:
        sys.stderr.write(f"measuring {name} …\n")
        rows, peak = alone(measured, name, folder)
        for row in rows:
            yield row.what, row.ours, row.floor, f"{row.ratio:.2f}", f"{peak} MB", row.floor_is


def alone(work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Do `work` in a fresh process. This one stays small: a child's peak memory begins at its parent's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args, **options).result()


if __name__ == "__main__":
    sys.exit(main())
