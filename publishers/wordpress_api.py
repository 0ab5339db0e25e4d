"""Talking to one WordPress: one request at a time, each answer judged by what it proves."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Callable, Mapping
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
from publishers.base import PublishError, Refused, SiteAway, SiteRefused, Unanswered, Unreachable
from publishers.wordpress_memory import Memory
from publishers.wordpress_objects import Media, fields_of
from publishers.wordpress_wire import Answer as Answer
from publishers.wordpress_wire import Wire
from publishers.wordpress_words import BY_CODE, BY_STATUS, LOGIN, ROLE

Thing = TypeVar("Thing", bound=BaseModel)
LONGEST_WAIT = 86_400.0
PLAIN = "/?rest_route="
"""How the API is reached on sites without pretty permalinks."""
PERMANENT = ("rest_upload_unknown_error", "rest_upload_sideload_error", "db_insert_error", "db_update_error")
"""Codes that come with status 500 and yet say that nothing was kept."""
TOO_LARGE = (
    "rest_upload_no_content_disposition",  # PHP threw a body beyond post_max_size away
    "rest_upload_file_too_big",
    "rest_upload_unknown_error",  # beyond upload_max_filesize
)
SHUT_OUT = ("rest_no_route", "rest_cannot_publish", "rest_cannot_create", "application_passwords_disabled")
"""Codes that every story would meet, as it would any answer 401: our login, our role or the interface is gone."""


class SiteFault(Refused):
    """WordPress itself said no, with a code. What was asked for has not happened."""

    def __init__(self, sentence: str, code: str, term: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.term = term
        """The number of the term that is there already, with `term_exists`."""


class ShutOut(SiteFault, SiteRefused):
    """WordPress says no to us, whatever the story."""


class TurnedAway(Unreachable):
    """Something before WordPress answered. Probably nothing was executed, so the intent still stands."""


class Busy(TurnedAway, SiteAway):
    """The site is under maintenance or has had enough requests, whatever the story."""


class TooLarge(Refused):
    """A server refused a body for its size. What was asked for has not happened."""


class HalfMade(Unanswered):
    """An upload ended in an error, but the site named the attachment it had begun (`number`)."""

    def __init__(self, sentence: str, number: int, wait: float | None) -> None:
        super().__init__(sentence, wait=wait)
        self.number = number


class Api:
    """The REST API of one site. Each call is one request, never repeated."""

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
        self.memory = Memory(now)
        self._wire = Wire(timeout)

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
                self.memory.keep("root", root)
                return dict(data)
            answers.append(answer)
        if answers[0].status >= 300 and answers[0].status != 404:
            self._judge(answers[0], write=False)
        raise SiteRefused(BY_STATUS["no_rest"].format(title=self.title, url=self.url))

    def one(self, kind: type[Thing], route: str) -> Thing:
        """Read one thing; signed in and with context=edit, so that lost rights show as an error."""
        query = {"context": "edit", **fields_of(kind)}
        return self._fits(kind, self._call("GET", route, query, write=False), write=False)

    def many(self, kind: type[Thing], route: str, **params: Any) -> list[Thing]:
        """Read a list, at most 100; signed in and with context=edit, so that nothing is silently left out.

        Only names of terms are read with `context="view"`: an Author may not edit terms.
        """
        query = {"context": "edit", "per_page": 100, **fields_of(kind), **params}
        data = self._call("GET", route, query, write=False)
        if not isinstance(data, list):
            raise self._lost(BY_STATUS["garbage"], write=False)
        return [self._fits(kind, item, write=False) for item in data]

    def post(self, kind: type[Thing], route: str, body: Mapping[str, Any]) -> Thing:
        """Write `body` as JSON. Only an answer that names what was written is believed."""
        query = {"context": "edit", **fields_of(kind)}
        data = self._call("POST", route, query, write=True, json=body)
        return self._fits(kind, data, write=True)

    def upload(self, data: bytes, filename: str, **params: Any) -> Media:
        """Send a JPEG's bytes as they are; the site compares them with their sum before keeping them.

        Raises TooLarge, and HalfMade when the site has begun an attachment and not told all of it.
        """
        headers = {
            "Content-Type": "image/jpeg",
            "Content-Disposition": f'attachment; filename="{filename}"',
            # Hexadecimal: WordPress refuses the base64 form of RFC 1864.
            "Content-MD5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        query = {"context": "edit", **fields_of(Media), **params}
        answer = self._send("POST", "/wp/v2/media", query, write=True, data=data, headers=headers)
        try:
            return self._fits(Media, self._judged(answer, write=True), write=True)
        except Unanswered as error:
            number = answer.headers.get("X-WP-Upload-Attachment-ID", "")
            if not number.isdecimal():
                raise
            raise HalfMade(str(error), int(number), error.wait) from error
        except SiteFault as fault:
            if fault.code in TOO_LARGE:
                raise TooLarge(str(fault)) from fault
            raise

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
        return self._judged(self._send(method, route, params, write=write, **more), write=write)

    def _send(self, method: str, route: str, params: dict[str, Any], *, write: bool, **more: Any) -> Answer:
        root = self.memory.recall("root", self._find)
        return self._request(method, root, route, params, write=write, **more)

    def _find(self) -> str:
        self.index()
        return self._root

    def _judged(self, answer: Answer, *, write: bool) -> Any:
        try:
            return self._judge(answer, write=write)
        except Refused:
            self.memory.clear()
            raise

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
        sent = {"Accept": "application/json", "User-Agent": "Redaksi", **(headers or {})}
        auth = (self._user, self._secret()) if signed else None
        if root.endswith(PLAIN):
            root, params, route = root.removesuffix(PLAIN) + "/", {"rest_route": route, **params}, ""
        try:
            answer = self._wire.send(method, root + route, params=params, headers=sent, auth=auth, **more)
        except (requests.RequestException, HTTPError) as error:
            raise self._failed(error, write=write) from error
        self._keep_time(answer)
        return answer

    def _secret(self) -> str:
        try:
            return self._password()
        except SettingsError as error:
            raise SiteRefused(f"Situs {self.title}: {error}") from error

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
            return SiteAway(BY_STATUS["dns"].format(**place))
        if isinstance(reason, SSLError) and isinstance(reason.args[0], ssl.SSLCertVerificationError):
            return SiteAway(BY_STATUS["certificate"].format(**place))
        if isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError):
            return SiteAway(BY_STATUS["down"].format(**place))
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
            raise SiteRefused(BY_STATUS["redirect"].format(title=self.title, url=self.url, target=target))
        if isinstance(data, dict) and isinstance(data.get("code"), str):
            raise self._fault(answer, data, write=write)
        raise self._front(answer, write=write)

    def _front(self, answer: Answer, *, write: bool) -> PublishError:
        """Say what an answer means that WordPress' REST API did not write."""
        status = answer.status
        place = {"title": self.title, "url": self.url, "status": status}
        if status in (429, 503):
            return Busy(BY_STATUS["busy"].format(**place), wait=self._retry_after(answer))
        if status in (403, 406):
            # Walls turn away words, too: it may be this story alone.
            return TurnedAway(BY_STATUS["wall"].format(**place), wait=self._retry_after(answer))
        if status == 401:
            return SiteRefused(BY_STATUS["front_login"].format(**place))
        if status == 413:
            return TooLarge(BY_STATUS["413"].format(**place))
        # WordPress' own error whose text was damaged on its way is no page of the server's.
        damaged = "application/json" in answer.headers.get("Content-Type", "") and answer.json is None
        if 400 <= status < 500 and status != 408 and not damaged:
            return Refused(BY_STATUS.get(str(status), BY_STATUS["refused"]).format(**place))
        return self._lost(BY_STATUS["garbage" if status < 500 else "broken"], write=write)

    def _fault(self, answer: Answer, data: dict[str, Any], *, write: bool) -> PublishError:
        """Say what WordPress' own error means. Its message is in the site's language: look at the code."""
        code, status = data["code"], answer.status
        said = " ".join(unescape(re.sub(r"<[^>]*>", " ", str(data.get("message", "")))).split())[:200]
        place = {"title": self.title, "code": code[:80], "said": said}
        if status in (429, 503):
            words = BY_STATUS["busy"].format(title=self.title, status=status)
            return Busy(words, wait=self._retry_after(answer))
        if code == "rest_upload_hash_mismatch":
            return Unreachable(BY_CODE[code].format(**place))
        if (status >= 500 and code not in PERMANENT) or status == 408:
            return self._lost(BY_STATUS["broken"], write=write)
        # One code may mean a lost login (401) or a role too low (403).
        general = {401: LOGIN, 403: ROLE}.get(status, BY_CODE["other"])
        more = data.get("data")
        term = more.get("term_id") if isinstance(more, dict) else None
        kind = ShutOut if status == 401 or code in SHUT_OUT else SiteFault
        return kind(BY_CODE.get(code, general).format(**place), code, term if isinstance(term, int) else None)

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
