"""The line to one WordPress: one request at a time, never sent twice, on a connection kept while it is in use.

A connection is taken again only within `IDLE` seconds of its last answer, when nothing has come or ended on it
since, and when that answer was whole JSON. urllib3 looks at a kept connection before it writes: one the server
has closed meanwhile is replaced while nothing is sent. When a server closes just as a request leaves, nobody can
tell whether it was read: that is an outcome like any other lost answer, and no request is ever repeated for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from publishers.anonymous import Anonymous, OneAnswer

LIMIT = 16 * 1024 * 1024
"""Bytes of an answer we are willing to read."""
IDLE = 2.0
"""Seconds a connection is kept without use: less than any usual server keeps it (Apache and LiteSpeed 5)."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        """The decoded body, or None when it is no JSON object or list."""
        try:
            data = json.loads(self.body.decode("utf-8-sig"))
        except ValueError:
            return None
        return data if isinstance(data, dict | list) else None


class Wire:
    """Sends requests as they are given. Raises what requests and urllib3 raise, after which it begins anew."""

    def __init__(self, timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._timeout = timeout
        self._clock = clock
        self._used = 0.0
        self._session: requests.Session | None = None

    def send(
        self, method: str, url: str, *, auth: tuple[str, str] | None, headers: Mapping[str, str], **more: Any
    ) -> Answer:
        if self._clock() - self._used > IDLE:
            self.hang_up()
        whole = False
        try:
            with self._line().request(
                method,
                url,
                headers=headers,
                auth=_Basic(*auth) if auth else Anonymous(),
                timeout=(min(10.0, self._timeout), self._timeout),
                allow_redirects=False,
                stream=True,
                **more,
            ) as response:
                leads_on = 300 <= response.status_code < 400  # what stands under a redirect is nothing to us
                body = b"" if leads_on else self._body(response)
                answer = Answer(response.status_code, response.headers, body)
            whole = answer.json is not None
            return answer
        finally:
            self._used = self._clock()
            if not whole:
                self.hang_up()

    def hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _line(self) -> requests.Session:
        if self._session is None:
            self._session = OneAnswer()
            # Who we are is said with each request and never remembered by a cookie.
            self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=1, max_retries=0))
        return self._session

    def _body(self, response: requests.Response) -> bytes:
        deadline = time.monotonic() + self._timeout
        body = b""
        # read1 gives what is there, so that an answer that trickles cannot hold us for hours.
        while piece := response.raw.read1(65_536, decode_content=True):
            body += piece
            if len(body) > LIMIT or time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer does not end")
        return body


class _Basic(requests.auth.HTTPBasicAuth):
    """Sends user and password as UTF-8, where requests would choose Latin-1."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user.encode(), password.encode())
