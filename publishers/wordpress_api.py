"""Talking to one WordPress: one request at a time, each answer judged by what it proves."""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from config import SettingsError
from publishers.base import PublishError, Refused, Unanswered, Unreachable
from publishers.wordpress_objects import Media
from publishers.wordpress_words import BY_CODE, BY_STATUS, LOGIN, ROLE

Thing = TypeVar("Thing", bound=BaseModel)
LIMIT = 16 * 1024 * 1024
"""Bytes of an answer we are willing to read."""
LONGEST_WAIT = 86_400.0
PLAIN = "/?rest_route="
"""How the API is reached on sites without pretty permalinks."""
PERMANENT = ("rest_upload_unknown_error", "rest_upload_sideload_error", "db_insert_error", "db_update_error")
"""Codes that come with status 500 and yet say that nothing was kept."""


class SiteFault(Refused):
    """WordPress itself said no, with a code. What was asked for has not happened."""

    def __init__(self, sentence: str, code: str, term: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.term = term
        """The number of the term that is there already, with `term_exists`."""


class TurnedAway(Unreachable):
    """Something before WordPress answered. Probably nothing was executed, so the intent still stands."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the decoded body, or None when it is no JSON object or list."""
        try:
            data = json.loads(self.body.decode("utf-8-sig"))
        except ValueError:
            return None
        return data if isinstance(data, dict | list) else None


class Api:
    """The REST API of one site. Each call is one request on a connection of its own, never repeated."""

    def __init__(
        self,
        title: str,
        url: str,
        user: str,
        password: Callable[[], str],
        timeout: float,
        quarantine: float,
        now: Callable[[], datetime],
    ) -> None:
        self.title = title
        self.url = url
        self.server_time: datetime | None = None
        """What the site last said the time is."""
        self._user = user
        self._password = password
        self._timeout = timeout
        self._quarantine = quarantine
        self._now = now
        self._root = ""

    def index(self) -> dict[str, Any]:
        """Find out where the REST API is, without signing in, and return what it says of itself."""
        fields = {"_fields": "name,namespaces,authentication"}
        answers = []
        for root in (f"{self.url}/wp-json", f"{self.url}{PLAIN}"):
            answer = self._request("GET", root, "/", fields, write=False, signed=False)
            if isinstance(answer.json, dict) and answer.status in (401, 403):
                # Some plugins show the API only to those who are signed in.
                answer = self._request("GET", root, "/", fields, write=False)
            if isinstance(answer.json, dict) and (answer.status >= 400 or "namespaces" in answer.json):
                data = self._judge(answer, write=False)
                self._root = root
                return dict(data)
            answers.append(answer)
        if answers[0].status >= 300 and answers[0].status != 404:
            self._judge(answers[0], write=False)
        raise Refused(BY_STATUS["no_rest"].format(title=self.title, url=self.url))

    def one(self, kind: type[Thing], route: str) -> Thing:
        """Read one thing; signed in and with context=edit, so that lost rights show as an error."""
        return self._fits(kind, self._call("GET", route, {"context": "edit"}, write=False), write=False)

    def many(self, kind: type[Thing], route: str, **params: Any) -> list[Thing]:
        """Read a list, at most 100; signed in and with context=edit, so that nothing is silently left out.

        Only names of terms are read with `context="view"`: an Author may not edit terms.
        """
        query = {"context": "edit", "per_page": 100, **params}
        data = self._call("GET", route, query, write=False)
        if not isinstance(data, list):
            raise self._lost(BY_STATUS["garbage"], write=False)
        return [self._fits(kind, item, write=False) for item in data]

    def post(self, kind: type[Thing], route: str, body: Mapping[str, Any]) -> Thing:
        """Write `body` as JSON. Only an answer that names what was written is believed."""
        data = self._call("POST", route, {"context": "edit"}, write=True, json=body)
        return self._fits(kind, data, write=True)

    def upload(self, data: bytes, filename: str, **params: Any) -> Media:
        """Send a JPEG's bytes as they are; the site compares them with their sum before keeping them."""
        headers = {
            "Content-Type": "image/jpeg",
            "Content-Disposition": f'attachment; filename="{filename}"',
            # Hexadecimal: WordPress refuses the base64 form of RFC 1864.
            "Content-MD5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        query = {"context": "edit", **params}
        made = self._call("POST", "/wp/v2/media", query, write=True, data=data, headers=headers)
        return self._fits(Media, made, write=True)

    def delete(self, route: str) -> None:
        """Delete for good; nothing to delete is success."""
        try:
            # By POST, because many hosts let no DELETE through.
            self._call("POST", route, {"_method": "DELETE", "force": "true"}, write=True)
        except SiteFault as fault:
            if fault.code not in ("rest_post_invalid_id", "rest_already_trashed"):
                raise

    def visit(self, url: str) -> Answer | None:
        """Read a page as anybody would; None when it did not come or the way leads off the site."""
        try:
            for _ in range(4):
                if urlsplit(url).hostname != urlsplit(self.url).hostname:
                    return None
                answer = self._request("GET", url, "", {}, write=False, signed=False)
                if not 300 <= answer.status < 400:
                    return answer
                url = urljoin(url, answer.headers.get("Location", ""))
        except (PublishError, ValueError):
            return None
        return None

    def _call(self, method: str, route: str, params: dict[str, Any], *, write: bool, **more: Any) -> Any:
        if not self._root:
            self.index()
        return self._judge(self._request(method, self._root, route, params, write=write, **more), write=write)

    def _fits(self, kind: type[Thing], data: Any, *, write: bool) -> Thing:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            raise self._lost(BY_STATUS["garbage"], write=write) from error

    def _request(
        self,
        method: str,
        root: str,
        route: str,
        params: dict[str, Any],
        *,
        write: bool,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        sent = {
            "Accept": "application/json",
            "User-Agent": "Redaksi",
            "Connection": "close",
            **(headers or {}),
        }
        auth = (self._user, self._secret()) if signed else None
        if root.endswith(PLAIN):
            root, params, route = root.removesuffix(PLAIN) + "/", {"rest_route": route, **params}, ""
        try:
            with requests.Session() as session, session.request(
                method,
                root + route,
                params=params,
                headers=sent,
                auth=_Basic(*auth) if auth else _Anonymous(),
                timeout=(min(10.0, self._timeout), self._timeout),
                allow_redirects=False,
                stream=True,
                **more,
            ) as response:  # fmt: skip
                answer = Answer(response.status_code, response.headers, self._body(response))
        except (requests.RequestException, HTTPError) as error:
            raise self._failed(error, write=write) from error
        self._keep_time(answer)
        return answer

    def _secret(self) -> str:
        try:
            return self._password()
        except SettingsError as error:
            raise Refused(f"Situs {self.title}: {error}") from error

    def _body(self, response: requests.Response) -> bytes:
        deadline = time.monotonic() + self._timeout
        body = b""
        # read1 gives what is there, so that an answer that trickles cannot hold us for hours.
        while piece := response.raw.read1(65_536, decode_content=True):
            body += piece
            if len(body) > LIMIT or time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer does not end")
        return body

    def _keep_time(self, answer: Answer) -> None:
        try:
            self.server_time = parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
        except ValueError:
            self.server_time = None

    def _failed(self, error: Exception, *, write: bool) -> PublishError:
        """Say what a broken conversation means: broken before or after something was sent."""
        inner = error.args[0] if error.args else None
        reason = inner.reason if isinstance(inner, MaxRetryError) else inner
        place = {"title": self.title, "host": urlsplit(self.url).netloc}
        if isinstance(reason, NameResolutionError):
            return Unreachable(BY_STATUS["dns"].format(**place))
        if isinstance(reason, SSLError) and isinstance(reason.args[0], ssl.SSLCertVerificationError):
            return Unreachable(BY_STATUS["certificate"].format(**place))
        if isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError):
            return Unreachable(BY_STATUS["down"].format(**place))
        return self._lost(BY_STATUS["silent"], write=write)

    def _lost(self, sentence: str, *, write: bool) -> PublishError:
        """Say that an answer proves nothing: after a write, the site may have done it or may do it yet."""
        text = sentence.format(title=self.title)
        return Unanswered(text, wait=self._quarantine) if write else Unreachable(text)

    def _judge(self, answer: Answer, *, write: bool) -> Any:
        """Return the JSON of a good answer; raise what any other one means."""
        data, status = answer.json, answer.status
        if 200 <= status < 300 and data is not None:
            return data
        if 300 <= status < 400:
            target = answer.headers.get("Location", "?")[:200]
            raise Refused(BY_STATUS["redirect"].format(title=self.title, url=self.url, target=target))
        if isinstance(data, dict) and isinstance(data.get("code"), str):
            raise self._fault(answer, data, write=write)
        raise self._front(answer, write=write)

    def _front(self, answer: Answer, *, write: bool) -> PublishError:
        """Say what an answer means that WordPress' REST API did not write."""
        status = answer.status
        place = {"title": self.title, "url": self.url, "status": status}
        if status in (403, 406, 429, 503):
            words = BY_STATUS["busy" if status in (429, 503) else "wall"]
            return TurnedAway(words.format(**place), wait=self._retry_after(answer))
        if status == 401:
            return Refused(BY_STATUS["front_login"].format(**place))
        if 400 <= status < 500 and status != 408:
            return Refused(BY_STATUS.get(str(status), BY_STATUS["refused"]).format(**place))
        return self._lost(BY_STATUS["garbage" if status < 300 else "broken"], write=write)

    def _fault(self, answer: Answer, data: dict[str, Any], *, write: bool) -> PublishError:
        """Say what WordPress' own error means. Its message is in the site's language: look at the code."""
        code, status = data["code"], answer.status
        said = " ".join(unescape(re.sub(r"<[^>]*>", " ", str(data.get("message", "")))).split())[:200]
        place = {"title": self.title, "code": code[:80], "said": said}
        if status in (429, 503):
            words = BY_STATUS["busy"].format(title=self.title, status=status)
            return TurnedAway(words, wait=self._retry_after(answer))
        if code == "rest_upload_hash_mismatch":
            return Unreachable(BY_CODE[code].format(**place))
        if (status >= 500 and code not in PERMANENT) or status == 408:
            return self._lost(BY_STATUS["broken"], write=write)
        # One code may mean a lost login (401) or a role too low (403).
        general = {401: LOGIN, 403: ROLE}.get(status, BY_CODE["other"])
        more = data.get("data")
        term = more.get("term_id") if isinstance(more, dict) else None
        return SiteFault(
            BY_CODE.get(code, general).format(**place), code, term if isinstance(term, int) else None
        )

    def _retry_after(self, answer: Answer) -> float | None:
        """Return the seconds the site asks us to wait, at most a day."""
        text = answer.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return min(float(text), LONGEST_WAIT)
        try:
            until = parsedate_to_datetime(text).astimezone(UTC)
        except ValueError:
            return None
        return min(max(0.0, (until - (self.server_time or self._now())).total_seconds()), LONGEST_WAIT)


class _Anonymous(requests.auth.AuthBase):
    """Keeps requests from taking a password out of a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Basic(requests.auth.HTTPBasicAuth):
    """Sends user and password as UTF-8, where requests would choose Latin-1."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user.encode(), password.encode())
