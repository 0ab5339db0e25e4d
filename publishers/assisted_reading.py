"""Reading a portal's page as anybody would: not signed in, only on that portal, within bounds of time and size."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import requests
from urllib3.exceptions import HTTPError, MaxRetryError, NameResolutionError, SSLError

from publishers.anonymous import Anonymous, OneAnswer
from publishers.base import Asked, Unreachable

LIMIT = 4 * 1024 * 1024
"""Bytes of a page we are willing to read."""
REDIRECTS = 5
TRACKING = ("utm_", "fbclid", "gclid", "igshid")
"""Beginnings of what messengers and browsers add to an address."""
GONE = (404, 410)


@dataclass(frozen=True)
class Answer:
    url: str
    """Where the way led in the end."""
    status: int
    content_type: str
    charset: str | None
    body: bytes

    @property
    def gone(self) -> bool:
        return self.status in GONE


class Visit:
    """One anonymous reader of one portal. Raises Unreachable when it does not answer, Asked off its way."""

    def __init__(self, title: str, portal: str, timeout: float) -> None:
        self.title = title
        self.portal = urlsplit(portal)
        self.timeout = timeout

    def tidy(self, url: str) -> str:
        """Return the address of a page of this portal without what is no part of it. Raises Asked."""
        try:
            parts = urlsplit(url.strip())
            ours = parts.scheme in ("http", "https") and self._same_place(parts.hostname, parts.port)
        except ValueError:
            ours = False
        if not ours or parts.username is not None:
            raise Asked(
                f"Alamat itu bukan di {self.portal.netloc}. Tempelkan alamat halaman beritanya di {self.title}, "
                "lengkap dengan https://."
            )
        kept = [
            pair
            for pair in parse_qsl(parts.query, keep_blank_values=True)
            if not pair[0].startswith(TRACKING)
        ]
        if parts.path in ("", "/") and not kept:
            raise Asked(
                f"Itu alamat halaman depan {self.title}. Buka beritanya di sana, lalu tempelkan alamat halamannya."
            )
        query = (
            parts.query
            if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True))
            else urlencode(kept)
        )
        return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, query, ""))

    def read(self, url: str, *, body: bool = True) -> Answer:
        """Follow `url` within the portal; without `body` only the answer's head is read."""
        for _ in range(REDIRECTS + 1):
            answer, target = self._get(url, body=body)
            if not target:
                return self._alive(answer)
            url = urljoin(url, target)
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not self._same_place(parts.hostname, parts.port):
                raise Asked(
                    f"Alamat itu dialihkan ke luar {self.portal.netloc}, jadi tidak diperiksa. Tempelkan alamat "
                    f"halaman beritanya di {self.title}."
                )
        raise Asked(
            "Alamat itu dialihkan berputar-putar. Tempelkan alamat yang tampil setelah halamannya terbuka."
        )

    def _same_place(self, host: str | None, port: int | None) -> bool:
        """Say whether this is the portal's own host, with or without www, and no other door of that machine."""
        named = (host or "").lower().removeprefix("www.")
        own = (self.portal.hostname or "").lower().removeprefix("www.")
        usual = (None, 80, 443)
        same_door = port in usual if self.portal.port in usual else port == self.portal.port
        return bool(named) and named == own and same_door

    def _alive(self, answer: Answer) -> Answer:
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise Unreachable(
                f"{self.title} sedang sibuk atau bermasalah ({answer.status}), jadi halamannya belum dapat diperiksa. "
                "Kami coba lagi dengan sendirinya."
            )
        return answer

    def _get(self, url: str, *, body: bool) -> tuple[Answer, str]:
        """Return the answer and, when it leads on, where to."""
        sent = {"User-Agent": "Redaksi", "Accept": "text/html,*/*;q=0.5", "Cache-Control": "no-cache"}
        try:
            with OneAnswer() as session, session.get(
                url,
                headers={**sent, "Connection": "close"},
                auth=Anonymous(),
                timeout=(min(10.0, self.timeout), self.timeout),
                allow_redirects=False,
                stream=True,
            ) as response:  # fmt: skip
                leads_on = 300 <= response.status_code < 400
                kind, _, rest = response.headers.get("Content-Type", "").partition(";")
                charset = response.encoding if "charset" in rest.lower() else None
                read = self._body(response) if body and not leads_on else b""
                target = response.headers.get("Location", "") if leads_on else ""
                return Answer(url, response.status_code, kind.strip().lower(), charset, read), target
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise self._failed(error) from error

    def _body(self, response: requests.Response) -> bytes:
        deadline = time.monotonic() + self.timeout
        body = b""
        # read1 gives what is there, so that a page that trickles cannot hold us for hours.
        while piece := response.raw.read1(65_536, decode_content=True):
            body += piece
            if len(body) > LIMIT or time.monotonic() > deadline:
                raise requests.ReadTimeout("the page does not end")
        return body

    def _failed(self, error: Exception) -> Unreachable:
        inner = error.args[0] if error.args else None
        reason = inner.reason if isinstance(inner, MaxRetryError) else inner
        if isinstance(reason, NameResolutionError):
            return Unreachable(
                f"Alamat {self.portal.netloc} tidak ditemukan. Periksa sambungan internet kantor dan url {self.title} di "
                "pengaturan; kami coba lagi dengan sendirinya."
            )
        if isinstance(reason, SSLError) and isinstance(reason.args[0], ssl.SSLCertVerificationError):
            return Unreachable(
                f"Sertifikat keamanan {self.title} tidak dapat dipercaya, mungkin kedaluwarsa. Kami coba lagi dengan "
                "sendirinya."
            )
        return Unreachable(
            f"{self.title} tidak menjawab, jadi halamannya belum dapat diperiksa. Kami coba lagi dengan sendirinya."
        )
