"""Ports for servers that a test starts, and starts again at the same place."""

from __future__ import annotations

import random
import socket
from contextlib import closing

# Below what Linux takes for outgoing connections (ip_local_port_range begins at 32768): one of those would
# sit on a port while its server is away for a moment.
_FIRST, _LAST = 12_000, 32_000


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on and no outgoing connection takes."""
    while True:
        port = random.SystemRandom().randrange(_FIRST, _LAST)
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                continue
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
