"""An office's own style for its folder site."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publishers.folder import FolderPublisher
from publishers.folder_theme import ThemeError, read_theme
from tests.publishers.crawl import walk
from tests.publishers.samples import post
from tests.publishers.test_folder import folder, tree

HEADER = '<div class="kop">{{logo}} <a href="{{akar}}index.html">{{ nama }}</a> {{menu}}</div>'
FOOTER = '<div><img src="{{akar}}tema/lambang.png" alt="Lambang kota"> <p>Jalan Contoh 1</p></div>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "situs" / "media-center"


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    place = tmp_path / "tema"
    place.mkdir()
    (place / "kepala.html").write_text(HEADER)
    (place / "kaki.html").write_text(FOOTER)
    (place / "tambahan.css").write_text(
        ":root { --aksen: #7a1f1f; } @font-face { src: url(tema/huruf.woff2) }"
    )
    (place / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (place / "lambang.png").write_bytes(b"png")
    (place / "huruf.woff2").write_bytes(b"woff")
    return place


def dressed(root: Path, theme: Path) -> FolderPublisher:
    return folder(root, theme=str(theme))


def test_an_office_puts_its_own_head_foot_colours_and_logo_on_every_page(root: Path, theme: Path) -> None:
    made = dressed(root, theme).create(post(), {})
    story = (root / made.url / "index.html").read_text()
    assert '<div class="kop"><img class="logo" src="../../../tema/logo.svg" alt="">' in story
    assert '<a href="../../../index.html">Media Center</a> <nav aria-label="Situs">' in story
    assert '<img src="../../../tema/lambang.png" alt="Lambang kota">' in story
    assert "Ralat dan penarikan</a>" in story.partition("<footer")[2]
    assert (root / "gaya.css").read_text().endswith("url(tema/huruf.woff2) }")
    assert "--kertas" in (root / "gaya.css").read_text()
    assert walk(root)[1] == []


def test_a_stylesheet_of_ones_own_takes_the_place_of_ours(root: Path, theme: Path) -> None:
    (theme / "gaya.css").write_text("body { color: navy }")
    (theme / "tambahan.css").unlink()
    dressed(root, theme).create(post(), {})
    assert (root / "gaya.css").read_text() == "body { color: navy }"


FAULTS: dict[str, tuple[str, bytes, str]] = {
    "placeholder": ("kepala.html", b"<p>{{judul}}</p>", r"memakai \{\{judul\}\} yang tidak dikenal"),
    "open": ("kaki.html", b"<div>\n<p>Alamat</div>", "</div> di kaki.html baris 2"),
    "never closed": ("kaki.html", b"<div><p>Alamat</p>", "<div> di kaki.html baris 1 tidak ditutup"),
    "half a tag": ("kaki.html", b"<p>Alamat</p><a href=", "berakhir di tengah"),
    "script": (
        "kepala.html",
        b"<script>alert(1)</script>",
        "<script> di kepala.html baris 1 tidak diizinkan",
    ),
    "handler": ("kepala.html", b'<p onclick="x()">A</p>', "atribut onclick"),
    "inline style": ("kepala.html", b'<p style="color:red">A</p>', "atribut style"),
    "javascript": ("kepala.html", b'<a href="javascript:x()">A</a>', "alamat di kepala.html"),
    "foreign picture": ("kaki.html", b'<img src="https://x.example/a.png" alt="">', "dipanggil dari luar"),
    "foreign font": ("tambahan.css", b"@font-face { src: url(https://x.example/a.woff2) }", "alamat luar"),
    "import": ("gaya.css", b'@import "lain.css";', "alamat luar atau @import"),
    "not utf-8": ("kepala.html", b"<p>\xff</p>", "bukan teks UTF-8"),
    "too large": ("tambahan.css", b" " * 500_001, "terlalu besar"),
    "another kind": ("jalan.php", b"x", "jalan.php tidak dapat dipakai"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_sentence_and_the_last_good_style_goes_on(
    root: Path, theme: Path, name: str
) -> None:
    site = dressed(root, theme)
    site.create(post("satu", pictures=()), {})
    before = tree(root)
    file, content, said = FAULTS[name]
    (theme / file).write_bytes(content)
    finding = site.check()[-1]
    assert not finding.ok
    assert re.search(said, finding.sentence)
    assert "\n" not in finding.sentence
    made = site.create(post("dua", pictures=()), {})
    assert 'class="kop"' in (root / made.url / "index.html").read_text()
    assert {name for name, data in before.items() if tree(root).get(name) != data} <= {
        *("index.html", "rss.xml", "feed.json", "arsip/index.html", "arsip/2026-11/index.html"),
        *("kategori/ekonomi/index.html", "tag/pasar-murah/index.html"),
    }


def test_a_fault_holds_up_no_take_down(root: Path, theme: Path) -> None:
    site = dressed(root, theme)
    made = site.create(post(), {})
    (theme / "kepala.html").write_text("<div>")
    site.retract(made.remote_id, "Ditarik.", {})
    assert not list(root.rglob("*.jpg"))


def test_a_missing_theme_is_told_and_ours_is_used(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="tidak ada"):
        read_theme(tmp_path / "tidak-ada")
    made = dressed(root, tmp_path / "tidak-ada").create(post(), {})
    assert 'class="nama"' in (root / made.url / "index.html").read_text()


def test_with_a_changed_theme_all_pages_are_drawn_anew_but_none_that_a_hand_changed(
    root: Path, theme: Path
) -> None:
    site = dressed(root, theme)
    old = [
        site.create(post(f"k{n}", published_at=datetime(2026, 8, n, tzinfo=UTC), pictures=()), {}).url
        for n in (1, 2)
    ]
    gone = site.create(post("k3", pictures=()), {})
    site.retract(gone.remote_id, "Ditarik.", {})
    edited = root / old[0] / "index.html"
    edited.write_text(edited.read_text().replace("Warga datang", "Orang datang"))
    by_hand = hashlib.sha256(edited.read_bytes()).digest()
    (theme / "kepala.html").write_text("<p class='baru'>{{nama}}</p>")
    (theme / "logo.svg").unlink()
    site.create(post("k4", pictures=()), {})
    pages = {
        name for name, data in tree(root).items() if name.endswith("html") and b"class='baru'" not in data
    }
    assert pages == {"404.html", "410.html", f"{old[0]}index.html"}
    assert hashlib.sha256(edited.read_bytes()).digest() == by_hand
    assert walk(root)[1] == []


def test_files_of_a_former_theme_are_removed_when_no_page_needs_them(root: Path, theme: Path) -> None:
    site = dressed(root, theme)
    site.create(post("k1", pictures=()), {})
    (theme / "logo.svg").unlink()
    site.create(post("k2", pictures=()), {})
    assert sorted(path.name for path in (root / "tema").iterdir()) == ["huruf.woff2", "lambang.png"]
    assert walk(root)[1] == []
