"""The whole product in a process of its own, and a Chromium to use it as a person does.

    with Product(tmp_path) as product:
        product.person("bram", "editor")
        product.post(coverage())                a mail in its mailbox
        product.command("stories", "--json")    what a script sees; a list of objects
        with chromium() as browser:
            page = Visitors(browser, product).enter("bram")

The product listens on a free port of 127.0.0.1 and keeps everything in the folder it is given.
Needs the package of packages/chromium.txt.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.kept import lay
from tests.ports import free_port
from tests.real.commands import ROOT, Commands

PASSWORD = "sandi-uji-yang-panjang"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTINGS = """
office:    {{name: Media Center Kota Uji, zone: Asia/Pontianak, language: id}}
data:      ./var
web:       {{listen: 127.0.0.1:{port}, public_url: http://127.0.0.1:{port}}}
mailboxes:
  - {{name: lokal, kind: folder, path: ./mailbox, every: 1}}
proof:     {{picture: false}}
sites:
  - {{name: media-center, kind: folder, title: Media Center, path: ./situs/media-center}}
  - {{name: info-publik, kind: folder, title: Info Publik, path: ./situs/info-publik}}
  - {{name: kota, kind: folder, title: Situs Kota, path: ./situs/kota}}
"""


class Product:
    """Redaksi as `make run` starts it, from an empty folder."""

    def __init__(self, folder: Path, settings: str = SETTINGS) -> None:
        self.folder = folder
        self.mailbox = folder / "mailbox"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log: deque[str] = deque(maxlen=200)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.yaml").write_text(settings.format(port=self.port))
        self._environment = {
            **os.environ,
            "REDAKSI_SETTINGS": str(folder / "settings.yaml"),
            "UJI_SANDI": PASSWORD,
        }
        self._commands = Commands(self._environment)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.lay()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def lay(self) -> None:
        """Make the database, where there is none yet."""
        own_tables = "oidc" in (self.folder / "settings.yaml").read_text()
        if not lay(self.folder / "var") or own_tables:
            self.command("migrate", "--verbosity", "0")

    def start(self) -> None:
        """Start web server and worker; return when the server listens."""
        for part in ("tmp", "new", "cur"):
            (self.mailbox / part).mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=self._environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line)
            if "Redaksi siap di" in line:
                break
        else:
            raise RuntimeError("Redaksi did not start:\n" + "".join(self.log))
        self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()

    def stop(self) -> None:
        self._commands.end()
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=90)
            self._listener.join(timeout=10)
            self._process = None

    def command(self, *arguments: str) -> list[dict[str, Any]]:
        """Run one of manage.py's commands; return its lines of JSON."""
        done = self._commands.run(*arguments)
        if done.returncode:
            raise RuntimeError(f"{arguments[0]} failed:\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def person(self, username: str, role: str, name: str = "") -> None:
        """Make an account whose password is PASSWORD."""
        self.command(
            *("person", username, "--name", name or username.title()),
            *("--role", role, "--password-env", "UJI_SANDI"),
        )

    def contributor(self, address: str, name: str, outlet: str, initials: str) -> None:
        file = self.folder / "kontributor.csv"
        file.write_text(f"address,name,outlet,initials\n{address},{name},{outlet},{initials}\n")
        self.command("contributors", str(file))

    def post(self, data: bytes) -> None:
        """Lay a mail into the mailbox, as a mail server does."""
        draft = self.mailbox / "tmp" / secrets.token_hex(8)
        draft.write_bytes(data)
        draft.rename(self.mailbox / "new" / draft.name)

    def await_stories(self, count: int) -> list[dict[str, Any]]:
        """Ask again and again until the worker has made `count` stories of the mails; return them."""
        for _ in range(60):
            if len(stories := self.command("stories", "--json")) >= count:
                return stories
        raise RuntimeError(f"{count} stories were expected:\n" + "".join(self.log))

    def _listen(self, errors: IO[str]) -> None:
        with errors:
            for line in errors:
                self.log.append(line)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        yield browser
        browser.close()


class Visitors:
    """People before their screens, each in a window with cookies of its own."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self.browser = browser
        self.product = product
        self.faults: list[str] = []
        """What the browser refused to do and where a page's script stumbled."""
        self._contexts: list[BrowserContext] = []

    def window(self, width: int = 1440, height: int = 900, **how: Any) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, **how)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def enter(self, username: str, password: str = PASSWORD, **how: Any) -> Page:
        """Open a window and sign in."""
        page = self.window(**how)
        page.goto(self.product.url)
        page.get_by_label("Nama akun").fill(username)
        page.get_by_label("Kata sandi").fill(password)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url("**/antrean/")
        return page

    def leave(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is answered with 4xx on purpose, and Chromium notes it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(message.text)
