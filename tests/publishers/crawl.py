"""Walking through a static site as it lies on disk, without a web server."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r'\b(?:href|src)="([^"]*)"|\bsrcset="([^"]*)"')


def links(page: str) -> list[str]:
    """Return what a page leads to or shows, fragments left out."""
    found = []
    for link, srcset in LINK.findall(page):
        found += [part.split()[0] for part in srcset.split(",") if part.strip()] or [link]
    return [unescape(link).partition("#")[0] for link in found]


def walk(root: Path, start: str = "index.html") -> tuple[set[str], list[str]]:
    """Return every file reached from the page `start`, and the links that lead to no file."""
    seen: set[str] = set()
    dangling: list[str] = []
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if not name.endswith(".html"):
            continue
        for link in links((root / name).read_text()):
            if not link or re.match(r"[a-z]+:", link):
                continue
            target = (root / name).parent.joinpath(unquote(link)).resolve()
            if target.is_relative_to(root.resolve()) and target.is_file():
                waiting.append(target.relative_to(root.resolve()).as_posix())
            else:
                dangling.append(f"{name}: {link}")
    return seen, dangling
