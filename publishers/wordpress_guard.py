"""Where a look at a pasted address may go: to the web, and inside the office's network only when that is meant.

The program may reach machines that its visitors may not. So an address is resolved before each request, redirects
included, and one of a private network is asked for only after a person has said that it is theirs.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

PORTS = (80, 443)
Resolve = Callable[[str, int], list[str]]


class NotAllowed(Exception):
    """We do not go there; the text says why."""

    def __init__(self, sentence: str, inside: bool = False) -> None:
        super().__init__(sentence)
        self.inside = inside
        """It lies in a private network, and may be asked for once a person says so."""


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Raises OSError when there are none."""
    return sorted({str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def guard(url: str, inside: bool, resolve: Resolve = resolved) -> None:
    """Raise NotAllowed unless `url` may be asked for. A host without an address is left to fail by itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotAllowed(f"Alamat {url[:200]} tidak dapat dibaca. Periksa penulisannya.") from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise NotAllowed(
            f"Alamat {url[:200]} bukan alamat halaman web. Tulis seperti https://www.contoh.go.id."
        )
    try:
        found = [_plain(one) for one in resolve(host, port)]
    except OSError:
        return
    if any(_nobodys(one) for one in found):
        raise NotAllowed(
            f"{host} menunjuk ke alamat jaringan yang bukan milik sebuah situs; tidak kami buka."
        )
    if all(one.is_global for one in found):
        if port not in PORTS:
            raise NotAllowed(
                f"Alamat {host} memakai porta {port}. Dari internet, Redaksi hanya membuka porta 80 dan 443; tulis "
                "alamat tanpa porta."
            )
    elif not inside:
        raise NotAllowed(
            f"{host} berada di dalam jaringan kantor atau di komputer ini. Redaksi hanya membukanya bila Anda "
            "menyatakan bahwa situs itu memang di sana.",
            inside=True,
        )


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    found = ipaddress.ip_address(address.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _nobodys(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Say whether no site can be there: cloud providers answer with secrets on link-local addresses."""
    if address.is_loopback:
        return False
    return address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved
