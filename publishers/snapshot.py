"""A public page as an anonymous reader got it: the bytes, the status and the headers that matter.

Nothing is signed in, no cookie is kept, redirects are followed on the site's own host only. However the site
answers, it ends within `SECONDS` and `LIMIT` bytes.
"""

from __future__ import annotations

import contextlib
import mimetypes
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from publishers.anonymous import Anonymous, OneAnswer
from publishers.assisted_page import Page
from publishers.assisted_reading import GONE, Answer
from publishers.base import Unreachable

LIMIT = 4 * 1024 * 1024
"""Bytes of a page that are kept."""
SECONDS = 30.0
"""For the whole way, redirects and all."""
REDIRECTS = 5
HEADERS = (
    *("age", "cache-control", "content-encoding", "content-type", "date", "etag", "last-modified"),
    *("location", "retry-after", "server", "vary", "via", "x-cache", "x-robots-tag"),
)
"""Kept, where the answer has them."""
NOWHERE = "http://situs.invalid/"
"""Stands for the address of a site that has none of its own; the name can belong to nobody (RFC 2606)."""


@dataclass(frozen=True)
class Snapshot:
    url: str
    """Where the way led in the end."""
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    cut: bool = False
    """The page is longer than what is kept."""
    redirects: tuple[str, ...] = ()
    away: bool = False
    """It leads off the site, where nothing was read."""

    @property
    def gone(self) -> bool:
        return self.status in GONE

    def shows(self, headline: str, *texts: str) -> bool:
        """Say whether a reader finds headline and texts on the page, whatever their dress."""
        kind = self.headers.get("content-type", "")
        charset = (
            requests.utils.get_encoding_from_headers({"content-type": kind}) if "charset" in kind else None
        )
        page = Page(Answer(self.url, self.status, kind, charset, self.body))
        return page.names(headline) and all(page.has(text) for text in texts)


def read(url: str, site: str, *, seconds: float = SECONDS) -> Snapshot:
    """Read the page at `url` of the site at the address `site`. Raises Unreachable when no answer came whole."""
    deadline = time.monotonic() + seconds
    redirects: list[str] = []
    try:
        with _line(deadline) as session:
            while True:
                seen = _get(session, url, deadline, tuple(redirects))
                target = urljoin(url, seen.headers.get("location", ""))
                if not 300 <= seen.status < 400 or target == url or len(redirects) == REDIRECTS:
                    return seen
                if not same_place(target, site):
                    return Snapshot(**{**vars(seen), "away": True})
                redirects.append(url)
                url = target
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            raise Unreachable(f"Halamannya tidak selesai dikirim situs dalam {seconds:.0f} detik.") from error
        raise Unreachable("Situs tidak menjawab ketika halamannya hendak disimpan.") from error


def same_place(url: str, site: str) -> bool:
    """Say whether `url` is on the host of `site`, with or without www, and no other door of that machine."""
    try:
        one, other = urlsplit(url), urlsplit(site)
        doors = [parts.port for parts in (one, other)]
    except ValueError:
        return False
    hosts = [(parts.hostname or "").lower().removeprefix("www.") for parts in (one, other)]
    same_door = doors[0] == doors[1] or all(door in (None, 80, 443) for door in doors)
    return one.scheme in ("http", "https") and hosts[0] != "" and hosts[0] == hosts[1] and same_door


def read_folder(root: Path, address: str) -> Snapshot:
    """Read a page of a folder site as any web server would hand it out. Raises Unreachable."""
    url = urljoin(NOWHERE, address)
    status, kind, body = folder_answer(root, url)
    return Snapshot(
        url=address, status=status, headers={"content-type": kind}, body=body[:LIMIT], cut=len(body) > LIMIT
    )


def folder_answer(root: Path, url: str) -> tuple[int, str, bytes]:
    """Answer for the file under `root` that `url` names: status, content type and bytes. Raises Unreachable."""
    root = root.resolve()
    try:
        path = (root / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        within = path.is_relative_to(root)
        if not within or any(part.startswith(".") for part in path.relative_to(root).parts):
            return 404, "text/plain", b""
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        body = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return 404, "text/plain", b""
    except OSError as error:
        raise Unreachable(f"Berkas situs tidak terbaca ({error.strerror}).") from error
    return 200, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, body


def _get(session: requests.Session, url: str, deadline: float, redirects: Sequence[str]) -> Snapshot:
    left = max(deadline - time.monotonic(), 0.01)
    sent = {
        "User-Agent": "Redaksi",
        "Accept": "text/html,*/*;q=0.5",
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
    }
    with session.get(
        url,
        headers=sent,
        auth=Anonymous(),
        timeout=(min(10.0, left), left),
        allow_redirects=False,
        stream=True,
    ) as response:
        body = b""
        while len(body) <= LIMIT and (piece := response.raw.read1(65_536, decode_content=True)):
            body += piece
        if time.monotonic() >= deadline:  # a connection that was cut looks like one that has ended
            raise requests.ReadTimeout("the page does not end")
        headers = {name: response.headers[name][:500] for name in HEADERS if name in response.headers}
        return Snapshot(
            url=url,
            status=response.status_code,
            headers=headers,
            body=body[:LIMIT],
            cut=len(body) > LIMIT,
            redirects=tuple(redirects),
        )


@contextmanager
def _line(deadline: float) -> Iterator[requests.Session]:
    """Give a session whose connections are cut when time is up, in the middle of a head that trickles too."""
    sockets: list[socket.socket] = []

    def cut() -> None:
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    clock.daemon = True
    clock.start()
    try:
        with OneAnswer() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, _Watched(sockets))
            yield session
    finally:
        clock.cancel()
        for one in sockets:
            one.close()


class _Watched(HTTPAdapter):
    """Keeps a second handle of each connection's socket, by which it can be cut."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._sockets = sockets
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        sockets = self._sockets

        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                made: socket.socket = super()._new_conn()
                sockets.append(made.dup())
                return made

        pool.ConnectionCls = Connection
        return pool
