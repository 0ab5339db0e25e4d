"""A small WordPress on a real socket: enough to take stories without photos, and to misbehave when told.

with SmallWordPress() as site:
    site.url
    site.ails = lambda request: (503, {"Retry-After": "120"}, b"")    None: well; may return None for a request
    site.requests                                                    what came, as "POST /wp/v2/posts"
    site.shown                                                       titles of what readers see
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Illness = tuple[int, dict[str, str], bytes]
SIGN_IN = {"application-passwords": {}}
RIGHTS = {"publish_posts": True, "upload_files": True, "edit_others_posts": True}


@dataclass(frozen=True)
class Asked:
    method: str
    route: str
    query: dict[str, list[str]]
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


class SmallWordPress:
    def __init__(self, port: int = 0) -> None:
        self.ails: Callable[[Asked], Illness | None] | None = None
        self.requests: list[str] = []
        self.link = "/?p="
        self.posts: dict[int, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def shown(self) -> list[str]:
        return [post["title"]["raw"] for post in self.posts.values() if post["status"] == "publish"]

    def settings(self, name: str = "kota", timeout: float = 2) -> str:
        return (
            f"  - {{name: {name}, kind: wordpress, title: Situs Kota, url: '{self.url}', user: redaksi, "
            f"password_file: ./sandi, timeout: {timeout}, quarantine: 0}}\n"
        )

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.route == "/":
            return 200, {"name": "Situs Kota", "namespaces": ["wp/v2"], "authentication": SIGN_IN}
        if asked.route == "/wp/v2/users/me":
            return 200, {"id": 1, "capabilities": RIGHTS}
        if asked.route == "/wp/v2/media":
            return 200, []
        if asked.route == "/wp/v2/posts" and asked.method == "GET":
            words = asked.query.get("search", [""])[0]
            found = [post for post in self.posts.values() if words and words in post["content"]["raw"]]
            return 200, found
        if asked.route == "/wp/v2/posts":
            number = len(self.posts) + 1
            self.posts[number] = {"id": number, "title": {"raw": ""}, "slug": "", "status": "draft"}
            return 201, self._write(number, asked.body)
        if match := re.fullmatch(r"/wp/v2/posts/(\d+)", asked.route):
            return 200, self._write(int(match[1]), asked.body)
        return 404, {"code": "rest_no_route", "message": "", "data": {"status": 404}}

    def _write(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        post = self.posts[number]
        for name, value in body.items():
            post[name] = {"raw": value} if name in ("title", "content") else value
        post |= {"link": f"{self.url}{self.link}{number}", "modified_gmt": "2026-11-20T07:00:00"}
        return post

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._serve({})

            def do_POST(self) -> None:
                self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def _serve(self, body: dict[str, Any]) -> None:
                parts = urlsplit(self.path)
                query = parse_qs(parts.query)
                route = parts.path.removeprefix("/wp-json") or query.get("rest_route", ["/"])[0]
                asked = Asked(self.command, route, query, body)
                site.requests.append(str(asked))
                illness = site.ails(asked) if site.ails else None
                if illness:
                    self._send(*illness)
                elif "p" in query:
                    page = site.posts[int(query["p"][0])]["title"]["raw"].encode()
                    self._send(200, {"Content-Type": "text/html"}, page)
                else:
                    status, answer = site.answer(asked)
                    self._send(status, {"Content-Type": "application/json"}, json.dumps(answer).encode())

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler
