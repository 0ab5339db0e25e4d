"""What travels to browsers: our own files under names that change with their content, and texts compressed."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

NAMED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
TEXTS = (
    *("text/html", "text/css", "text/javascript", "text/plain", "text/csv", "application/javascript"),
    *("application/json", "application/rss+xml", "image/svg+xml"),
)
"""Photos, archives and Word files are compressed already."""


@lru_cache
def named(name: str) -> str:
    """Return a static file's name with twelve digits of its SHA-256 in it; as it is when there is no such file."""
    found = finders.find(name)
    stem, dot, suffix = name.rpartition(".")
    if not found or not dot:
        return name
    return f"{stem}.{hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]}.{suffix}"


class NamedFiles(StaticFilesStorage):  # type: ignore[misc]
    """`{% static %}` asks for a file by its content: a new release is seen at once, an old one is never asked for."""

    def url(self, name: str | None) -> str:
        return str(super().url(named(name) if name else name))


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Answers to both names; under the one made of its content a browser keeps a file for good."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        by_content = self.static_prefix + named(url.removeprefix(self.static_prefix))
        super().add_file_to_dictionary(by_content, path, stat_cache=stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        return NAMED.search(url) is not None


class CompressedTexts(GZipMiddleware):  # type: ignore[misc]
    """Texts travel compressed, each padded with a random length so that it tells nothing of secrets in it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind not in TEXTS or response.has_header("Content-Range"):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
