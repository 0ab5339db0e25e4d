"""Asking somebody else's site for what it shows everybody: one thing at a time, never in a hurry, never too much."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests

AGENT = "Redaksi (impor arsip)"
LARGEST = 200_000_000
"""Bytes of an answer: a large photo, and no film."""
PATIENCE = 60.0
TRIES = 5
LONGEST_WAIT = 120.0
HOPS = 5
BUSY = (429, 500, 502, 503, 504)
Guard = Callable[[str], None]


class NotFetched(Exception):
    """It was not fetched. The text says in Indonesian why; `lasting` says that trying again is no use."""

    def __init__(self, sentence: str, *, lasting: bool, status: int = 0) -> None:
        super().__init__(sentence)
        self.lasting = lasting
        self.status = status
        self.wait = 0.0
        """Seconds the site asks us to wait."""


@dataclass
class Asker:
    """Fetches from the hosts it may ask. `guard` raises for an address we do not go to, before each request."""

    hosts: frozenset[str]
    guard: Guard
    pause: float = 0.2
    """Seconds between two requests: a site is read by others, too."""
    sleep: Callable[[float], None] = time.sleep
    _session: requests.Session = field(default_factory=requests.Session)

    def get(self, url: str) -> bytes:
        """Return what stands at an address, asked again while the site is busy. Raises NotFetched."""
        wait = 1.0
        for number in range(1, TRIES + 1):
            try:
                return self._followed(url)
            except NotFetched as error:
                if error.lasting or number == TRIES:
                    raise
                self.sleep(min(max(wait, error.wait), LONGEST_WAIT))
                wait *= 2
        raise AssertionError("not reached")

    def _followed(self, url: str) -> bytes:
        for _ in range(HOPS):
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
            if host not in self.hosts:
                raise NotFetched(
                    f"{host or url[:100]} bukan situs yang diimpor, jadi tidak dibuka. "
                    f"Bila memang milik kantor, tambahkan --allow-host {host}.",
                    lasting=True,
                )
            self.guard(url)
            self.sleep(self.pause)
            told = self._once(url)
            if isinstance(told, bytes):
                return told
            url = urljoin(url, told)
        raise NotFetched(f"{url[:200]} terus mengalihkan ke alamat lain.", lasting=True)

    def _once(self, url: str) -> bytes | str:
        """Return the answer's body, or where it leads."""
        try:
            with self._session.get(
                url,
                headers={"User-Agent": AGENT},
                timeout=(10, PATIENCE),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.is_redirect:
                    return answer.headers["Location"]
                if answer.status_code != 200:
                    raise _refused(url, answer)
                return _body(url, answer)
        except (requests.RequestException, OSError) as error:
            raise NotFetched(
                f"{url[:200]} tidak dapat diambil ({type(error).__name__}). Periksa sambungan, lalu jalankan lagi.",
                lasting=False,
            ) from error


def _body(url: str, answer: requests.Response) -> bytes:
    pieces, size, until = [], 0, time.monotonic() + PATIENCE * 10
    for piece in answer.iter_content(1 << 16):
        size += len(piece)
        if size > LARGEST or time.monotonic() > until:
            raise NotFetched(f"{url[:200]} terlalu besar atau tidak ada habisnya.", lasting=True)
        pieces.append(piece)
    told = answer.headers.get("Content-Length", "")
    plain = not answer.headers.get("Content-Encoding")
    if plain and told.isdecimal() and int(told) != size:
        raise NotFetched(f"{url[:200]} terputus di tengah. Jalankan lagi.", lasting=False)
    return b"".join(pieces)


def _refused(url: str, answer: requests.Response) -> NotFetched:
    status = answer.status_code
    error = NotFetched(
        f"{url[:200]} dijawab dengan galat {status}.", lasting=status not in BUSY, status=status
    )
    error.wait = _seconds(answer.headers.get("Retry-After", ""))
    return error


def _seconds(text: str) -> float:
    """Return how long a site asks us to wait: seconds or a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
