"""The line to a Chromium: its DevTools protocol over a pipe, and what a page may ask of the network."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import select
import subprocess
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Answered = Callable[[str], tuple[int, str, bytes]]
"""Status, content type and bytes for an address."""
MOST = 64_000_000
"""Bytes of one message."""
_HOME_ENDINGS = ("localhost", "local", "internal", "lan", "home", "intranet")


class LineBroken(Exception):
    """Chromium has ended, or was ended because it took too long. The text may say more, in Indonesian."""


class Line:
    """One page's conversation: asks are answered in order, and what the page wants meanwhile is decided."""

    def __init__(
        self, process: subprocess.Popen[bytes], deadline: float, host: str, answered: Answered | None
    ) -> None:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes were asked for
        self._into, self._from = process.stdin.fileno(), process.stdout.fileno()
        self._deadline = deadline
        self._host = host
        self._answered = answered
        self._number = 0
        self._buffer = bytearray()
        self._searched = 0
        self._under_way: set[str] = set()
        self._moved = time.monotonic()
        self.session = ""
        self.main_frame = ""
        self.loaded = False

    def ask(self, method: str, params: dict[str, Any] | None = None, session: str | None = None) -> Any:
        """Ask and return the answer; what happens meanwhile is seen to. Raises LineBroken."""
        number = self._tell(method, params or {}, self.session if session is None else session)
        while True:
            message = self._next(self._deadline)
            if message is None:
                raise LineBroken("peramban terlalu lama")
            if message.get("id") == number:
                if "error" in message:
                    raise LineBroken(f"peramban menolak {method}")
                return message["result"]
            self._see_to(message)

    def listen(self, seconds: float, until: Callable[[], bool]) -> None:
        """See to what happens until something is so, `seconds` at most. Raises LineBroken."""
        deadline = min(time.monotonic() + seconds, self._deadline)
        while not until() and time.monotonic() < deadline:
            message = self._next(min(deadline, time.monotonic() + 0.1))
            if message is not None:
                self._see_to(message)

    def idle_for(self, seconds: float) -> bool:
        return not self._under_way and time.monotonic() - self._moved > seconds

    def watch(self, session: str) -> None:
        """Decide on all that a page, or a frame of it that has a process of its own, asks for."""
        attach = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        for method, params in (
            ("Page.enable", {}),
            ("Network.enable", {}),
            ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
            ("Target.setAutoAttach", attach),
            ("Runtime.runIfWaitingForDebugger", {}),
        ):
            self._tell(method, params, session)

    def _tell(self, method: str, params: dict[str, Any], session: str) -> int:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while data:
                data = data[os.write(self._into, data) :]
        except OSError as error:
            raise LineBroken from error
        return self._number

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message; None when none came in time."""
        while (end := self._buffer.find(0, self._searched)) < 0:
            self._searched = len(self._buffer)
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([self._from], [], [], wait)[0]:
                return None
            piece = os.read(self._from, 1 << 20)
            self._buffer += piece
            if not piece or len(self._buffer) > MOST:
                raise LineBroken
        message: dict[str, Any] = json.loads(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return message

    def _see_to(self, message: dict[str, Any]) -> None:
        params, session = message.get("params", {}), message.get("sessionId", "")
        match message.get("method"):
            case "Fetch.requestPaused":
                self._decide(params, session)
            case "Page.javascriptDialogOpening":
                self._tell("Page.handleJavaScriptDialog", {"accept": False}, session)
            case "Target.attachedToTarget":
                self.watch(params["sessionId"])
            case "Page.loadEventFired" if session == self.session:
                self.loaded = True
            case "Network.requestWillBeSent":
                self._under_way.add(params["requestId"])
                self._moved = time.monotonic()
            case "Network.loadingFinished" | "Network.loadingFailed":
                self._under_way.discard(params["requestId"])
                self._moved = time.monotonic()

    def _decide(self, asked: dict[str, Any], session: str) -> None:
        number, url = asked["requestId"], asked["request"]["url"]
        leads_away = asked.get("frameId") == self.main_frame and asked.get("resourceType") == "Document"
        if (leads_away and _host(url) != self._host) or not self._may_ask(url):
            # Aborted, a page stays where it is; blocked, an error would stand in its place.
            reason = "Aborted" if leads_away else "BlockedByClient"
            self._tell("Fetch.failRequest", {"requestId": number, "errorReason": reason}, session)
        elif self._answered is None:
            self._tell("Fetch.continueRequest", {"requestId": number}, session)
        else:
            status, kind, body = self._answered(url)
            answer = {
                "requestId": number,
                "responseCode": status,
                "responseHeaders": [{"name": "Content-Type", "value": kind}],
                "body": base64.b64encode(body).decode(),
            }
            self._tell("Fetch.fulfillRequest", answer, session)

    def _may_ask(self, url: str) -> bool:
        if self._answered is not None:
            return _host(url) == self._host
        return url.startswith(("http://", "https://")) and (_host(url) == self._host or outside(_host(url)))


def outside(host: str) -> bool:
    """Say whether a host's name is one of the internet: a page shall not look into the office's own network."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        named = host.rstrip(".").lower()
        return "." in named and named.rpartition(".")[2] not in _HOME_ENDINGS


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
