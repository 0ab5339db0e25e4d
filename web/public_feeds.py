"""What machines read of the public archive: RSS, JSON Feed and site maps. A withdrawn story stays as a tombstone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

import prose
from newsroom import public as rules
from newsroom.dressing import notice_line
from newsroom.models import Revision, Story

NEWEST = 30
NOTICES = 20
IN_PART = 50_000
"""Numbers of stories a site map's part spans: never more addresses than one may hold."""
GONE = "Berita ini telah ditarik"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Whole = Callable[[str], str]


def rss(title: str, whole: Whole) -> str:
    """Return the newest stories and notices as RSS 2.0 with RFC 6721 tombstones."""
    live, dead = _entries()
    items = [_item(one, whole) for one in live]
    items += [_tombstone(story, sealed, whole) for story, sealed in dead]
    home, own = whole(reverse("public_front")), whole(reverse("public_rss"))
    return _xml(
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        f"<channel><title>{escape(title)}</title><link>{escape(home)}</link>"
        f"<description>{escape(f'Berita {title}')}</description><language>id</language>"
        f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(own)}/>'
        f"{''.join(items)}</channel></rss>"
    )


def json_feed(title: str, whole: Whole) -> str:
    """Return the same as JSON Feed 1.1."""
    live, dead = _entries()
    items: list[dict[str, Any]] = [
        {
            "id": one.story.key,
            "url": _address(one.story, whole),
            "title": one.headline,
            "content_html": prose.to_html(one.outfit.text.whole),
            "date_published": _exact(one.story.released_at),
            "date_modified": _exact(one.sealed.at),
            "_redaksi": {
                "withdrawn": False,
                "version": one.sealed.version,
                "notice": notice_line(one.sealed),
            },
        }
        for one in live
    ]
    items += [
        {
            "id": story.key,
            "url": _address(story, whole),
            "title": GONE,
            "content_text": notice_line(sealed) or GONE,
            "date_modified": _exact(sealed.at),
            "_redaksi": {"withdrawn": True, "withdrawn_at": _exact(sealed.at)},
        }
        for story, sealed in dead
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "language": "id",
        "home_page_url": whole(reverse("public_front")),
        "feed_url": whole(reverse("public_feed")),
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)


def parts() -> int:
    """Return how many parts the site map has."""
    last = Story.objects.aggregate(last=Max("pk"))["last"] or 0
    return int(last // IN_PART) + 1


def sitemap(whole: Whole) -> str:
    """Return the site map: itself when there is one part, else an index."""
    count = parts()
    if count == 1:
        return sitemap_part(1, whole)
    rows = (
        f"<sitemap><loc>{escape(whole(reverse('public_sitemap_part', args=[number])))}</loc></sitemap>"
        for number in range(1, count + 1)
    )
    return _xml(
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</sitemapindex>'
    )


def sitemap_part(number: int, whole: Whole) -> str:
    """Return the addresses of the stories whose numbers lie in this part."""
    first = (number - 1) * IN_PART
    stories = rules.readable().filter(pk__gte=first, pk__lt=first + IN_PART).order_by("pk")
    rows = (
        f"<url><loc>{escape(whole(reverse('public_story', args=[key])))}</loc>"
        f"<lastmod>{_exact(at or released)}</lastmod></url>"
        for key, at, released in stories.values_list("key", "sealed_at", "released_at").iterator(5000)
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>')


def _entries() -> tuple[list[rules.Shown], list[tuple[Story, Revision]]]:
    """Return the newest stories, those of the newest notices however old they are, and what was withdrawn."""
    notices = rules.told(NOTICES)
    newest = list(rules.readable()[:NEWEST])
    known = {story.pk for story in newest}
    corrected = {row.story_id for row, is_open in notices if is_open} - known
    live = rules.shown([*newest, *rules.readable().filter(pk__in=corrected)])
    return live, [(row.story, row) for row, is_open in notices if not is_open]


def _item(one: rules.Shown, whole: Whole) -> str:
    body = prose.to_html(one.outfit.text.whole)
    notice = notice_line(one.sealed)
    if notice:
        body = f"<p><strong>{escape(notice)}</strong></p>{body}"
    return (
        f"<item><title>{escape(one.headline)}</title><link>{escape(_address(one.story, whole))}</link>"
        f'<guid isPermaLink="false">{escape(one.story.key)}</guid>'
        f"<pubDate>{format_datetime(one.story.released_at)}</pubDate><description>{escape(body)}</description></item>"
    )


def _tombstone(story: Story, sealed: Revision, whole: Whole) -> str:
    words = notice_line(sealed) or GONE
    key = escape(story.key)
    return (
        f"<item><title>{GONE}</title><link>{escape(_address(story, whole))}</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>{format_datetime(sealed.at)}</pubDate>'
        f"<description>{escape(words)}</description></item>"
        f'<at:deleted-entry ref={quoteattr(story.key)} when="{_exact(sealed.at)}">'
        f"<at:comment>{escape(words)}</at:comment></at:deleted-entry>"
    )


def _address(story: Story, whole: Whole) -> str:
    return whole(reverse("public_story", args=[story.key]))


def _exact(at: datetime | None) -> str:
    return at.astimezone(settings.REDAKSI.office.tz).isoformat(timespec="seconds") if at else ""


def _xml(body: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{NOT_XML.sub("", body)}\n'
