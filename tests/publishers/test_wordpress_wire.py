"""A kept connection never makes one request two, and never hides that an outcome is unknown. On real sockets."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from publishers import Refused, Unanswered, Unreachable
from publishers.assisted_reading import Visit
from publishers.wordpress_api import Api
from publishers.wordpress_objects import Named
from publishers.wordpress_wire import IDLE, Wire

OPEN, CLOSE, SILENT_CLOSE, CLOSE_BEHIND = "open", "close", "silent close", "close behind"
LONG_REDIRECT = "long redirect"
Script = Callable[[int], str]


class Peer:
    """A server that keeps connections and does with each request, by its number, what the script says.

    `open`: answers. `close`: says that it closes, and does. `close behind`: answers as if it kept the connection,
    then closes it. `silent close`: reads the request and closes without a word. `long redirect`: leads elsewhere
    with a body of 64 MB.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[tuple[int, str]] = []
        """Each request: on which connection, and its first line."""
        self.closed = threading.Event()
        self.pieces = 0
        """Megabytes of a long redirect that were taken."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._ends: list[socket.socket] = []
        self._threads[0].start()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                end, _ = self._listener.accept()
            except OSError:
                return
            self._ends.append(end)
            thread = threading.Thread(target=self._serve, args=(end, len(self._ends)))
            self._threads.append(thread)
            thread.start()

    def _serve(self, end: socket.socket, connection: int) -> None:
        with (
            contextlib.suppress(ConnectionError),
            end,
            end.makefile("rb") as lines,
        ):  # the caller may go first
            while first := lines.readline().decode():
                headers = "".join(iter(lambda: lines.readline().decode().replace("\r\n", "\n"), "\n"))
                length = re.search(r"content-length: (\d+)", headers.lower())
                lines.read(int(length[1]) if length else 0)
                self.seen.append((connection, first.strip()))
                do = self.script(len(self.seen))
                if do == SILENT_CLOSE:
                    _shut(end)
                    return
                if do == LONG_REDIRECT:
                    self._lead_away(end)
                    return
                body = json.dumps({"id": len(self.seen)}).encode()
                closes = b"Connection: close\r\n" if do == CLOSE else b""
                end.sendall(
                    b"HTTP/1.1 200 OK\r\nSet-Cookie: who=we; Path=/\r\n%sContent-Length: %d\r\n\r\n%s"
                    % (closes, len(body), body)
                )
                if do in (CLOSE, CLOSE_BEHIND):
                    _shut(end)
                    self.closed.set()
                    return

    def _lead_away(self, end: socket.socket) -> None:
        head = "HTTP/1.1 302 Found\r\nLocation: /lain\r\nContent-Length: 64000000\r\n\r\n"
        try:
            end.sendall(head.encode())
            for self.pieces in range(64):
                end.sendall(b"x" * 1_000_000)
        except OSError:
            self.closed.set()

    def end(self) -> None:
        for end in (self._listener, *self._ends):
            _shut(end)
        for thread in list(self._threads):
            thread.join()
        self._listener.close()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the caller may have closed before us
        end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Peer]]:
    peers: list[Peer] = []

    def start(script: Script) -> Peer:
        peers.append(Peer(script))
        return peers[-1]

    yield start
    for peer in peers:
        peer.end()


def api(peer: Peer) -> Api:
    made = Api(
        "Situs Kota",
        peer.url,
        "redaksi",
        lambda: "rahasia",
        5,
        120,
        lambda: datetime(2026, 11, 20, tzinfo=UTC),
    )
    made.memory.keep("root", f"{peer.url}/wp-json")
    return made


def connections(peer: Peer) -> list[int]:
    return [connection for connection, _ in peer.seen]


def test_requests_follow_each_other_on_one_connection(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: OPEN)
    site = api(peer)
    for _ in range(3):
        site.one(Named, "/wp/v2/tags/1")
        site.post(Named, "/wp/v2/tags", {"name": "a"})
    assert connections(peer) == [1] * 6


def test_a_connection_the_server_has_closed_is_replaced_before_anything_is_sent(
    serve: Callable[[Script], Peer],
) -> None:
    peer = serve(lambda number: CLOSE_BEHIND if number == 1 else OPEN)
    site = api(peer)
    site.one(Named, "/wp/v2/tags/1")
    assert peer.closed.wait(5)
    assert site.post(Named, "/wp/v2/tags", {"name": "a"}).id == 2
    assert connections(peer) == [1, 2]


def test_a_server_that_closes_as_a_write_leaves_makes_its_outcome_unknown_and_sees_it_once(
    serve: Callable[[Script], Peer],
) -> None:
    peer = serve(lambda number: SILENT_CLOSE if number == 2 else OPEN)
    site = api(peer)
    site.one(Named, "/wp/v2/tags/1")
    with pytest.raises(Unanswered) as caught:
        site.post(Named, "/wp/v2/tags", {"name": "a"})
    assert caught.value.wait == 120
    assert connections(peer) == [1, 1]
    site.one(Named, "/wp/v2/tags/1")
    assert connections(peer) == [1, 1, 2]


def test_a_read_that_breaks_is_not_repeated_by_itself_either(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: SILENT_CLOSE)
    with pytest.raises(Unreachable):
        api(peer).one(Named, "/wp/v2/tags/1")
    assert len(peer.seen) == 1


def test_a_server_that_says_it_closes_is_believed(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: CLOSE)
    site = api(peer)
    for _ in range(3):
        site.post(Named, "/wp/v2/tags", {"name": "a"})
    assert connections(peer) == [1, 2, 3]


def test_a_connection_left_idle_is_not_trusted(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: OPEN)
    time = [100.0]
    wire = Wire(5, clock=lambda: time[0])
    for pause in (0, IDLE / 2, IDLE * 2):
        time[0] += pause
        wire.send("GET", peer.url, auth=None, headers={})
    wire.hang_up()
    assert connections(peer) == [1, 1, 2]


def test_no_cookie_is_kept_from_one_request_to_the_next(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: OPEN)
    wire = Wire(5)
    told: list[str] = []
    for _ in range(2):
        wire.send("GET", peer.url, auth=None, headers={"X": "1"}, hooks={
            "response": lambda answer, *args, **kw: told.append(answer.request.headers.get("Cookie", ""))
        })  # fmt: skip
    wire.hang_up()
    assert told == ["", ""]


def test_what_stands_under_a_redirect_is_not_read(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: LONG_REDIRECT)
    with pytest.raises(Refused, match="/lain"):
        api(peer).one(Named, "/wp/v2/tags/1")
    assert peer.closed.wait(30)
    assert peer.pieces < 32


def test_nor_is_it_on_a_portals_page(serve: Callable[[Script], Peer]) -> None:
    peer = serve(lambda number: LONG_REDIRECT if number == 1 else CLOSE)
    answer = Visit("Portal", peer.url, 5).read(f"{peer.url}/berita")
    assert answer.url == f"{peer.url}/lain"
    assert peer.closed.wait(30)
    assert peer.pieces < 32
