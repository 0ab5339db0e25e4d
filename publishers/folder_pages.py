"""The pages of a static site, drawn from its records. Links are relative, so any prefix will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from prose.dates import MONTHS, long_date, moment
from publishers.captions import credit_line
from publishers.folder_record import Photo, Record

NOT_XML: dict[int, None] = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""Characters XML cannot carry, for str.translate: one of them and no reader opens the feed."""
ON_FRONT = 13
IN_FEED = 30


@dataclass(frozen=True)
class Look:
    """What all pages of one site share."""

    title: str
    zone: ZoneInfo
    url: str = ""
    """The public address with a closing slash, empty when not given."""

    def day(self, when: datetime) -> str:
        """Return `Jumat, 20 November 2026` in the site's zone."""
        return long_date(when.astimezone(self.zone))

    def time(self, when: datetime) -> str:
        """Return a <time> element reading `Jumat, 20 November 2026 pukul 14.05 WIB`."""
        exact = when.astimezone(self.zone).isoformat(timespec="seconds")
        return f'<time datetime="{exact}">{moment(when, self.zone)}</time>'

    def month(self, record: Record) -> str:
        """Return the month a story belongs to in the archive, as `2026-11`."""
        return f"{record.published_at.astimezone(self.zone):%Y-%m}"


def month_name(month: str) -> str:
    """Return `November 2026` for `2026-11`."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def story_page(record: Record, look: Look) -> bytes:
    """Draw one live story."""
    meta = [f'<meta name="description" content="{escape(record.lead[:300])}">', *_open_graph(record, look)]
    first, rest = record.photos[:1], record.photos[1:]
    body = [
        "<article>",
        '<header class="kepala-berita">',
        f'<p class="rubrik">{escape(record.category)}</p>' if record.category else "",
        f"<h1>{escape(record.headline)}</h1>",
        f'<p class="keterangan">{_byline(record)}{look.time(record.published_at)}</p>',
        _notice(record, look),
        "</header>",
        *(_figure(photo, "foto-utama", eager=True) for photo in first),
        f'<div class="naskah">\n{record.html}\n</div>',
        _gallery(rest),
        _tags(record),
        "</article>",
    ]
    return _page(record.headline, body, look, up=record.address.count("/"), meta=meta)


def tombstone_page(record: Record, look: Look) -> bytes:
    """Draw what stands at a retracted story's address: the reason and the date, nothing of the story."""
    body = [
        '<article class="ditarik">',
        "<h1>Berita ini telah ditarik</h1>",
        f'<p class="keterangan">Ditarik {look.time(record.modified_at)}</p>',
        f"<p>{escape(record.notice)}</p>" if record.notice else "",
        "<p>Naskah dan foto tidak lagi tersedia di situs ini.</p>",
        "</article>",
    ]
    meta = ['<meta name="robots" content="noindex">']
    return _page("Berita ditarik", body, look, up=record.address.count("/"), meta=meta)


def front_page(live: Sequence[Record], look: Look) -> bytes:
    """Draw the front page from the live stories, newest first."""
    shown = live[:ON_FRONT]
    if not shown:
        body = ['<p class="kosong">Belum ada berita. Berita yang tayang akan muncul di sini.</p>']
    else:
        cards = "\n".join(_card(record, look) for record in shown[1:])
        body = [
            f'<h1 class="tersembunyi">{escape(look.title)}: berita terbaru</h1>',
            f'<div class="utama">{_card(shown[0], look, lead=True)}</div>',
            f'<div class="kisi">\n{cards}\n</div>' if cards else "",
            '<p class="lagi"><a href="arsip/">Semua berita</a></p>' if len(live) > len(shown) else "",
        ]
    return _page("", body, look, up=0)


