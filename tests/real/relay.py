"""What may stand between us and a server: a line that is counted, cut, or dies in silence. For tests.

with counting(port) as (own_port, received):     received() is how many bytes came back so far
with cutting_after(port, 1_000_000) as own_port:     cut after so many bytes of answers
with freezing(port) as (own_port, freeze):       after freeze() nothing passes, and nobody hangs up
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class _Relay:
    """Carries connections from a port of its own to `port`, one after another and at once."""

    def __init__(self, port: int, cut_after: int | None = None) -> None:
        self.port = port
        self.received = 0
        self.frozen = threading.Event()
        self._cut_after = cut_after
        self._threads: list[threading.Thread] = []
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.own_port: int = self._listener.getsockname()[1]
        self._begin(self._accept)

    def close(self) -> None:
        self.port = 0
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._listener, *self._ends):
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while self.port:
                client, _ = self._listener.accept()
                self._ends.append(client)
                server = socket.create_connection(("127.0.0.1", self.port))
                self._ends.append(server)
                self._begin(self._carry, client, server, False)
                self._begin(self._carry, server, client, True)

    def _carry(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16384):
                if self.frozen.is_set():
                    continue
                target.sendall(data)
                self.received += len(data) if back else 0
                if self._cut_after is not None and self.received >= self._cut_after:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()


@contextmanager
def _running(relay: _Relay) -> Iterator[_Relay]:
    try:
        yield relay
    finally:
        relay.close()


@contextmanager
def counting(port: int) -> Iterator[tuple[int, Callable[[], int]]]:
    with _running(_Relay(port)) as relay:
        yield relay.own_port, lambda: relay.received


@contextmanager
def cutting_after(port: int, count: int) -> Iterator[int]:
    with _running(_Relay(port, count)) as relay:
        yield relay.own_port


@contextmanager
def freezing(port: int) -> Iterator[tuple[int, Callable[[], None]]]:
    with _running(_Relay(port)) as relay:
        yield relay.own_port, relay.frozen.set
