"""Publishing rehearsed at a WordPress: the publisher's own steps up to the one that shows a story, then all undone.

What is written is a draft, which no reader sees; its photo's file is public for as long as the rehearsal lasts, as
WordPress has it. Used by the doctor and by the wizard when a person asks for it.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

from PIL import Image

from config import Finding
from publishers.base import Picture, Post, Publisher, PublishError
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_api import SiteFault
from publishers.wordpress_markup import marker
from publishers.wordpress_objects import Media, Named, RemotePost
from publishers.wordpress_xmlrpc import WordPressXmlrpcPublisher

Say = Callable[[str, bool, str], None]
LETTERS = "é “kutip” – Rp1.000"
EMOJI = "😀"
TAGS = ("<h2", "<blockquote", "<strong>", "<li>")
MOST = 500
"""Categories of a site that are asked for."""
LIMITS = (
    "Situs menolak foto sebesar kiriman biasa ({size} KB) dan baru menerimanya setelah kami perkecil. Minta pengelola "
    "menaikkan upload_max_filesize, post_max_size dan client_max_body_size sampai 16 MB."
)
CHARSET = (
    "Huruf {letters} tidak tersimpan sebagaimana dikirim. Basis data situs memakai susunan huruf yang lama; minta "
    "pengelola mengubahnya ke utf8mb4."
)
KSES = (
    "Situs membuang sebagian bentuk naskah ({what}). Biasanya karena peran akun kita terlalu rendah atau plugin; minta "
    "pengelola memeriksa."
)
LEFT = "Draf uji nomor {number} atau fotonya belum terhapus dari situs ({why}). Hapus dengan tangan di situs."


def rehearse(publisher: Publisher) -> list[Finding]:
    """Write a draft with a photo, read it back, remove it; nothing for kinds that need none. Raises nothing."""
    if not isinstance(publisher, WordPressPublisher):
        return []
    found: list[Finding] = []

    def say(what: str, ok: bool, sentence: str) -> None:
        found.append(Finding(f"situs {publisher.name}: uji {what}", ok, sentence))

    post, ledger, step = _sample(publisher.now()), dict[str, Any](), "draf"
    try:
        publisher._reserve(post, ledger)
        number = int(ledger["post"]["id"])
        say("draf", True, "Draf uji dibuat; pembaca tidak melihatnya.")
        step = "naskah"
        _text(publisher, number, replace(post, pictures=()), ledger, say)
        step = "foto"
        _photo(publisher, number, post, ledger, say)
    except PublishError as error:
        say(step, False, str(error))
    _remove(publisher, post, ledger, say)
    return found


def categories(publisher: WordPressPublisher) -> list[tuple[int, str]]:
    """Return the site's categories by number and name, in its order. Raises PublishError."""
    if isinstance(publisher, WordPressXmlrpcPublisher):
        return [(term.term_id, unescape(term.name)) for term in publisher.api.terms("category")]
    found: list[Named] = []
    for page in range(1, MOST // 100 + 1):
        held = publisher.api.many(Named, "/wp/v2/categories", context="view", page=page)
        found += held
        if len(held) < 100:
            break
    return [(one.id, unescape(one.name)) for one in found]


def habit(publisher: WordPressPublisher) -> str:
    """Return the markup the site's own stories are written in; empty when it cannot be told. Raises PublishError."""
    if isinstance(publisher, WordPressXmlrpcPublisher):
        return ""
    held = publisher.api.many(RemotePost, "/wp/v2/posts", per_page=5, status="publish")
    texts = [one.content.raw for one in held if one.content.raw.strip()]
    if not texts:
        return ""
    return "block" if any("<!-- wp:" in text for text in texts) else "classic"


def _sample(now: datetime) -> Post:
    data = _jpeg()
    sum_ = hashlib.sha256(data).hexdigest()
    html = (
        f"<p>Uji dari Redaksi: {LETTERS}. A &amp; B, <strong>tebal</strong>.</p><h2>Judul antara</h2>"
        "<blockquote><p>Kutipan.</p></blockquote><ul><li>Satu</li><li>Dua</li></ul>"
    )
    return Post(
        key=secrets.token_hex(16),
        version=1,
        headline=f"Uji sambungan Redaksi {LETTERS}",
        html=html,
        text_lead=f"Uji dari Redaksi: {LETTERS}.",
        published_at=now,
        modified_at=now,
        slug="uji-sambungan-redaksi",
        pictures=(Picture(sum_, "uji-redaksi.jpg", data, 1600, 1067, "Foto uji", "Redaksi", "Bintik acak"),),
    )


def _jpeg() -> bytes:
    """Return a photo as large as those we send: grain, because an even picture would be small."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1067), 48).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def _text(publisher: WordPressPublisher, number: int, post: Post, ledger: dict[str, Any], say: Say) -> None:
    """Bring the text as a story's is brought, and look at what became of its letters and its form."""
    payload = publisher._payload(post, [])
    publisher._stored(number)  # what it holds now is what a change is made against
    publisher._change(number, "fill", payload, ledger)
    stored = publisher._stored(number)
    publisher._settled(ledger, "fill", payload)
    raw = unescape(stored.content.raw)
    if LETTERS not in raw or LETTERS not in unescape(stored.title.raw):
        say("huruf", False, CHARSET.format(letters=LETTERS))
        return
    say("huruf", True, "Huruf beraksen, tanda kutip dan tanda pisah tersimpan utuh.")
    lost = [tag.strip("<>") for tag in TAGS if tag not in stored.content.raw]
    if "A & B" not in raw or lost:
        say("naskah", False, KSES.format(what=", ".join(lost) or "tanda &"))
    else:
        say("naskah", True, "Bentuk naskah tersimpan utuh.")
    _emoji(publisher, number, payload, say)


def _emoji(publisher: WordPressPublisher, number: int, payload: dict[str, Any], say: Say) -> None:
    """See whether letters of four bytes are kept; stories are sent without them where they are not."""
    text = payload["content"].replace("Dua", f"Dua {EMOJI}")
    try:
        publisher._write(number, {"content": text})
        kept = EMOJI in publisher._stored(number).content.raw
    except SiteFault:
        kept = False
    if kept:
        say("emoji", True, "Emoji tersimpan utuh.")
    else:
        say(
            "emoji",
            True,
            "Tabel situs yang lama tidak menyimpan emoji; Redaksi mengirim naskah tanpa emoji ke sana.",
        )


def _photo(publisher: WordPressPublisher, number: int, post: Post, ledger: dict[str, Any], say: Say) -> None:
    (shown,) = publisher._photos(ledger, number, publisher.site_key(post.key)).bring(post)
    picture = post.pictures[0]
    if isinstance(publisher, WordPressXmlrpcPublisher):
        item = publisher.api.item(shown.number)
        width: int | None = item.metadata.width if item else None
    else:
        width = publisher.api.one(Media, f"/wp/v2/media/{shown.number}").media_details.width
    page = publisher.api.visit(shown.url)
    if width and width < picture.width:
        say("foto", False, LIMITS.format(size=f"{len(picture.data) // 1000}"))
    elif page is None or page.status != 200 or not page.body.startswith(b"\xff\xd8"):
        say("foto", False, "Foto uji terkirim, tetapi tidak dapat dibuka pembaca. Minta pengelola memeriksa izin folder wp-content/uploads.")  # fmt: skip
    else:
        say("foto", True, "Foto terkirim lengkap dengan ukuran-ukurannya dan dapat dibuka.")


def _remove(publisher: WordPressPublisher, post: Post, ledger: dict[str, Any], say: Say) -> None:
    """Undo all of it. What was asked for and never answered is looked for once more."""
    key = publisher.site_key(post.key)
    number = ledger.get("post", {}).get("id")
    try:
        if number is None and "sent" in ledger.get("post", {}):
            held = publisher._look(key)
            number = held[0].id if held else None
        if number is None:
            return
        publisher._photos(ledger, number, key).drop_unused(())
        publisher._read(number)
        publisher._write(number, {"content": marker(key)})
        publisher._drop(number)
        publisher._read(number)
    except SiteFault as fault:
        if fault.code == "rest_post_invalid_id":
            say("hapus", True, "Draf dan foto uji sudah dihapus lagi.")
            return
        why = str(fault)
    except PublishError as error:
        why = str(error)
    else:
        why = "situs masih menyimpannya"
    say("hapus", False, LEFT.format(number=number or "?", why=why.rstrip(".")))
