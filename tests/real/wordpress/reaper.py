"""Clean up after a test run that was killed: `python reaper.py FOLDER`, with a pipe from the run as input.

The pipe ends when the run does, however it does. Then every process group named in FOLDER's `*.group` files
is ended and FOLDER removed. After an orderly end nothing is left to do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path


def main(folder: Path) -> None:
    sys.stdin.read()
    for file in folder.rglob("*.group"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(file.read_text()), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
