"""What machines read of a static site: feeds, site map, robots.txt, its small icon."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from email.utils import format_datetime
from html import escape
from typing import Any

from publishers.folder_frame import Look
from publishers.folder_record import Record, Row

NOT_XML: dict[int, None] = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""Characters XML cannot carry, for str.translate: one of them and no reader opens the feed."""
IN_FEED = 30
TOLD_IN_FEED = 20
"""Corrections and withdrawals whose stories are in the feed, however old the stories are."""
WITHDRAWN = "Berita ini telah ditarik"


def rss(records: Sequence[Record], look: Look) -> bytes:
    """Draw the RSS feed. Links are absolute when the site's address is known, else relative to the feed.

    A withdrawn story keeps its guid, so that readers who have it replace it; programs find it as a deleted
    entry besides (RFC 6721).
    """
    items = "\n".join(_item(record, look) for record in records)
    graves = "".join(
        f'<at:deleted-entry ref="{escape(record.address)}" when="{look.exact(record.modified_at)}">'
        f"<at:comment>{escape(record.notice)}</at:comment></at:deleted-entry>\n"
        for record in records
        if record.state == "hidden"
    )
    own = f'<atom:link href="{escape(look.url)}rss.xml" rel="self" type="application/rss+xml"/>'
    whole = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(look.title)}</title><link>{escape(look.url) or './'}</link>"
        f"<description>Berita {escape(look.title)}</description><language>id</language>"
        f"{own if look.url else ''}\n{graves}{items}\n</channel></rss>\n"
    )
    return whole.translate(NOT_XML).encode()


def json_feed(records: Sequence[Record], look: Look) -> bytes:
    """Draw the feed as JSON Feed 1.1. Withdrawn stories keep their id and say so under `_redaksi`."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": look.title,
        "language": "id",
        "items": [_json_item(record, look) for record in records],
    }
    if look.url:
        feed |= {"home_page_url": look.url, "feed_url": look.url + "feed.json"}
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def site_map(months: Mapping[str, Sequence[Row]], look: Look) -> bytes:
    """Draw the index of the site maps, one for each month that has stories."""
    lines = "\n".join(
        f"<sitemap><loc>{escape(look.url)}{map_of(month)}</loc>"
        f"<lastmod>{look.exact(max(row.modified_at for row in rows))}</lastmod></sitemap>"
        for month, rows in months.items()
    )
    return _xml(
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</sitemapindex>'
    )


def month_map(rows: Iterable[Row], look: Look) -> bytes:
    """Draw the site map of one month's stories."""
    lines = "\n".join(
        f"<url><loc>{escape(look.url + row.address)}</loc><lastmod>{look.exact(row.modified_at)}</lastmod></url>"
        for row in rows
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</urlset>')


def map_of(month: str) -> str:
    """Return the file of a month's site map; at the site's root, or it could not speak for the whole site."""
    return f"sitemap-{month}.xml"


def robots(look: Look) -> bytes:
    """Draw robots.txt: everything may be read."""
    return (
        f"User-agent: *\nAllow: /\n{f'Sitemap: {look.url}sitemap.xml' if look.url else ''}".strip().encode()
        + b"\n"
    )


def icon(look: Look) -> bytes:
    """Draw the small picture browsers show beside the site's name: its first letter."""
    letter = escape(look.title.strip()[:1].upper())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" '
        'fill="#0b5f62"/><text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" '
        f'text-anchor="middle" fill="#fff">{letter}</text></svg>\n'
    ).encode()


def withdrawn_text(record: Record, look: Look) -> bytes:
    """Say in plain text that a story is withdrawn; its presence tells a web server to answer 410."""
    return f"Ditarik {look.exact(record.modified_at)}\n{record.notice}".strip().encode() + b"\n"


def _item(record: Record, look: Look) -> str:
    live = record.state == "live"
    last = record.notes[-1].text if record.notes else ""
    summary = " ".join(text for text in (last, record.lead) if text)
    photo = record.photos[0] if record.photos and look.url else None
    address = escape(look.url + record.address)
    image = (
        f'<media:content url="{address}{escape(photo.file)}" type="image/jpeg" '
        f'width="{photo.width}" height="{photo.height}"/>'
        if photo
        else ""
    )
    return (
        "<item>"
        f"<title>{escape(record.headline if live else WITHDRAWN)}</title><link>{address}</link>"
        f'<guid isPermaLink="false">{escape(record.address)}</guid>'
        f"<pubDate>{format_datetime(record.published_at.astimezone(look.zone))}</pubDate>"
        f"<description>{escape(summary)}</description>"
        + "".join(f"<category>{escape(name)}</category>" for name in (record.category, *record.tags) if name)
        + f"{image}</item>"
    )


def _json_item(record: Record, look: Look) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": record.address,
        "url": look.url + record.address,
        "date_published": look.exact(record.published_at),
        "date_modified": look.exact(record.modified_at),
    }
    notes = [{"at": look.exact(note.at), "text": note.text} for note in record.notes]
    if record.state == "hidden":
        about = {"withdrawn": True, "withdrawn_at": look.exact(record.modified_at), "notes": notes}
        text = record.notice or f"{WITHDRAWN}."
        return item | {"title": WITHDRAWN, "content_text": text, "_redaksi": about}
    item |= {"title": record.headline, "content_html": record.html, "summary": record.lead, "language": "id"}
    if record.byline:
        item["authors"] = [{"name": record.byline}]
    if record.photos:
        first = record.photos[0].file
        item["image"] = look.url + record.address + first
    if record.category or record.tags:
        item["tags"] = [name for name in (record.category, *record.tags) if name]
    return item | {"_redaksi": {"withdrawn": False, "notes": notes}}


def _xml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.translate(NOT_XML).encode()
