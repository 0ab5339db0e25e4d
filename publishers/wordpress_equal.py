"""Whether a WordPress holds what was sent to it. Sites re-space and re-escape, so bytes cannot tell."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from publishers.wordpress_markup import words
from publishers.wordpress_objects import RemotePost


def sum_of(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


def text_sum(stored: RemotePost) -> str:
    """Sum what the site stored, not what was sent: sites re-space and re-escape."""
    return hashlib.sha256(stored.content.raw.encode()).hexdigest()


def differences(stored: RemotePost, payload: dict[str, Any]) -> list[str]:
    """Name what the site does not hold as sent. Words are compared, not bytes; terms it added are its own.

    The marker in the text carries a sum of all the rest, so a text with it is of this very sending.
    """
    mark = payload["content"][payload["content"].rindex("<!-- r") :].partition(" -->")[0]
    checks = {
        "judul": words(stored.title.raw) == words(payload["title"]),
        "naskah": mark in stored.content.raw and words(stored.content.raw) == words(payload["content"]),
        "foto utama": payload["featured_media"] in (0, stored.featured_media),
        "tag": set(payload["tags"]) <= set(stored.tags),
        "kategori": set(payload.get("categories", ())) <= set(stored.categories),
    }
    return [name for name, same in checks.items() if not same]
