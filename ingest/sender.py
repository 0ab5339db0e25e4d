"""Who wrote a mail, by its From header, read with distrust."""

from __future__ import annotations

import re

from ingest import headers as header_block
from ingest.headers import Headers
from ingest.message import Sender

_ADDRESS = r"[^\s<>@,;:\"()\[\]\\]+@[^\s<>@,;:\"()\[\]\\]+"
_ONE = re.compile(rf"\s*({_ADDRESS})\s*")
_ANY = re.compile(_ADDRESS)
_DOMAIN = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_AT = re.compile(r"\s*[＠﹫@]\s*|\s+(?:\(at\)|\[at\])\s+", re.IGNORECASE)
"""How an address is written so that it is read as one and not found as one."""
_SEVERAL = "Kepala surel menyebut beberapa pengirim, jadi pengirimnya tidak dapat dipastikan."


def sender(headers: Headers) -> Sender:
    """Return the one address a mail says it is from, with what speaks against believing it."""
    values = headers.all("from")
    if not values:
        return Sender("", "", "Surel ini tidak menyebut pengirimnya.")
    readings = [_read(value) for value in values]
    if len({reading.address for reading in readings}) > 1:
        return Sender("", readings[0].name, _SEVERAL, spoofed=True)
    return readings[0]


def _read(raw: bytes) -> Sender:
    written = raw[:4096].decode("latin-1")
    # Quoted text and comments may hold anything; they are covered so that places stay comparable.
    bare = _QUOTED.sub(lambda match: '"' + "x" * (len(match[0]) - 2) + '"', written)
    bare = _COMMENT.sub(lambda match: " " * len(match[0]), bare)
    angles = list(re.finditer(r"<([^<>]*)>", bare))
    if len(angles) == 1:
        return _named(written, bare, angles[0])
    name = header_block.decode(raw)
    if len(angles) > 1:
        return Sender("", name, _SEVERAL, spoofed=True)
    found = _ANY.findall(bare)
    if len(found) > 1:
        return Sender("", name, _SEVERAL, spoofed=True)
    if not found or not _valid(found[0]):
        return Sender("", name, "Alamat pengirim tidak ditulis dengan benar.")
    comment = _COMMENT.search(written)
    said = header_block.decode(comment[0].strip("()").encode("latin-1")) if comment else ""
    return _unless_another_is_shown(found[0].lower(), said)


def _named(written: str, bare: str, angle: re.Match[str]) -> Sender:
    """Read `name <address>`; a comma in an unquoted name makes it no second sender."""
    name = _display_name(written[: angle.start()])
    address = _ONE.fullmatch(angle[1])
    if address is None or not _valid(address[1]):
        return Sender("", name, "Alamat pengirim tidak ditulis dengan benar.")
    outside = bare[: angle.start()] + "," + bare[angle.end() :]
    if any(_ONE.fullmatch(piece) for piece in outside.split(",")[:-1]) and "," in bare[: angle.start()]:
        return Sender("", name, _SEVERAL, spoofed=True)
    if _ANY.search(bare[angle.end() :]):
        return Sender("", name, _SEVERAL, spoofed=True)
    return _unless_another_is_shown(address[1].lower(), name)


def _unless_another_is_shown(address: str, name: str) -> Sender:
    """Return the sender, with a problem when the name beside the address holds another address."""
    shown = [*_ANY.findall(name), *filter(_valid, _ANY.findall(_AT.sub("@", name)))]
    others = [other.lower() for other in shown if other.lower() != address]
    if others:
        return Sender(address, name, f"Nama pengirim memuat alamat lain ({others[0]}).", spoofed=True)
    return Sender(address, name)


def _display_name(written: str) -> str:
    unquoted = re.sub(r'\\(["\\])', r"\1", written.strip().strip('"'))
    return header_block.decode(unquoted.encode("latin-1")).strip(" \"'")


def _valid(address: str) -> bool:
    _, _, domain = address.rpartition("@")
    return address.count("@") == 1 and _DOMAIN.fullmatch(domain) is not None and len(address) <= 254
