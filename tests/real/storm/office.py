"""An office in a folder of its own: settings, mailbox, the editors' desk, and a worker that may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.real.wordpress import WordPressSite

CHECKOUT = Path(__file__).parents[3]
AGENT = "^Redaksi"
"""What our worker calls itself, by which faults are for it alone."""


class DeskError(Exception):
    """The desk could not do what was asked of it."""


class Office:
    """Its sites' first is spoken to by REST, the second by XML-RPC, the third is whatever the caller brought."""

    def __init__(
        self,
        folder: Path,
        sites: Sequence[WordPressSite],
        timeout: float,
        quarantine: float,
        database: Path | None = None,
    ) -> None:
        self.folder = folder
        self.worker_log = folder / "worker.log"
        self._kinds = {sites[1].name: "wordpress-xmlrpc"}
        self._mailbox = folder / "mailbox"
        for sub in ("tmp", "new", "cur"):
            (self._mailbox / sub).mkdir(parents=True)
        settings = {
            "office": {"name": "Media Center Kota Uji", "zone": "Asia/Jakarta"},
            "data": "./var",
            "mailboxes": [{"name": "lokal", "kind": "folder", "path": "./mailbox"}],
            "proof": {"picture": False},
            "sites": [
                site.settings(
                    kind=self._kinds.get(site.name, "wordpress"), timeout=timeout, quarantine=quarantine
                )
                for site in sites
            ],
        }
        (folder / "settings.yaml").write_text(yaml.safe_dump(settings))
        if database:
            (folder / "var").mkdir()
            shutil.copyfile(database, folder / "var" / "redaksi.sqlite3")
        self._environment = {
            **os.environ,
            "REDAKSI_SETTINGS": str(folder / "settings.yaml"),
            "DJANGO_SETTINGS_MODULE": "web.settings",
        }
        self._desk: subprocess.Popen[str] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()
        self._before: set[str] = set()
        """The life lines of workers of before."""

    def __enter__(self) -> Office:
        self._desk = subprocess.Popen(
            [sys.executable, "-m", "tests.real.storm.desk"],
            cwd=CHECKOUT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ask("begin")
        self.start_worker()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_worker()
        if self._desk:
            self._desk.communicate()

    def ask(self, do: str, **words: Any) -> Any:
        """Have the desk do something. Raises DeskError."""
        with self._one:
            assert self._desk and self._desk.stdin and self._desk.stdout
            self._desk.stdin.write(json.dumps({"do": do, **words}) + "\n")
            self._desk.stdin.flush()
            line = self._desk.stdout.readline()
        answer = json.loads(line) if line else {"error": "the desk has ended"}
        if "error" in answer:
            raise DeskError(f"{do}: {answer['error']}")
        return answer["is"]

    def post(self, name: str, mail: bytes) -> None:
        """Lay a mail into the mailbox, as a mail server does."""
        (self._mailbox / "tmp" / name).write_bytes(mail)
        (self._mailbox / "tmp" / name).rename(self._mailbox / "new" / name)

    def at_work(self) -> bool:
        """Say whether the worker that was started last has come as far as its work."""
        return bool(self._life_lines() - self._before)

    def _life_lines(self) -> set[str]:
        folder = self.folder / "var" / "workers"
        return {file.name for file in folder.iterdir()} if folder.exists() else set()

    def start_worker(self) -> None:
        self._before = self._life_lines()
        with self.worker_log.open("ab") as log:
            self._worker = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=CHECKOUT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def kill_worker(self) -> bool:
        """Kill the worker at once; False when it had ended by itself, which it never should."""
        if self._worker is None:
            return True
        lived = self._worker.poll() is None
        if lived:
            self._worker.send_signal(signal.SIGKILL)
        self._worker.wait()
        self._worker = None
        return lived
