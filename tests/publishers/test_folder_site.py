"""A static site as a whole: its lists, feeds and log, and what a change to one story costs."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from publishers import Note, Post
from publishers.folder import FolderPublisher
from publishers.folder_record import PublicNote, Record, record_path
from tests.publishers.crawl import walk
from tests.publishers.samples import HOSTILE, picture, post
from tests.publishers.test_folder import folder, tree

FIRST = datetime(2026, 9, 1, 3, tzinfo=UTC)
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "situs" / "media-center"


def standing(root: Path, count: int, hours: float) -> FolderPublisher:
    """Return a site with so many stories, one every `hours`, drawn from their records."""
    (root / ".redaksi").mkdir(parents=True)
    for number in range(count):
        at = FIRST + timedelta(hours=hours * number)
        record = Record(
            key=f"k{number}",
            address=f"{at:%Y/%m}/berita-{number}/",
            state="live",
            version=1,
            headline=f"Berita ke-{number:03}.",
            html=f"<p>Isi {number}.</p>",
            lead=f"Isi {number}.",
            published_at=at,
            modified_at=at,
            category=("Ekonomi", "Sosial & Budaya")[number % 2],
            tags=("pasar murah",) if number % 3 else ("C++",),
        )
        record_path(root, record.key).write_text(record.model_dump_json())
    site = folder(root, url="https://mc.contoh.go.id/berita")
    assert site.rebuild() == count
    return site


def later(hours: float, **changes: object) -> Post:
    at = FIRST + timedelta(hours=hours)
    return post("baru", published_at=at, modified_at=at, **{"pictures": (), **changes})


def marks(root: Path) -> dict[str, tuple[int, int]]:
    """Return what changes for each public file when it is written again."""
    found = {name: (root / name).stat() for name in tree(root)}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def written(root: Path, before: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name, mark in marks(root).items() if before.get(name) != mark}


def soup(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / name).read_bytes(), "html.parser")


def test_every_story_of_sixty_is_reached_from_the_front_page_and_no_link_leads_nowhere(root: Path) -> None:
    site = standing(root, 60, 30)
    site.create(later(60 * 30, pictures=(picture(1), picture(2))), {})
    site.update("k5", replace(later(150), key="k5", version=2, notice="Ralat: tempat."), {})
    site.retract("k7", "Ditarik.", {})
    reached, dangling = walk(root)
    assert dangling == []
    pages = {name for name in tree(root) if name.endswith(".html")} - {"404.html", "410.html"}
    assert pages <= reached
    for name in sorted(pages):
        page = soup(root, name)
        assert page.html is not None and page.html["lang"] == "id"
        levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        assert all(image.get("alt") is not None for image in page.find_all("img"))
        assert not page.select("script:not([type='application/ld+json']), [style], [onclick], style")
        outside = [tag for tag in page.select("[src], link[rel=stylesheet]") if "//" in str(tag)]
        assert outside == []


def test_a_long_month_is_paged_and_a_new_story_changes_its_newest_page_only(root: Path) -> None:
    site = standing(root, 160, 4)
    assert [
        len(soup(root, f"arsip/2026-09/{part}index.html").select(".daftar li")) for part in ("1/", "2/", "")
    ] == [
        50,
        50,
        60,
    ]
    before = marks(root)
    site.create(later(161 * 4), {})
    lists = {name for name in written(root, before) if name.startswith("arsip/")}
    assert lists == {"arsip/index.html", "arsip/2026-09/index.html"}


def test_months_lead_to_each_other_and_past_one_that_lost_its_only_story(root: Path) -> None:
    site = folder(root)
    for month in (8, 9, 10):
        at = datetime(2026, month, 5, tzinfo=UTC)
        site.create(post(f"k{month}", published_at=at, pictures=()), {})
    older = soup(root, "arsip/2026-09/index.html").select_one("a[rel=next]")
    newer = soup(root, "arsip/2026-09/index.html").select_one("a[rel=prev]")
    assert older is not None and older["href"] == "../2026-08/index.html"
    assert newer is not None and newer["href"] == "../2026-10/index.html"
    site.retract("k9", "Ditarik.", {})
    older = soup(root, "arsip/2026-10/index.html").select_one("a[rel=next]")
    assert older is not None and older["href"] == "../2026-08/index.html"
    assert walk(root)[1] == []


def test_publishing_one_story_more_writes_as_many_files_on_a_large_site_as_on_a_small_one(
    tmp_path: Path,
) -> None:
    costs = []
    for count in (40, 400):
        site = standing(tmp_path / str(count), count, 12)
        before = marks(site.root)
        site.create(later(count * 12 + 1), {})
        costs.append(len(written(site.root, before)))
    assert max(costs) <= 16


def test_a_correction_writes_only_what_changed_and_no_photo_again(root: Path) -> None:
    site = standing(root, 30, 12)
    made = later(500, pictures=(picture(1), picture(2)))
    ledger: dict[str, object] = {}
    site.create(made, ledger)
    before = marks(root)
    site.update(
        "baru", replace(made, version=2, html="<p>Baru.</p>", pictures=(picture(2), picture(3))), ledger
    )
    names = written(root, before)
    assert [name for name in names if name.startswith(("arsip/", "kategori/", "tag/", "ralat/"))] == []
    photos = [name for name in names if name.endswith(".jpg")]
    assert len(photos) == 2 and all("_03-" in name for name in photos)
    gone = set(before) - set(marks(root))
    assert len(gone) == 2 and all("_01-" in name for name in gone)


def test_a_damaged_small_photo_is_made_again(root: Path) -> None:
    site = folder(root)
    ledger: dict[str, object] = {}
    site.create(post(pictures=(picture(1),)), ledger)
    before = tree(root)
    small = next(name for name in before if name.endswith("-kecil.jpg"))
    (root / small).write_bytes(b"rusak")
    site.update(post().key, post(pictures=(picture(1),)), ledger)
    assert tree(root) == before


def test_all_corrections_stand_on_the_story_in_order_and_in_the_log(root: Path) -> None:
    site = folder(root)
    ledger: dict[str, object] = {}
    site.create(post(), ledger)
    for version, hour in ((2, 10), (3, 12)):
        at = datetime(2026, 11, 21, hour, tzinfo=UTC)
        site.update(
            post().key, post(version=version, notice=f"Ralat (versi {version}): x.", modified_at=at), ledger
        )
    receipt = site.find(post().key)
    assert receipt is not None
    story = soup(root, receipt.url + "index.html").select(".ralat li")
    assert [str(line.p and line.p.get_text()) for line in story] == [
        "Ralat (versi 2): x.",
        "Ralat (versi 3): x.",
    ]
    first, second = soup(root, "ralat/index.html").select(".catatan li")
    assert "Ralat Sabtu, 21 November 2026 pukul 19.00 WIB" in first.get_text()
    assert "pukul 17.00 WIB" in second.get_text()
    assert post().headline in first.get_text()


def test_the_log_tells_a_withdrawal_with_its_reason_and_nothing_of_the_story(root: Path) -> None:
    moment = datetime(2026, 11, 24, 1, tzinfo=UTC)
    options = FolderPublisher.Options.model_validate({"path": str(root)})
    site = FolderPublisher("mc", "Media Center", options, now=lambda: moment)
    site.create(post(notice="Ralat: nama anak Pasar murah diperbaiki."), {})
    site.retract(post().key, "", {})
    assert "akan diumumkan" in soup(root, "ralat/index.html").get_text()
    made = site.retract(post().key, "Ditarik (24/11/2026 08.00 WIB): memuat data anak.", {})
    (entry,) = soup(root, "ralat/index.html").select(".catatan li")
    assert " ".join(entry.get_text(" ").split()) == (
        "Ditarik Selasa, 24 November 2026 pukul 08.00 WIB Berita Jumat, 20 November 2026 memuat data anak."
    )
    assert "memuat data anak" in (root / made.url / "ditarik.txt").read_text()
    assert all(b"asar murah" not in data for data in tree(root).values())
    assert walk(root)[1] == []


def test_a_story_that_is_back_shows_all_it_was_told_about(root: Path) -> None:
    site = folder(root)
    early, gone, back = (datetime(2026, 11, day, tzinfo=UTC) for day in (21, 22, 23))
    site.create(post(version=2, notice="Ralat: x.", modified_at=early), {})
    made = site.retract(post().key, "Ditarik: y.", {})
    notes = (Note(early, "Ralat: x."), Note(gone, "Ditarik: y."), Note(back, "Ditayangkan kembali: z."))
    site.update(
        made.remote_id, post(version=4, notes=notes, notice="Ditayangkan kembali: z.", modified_at=back), {}
    )
    lines = [line.p.get_text() for line in soup(root, made.url + "index.html").select(".ralat li") if line.p]
    assert lines == [note.text for note in notes]
    assert len(soup(root, "ralat/index.html").select(".catatan li")) == 3
    assert not (root / made.url / "ditarik.txt").exists()
    assert len([name for name in tree(root) if name.endswith(".jpg")]) == 6


def test_a_long_log_has_a_page_for_each_month(root: Path) -> None:
    (root / ".redaksi").mkdir(parents=True)
    notes = tuple(PublicNote(at=FIRST + timedelta(days=2 * day), text=f"Ralat: {day}.") for day in range(25))
    known = Record(
        key="k",
        address="2026/09/berita/",
        state="live",
        headline="Berita",
        published_at=FIRST,
        modified_at=FIRST,
        notes=notes,
    )
    record_path(root, "k").write_text(known.model_dump_json())
    folder(root).rebuild()
    assert len(soup(root, "ralat/index.html").select(".catatan li")) == 20
    assert [
        len(soup(root, f"ralat/2026-{month}/index.html").select(".catatan li")) for month in ("09", "10")
    ] == [15, 10]
    assert walk(root)[1] == []


def test_what_search_engines_read_is_data_that_nothing_can_break_out_of(root: Path) -> None:
    site = folder(root, url="https://mc.contoh.go.id")
    hostile = f"</script><script>alert(1)</script><!-- {HOSTILE}\u2028"
    made = site.create(
        post(headline=hostile, byline=hostile, notice=hostile, tags=(hostile,), category=hostile), {}
    )
    page = (root / made.url.removeprefix("https://mc.contoh.go.id/") / "index.html").read_text()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert not set("<>&\u2028") & set(block)
    assert page.count("<script") == 1
    facts = json.loads(block)
    assert (facts["@type"], facts["headline"], facts["datePublished"]) == (
        "NewsArticle",
        hostile,
        "2026-11-20T14:05:00+07:00",
    )
    assert facts["mainEntityOfPage"] == made.url
    assert len(facts["image"]) == 3
    assert facts["correction"][0]["text"] == hostile
    assert walk(root)[1] == []
    for name in tree(root):
        if name.endswith(".html"):
            assert "<script>" not in (root / name).read_text()


def test_the_json_feed_keeps_its_ids_and_says_what_was_withdrawn(root: Path) -> None:
    site = standing(root, 60, 12)
    before = json.loads((root / "feed.json").read_text())
    assert before["version"] == "https://jsonfeed.org/version/1.1"
    assert before["feed_url"] == "https://mc.contoh.go.id/berita/feed.json"
    assert [item["title"] for item in before["items"]] == [f"Berita ke-{n:03}." for n in range(59, 29, -1)]
    assert len({item["id"] for item in before["items"]}) == 30
    site.retract("k3", "Ditarik: keliru.", {})
    (grave,) = [
        item
        for item in json.loads((root / "feed.json").read_text())["items"]
        if item["_redaksi"]["withdrawn"]
    ]
    assert (grave["id"], grave["content_text"]) == ("2026/09/berita-3/", "Ditarik: keliru.")
    assert "content_html" not in grave


def test_the_site_map_names_every_live_story_once_and_only_where_the_address_is_known(root: Path) -> None:
    site = standing(root, 60, 30)
    site.retract("k7", "Ditarik.", {})
    maps = [loc.text or "" for loc in ElementTree.parse(root / "sitemap.xml").iter(f"{MAPS}loc")]
    named = [
        loc.text
        for url in maps
        for loc in ElementTree.parse(root / url.rpartition("/")[2]).iter(f"{MAPS}loc")
    ]
    assert len(named) == len(set(named)) == 59
    assert "https://mc.contoh.go.id/berita/2026/09/berita-7/" not in named
    assert "Sitemap: https://mc.contoh.go.id/berita/sitemap.xml" in (root / "robots.txt").read_text()
    other = root.parent / "lain"
    folder(other).create(post(), {})
    assert not list(other.glob("sitemap*"))
    assert "Sitemap" not in (other / "robots.txt").read_text()


def test_the_page_for_what_is_not_there_needs_no_other_file(root: Path) -> None:
    folder(root).rebuild()
    for name in ("404.html", "410.html"):
        page = (root / name).read_text()
        (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in page
        assert not re.search(r"\b(?:src|href)=", page)


def test_a_category_or_tag_without_stories_leaves_no_page(root: Path) -> None:
    site = folder(root)
    ledger: dict[str, object] = {}
    made = site.create(post(category="Ekonomi", tags=("Nama Orang",)), ledger)
    assert (root / "tag/nama-orang/index.html").is_file()
    site.update(made.remote_id, post(version=2, category="Sosial", tags=()), ledger)
    assert not (root / "tag/nama-orang").exists()
    assert not (root / "kategori/ekonomi").exists()
    assert walk(root)[1] == []


def test_a_tag_that_becomes_long_gets_its_months_and_loses_them_again(root: Path) -> None:
    site = standing(root, 31, 30)
    assert not list((root / "tag/pasar-murah").glob("*/"))
    site.create(later(31 * 30, tags=("pasar murah",)), {})
    assert sorted(path.name for path in (root / "tag/pasar-murah").glob("*/")) == ["2026-09", "2026-10"]
    assert walk(root)[1] == []
    site.retract("baru", "Ditarik.", {})
    assert not list((root / "tag/pasar-murah").glob("*/"))


def test_a_damaged_index_is_made_again_from_the_records(root: Path) -> None:
    site = standing(root, 20, 12)
    (root / ".redaksi/indeks/berita.json").write_text("{")
    site.create(later(20 * 12), {})
    assert len(soup(root, "arsip/2026-09/index.html").select(".daftar li")) == 21


def test_two_workers_at_once_lose_no_story(root: Path) -> None:
    children = []
    for hand in ("a", "b"):
        child = os.fork()
        if child == 0:
            try:
                for number in range(6):
                    folder(root).create(post(f"{hand}{number}", headline=f"{hand}{number}", pictures=()), {})
            except BaseException:  # noqa: BLE001  the child must end here whatever happens
                os._exit(3)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    shown = {link.get_text() for link in soup(root, "arsip/2026-11/index.html").select(".daftar a")}
    assert shown == {f"{hand}{number}" for hand in "ab" for number in range(6)}
