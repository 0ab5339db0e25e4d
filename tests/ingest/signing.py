"""Signed mails and the name server that holds their keys: real signatures, a real DNS on this machine."""

from __future__ import annotations

import base64
import random
import re
import socket
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from math import gcd, isqrt, prod
from types import TracebackType
from typing import Any, Self

import dkim
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_SMALL_PRIMES = prod(n for n in range(3, 2000, 2) if all(n % small for small in range(3, isqrt(n) + 1, 2)))
_OID_RSA = bytes.fromhex("300d06092a864886f70d0101010500")


@dataclass(frozen=True)
class Key:
    """An RSA key as DKIM wants it: PKCS#1 to sign with, a TXT record to check with."""

    pem: bytes
    record: bytes


@lru_cache(maxsize=8)
def make_key(bits: int = 1024, seed: int = 1) -> Key:
    """Make a key; the same seed makes the same one, so that a run of the tests can be repeated."""
    chance = random.Random(seed)
    e = 65537
    p, q = _prime(bits // 2, chance), _prime(bits // 2, chance)
    n, d = p * q, pow(e, -1, (p - 1) * (q - 1))
    numbers = [0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
    private, public = _sequence(numbers), _sequence([n, e])
    bits_string = b"\x03" + _length(len(public) + 1) + b"\0" + public
    info = b"\x30" + _length(len(_OID_RSA) + len(bits_string)) + _OID_RSA + bits_string
    pem = b"-----BEGIN RSA PRIVATE KEY-----\n%s-----END RSA PRIVATE KEY-----\n" % base64.encodebytes(private)
    return Key(pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(info))


def sign(mail: bytes, domain: str, *, key: Key | None = None, selector: str = "uji", **how: Any) -> bytes:
    """Return the mail with a DKIM-Signature on top."""
    signer = dkim.DKIM(mail)
    header: bytes = signer.sign(selector.encode(), domain.encode(), (key or make_key()).pem, **how)
    return header + mail


def crlf(text: str | bytes) -> bytes:
    """Write line ends as they travel."""
    data = text.encode() if isinstance(text, str) else text
    return re.sub(rb"\r?\n", b"\r\n", data)


@dataclass
class NameServer:
    """Answers TXT questions on a port of this machine; keeps silent about the names in `silent`."""

    records: dict[str, bytes] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    dead: bool = False
    """It answers nobody, as when the office's line is down."""
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def hold(self, domain: str, key: Key | None = None, selector: str = "uji") -> None:
        self.records[f"{selector}._domainkey.{domain}."] = (key or make_key()).record

    def _serve(self) -> None:
        while True:
            data, caller = self._socket.recvfrom(4096)
            if not data:
                return
            question = dns.message.from_wire(data)
            name = str(question.question[0].name)
            self.asked.append(name)
            if not self.dead and name not in self.silent:
                self._socket.sendto(self._answer(question, name).to_wire(), caller)

    def _answer(self, question: Any, name: str) -> Any:
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        record = self.records.get(name)
        if record is None:
            answer.set_rcode(dns.rcode.NXDOMAIN if name != "." else dns.rcode.NOERROR)
        else:
            pieces = [record[at : at + 250] for at in range(0, len(record), 250)]
            text = " ".join('"' + piece.decode().replace(";", "\\;") + '"' for piece in pieces)
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", text))
        return answer


def _sequence(numbers: list[int]) -> bytes:
    """Write numbers as a DER sequence of integers."""
    written = b""
    for number in numbers:
        data = number.to_bytes(number.bit_length() // 8 + 1, "big")
        written += b"\x02" + _length(len(data)) + data
    return b"\x30" + _length(len(written)) + written


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    written = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(written)]) + written


def _prime(bits: int, chance: random.Random) -> int:
    while True:
        number = chance.getrandbits(bits) | 3 << (bits - 2) | 1
        small_ones = gcd(number, _SMALL_PRIMES) == 1 and number % 65537 != 1
        if small_ones and all(_passes(number, chance.randrange(2, number - 1)) for _ in range(6)):
            return number


def _passes(number: int, base: int) -> bool:
    """Say whether Miller and Rabin take the number for a prime."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
