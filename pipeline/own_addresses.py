"""A person's own address for notices: Telegram, a webhook … It holds a password, so it is kept like one.

It lies in a file of `secrets/` in the data folder; the row knows the file's name and what kind of address it is.
Nobody is shown it again, and nothing logs it. Only kinds that lead to a person are taken: none that run a program,
write a file or speak to this machine.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from config.writing import keep_secret
from newsroom.acts import ActRefused
from newsroom.hearing import OWN, channel, leave_own
from newsroom.models import Channel, Person, log
from pipeline import messengers

LONGEST = 1000
PATIENCE = 10.0
"""Seconds an address has to take what it is sent."""
KINDS = {
    "tgram": "Telegram",
    "json": "Webhook",
    "jsons": "Webhook",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
    "slack": "Slack",
    "discord": "Discord",
    "gchat": "Google Chat",
    "workflows": "Microsoft Teams",
    "pover": "Pushover",
    "whatsapp": "WhatsApp",
}
"""What may be chosen, and what it is called. Another kind is added here once somebody has looked at what it can do."""
HOSTED = ("json", "ntfy", "gotify", "matrix", "mmost", "rocket")
"""Kinds whose address names the machine they go to."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_watched = threading.local()
_hooked = threading.Lock()


class AddressLost(Exception):
    """The address is not where it was kept."""


class NotOutside(OSError):
    """A connection into a network where people's own addresses may not lead."""


def keep(person: Person, written: str) -> Channel:
    """Take a person's own address in place of the one before. Raises ActRefused."""
    kind, url = understood(written)
    try:
        file = keep_secret(_folder(), f"notice-{person.pk}-{secrets.token_hex(8)}", url)
    except OSError as error:
        raise ActRefused(
            _("Alamat tidak dapat disimpan di folder data: %(why)s.") % {"why": error.strerror}
        ) from error
    try:
        with transaction.atomic():
            row = channel(person, OWN)
            before = row.file
            Channel.objects.filter(pk=row.pk).update(kind=kind, file=file.name)
            row.retry()
            log("notice_address", by=person, person=person, note=KINDS[kind])
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    _unlink(before)
    return row


def drop(person: Person) -> bool:
    """Delete a person's own address at their wish; False when there is none."""
    row = Channel.objects.filter(person=person, way=OWN).exclude(file="").first()
    if row is None:
        return False
    with transaction.atomic():
        log("notice_address_drop", by=person, person=person, note=KINDS.get(row.kind, ""))
        Channel.objects.filter(pk=row.pk).update(kind="", file="")
        row_file = row.file
        row.retry()
        leave_own(person)
    _unlink(row_file)
    return True


def forget(row: Channel) -> None:
    """Delete a person's own address; what was to be told there is told nowhere."""
    before = row.file
    Channel.objects.filter(pk=row.pk).update(kind="", file="")
    row.retry()
    _unlink(before)


def understood(written: str) -> tuple[str, str]:
    """Return an address's kind and how Apprise writes it. Raises ActRefused, without repeating the address."""
    url = written.strip()
    if not url or len(url) > LONGEST or not url.isprintable() or " " in url:
        raise ActRefused(_("Tempel satu alamat utuh, tanpa spasi."))
    scheme, _colon, rest = url.partition("://")
    scheme = scheme.lower()
    if scheme in ("https", "http"):  # a webhook as everybody else writes it
        scheme = {"https": "jsons", "http": "json"}[scheme]
    if scheme not in KINDS or not rest:
        raise ActRefused(_("Jenis alamat ini tidak dapat dipakai. Yang dapat, tertulis di bawah kolom."))
    url = f"{scheme}://{rest}"
    if service_of(url) is None:
        raise ActRefused(
            _("Alamat %(kind)s ini belum lengkap. Periksa penulisannya; contohnya ada di bawah kolom.")
            % {"kind": KINDS[scheme]}
        )
    if scheme.removesuffix("s") in HOSTED or scheme in HOSTED:
        _outside(url)
    return scheme, url


def _outside(url: str) -> None:
    """Raise ActRefused when an address leads to where people's own may not lead. An unknown host fails by itself."""
    try:
        parts = urlsplit(url)
        found = socket.getaddrinfo(parts.hostname or "", parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError):
        return
    if any(_barred(ipaddress.ip_address(str(row[4][0]).partition("%")[0])) for row in found):
        raise ActRefused(
            _(
                "Alamat ini menuju jaringan kantor atau komputer Redaksi sendiri, jadi tidak dipakai. "
                "Bila memang dimaksud, minta admin mengizinkannya di pengaturan (notices.private_addresses)."
            )
        )


def tell_at(row: Channel, subject: str, body: str) -> bool:
    """Send one message to a person's own address; False when it was not taken. Raises AddressLost."""
    service = service_of(address_of(row))
    if service is None:
        raise AddressLost
    with _outside_only():
        return bool(service.notify(title=subject, body=body))


def address_of(row: Channel) -> str:
    """Read an address where it is kept. Raises AddressLost."""
    try:
        return (_folder() / row.file).read_text(encoding="utf-8").strip() if row.file else _lost()
    except (OSError, UnicodeDecodeError) as error:
        raise AddressLost from error


def service_of(url: str) -> Any:
    """Return what can tell a person's own address; None when it is not written as its kind asks."""
    service = messengers.service_of(url)
    if service is not None:
        # What the address itself asks for in these does not count: it could hold a worker up, or lead elsewhere.
        service.socket_connect_timeout = service.socket_read_timeout = PATIENCE
        service.redirects = False
    return service


def _lost() -> str:
    raise AddressLost


def _folder() -> Path:
    return Path(settings.REDAKSI.data / "secrets")


def _unlink(name: str) -> None:
    if name:
        (_folder() / name).unlink(missing_ok=True)


# Where a connection may go


@contextmanager
def _outside_only() -> Iterator[None]:
    """Let this thread connect only to where people's own addresses may lead, whatever a name or an answer says.

    Through a proxy the proxy decides: all connections are to itself.
    """
    _hook()
    _watched.looks = not {"http", "https", "all"} & urllib.request.getproxies().keys()
    try:
        yield
    finally:
        _watched.looks = False


def _hook() -> None:
    """Have every connection of this process looked at; an audit hook cannot be taken away again."""
    with _hooked:
        if not getattr(_hook, "done", False):
            sys.addaudithook(_look)
            _hook.done = True  # type: ignore[attr-defined]


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not getattr(_watched, "looks", False):
        return
    place = arguments[1]
    try:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
    except (ValueError, TypeError, IndexError) as error:
        raise NotOutside("not an address") from error
    if _barred(address):
        raise NotOutside("not outside")


def _barred(address: Address) -> bool:
    """Say whether no address of a person's own may lead there; link-local ones never: clouds keep secrets there."""
    inside = settings.REDAKSI.notices.private_addresses
    plain = _plain(address)
    if plain.is_loopback:
        return not inside
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain.is_reserved:
        return True
    return not (plain.is_global or inside)


def _plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, where it stands for one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
