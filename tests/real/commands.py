"""The commands of a program under test: each in a process of its own, forked from one that has started already.

Run as `python -m tests.real.commands`, with REDAKSI_SETTINGS naming an office: reads lines of JSON, each a list of
words, and answers each with {"code": …, "out": …, "err": …}. Starting Python and Django anew for each command would
take ten times as long.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

import django

import manage

ROOT = Path(__file__).parent.parent.parent


class Commands:
    """manage.py's commands in one office; `environment` names its settings."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._settings = Path(environment["REDAKSI_SETTINGS"])
        self._read = b""
        self._process: subprocess.Popen[str] | None = None

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; return how it ended and what it said."""
        if self._settings.read_bytes() != self._read:
            self.end()
        process = self._process or self._begin()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        return subprocess.CompletedProcess(words, told["code"], told["out"], told["err"])

    def end(self) -> None:
        if self._process is not None:
            self._ended()
            self._process = None

    def _begin(self) -> subprocess.Popen[str]:
        self._read = self._settings.read_bytes()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.real.commands"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Who forgets to end it leaves no process behind.
        self._ended = weakref.finalize(self, self._process.communicate)
        return self._process


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    django.setup()
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)


def _forked(words: list[str]) -> dict[str, int | str]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.argv = ["manage.py", words[0], "--skip-checks", *words[1:]]  # the office's start has checked
            code = manage.main()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # taking Python apart takes longer than most commands
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return {"code": os.waitstatus_to_exitcode(status), "out": out.read(), "err": err.read()}


if __name__ == "__main__":
    main()