def archive_page(live: Sequence[Record], look: Look) -> bytes:
    """Draw the list of months that have stories."""
    counts = Counter(look.month(record) for record in live)
    rows = [
        f'<li><a href="{month}/">{month_name(month)}</a> <span>{count} berita</span></li>'
        for month, count in sorted(counts.items(), reverse=True)
    ]
    body = ["<h1>Arsip berita</h1>", f'<ul class="bulan">{"".join(rows)}</ul>']
    if not rows:
        body = ["<h1>Arsip berita</h1>", '<p class="kosong">Belum ada berita.</p>']
    return _page("Arsip berita", body, look, up=1)


def month_page(month: str, live: Sequence[Record], look: Look) -> bytes:
    """Draw one month of the archive; `live` may hold other months too."""
    rows = [
        f'<li><a href="../../{escape(record.address)}">{escape(record.headline)}</a> '
        f"<span>{look.day(record.published_at)}</span></li>"
        for record in live
        if look.month(record) == month
    ]
    body = [
        f"<h1>{month_name(month)}</h1>",
        f'<ul class="daftar">{"".join(rows)}</ul>' if rows else '<p class="kosong">Tidak ada berita.</p>',
        '<p class="lagi"><a href="../">Bulan lain</a></p>',
    ]
    return _page(f"Arsip {month_name(month)}", body, look, up=2)


def feed(live: Sequence[Record], look: Look) -> bytes:
    """Draw the RSS feed. Links are absolute when the site's address is known, else relative to the feed."""
    items = []
    for record in live[:IN_FEED]:
        summary = " ".join(text for text in (record.notice, record.lead) if text)
        photo = record.photos[0] if record.photos and look.url else None
        address = escape(look.url + record.address)
        items.append(
            "<item>"
            f"<title>{escape(record.headline)}</title><link>{address}</link>"
            f'<guid isPermaLink="false">{escape(record.address)}</guid>'
            f"<pubDate>{format_datetime(record.published_at.astimezone(look.zone))}</pubDate>"
            f"<description>{escape(summary)}</description>"
            + (f"<category>{escape(record.category)}</category>" if record.category else "")
            + (
                f'<media:content url="{address}{escape(photo.file)}" type="image/jpeg" '
                f'width="{photo.width}" height="{photo.height}"/>'
                if photo
                else ""
            )
            + "</item>"
        )
    own = f'<atom:link href="{escape(look.url)}rss.xml" rel="self" type="application/rss+xml"/>'
    whole = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(look.title)}</title><link>{escape(look.url) or './'}</link>"
        f"<description>Berita {escape(look.title)}</description><language>id</language>"
        f"{own if look.url else ''}\n" + "\n".join(items) + "\n</channel></rss>\n"
    )
    return whole.translate(NOT_XML).encode()


def icon(look: Look) -> bytes:
    """Draw the small picture browsers show beside the site's name: its first letter."""
    letter = escape(look.title.strip()[:1].upper())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" '
        'fill="#0b5f62"/><text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" '
        f'text-anchor="middle" fill="#fff">{letter}</text></svg>\n'
    ).encode()


