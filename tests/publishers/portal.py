"""A portal without an interface, and somebody who posts at it by hand.

The portal is a real web server on this machine. Its stories are made by `Portal.post` and `Portal.remove`, as
an operator does behind a login; everybody else only reads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from config import Finding
from publishers import Asked, Ledger, Picture, Post, Publisher, Receipt
from publishers.captions import caption_line
from tests.publishers.contract import Reader

PAGE = """<!doctype html><html><head><title>{title}</title><style>h1 {{ color: red }}</style></head><body>
<nav><img src="/logo.png" alt="Portal"> <a href="/">Beranda</a></nav>
<main>{main}</main><footer>Portal Contoh</footer></body></html>"""


@dataclass
class Portal:
    """What the portal holds. Tests may also lay answers of their own under a path."""

    url: str = ""
    stories: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Headline and page of each path."""
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    visits: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def post(
        self,
        headline: str,
        html: str,
        pictures: tuple[Picture, ...] = (),
        *,
        notice: str = "",
        byline: str = "",
        path: str = "",
    ) -> str:
        """Post a story, or put it in the place of the one at `path`; return its address."""
        path = path or f"/berita/{len(self.stories) + 1}/judul"
        self._drop_files(path)
        figures = []
        for number, picture in enumerate(pictures, start=1):
            file = f"/foto{path}/{number}-{picture.sha256[:8]}.jpg"
            self.files[file] = picture.data
            words = escape(caption_line(picture.caption, picture.credit))
            figures.append(
                f'<figure><img src="{file}" alt="{escape(picture.alt)}"><figcaption>{words}</figcaption></figure>'
            )
        above = f"<p><em>{escape(notice)}</em></p>" if notice else ""
        main = f"<article><h1>{escape(headline)}</h1><p>{escape(byline)}</p>{above}{html}{''.join(figures)}</article>"
        self.stories[path] = headline, PAGE.format(title=escape(headline), main=main)
        return urljoin(self.url, path)

    def remove(self, address: str, *, files: bool = True) -> None:
        path = urlsplit(address).path
        self.stories.pop(path, None)
        if files:
            self._drop_files(path)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path in self.answers:
            return self.answers[path]
        if path in self.files:
            return 200, {"Content-Type": "image/jpeg"}, self.files[path]
        if path in self.stories:
            return 200, {"Content-Type": "text/html; charset=utf-8"}, self.stories[path][1].encode()
        if path == "/":
            items = "".join(
                f"<article><h2>{escape(headline)}</h2></article>" for headline, _ in self.stories.values()
            )
            page = PAGE.format(title="Portal Contoh", main=items)
            return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()
        return 404, {"Content-Type": "text/html"}, b"<h1>Tidak ditemukan</h1>"

    def _drop_files(self, path: str) -> None:
        self.files = {name: data for name, data in self.files.items() if not name.startswith(f"/foto{path}/")}


@contextmanager
def portal() -> Iterator[Portal]:
    """Serve a portal on a free port until the block ends."""
    held = Portal()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.visits.append((self.path, dict(self.headers)))
            status, headers, body = held.answer(urlsplit(self.path).path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the tests look at `visits`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        held.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield held
        finally:
            server.shutdown()
            thread.join()


class Somebody(Reader):
    """A reader of the portal."""

    def __init__(self, held: Portal) -> None:
        self.held = held

    def get(self, address: str) -> bytes | None:
        answer = requests.get(address, timeout=10)
        return answer.content if answer.ok else None

    def front(self) -> str:
        return (self.get(self.held.url) or b"").decode()

    def resolve(self, page: str, src: str) -> str:
        return urljoin(page, src)


class ByHand(Publisher):
    """An assisted site with its person: what it asks is done at the portal and told, as the task page does."""

    can_find = False

    def __init__(self, publisher: Publisher, held: Portal) -> None:
        super().__init__(publisher.name, publisher.title, publisher.options)
        self.publisher = publisher
        self.held = held
        self.posted: dict[str, str] = {}
        """The addresses of what was posted, by key: the person remembers, whatever the ledger has lost."""

    def find(self, key: str) -> Receipt | None:
        return self.publisher.find(key)

    def create(self, post: Post, ledger: Ledger) -> Receipt:
        return self._do(ledger, lambda: self.publisher.create(post, ledger), lambda: self._post(post))

    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        return self._do(
            ledger, lambda: self.publisher.update(remote_id, post, ledger), lambda: self._post(post)
        )

    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        def take_down() -> str:
            self.held.remove(remote_id)
            return remote_id

        return self._do(ledger, lambda: self.publisher.retract(remote_id, notice, ledger), take_down)

    def check(self) -> list[Finding]:
        return self.publisher.check()

    def _post(self, post: Post) -> str:
        path = urlsplit(self.posted.get(post.key, "")).path
        address = self.held.post(
            post.headline, post.html, post.pictures, notice=post.notice, byline=post.byline, path=path
        )
        self.posted[post.key] = address
        return address

    def _do(self, ledger: Ledger, act: Callable[[], Receipt], work: Callable[[], str]) -> Receipt:
        try:
            return act()
        except Asked:
            tell(ledger, work())
        return act()


def tell(ledger: Ledger, url: str, **more: Any) -> None:
    """Answer what is asked, as the task page writes it."""
    at = more.pop("at", datetime.now(UTC))
    ledger["told"] = {"token": ledger["asked"], "url": url, "by": "Bram", "at": at.isoformat(), **more}
