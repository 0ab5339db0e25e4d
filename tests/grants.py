"""A small provider of grants (OAuth 2.0): a real HTTP server of our own, for tests.

with Provider() as provider:
    provider.settings(folder)        the `oauth` of a mailbox that asks here
    provider.grant()                 a refresh token that is good
    provider.asked                   the forms it was sent, in order
    provider.refuse = "invalid_grant"    what it answers to every renewal from now on
    provider.tokeninfo               where a mail server asks whose an access token is
"""

from __future__ import annotations

import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class Provider:
    """Gives out access tokens that last, and with every renewal a new refresh token, the old one void."""

    def __init__(self, user: str = "redaksi@contoh.go.id") -> None:
        self.user = user
        self.asked: list[dict[str, str]] = []
        self.refuse = ""
        self.pending = 0
        """Times the owner is waited for."""
        self.lasts = 3600
        self.rotates = True
        self.broken = False
        self._refresh: set[str] = set()
        self._access: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.tokeninfo = f"{self.url}/tokeninfo?access_token="

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def settings(self, folder: Path, **changes: Any) -> dict[str, Any]:
        return {
            "provider": "other",
            "client_id": "redaksi-uji",
            "token_file": str(folder / "izin.json"),
            "token_url": f"{self.url}/token",
            "device_url": f"{self.url}/device",
            "scope": "surel",
            **changes,
        }

    def grant(self) -> str:
        token = secrets.token_hex(20)
        self._refresh.add(token)
        return token

    def forget(self) -> None:
        """Void every access token, as a change of password does."""
        self._access.clear()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.broken:
            return 503, {}
        if path == "/tokeninfo":
            good = form.get("access_token") in self._access
            return (200, {"email": self.user}) if good else (400, {"error": "invalid_token"})
        self.asked.append(form)
        if path == "/device":
            url = f"{self.url}/perangkat"
            codes = {"device_code": "kode-perangkat", "user_code": "ABCD-EFGH"}
            return 200, {**codes, "verification_uri": url, "interval": 0, "expires_in": 60}
        if self.refuse:
            return 400, {"error": self.refuse, "error_description": "rahasia penyedia"}
        return self._token(form)

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = form["grant_type"]
        if kind == "refresh_token" and form["refresh_token"] not in self._refresh:
            return 400, {"error": "invalid_grant"}
        if kind.endswith("device_code") and self.pending:
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        access = secrets.token_hex(20)
        self._access.add(access)
        answer: dict[str, Any] = {"access_token": access, "expires_in": self.lasts, "token_type": "Bearer"}
        if self.rotates or kind != "refresh_token":
            self._refresh.discard(form.get("refresh_token", ""))
            answer["refresh_token"] = self.grant()
        return 200, answer

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self._send(*provider.answer(parts.path, _flat(parts.query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._send(*provider.answer(self.path, _flat(body)))

            def _send(self, status: int, answer: dict[str, Any]) -> None:
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
