"""The pages of a static site that tell a story: its own, what stands for it once withdrawn, the front page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from publishers.captions import credit_line
from publishers.folder_frame import Look, page, up_from
from publishers.folder_record import Photo, PublicNote, Record, slug_of

ON_FRONT = 13
TIMED = re.compile(r"[^(:]{1,40}\([^()]*\d\d\.\d\d WI(?:B|TA|T)\):")
"""How a note begins that says its time itself."""


def story_page(record: Record, look: Look) -> bytes:
    """Draw one live story."""
    meta = [
        f'<meta name="description" content="{escape(record.lead[:300])}">',
        *_previews(record, look),
        _linked_data(record, look),
    ]
    first, rest = record.photos[:1], record.photos[1:]
    root = up_from(record.page)
    body = [
        "<article>",
        '<header class="kepala-berita">',
        _category(record, root),
        f"<h1>{escape(record.headline)}</h1>",
        f'<p class="keterangan">{_byline(record)}{look.time(record.published_at)}</p>',
        _notes(record.notes, look, root),
        "</header>",
        *(_figure(photo, "foto-utama", eager=True) for photo in first),
        f'<div class="naskah">\n{record.html}\n</div>',
        _gallery(rest),
        _tags(record, root),
        "</article>",
    ]
    return page(record.page, record.headline, body, look, meta=meta)


def tombstone_page(record: Record, look: Look) -> bytes:
    """Draw what stands at a retracted story's address: the reason and the date, nothing of the story."""
    reason = record.notice or "Alasan penarikan akan diumumkan di halaman ini."
    body = [
        '<article class="ditarik">',
        "<h1>Berita ini telah ditarik</h1>",
        f'<p class="keterangan">Ditarik {look.time(record.modified_at)}</p>',
        f'<p class="alasan">{escape(reason)}</p>',
        "<p>Naskah dan foto tidak lagi tersedia di situs ini.</p>",
        f'<p class="lagi"><a href="{up_from(record.page)}ralat/index.html">Semua ralat dan penarikan</a></p>',
        "</article>",
    ]
    meta = ['<meta name="robots" content="noindex">']
    return page(record.page, "Berita ditarik", body, look, meta=meta)


def front_page(shown: Sequence[Record], look: Look, older: str) -> bytes:
    """Draw the front page from the newest live stories; `older` is the page that goes on, if there is one."""
    if not shown:
        body = [
            f'<h1 class="tersembunyi">{escape(look.title)}</h1>',
            '<p class="kosong">Belum ada berita. Berita yang tayang akan muncul di sini.</p>',
        ]
    else:
        cards = "\n".join(_card(record, look) for record in shown[1:])
        body = [
            f'<h1 class="tersembunyi">{escape(look.title)}: berita terbaru</h1>',
            f'<div class="utama">{_card(shown[0], look, lead=True)}</div>',
            f'<div class="kisi">\n{cards}\n</div>' if cards else "",
            f'<p class="lagi"><a href="{older}">Semua berita</a></p>' if older else "",
        ]
    meta = [
        f'<meta name="description" content="Berita {escape(look.title)}">',
        f'<meta property="og:title" content="{escape(look.title)}">',
        '<meta property="og:type" content="website">',
    ]
    return page("index.html", "", body, look, meta=meta)


def _previews(record: Record, look: Look) -> list[str]:
    """Return what messengers and social media show of a link."""
    photo = record.photos[0] if record.photos and look.url else None
    facts = {
        "og:type": "article",
        "og:locale": "id_ID",
        "og:site_name": look.title,
        "og:title": record.headline,
        "og:description": record.lead[:300],
        "og:url": look.url + record.address if look.url else "",
        "article:published_time": look.exact(record.published_at),
        "article:modified_time": look.exact(record.modified_at),
        "article:section": record.category,
    }
    if photo:
        facts |= {
            "og:image": look.url + record.address + photo.file,
            "og:image:width": str(photo.width),
            "og:image:height": str(photo.height),
            "og:image:alt": photo.alt,
        }
    card = "summary_large_image" if photo else "summary"
    return [
        *(f'<meta property="{name}" content="{escape(text)}">' for name, text in facts.items() if text),
        *(f'<meta property="article:tag" content="{escape(tag)}">' for tag in record.tags),
        f'<meta name="twitter:card" content="{card}">',
    ]