def _page(title: str, body: Sequence[str], look: Look, *, up: int, meta: Sequence[str] = ()) -> bytes:
    """Wrap a page's body; `up` is how many folders it lies below the site's root."""
    root = "../" * up or "./"
    whole = f"{escape(title)} | {escape(look.title)}" if title else escape(look.title)
    # The policy is a second lock: even if a script came through the sanitiser, no browser would run it.
    lines = [
        "<!doctype html>",
        '<html lang="id">',
        "<head>",
        '<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self'; "
        "style-src 'self'; base-uri 'none'; form-action 'none'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{whole}</title>",
        *meta,
        f'<link rel="stylesheet" href="{root}gaya.css">',
        f'<link rel="icon" type="image/svg+xml" href="{root}ikon.svg">',
        f'<link rel="alternate" type="application/rss+xml" title="{escape(look.title)}" href="{root}rss.xml">',
        "</head>",
        "<body>",
        '<a class="lompat" href="#isi">Langsung ke isi</a>',
        '<header class="situs"><div>',
        f'<a class="nama" href="{root}">{escape(look.title)}</a>',
        f'<nav aria-label="Situs"><a href="{root}">Terbaru</a> <a href="{root}arsip/">Arsip</a></nav>',
        "</div></header>",
        '<main id="isi">',
        *(line for line in body if line),
        "</main>",
        '<footer class="situs"><div>',
        f"<p>{escape(look.title)}</p>",
        f'<nav aria-label="Kaki"><a href="{root}arsip/">Arsip berita</a> <a href="{root}rss.xml">RSS</a></nav>',
        "</div></footer>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _open_graph(record: Record, look: Look) -> list[str]:
    facts = {
        "og:type": "article",
        "og:site_name": look.title,
        "og:title": record.headline,
        "og:description": record.lead[:300],
        "article:published_time": record.published_at.astimezone(look.zone).isoformat(timespec="seconds"),
    }
    links = []
    if look.url:
        facts["og:url"] = look.url + record.address
        links.append(f'<link rel="canonical" href="{escape(look.url + record.address)}">')
        if record.photos:
            facts["og:image"] = look.url + record.address + record.photos[0].file
    return links + [f'<meta property="{name}" content="{escape(text)}">' for name, text in facts.items()]


def _byline(record: Record) -> str:
    return f'<span class="penulis">{escape(record.byline)}</span> ' if record.byline else ""


def _notice(record: Record, look: Look) -> str:
    if not record.notice:
        return ""
    return (
        f'<aside class="ralat" aria-label="Catatan perbaikan"><p>{escape(record.notice)}</p>'
        f"<p>Diperbarui {look.time(record.modified_at)}</p></aside>"
    )


def _image(photo: Photo, folder: str, sizes: str, *, eager: bool) -> str:
    full, small = escape(folder + photo.file), escape(folder + photo.small)
    srcset = "" if small == full else f' srcset="{small} {photo.small_width}w, {full} {photo.width}w"'
    return (
        f'<img src="{full}"{srcset} sizes="{sizes}" alt="{escape(photo.alt)}" '
        f'width="{photo.width}" height="{photo.height}"{"" if eager else " loading=lazy"}>'
    )


def _figure(photo: Photo, kind: str, *, eager: bool = False) -> str:
    sizes = "(min-width: 45rem) 43rem, 100vw" if eager else "(min-width: 45rem) 21rem, 100vw"
    credit = credit_line(photo.credit)
    words = [
        f"<span>{escape(photo.caption)}</span>" if photo.caption else "",
        f'<span class="kredit">{escape(credit)}</span>' if credit else "",
    ]
    caption = " ".join(word for word in words if word)
    return (
        f'<figure class="{kind}"><a href="{escape(photo.file)}">{_image(photo, "", sizes, eager=eager)}</a>'
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + "</figure>"
    )


def _gallery(photos: Sequence[Photo]) -> str:
    if not photos:
        return ""
    figures = "\n".join(_figure(photo, "foto") for photo in photos)
    return f'<section class="galeri" aria-label="Foto lainnya">\n{figures}\n</section>'


def _tags(record: Record) -> str:
    if not record.tags:
        return ""
    return f'<ul class="tanda">{"".join(f"<li>{escape(tag)}</li>" for tag in record.tags)}</ul>'


def _card(record: Record, look: Look, *, lead: bool = False) -> str:
    sizes = (
        "(min-width: 60rem) 36rem, 100vw"
        if lead
        else "(min-width: 60rem) 20rem, (min-width: 40rem) 50vw, 100vw"
    )
    address = escape(record.address)
    image = (
        f'<a class="gambar" href="{address}" tabindex="-1" aria-hidden="true">'
        f"{_image(record.photos[0], record.address, sizes, eager=lead)}</a>"
        if record.photos
        else ""
    )
    return (
        f'<article class="kartu{"" if image else " tanpa-foto"}">{image}<div>'
        + (f'<p class="rubrik">{escape(record.category)}</p>' if record.category else "")
        + f'<h2><a href="{address}">{escape(record.headline)}</a></h2>'
        + (f'<p class="lead">{escape(record.lead)}</p>' if record.lead else "")
        + f'<p class="keterangan">{look.time(record.published_at)}</p></div></article>'
    )
