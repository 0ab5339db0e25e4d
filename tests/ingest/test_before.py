"""Exports of WordPress are read as a stream; what is hostile in them does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import responses

from ingest import wxr
from ingest.asking import Asker, NotFetched
from ingest.before import to_markdown
from ingest.wordpress_site import OldSite

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><link>https://kota.contoh.example</link>
<wp:base_blog_url>https://kota.contoh.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[nala]]></wp:author_login>
<wp:author_display_name><![CDATA[Nala Ayuningtias]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>"


def item(number: int, body: str, *, kind: str = "post", status: str = "publish", more: str = "") -> str:
    return f"""<item><title>Berita &amp; Foto {number}</title><link>https://kota.contoh.example/?p={number}</link>
<dc:creator><![CDATA[nala]]></dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[Keterangan {number}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date_gmt>2019-05-03 02:00:00</wp:post_date_gmt><wp:post_modified_gmt>2019-05-04 02:00:00</wp:post_modified_gmt>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{more}</item>"""


def written(folder: Path, *items: str, head: str = HEAD) -> Path:
    file = folder / "ekspor.xml"
    file.write_text(head + "".join(items) + TAIL)
    return file


def test_an_export_gives_text_terms_author_and_pictures_with_their_words(tmp_path: Path) -> None:
    up = "https://kota.contoh.example/wp-content/uploads/2019/05"
    body = (
        "<!-- wp:paragraph --><p>Wali Kota <b>membuka</b> pasar.</p><!-- /wp:paragraph -->"
        f'<figure><img src="{up}/pasar-300x200.jpg" alt="Pasar"/><figcaption>Pasar baru.</figcaption></figure>'
        '[gallery ids="8"]<script>alert(1)</script>'
    )
    terms = (
        '<category domain="category"><![CDATA[Ekonomi]]></category>'
        '<category domain="post_tag"><![CDATA[pasar]]></category>'
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    )
    pictures = [
        item(
            number,
            "",
            kind="attachment",
            status="inherit",
            more=f"<wp:attachment_url>{up}/{name}</wp:attachment_url>",
        )
        for number, name in ((7, "pasar.jpg"), (8, "galeri.jpg"), (9, "utama.jpg"))
    ]
    file = written(tmp_path, item(3, body, more=terms), item(4, "draf", status="draft"), *pictures)
    (post,) = wxr.read(file)
    assert (post.remote_id, post.title, post.author) == ("3", "Berita & Foto 3", "Nala Ayuningtias")
    assert (post.categories, post.tags) == (("Ekonomi",), ("pasar",))
    assert post.published_at.isoformat() == "2019-05-03T02:00:00+00:00"
    assert [(one.url.rsplit("/", 1)[1], one.caption) for one in post.pictures] == [
        ("utama.jpg", "Keterangan 9"),
        ("galeri.jpg", "Keterangan 8"),
        ("pasar.jpg", "Pasar baru."),
    ]
    assert to_markdown(post.html).strip() == "Wali Kota **membuka** pasar."
    assert wxr.site_of(file) == "https://kota.contoh.example"


@responses.activate
def test_a_post_behind_a_password_is_known_as_such_by_export_and_by_site(tmp_path: Path) -> None:
    word = "<wp:post_password><![CDATA[rahasia]]></wp:post_password>"
    file = written(
        tmp_path, item(1, "terbuka", more="<wp:post_password></wp:post_password>"), item(2, "x", more=word)
    )
    assert [(post.remote_id, post.locked) for post in wxr.read(file)] == [("1", False), ("2", True)]
    posts = [
        {"id": number, "date_gmt": "2019-05-03T02:00:00", "content": {"rendered": "", "protected": locked}}
        for number, locked in ((1, False), (2, True))
    ]
    api = "https://kota.contoh.example/wp-json/wp/v2"
    responses.get(f"{api}/posts", json=posts)
    responses.get(f"{api}/media", json=[])
    asker = Asker(frozenset(["kota.contoh.example"]), lambda _: None, pause=0)
    told = OldSite("https://kota.contoh.example", asker).page(1)
    assert [(post.remote_id, post.locked) for post in told] == [("1", False), ("2", True)]


def test_old_texts_without_paragraphs_get_theirs_and_their_captions_are_no_text() -> None:
    old = 'Baris satu.\n\n[caption id="x"]<img src="a.jpg" /> Bupati.[/caption]\n\nBaris dua.'
    assert to_markdown(old).split("\n\n") == ["Baris satu.", "Baris dua."]


def test_an_export_with_entities_of_its_own_is_refused_unread(tmp_path: Path) -> None:
    bomb = HEAD.replace(
        "<rss", '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]><rss', 1
    )
    file = written(tmp_path, item(1, "isi", more="<x>&a;&x;</x>"), head=bomb)
    with pytest.raises(wxr.NotWxr, match="DOCTYPE"):
        list(wxr.read(file))


def test_an_export_cut_short_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    file = written(tmp_path, *(item(number, "isi " * 20_000) for number in range(1, 6)))
    file.write_bytes(file.read_bytes()[:-50_000])
    posts = []
    with pytest.raises(wxr.NotWxr, match="tidak lengkap"):
        posts.extend(wxr.read(file))


def test_nothing_is_asked_of_another_host() -> None:
    asked: list[str] = []
    asker = Asker(frozenset(["kota.contoh.example"]), asked.append, pause=0)
    with pytest.raises(NotFetched, match=r"--allow-host jahat\.example"):
        asker.get("http://jahat.example/foto.jpg")
    assert asked == []