def _linked_data(record: Record, look: Look) -> str:
    """Return the story for search engines: a block of data, which no browser runs."""
    publisher = {"@type": "NewsMediaOrganization", "name": look.title}
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": record.headline,
        "description": record.lead[:300],
        "inLanguage": "id",
        "datePublished": look.exact(record.published_at),
        "dateModified": look.exact(record.modified_at),
        "publisher": publisher | ({"url": look.url} if look.url else {}),
        "author": {"@type": "Organization", "name": record.byline or look.title},
    }
    if record.category:
        facts["articleSection"] = record.category
    if record.tags:
        facts["keywords"] = list(record.tags)
    if look.url:
        facts["mainEntityOfPage"] = look.url + record.address
        facts["image"] = [look.url + record.address + photo.file for photo in record.photos]
        facts["publisher"]["correctionsPolicy"] = look.url + "ralat/"
    if record.notes:
        facts["correction"] = [
            {"@type": "CorrectionComment", "text": note.text, "datePublished": look.exact(note.at)}
            for note in record.notes
        ]
    # Nothing that could end the element or begin a comment is left in it.
    words = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        words = words.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{words}</script>'


def _category(record: Record, root: str) -> str:
    if not record.category:
        return ""
    target = f"{root}kategori/{slug_of(record.category)}/index.html"
    return f'<p class="rubrik"><a href="{target}">{escape(record.category)}</a></p>'


def _byline(record: Record) -> str:
    return f'<span class="penulis">{escape(record.byline)}</span> ' if record.byline else ""


def _notes(notes: Sequence[PublicNote], look: Look, root: str) -> str:
    """Draw all that was corrected, oldest first, above the text it is about."""
    if not notes:
        return ""
    lines = "".join(
        f"<li><p>{escape(note.text or 'Ditarik.')}</p>"
        + ("" if TIMED.match(note.text) else f"<p>Diperbarui {look.time(note.at)}</p>")
        + "</li>"
        for note in notes
    )
    return (
        '<aside class="ralat" aria-label="Catatan perbaikan">'
        f'<ol>{lines}</ol><p><a href="{root}ralat/index.html">Semua ralat dan penarikan</a></p></aside>'
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


def _tags(record: Record, root: str) -> str:
    if not record.tags:
        return ""
    links = "".join(
        f'<li><a href="{root}tag/{slug_of(tag)}/index.html">{escape(tag)}</a></li>' for tag in record.tags
    )
    return f'<ul class="tanda" aria-label="Tag">{links}</ul>'


def _card(record: Record, look: Look, *, lead: bool = False) -> str:
    sizes = (
        "(min-width: 60rem) 36rem, 100vw"
        if lead
        else "(min-width: 60rem) 20rem, (min-width: 40rem) 50vw, 100vw"
    )
    target = escape(record.page)
    image = (
        f'<a class="gambar" href="{target}" tabindex="-1" aria-hidden="true">'
        f"{_image(record.photos[0], record.address, sizes, eager=lead)}</a>"
        if record.photos
        else ""
    )
    return (
        f'<article class="kartu{"" if image else " tanpa-foto"}">{image}<div>'
        + _category(record, "./")
        + f'<h2><a href="{target}">{escape(record.headline)}</a></h2>'
        + (f'<p class="lead">{escape(record.lead)}</p>' if record.lead else "")
        + f'<p class="keterangan">{look.time(record.published_at)}</p></div></article>'
    )
