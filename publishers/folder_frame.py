"""What all pages of a static site share: their look, their head, the furniture around them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from prose.dates import MONTHS, long_date, moment
from publishers.folder_record import Row
from publishers.folder_theme import Theme, fill

DRAWN = 1
"""Raise it when pages are drawn differently: the pages of standing sites are then drawn anew."""
POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
MENU = (("Terbaru", "index.html"), ("Kategori", "kategori/index.html"), ("Arsip", "arsip/index.html"))
FOOT = (
    ("Ralat dan penarikan", "ralat/index.html"),
    ("Arsip berita", "arsip/index.html"),
    ("RSS", "rss.xml"),
    ("JSON Feed", "feed.json"),
)
ALONE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:36rem;"
    "margin:15vh auto;padding:0 1.25rem}h1{line-height:1.2}"
)


@dataclass(frozen=True)
class Look:
    """What all pages of one site share."""

    title: str
    zone: ZoneInfo
    url: str = ""
    """The public address with a closing slash, empty when not given."""
    theme: Theme = field(default_factory=Theme)

    @property
    def digest(self) -> str:
        """Another one means that pages drawn before look different."""
        facts = (DRAWN, self.title, self.zone.key, self.url, self.theme.digest)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]

    def day(self, when: datetime) -> str:
        """Return `Jumat, 20 November 2026` in the site's zone."""
        return long_date(when.astimezone(self.zone))

    def time(self, when: datetime) -> str:
        """Return a <time> element reading `Jumat, 20 November 2026 pukul 14.05 WIB`."""
        return f'<time datetime="{self.exact(when)}">{moment(when, self.zone)}</time>'

    def exact(self, when: datetime) -> str:
        """Return the moment as machines read it, with the site's offset."""
        return when.astimezone(self.zone).isoformat(timespec="seconds")

    def month(self, row: Row) -> str:
        """Return the month a story belongs to in the archive, as `2026-11`."""
        return self.month_of(row.published_at)

    def month_of(self, when: datetime) -> str:
        local = when.astimezone(self.zone)
        return f"{local.year:04}-{local.month:02}"


def month_name(month: str) -> str:
    """Return `November 2026` for `2026-11`."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def up_from(path: str) -> str:
    """Return the way from the page at `path` to the site's root, with a closing slash."""
    return "../" * path.count("/") or "./"


def page(path: str, title: str, body: Sequence[str], look: Look, *, meta: Sequence[str] = ()) -> bytes:
    """Draw the page that lies at `path`. Links name their file, so that they work without a web server too."""
    root = up_from(path)
    whole = f"{escape(title)} | {escape(look.title)}" if title else escape(look.title)
    address = look.url + path.removesuffix("index.html")
    # The policy is a second lock: even if a script came through the sanitiser, no browser would run it.
    lines = [
        "<!doctype html>",
        '<html lang="id">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="strict-origin-when-cross-origin">',
        f"<title>{whole}</title>",
        f'<link rel="canonical" href="{escape(address)}">' if look.url else "",
        *meta,
        f'<link rel="stylesheet" href="{root}gaya.css">',
        f'<link rel="icon" type="image/svg+xml" href="{root}ikon.svg">',
        f'<link rel="alternate" type="application/rss+xml" title="{escape(look.title)}" href="{root}rss.xml">',
        f'<link rel="alternate" type="application/feed+json" title="{escape(look.title)}" href="{root}feed.json">',
        "</head>",
        "<body>",
        '<a class="lompat" href="#isi">Langsung ke isi</a>',
        f'<header class="situs">{_header(path, look)}</header>',
        '<main id="isi" tabindex="-1">',
        *body,
        "</main>",
        f'<footer class="situs">{_footer(path, look)}</footer>',
        "</body>",
        "</html>",
    ]
    return ("\n".join(line for line in lines if line) + "\n").encode()


def lone_page(title: str, sentence: str, look: Look, target: str = "", name: str = "Halaman depan") -> bytes:
    """Draw a page that a web server may show at any address: it needs no other file.

    It leads to `target`, relative to the site's root, where the site's address is known.
    """
    digest = base64.b64encode(hashlib.sha256(ALONE.encode()).digest()).decode()
    way = f'<p><a href="{escape(look.url + target)}">{name}</a></p>' if look.url else ""
    lines = [
        "<!doctype html>",
        '<html lang="id">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        f"<title>{title} | {escape(look.title)}</title>",
        f"<style>{ALONE}</style>",
        "</head>",
        f"<body><main><p>{escape(look.title)}</p><h1>{title}</h1><p>{sentence}</p>{way}</main></body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _header(path: str, look: Look) -> str:
    values = _values(path, look)
    if look.theme.header:
        return fill(look.theme.header, values)
    return fill(
        '<div><a class="nama" href="{{akar}}index.html">{{logo}}{{nama}}</a>{{menu}}</div>',
        values,
    )


def _footer(path: str, look: Look) -> str:
    values = _values(path, look)
    own = fill(look.theme.footer, values) if look.theme.footer else ""
    # The log of corrections is a promise to readers: no theme takes the way to it away.
    return f"{own}<div><p>{values['nama']}</p>{_nav('Kaki', FOOT, path, values['akar'])}</div>"


def _values(path: str, look: Look) -> dict[str, str]:
    root = up_from(path)
    logo = f'<img class="logo" src="{root}tema/{look.theme.logo}" alt="">' if look.theme.logo else ""
    return {"nama": escape(look.title), "akar": root, "menu": _nav("Situs", MENU, path, root), "logo": logo}


def _nav(label: str, entries: Sequence[tuple[str, str]], path: str, root: str) -> str:
    links = " ".join(
        f'<a href="{root}{target}"{" aria-current=page" if target == path else ""}>{name}</a>'
        for name, target in entries
    )
    return f'<nav aria-label="{label}">{links}</nav>'
