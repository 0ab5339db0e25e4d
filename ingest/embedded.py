"""Pictures written into a page itself (`data:` addresses, RFC 2397), as Roundcube and pasted pages hold them."""

from __future__ import annotations

import base64
import re

_DATA = re.compile(
    rb"(?i)(?<=[\"'(=\s])data:image/(?P<kind>jpe?g|png|gif|webp|heic|heif|bmp|tiff);base64,(?P<data>[A-Za-z0-9+/=\r\n]{64,})"
)
_MOST = 100


def take_out(page: bytes, number: str) -> tuple[bytes, list[tuple[str, str, bytes]]]:
    """Return a page that points to its pictures by Content-ID, and those: Content-ID, name, bytes.

    `number` is the part's own, so that the Content-IDs of two pages differ.
    """
    found: list[tuple[str, str, bytes]] = []
    kept: list[bytes] = []
    at = 0
    for match in _DATA.finditer(page):
        kept.append(page[at : match.start()])
        at = match.end()
        if len(found) >= _MOST:
            continue
        place = len(found) + 1
        content_id = f"di-dalam-{number}-{place}"
        written = re.sub(rb"[^A-Za-z0-9+/]", b"", match["data"])
        written = written[: len(written) - 1] if len(written) % 4 == 1 else written
        data = base64.b64decode(written + b"=" * (-len(written) % 4))
        kind = match["kind"].decode().lower().replace("jpeg", "jpg")
        found.append((content_id, f"gambar-{place}.{kind}", data))
        kept.append(b"cid:" + content_id.encode())
    return b"".join([*kept, page[at:]]), found
