"""One running WordPress, seen from a test."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from config import Site
from publishers import build
from publishers.wordpress import WordPressPublisher
from tests.ports import free_port

HERE = Path(__file__).parent
PHP = (
    "-d", "opcache.enable_cli=1", "-d", "opcache.validate_timestamps=0", "-d", "memory_limit=256M",
    "-d", "display_errors=0", "-d", "log_errors=0", "-d", "date.timezone=UTC",
)  # fmt: skip


@dataclass
class Fault:
    site: WordPressSite
    id: str

    @property
    def hits(self) -> int:
        """Return how many requests met this fault."""
        return next(rule["hits"] for rule in self.site.rules() if rule["id"] == self.id)

    def release(self) -> None:
        """Let stalled requests go on, and wait until WordPress has finished them."""
        (self.site.faults / f"release-{self.id}").touch()
        self.site.drain()


@dataclass
class WordPressSite:
    name: str
    title: str
    zone: str
    language: str
    core: Path
    folder: Path
    socket: Path
    passwords: dict[str, str] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    version: str = ""
    _by_hand: bool = False
    _server: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.content = self.folder / "wp-content"
        self.faults = self.folder / "faults"
        self.password_file = self.folder / "password"
        for folder in (self.content / "uploads", self.faults):
            folder.mkdir(parents=True)
        for name in ("themes", "languages", "plugins"):
            (self.content / name).symlink_to(self.core / "wp-content" / name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    # What a test uses

    def settings(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": "wordpress",
            "title": self.title,
            "url": self.url,
            "user": "redaksi",
            "password_file": str(self.password_file),
            "categories": self.categories,
            **changes,
        }

    def publisher(
        self, now: Callable[[], datetime] = lambda: datetime.now(UTC), **changes: Any
    ) -> WordPressPublisher:
        site = build(Site.model_validate(self.settings(**changes)))
        assert isinstance(site, WordPressPublisher)
        return type(site)(site.name, site.title, site.options, now=now)

    def posts(self, status: str | None = None) -> list[dict[str, Any]]:
        rows = self.query(
            "SELECT JSON_OBJECT('id', ID, 'status', post_status, 'slug', post_name, 'title', post_title, "
            "'content', post_content, 'date_gmt', post_date_gmt, 'date', post_date, 'thumbnail', (SELECT meta_value "
            "FROM wp_postmeta WHERE post_id = ID AND meta_key = '_thumbnail_id'), 'terms', (SELECT JSON_ARRAYAGG(name "
            "ORDER BY name) FROM wp_term_relationships JOIN wp_term_taxonomy USING (term_taxonomy_id) JOIN wp_terms "
            "USING (term_id) WHERE object_id = ID AND taxonomy IN ('category', 'post_tag'))) FROM wp_posts "
            "WHERE post_type = 'post' AND post_status <> 'auto-draft' ORDER BY ID"
        )
        return [row for row in rows if status in (None, row["status"])]

    def media(self) -> list[dict[str, Any]]:
        return self.query(
            "SELECT JSON_OBJECT('id', ID, 'slug', post_name, 'title', post_title, 'caption', post_excerpt, "
            "'description', post_content, 'parent', post_parent, 'alt', (SELECT meta_value FROM wp_postmeta WHERE "
            "post_id = ID AND meta_key = '_wp_attachment_image_alt')) FROM wp_posts "
            "WHERE post_type = 'attachment' ORDER BY ID"
        )

    def files(self) -> list[str]:
        uploads = self.content / "uploads"
        return sorted(str(path.relative_to(uploads)) for path in uploads.rglob("*") if path.is_file())

    def get(self, url: str) -> requests.Response:
        return requests.get(url, timeout=30)

    def php(self, code: str) -> str:
        self._by_hand = True
        start = (
            '$_SERVER += ["HTTP_HOST" => "x", "REQUEST_METHOD" => "GET", "REQUEST_URI" => "/", '
            '"SERVER_PROTOCOL" => "HTTP/1.1"]; require getenv("REDAKSI_WP_CORE") . "/wp-load.php";'
        )
        done = subprocess.run(
            ["php", *PHP, "-r", start + code],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def requests(self, method: str = "", route: str = "", agent: str = "") -> list[str]:
        log = self.faults / "requests.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [
            line["uri"]
            for line in lines
            if method in ("", line["method"])
            and re.search(route, line["uri"])
            and re.search(agent, line["agent"])
        ]

    def fault(
        self,
        do: str,
        at: str = "before",
        method: str = "POST",
        route: str = "",
        times: int = 1,
        skip: int = 0,
        status: int = 503,
        body: str = "<html><body>tidak dapat dilayani</body></html>",
        headers: dict[str, str] | None = None,
        agent: str = "",
        seconds: float = 60,
    ) -> Fault:
        rule = {
            "id": uuid4().hex, "do": do, "at": at, "method": method, "route": route, "times": times, "skip": skip,
            "status": status, "body": body, "headers": headers or {}, "agent": agent, "seconds": seconds, "hits": 0,
        }  # fmt: skip
        with self._locked("rules.json") as file:
            rules = json.loads(file.read() or "[]")
            file.seek(0)
            file.truncate()
            file.write(json.dumps([*rules, rule]))
        return Fault(self, str(rule["id"]))

    def end_faults(self) -> None:
        """Let the site be well again from now on."""
        with self._locked("rules.json") as file:
            file.truncate(0)

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    # What the fixtures use

    def rules(self) -> list[dict[str, Any]]:
        with self._locked("rules.json") as file:
            return list(json.loads(file.read() or "[]"))

    def forget_spent(self) -> list[dict[str, Any]]:
        """Take the rules that have been met as often as they were to be out of the file, and return them."""
        with self._locked("rules.json") as file:
            rules = json.loads(file.read() or "[]")
            file.seek(0)
            file.truncate()
            file.write(json.dumps([rule for rule in rules if rule["times"]]))
        return [rule for rule in rules if not rule["times"]]

    def drain(self) -> None:
        """Wait until WordPress works on nothing."""
        with self._locked("working"):
            pass

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PHP_CLI_SERVER_WORKERS": "4",
            "REDAKSI_WP_DB": self.name,
            "REDAKSI_WP_SOCKET": str(self.socket),
            "REDAKSI_WP_URL": self.url,
            "REDAKSI_WP_CORE": str(self.core),
            "REDAKSI_WP_CONTENT": str(self.content),
            "REDAKSI_WP_FAULTS": str(self.faults),
            "REDAKSI_WP_CONFIG": str(HERE / "wp-config.php"),
        }

    def install(self) -> subprocess.Popen[str]:
        script = [str(HERE / "install.php"), self.title, self.zone, self.language]
        return subprocess.Popen(
            ["php", *PHP, *script],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def installed(self, process: subprocess.Popen[str]) -> None:
        out, err = process.communicate()
        assert process.returncode == 0, out + err
        facts = json.loads(out[out.index("{") :])
        self.passwords, self.categories, self.version = (
            facts["passwords"],
            facts["categories"],
            facts["version"],
        )
        self.password_file.write_text(self.passwords["redaksi"] + "\n")

    def start(self) -> None:
        self._server = subprocess.Popen(
            ["php", *PHP, "-S", f"127.0.0.1:{self.port}", "-t", str(self.core), str(HERE / "router.php")],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        (self.folder / "php.group").write_text(str(self._server.pid))
        until = time.monotonic() + 20
        while not self._listens():
            assert self._server.poll() is None, "php -S has ended"
            assert time.monotonic() < until, "php -S does not answer"
            time.sleep(0.02)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self._server:
            # The workers are children of a session of our own.
            os.killpg(self._server.pid, 9)
            self._server.wait()
            self._server = None
            (self.folder / "php.group").unlink()
            while self._listens():
                time.sleep(0.01)

    def clear(self) -> bool:
        """Let go of what is stalled, wait for it, and forget rules, requests, uploads and other passwords.

        Return whether the database may have changed.
        """
        for rule in self.rules():
            (self.faults / f"release-{rule['id']}").touch()
        self.drain()
        touched = self._by_hand or bool(self.requests("POST"))
        self._by_hand = False
        shutil.rmtree(self.faults)
        shutil.rmtree(self.content / "uploads")
        self.faults.mkdir()
        (self.content / "uploads").mkdir()
        self.password_file.write_text(self.passwords["redaksi"] + "\n")
        return touched

    def query(self, sql: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "-N", "-B", "--raw",
             "--default-character-set=utf8mb4", self.name, "-e", sql],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[Any]:
        with (self.faults / name).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file
