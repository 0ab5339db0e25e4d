"""Links to files that lie elsewhere. They are shown to the editors; nothing is ever fetched."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_HOSTS = (
    "drive.google.com",
    "docs.google.com",
    "photos.google.com",
    "photos.app.goo.gl",
    "1drv.ms",
    "onedrive.live.com",
    "sharepoint.com",
    "dropbox.com",
    "db.tt",
    "wetransfer.com",
    "we.tl",
    "icloud.com",
    "terabox.com",
    "1024terabox.com",
    "mega.nz",
    "mediafire.com",
    "box.com",
    "drive.infomaniak.com",
    "pcloud.link",
    "sendgb.com",
)
_LINK = re.compile(r"https?://[^\s<>\"'()\[\]\\]{4,2000}", re.IGNORECASE)
_REDIRECTS = {"google.com": "q", "safelinks.protection.outlook.com": "url"}
_MOST = 50


def shared(text: str) -> tuple[str, ...]:
    """Return the links of a text to shared files and folders, each once, without tracking redirects."""
    found = (unwrapped(match[0].rstrip(".,;:!?*_")) for match in _LINK.finditer(text))
    return tuple(dict.fromkeys(link for link in found if _is_of(link, _HOSTS)))[:_MOST]


def unwrapped(link: str) -> str:
    """Return where a tracking redirect leads, by what its own address says."""
    for _ in range(3):
        name = next((key for host, key in _REDIRECTS.items() if _is_of(link, (host,))), "")
        try:
            target = parse_qs(urlsplit(link).query).get(name, [""])[0] if name else ""
        except ValueError:
            return link
        if not target.startswith(("http://", "https://")):
            return link
        link = target
    return link


def _is_of(link: str, hosts: tuple[str, ...]) -> bool:
    try:
        name = (urlsplit(link).hostname or "").lower()
    except ValueError:
        return False
    return any(name == host or name.endswith("." + host) for host in hosts)
