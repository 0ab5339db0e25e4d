"""The furnished office as a running product, and a window for each of its people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.real.chromium import PASSWORD, ROOT, Product
from tests.real.furnished import SETTINGS


class Office(Product):
    """Everything has happened here before the doors open."""

    def __init__(self, folder: Path, *how: str) -> None:
        super().__init__(folder, SETTINGS)
        done = subprocess.run(
            [sys.executable, "-m", "tests.real.furnished", *how],
            cwd=ROOT,
            env={**self._environment, "DJANGO_SETTINGS_MODULE": "web.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the office could not be furnished:\n{done.stderr}")
        made = json.loads(done.stdout.splitlines()[-1])
        self.rows: dict[str, Any] = made["rows"]
        self.sessions: dict[str, str] = made["sessions"]

    def window(self, browser: Browser, who: str, **how: Any) -> BrowserContext:
        """Open a window in which that role's person has signed in; without a role nobody has."""
        context = browser.new_context(locale="id-ID", **how)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.url}])
        return context


def opened(page: Page, office: Office, address: str) -> Response:
    """Open a page, with the password where it is asked for again."""
    answer = page.goto(office.url + address)
    if "/akun/pastikan/" in page.url and "/akun/pastikan/" not in address:
        page.get_by_label("Kata sandi").fill(PASSWORD)
        with page.expect_navigation() as led:
            page.get_by_role("button", name="Lanjut").click()
        answer = led.value
    assert answer is not None
    return answer
