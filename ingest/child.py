"""Another program, run on bytes from outside: in a folder of its own, for so long, for so much output, without a shell."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path


class ChildError(Exception):
    """The program failed, was stopped, or said too much."""


class TookTooLong(ChildError):
    """The program was stopped."""


def run(command: Sequence[str], data: bytes, filename: str, *, seconds: float, most: int) -> bytes:
    """Write `data` to `filename` in a new folder, run `command` with its path added, return what it prints.

    Raises TookTooLong after `seconds`, ChildError when it fails or prints more than `most` bytes.
    """
    with tempfile.TemporaryDirectory(prefix="redaksi-") as folder:
        file = Path(folder) / filename
        file.write_bytes(data)
        stopped = threading.Event()
        with subprocess.Popen(
            [*command, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "LC_ALL": "C.UTF-8"},
        ) as process:

            def stop() -> None:
                stopped.set()
                process.kill()

            timer = threading.Timer(seconds, stop)
            timer.start()
            try:
                assert process.stdout is not None  # noqa: S101 - a pipe was asked for
                printed = process.stdout.read(most + 1)
                if len(printed) > most:
                    process.kill()
                code = process.wait()
            finally:
                timer.cancel()
    if stopped.is_set():
        raise TookTooLong(f"{command[0]} was stopped after {seconds} s")
    if code or len(printed) > most:
        raise ChildError(f"{command[0]} ended with {code} after {len(printed)} bytes")
    return printed
