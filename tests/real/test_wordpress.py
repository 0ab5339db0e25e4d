"""A real WordPress keeps the contract, and exactly one story whatever happens to the answers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from publishers import Receipt, Refused, Unreachable
from publishers.wordpress import WordPressPublisher
from tests.publishers.contract import PublisherContract, Reader
from tests.publishers.samples import jpeg, picture, post, want_ours
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real


class Visitor(Reader):
    story = ".entry-content"

    def __init__(self, site: WordPressSite) -> None:
        self.site = site

    def get(self, address: str) -> bytes | None:
        answer = self.site.get(address)
        return answer.content if answer.ok else None

    def front(self) -> str:
        return self.site.get(self.site.url).text

    def resolve(self, page: str, src: str) -> str:
        return src


class TestContract(PublisherContract):
    @pytest.fixture
    def publisher(self, kota: WordPressSite) -> WordPressPublisher:
        return kota.publisher()

    @pytest.fixture
    def reader(self, kota: WordPressSite) -> Visitor:
        return Visitor(kota)


class TestNewestContract(PublisherContract):
    """The same on the newest WordPress."""

    @pytest.fixture
    def publisher(self, newest: WordPressSite) -> WordPressPublisher:
        return newest.publisher()

    @pytest.fixture
    def reader(self, newest: WordPressSite) -> Visitor:
        return Visitor(newest)


def soup(site: WordPressSite, receipt: Receipt) -> BeautifulSoup:
    return BeautifulSoup(site.get(receipt.url).text, "html.parser")


class TestClassicContract(PublisherContract):
    """The same on a site with plain permalinks, narrow characters and the classic editor."""

    @pytest.fixture
    def publisher(self, sites: tuple[WordPressSite, ...]) -> WordPressPublisher:
        sites[2].php("update_option('permalink_structure', ''); delete_option('rewrite_rules');")
        return sites[2].publisher(markup="classic")

    @pytest.fixture
    def reader(self, sites: tuple[WordPressSite, ...]) -> Visitor:
        return Visitor(sites[2])


def test_photos_are_described_in_the_library_and_come_in_all_sizes(kota: WordPressSite) -> None:
    made = kota.publisher().create(post(pictures=(picture(1, caption="A & B <c>"), picture(2))), {})
    first, second = kota.media()
    assert first["caption"] == "A &amp; B &lt;c&gt; (Foto: Juru Foto 1)"
    assert first["description"] == first["caption"]
    assert first["title"] == "A &amp; B &lt;c&gt;"
    assert (second["alt"], second["title"]) == (
        "Antrean warga di lapak 2",
        "Warga mengantre di lapak nomor 2.",
    )
    images = soup(kota, made).select(".entry-content figure img")
    assert all("1024w" in str(image["srcset"]) and image["width"] for image in images)
    assert [name for name in kota.files() if name.endswith(("_01.jpg", "_01-150x150.jpg"))] != []


def test_where_the_theme_shows_the_first_photo_the_text_need_not(kota: WordPressSite) -> None:
    made = kota.publisher(first_photo="featured").create(post(), {})
    article = soup(kota, made).select_one("article")
    assert [one["alt"] for one in article.select(".entry-content figure img")] == [
        picture(2).alt,
        picture(3).alt,
    ]
    assert [one["alt"] for one in article.select(".post-thumbnail img")] == [picture(1).alt]


def test_a_correction_uploads_only_new_photos_and_deletes_the_unused(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    before = {one["alt"]: one["id"] for one in kota.media()}
    changed = (picture(3, caption="Keterangan diralat."), picture(4), picture(1))
    publisher.update(made.remote_id, post(version=2, pictures=changed), ledger)
    assert len(kota.requests("POST", r"/wp/v2/media\?")) == 4
    after = {one["alt"]: one["id"] for one in kota.media()}
    assert set(after) == {one.alt for one in changed}
    assert after[picture(3).alt] == before[picture(3).alt]
    assert "Keterangan diralat." in kota.media()[1]["caption"]
    (row,) = kota.posts()
    assert row["thumbnail"] == str(before[picture(3).alt])


def test_the_same_photo_with_a_face_covered_is_a_new_file_and_the_old_one_goes(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(pictures=(picture(1),)), ledger)
    before = kota.files()
    covered = picture(1, data=jpeg(8))
    publisher.update(made.remote_id, post(version=2, pictures=(covered,)), ledger)
    assert len(kota.media()) == 1
    assert set(kota.files()) & set(before) == set()


def test_nothing_is_written_when_the_site_holds_the_version_already(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    writes = len(kota.requests("POST"))
    again = publisher.update(made.remote_id, post(), ledger)
    assert again.sha256 == made.sha256
    assert len(kota.requests("POST")) == writes


def test_the_receipt_proves_that_a_visitor_sees_the_headline(kota: WordPressSite) -> None:
    made = kota.publisher().create(post(headline='Kata wali kota: "Pasar" & lapak – murah...'), {})
    assert (made.detail["public"], made.detail["headline_seen"]) == (200, True)


@pytest.mark.parametrize("number", range(3))
def test_the_moment_of_publication_is_right_in_every_zone(
    sites: tuple[WordPressSite, ...], number: int
) -> None:
    site = sites[number]
    site.publisher().create(
        post(published_at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC) - timedelta(days=30), pictures=()), {}
    )
    (row,) = site.posts()
    assert row["date_gmt"] == "2026-10-21 22:30:00"
    assert row["date"] == ["2026-10-22 05:30:00", "2026-10-21 22:30:00", "2026-10-22 06:30:00"][number]


def test_a_time_the_sites_clock_has_not_reached_does_not_hide_the_story(kota: WordPressSite) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    made = kota.publisher().create(post(published_at=ahead, pictures=()), {})
    assert made.state == "live"
    assert made.detail["public"] == 200
    assert [row["status"] for row in kota.posts()] == ["publish"]


def test_categories_are_mapped_and_a_lost_one_is_named(kota: WordPressSite) -> None:
    kota.publisher().create(post("satu", category="Olahraga", pictures=()), {})
    assert kota.posts()[0]["terms"] == ["Info &amp; Pengumuman", "pasar murah"]
    ledger: dict[str, Any] = {}
    with pytest.raises(Refused, match="kategori nomor 777"):
        kota.publisher(categories={"default": 777}).create(post("dua", pictures=()), ledger)
    assert [row["status"] for row in kota.posts()] == ["publish", "draft"]
    made = kota.publisher().create(post("dua", pictures=()), ledger)
    assert made.state == "live"


def test_tags_are_found_again_whatever_their_case_and_signs(kota: WordPressSite) -> None:
    kota.publisher().create(post("satu", tags=("Gula & Beras", "UMKM"), pictures=()), {})
    kota.publisher().create(post("dua", tags=("umkm", "gula & beras"), pictures=()), {})
    assert kota.posts()[0]["terms"] == kota.posts()[1]["terms"] == ["Ekonomi", "Gula &amp; Beras", "UMKM"]


def test_a_database_without_room_for_emoji_gets_the_story_without_them(
    sites: tuple[WordPressSite, ...],
) -> None:
    site = sites[2]
    fancy = post(
        headline="Pasar 𝗺𝘂𝗿𝗮𝗵 di 𝐊𝐨𝐭𝐚",
        html="<p>Warga 𝘀𝗲𝗻𝗮𝗻𝗴 😀 sekali.</p>",
        pictures=(picture(1, caption="Lapak 𝗯𝗲𝗿𝗮𝘀 🍚"),),
    )
    ledger: dict[str, Any] = {}
    made = site.publisher().create(fancy, ledger)
    page = soup(site, made)
    assert page.select_one("h1.entry-title").get_text() == "Pasar murah di Kota"
    assert "senang" in page.select_one(".entry-content").get_text()
    assert site.publisher().update(made.remote_id, replace(fancy, version=2), ledger).version == 2
    wide = sites[0].publisher().create(fancy, {})
    assert soup(sites[0], wide).select_one("h1.entry-title").get_text() == fancy.headline


def test_square_brackets_in_mail_are_text_and_never_shortcodes(kota: WordPressSite) -> None:
    words = "Lihat [caption id=x]ini[/caption] dan [gallery]"
    made = kota.publisher().create(
        post(
            headline=words,
            html=f"<p>{words}</p>",
            notice=words,
            pictures=(picture(1, caption=words, alt=words),),
        ),
        {},
    )
    page = soup(kota, made)
    assert page.select_one("h1.entry-title").get_text() == words
    assert [one.get_text() for one in page.select(".entry-content p")] == [words, words]
    assert [one.get_text() for one in page.select(".entry-content figcaption")] == [
        f"{words} (Foto: Juru Foto 1)"
    ]
    assert page.select_one(".entry-content figure img")["alt"] == words


def test_the_text_is_made_of_blocks_the_editor_knows(kota: WordPressSite) -> None:
    html = (
        "<h2>Harga</h2>\n<p>Satu <em>dua</em>.</p>\n<ul>\n<li>a</li>\n</ul>\n<h3>Lain</h3><p class='x'>b</p>"
    )
    kota.publisher().create(post(html=html, pictures=(picture(1),), notice="Ralat."), {})
    (row,) = kota.posts()
    names = kota.php(
        f"echo implode(' ', array_map(fn($b) => $b['blockName'] ?? 'bare', array_filter(parse_blocks("
        f"get_post({row['id']})->post_content), fn($b) => trim($b['innerHTML']) !== '')));"
    )
    assert names == (
        "core/paragraph core/image core/heading core/paragraph core/html core/heading core/html core/html"
    )


@pytest.mark.parametrize("role", ["penulis", "admin"])
def test_other_roles_that_may_publish_do(kota: WordPressSite, role: str) -> None:
    kota.password_file.write_text(kota.passwords[role])
    ledger: dict[str, Any] = {}
    rich = post(
        html="<p>A &amp; B, 5 &lt; 6</p><table><tbody><tr><td>x</td></tr></table><p><a href='https://contoh.invalid/?a=1&amp;b=2'>c</a></p>"
    )
    publisher = kota.publisher(user=role)
    made = publisher.create(rich, ledger)
    assert made.state == "live"
    publisher.update(made.remote_id, replace(rich, version=2), ledger)
    assert publisher.retract(made.remote_id, "Ditarik.", ledger).state == "hidden"
    assert kota.files() == []


def test_an_account_that_may_not_publish_is_refused_before_anything_is_made(kota: WordPressSite) -> None:
    kota.password_file.write_text(kota.passwords["kontributor"])
    with pytest.raises(Refused, match="peran Editor"):
        kota.publisher(user="kontributor").create(post(), {})
    assert kota.posts() == []


def test_the_password_one_signs_in_with_is_refused_with_the_usual_fix(kota: WordPressSite) -> None:
    kota.password_file.write_text("kata sandi masuk")
    with pytest.raises(Refused, match="bukan kata sandi masuk"):
        kota.publisher().create(post(), {})


def test_a_redirecting_address_is_refused_with_the_right_one(kota: WordPressSite) -> None:
    target = {"Location": "https://www.contoh.invalid/wp-json/"}
    kota.fault("answer", method="GET", status=301, headers=target, times=9)
    with pytest.raises(Refused, match=r"https://www\.contoh\.invalid"):
        kota.publisher().create(post(), {})
    assert kota.requests("POST") == []


def test_a_story_deleted_by_hand_is_never_made_again_by_itself(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    kota.php(f"wp_delete_post({made.remote_id}, true);")
    for _ in range(2):
        with pytest.raises(Refused, match="dihapus dengan tangan"):
            publisher.update(made.remote_id, post(version=2), ledger)
    assert kota.posts() == []
    assert publisher.retract(made.remote_id, "Ditarik.", ledger).detail["status"] == "deleted"
    assert kota.files() == []


def test_a_story_in_the_sites_trash_is_left_there_until_a_person_wants_it_back(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    kota.php(f"wp_trash_post({made.remote_id});")
    with pytest.raises(Refused, match="tempat sampah"):
        publisher.update(made.remote_id, post(version=2), ledger)
    found = publisher.find(post().key)
    assert found is not None
    assert (found.remote_id, found.state) == (made.remote_id, "hidden")
    with pytest.raises(Refused, match="tempat sampah"):
        publisher.create(post(version=2), {})
    kota.php(f"wp_untrash_post({made.remote_id});")
    with pytest.raises(Refused, match="tidak lagi ditayangkan"):
        publisher.update(made.remote_id, post(version=2), ledger)
    want_ours(publisher, made.remote_id, post(version=2), ledger)
    assert publisher.update(made.remote_id, post(version=2), ledger).state == "live"
    assert len(kota.posts()) == 1


def test_work_done_by_hand_at_the_site_is_overwritten_only_once_a_person_wants_it(
    kota: WordPressSite,
) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    kota.php(f"wp_update_post(['ID' => {made.remote_id}, 'post_title' => 'Judul dari situs']);")
    with pytest.raises(Refused, match="diubah dengan tangan"):
        publisher.update(made.remote_id, post(version=2), ledger)
    want_ours(publisher, made.remote_id, post(version=2), ledger)
    assert kota.posts()[0]["title"] == "Judul dari situs", "asked about again: a second try is no answer"
    publisher.update(made.remote_id, post(version=2), ledger)
    assert kota.posts()[0]["title"] == post().headline


def test_a_retraction_does_not_ask_about_work_done_by_hand(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    kota.php(f"wp_update_post(['ID' => {made.remote_id}, 'post_content' => 'Diubah seluruhnya']);")
    assert publisher.retract(made.remote_id, "Ditarik.", ledger).state == "hidden"
    assert kota.get(made.url).status_code == 404
    assert kota.files() == []


def test_what_readers_search_for_is_found_without_a_ledger_after_publication(kota: WordPressSite) -> None:
    publisher = kota.publisher()
    made = publisher.create(post(), {})
    assert publisher.site_key(post().key) not in made.url
    assert publisher.find(post().key) is not None
    assert publisher.find(post().key[:-1]) is None
    hidden = publisher.retract(made.remote_id, "Ditarik.", {})
    assert hidden.state == "hidden"
    assert kota.files() == []


def test_a_reserved_story_is_found_as_a_draft(kota: WordPressSite) -> None:
    kota.fault("answer", route=r"/wp/v2/media\?", status=403)
    publisher = kota.publisher()
    with pytest.raises(Unreachable, match="Pengaman"):
        publisher.create(post(), {})
    found = publisher.find(post().key)
    assert found is not None
    assert (found.state, found.version) == ("draft", None)


def test_the_photos_of_other_stories_and_other_people_stay(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    publisher.create(post("lain"), {})
    made = publisher.create(post(), ledger)
    kota.php(
        f"wp_insert_attachment(['post_title' => 'milik orang', 'post_mime_type' => 'image/jpeg'], '', {made.remote_id});"
    )
    publisher.retract(made.remote_id, "Ditarik.", ledger)
    assert len(kota.media()) == 4
    assert "milik orang" in [one["title"] for one in kota.media()]


def test_a_site_that_rewrites_texts_is_named_and_the_story_stays_hidden(kota: WordPressSite) -> None:
    kota.fault("rewrite", at="save", times=99)
    with pytest.raises(Refused, match="mengubah naskah saat menyimpannya"):
        kota.publisher().create(post(pictures=()), {})
    assert [row["status"] for row in kota.posts()] == ["draft"]


def test_the_doctor_finds_a_good_site_good_and_changes_nothing(kota: WordPressSite) -> None:
    findings = kota.publisher().check()
    assert [(one.subject, one.ok) for one in findings] == [
        ("situs kota: sambungan", True),
        ("situs kota: masuk", True),
        ("situs kota: peran", True),
        ("situs kota: kategori", True),
    ]
    assert kota.requests("POST") == []


def test_the_doctor_names_each_trouble_with_its_fix(kota: WordPressSite) -> None:
    def wrong(**changes: Any) -> list[tuple[str, str]]:
        found = kota.publisher(**changes).check()
        return [(one.subject.partition(": ")[2], one.sentence) for one in found if not one.ok]

    ((subject, sentence),) = wrong(categories={"default": 777})
    assert subject == "kategori"
    assert "default (777)" in sentence
    ((subject, sentence),) = wrong(user="tidakada")
    assert subject == "masuk"
    assert "kata sandi aplikasi" in sentence
    kota.password_file.write_text(kota.passwords["penulis"])
    ((subject, sentence),) = wrong(user="penulis")
    assert subject == "peran"
    assert "edit_others_posts" in sentence
    late = datetime.now(UTC) + timedelta(minutes=10)
    ((subject, sentence),) = wrong(user="penulis", now=lambda: late)[:1]
    assert subject == "jam"
    assert "terlambat 10 menit" in sentence
    with kota.down():
        ((subject, sentence),) = wrong()
    assert subject == "sambungan"
    assert "tidak dapat dihubungi" in sentence


def test_the_newest_wordpress_is_newer_than_this_machines(kota: WordPressSite, newest: WordPressSite) -> None:
    def number(site: WordPressSite) -> tuple[int, ...]:
        return tuple(int(part) for part in site.version.split(".")[:2])

    assert number(newest) > number(kota) >= (6, 1)


@pytest.mark.parametrize("markup", ["block", "classic"])
@pytest.mark.parametrize("which", ["kota", "newest"])
def test_photos_come_in_all_sizes_on_every_version_in_both_markups(
    request: pytest.FixtureRequest, which: str, markup: str
) -> None:
    site: WordPressSite = request.getfixturevalue(which)
    made = site.publisher(markup=markup).create(post(), {})
    images = soup(site, made).select(".entry-content figure img")
    assert len(images) == 3
    for image in images:
        widths = {part.split()[1] for part in str(image["srcset"]).split(", ")}
        assert {"300w", "768w", "1024w", "1200w"} <= widths
        assert image["sizes"]
        assert image["width"]
        addresses = [part.split()[0] for part in str(image["srcset"]).split(", ")]
        assert all(site.get(address).ok for address in addresses)


def test_a_story_takes_eight_requests_once_the_site_is_known(kota: WordPressSite) -> None:
    publisher = kota.publisher()
    for key in ("satu", "dua", "tiga"):
        before = len(kota.requests())
        publisher.find(key)
        publisher.create(post(key, slug=f"kabar-{key}", tags=()), {})
        taken = kota.requests()[before:]
    assert len(taken) == 8
    assert [line.partition("?")[0].rpartition("/wp-json/wp/v2/")[2] for line in taken[:-1]] == [
        "posts", "posts", "media", "media", "media", f"posts/{kota.posts()[-1]['id']}", f"posts/{kota.posts()[-1]['id']}",
    ]  # fmt: skip
    assert taken[-1].endswith("/kabar-tiga/")


def test_what_is_known_of_a_site_is_asked_again_after_a_refusal(kota: WordPressSite) -> None:
    publisher = kota.publisher()
    publisher.create(post("satu", pictures=()), {})
    kota.password_file.write_text(kota.passwords["kontributor"])
    with pytest.raises(Refused):
        publisher.create(post("dua", pictures=()), {})
    before = len(kota.requests("GET", r"/wp-json/\?"))
    kota.password_file.write_text(kota.passwords["redaksi"])
    assert publisher.create(post("dua", pictures=()), {}).state == "live"
    assert len(kota.requests("GET", r"/wp-json/\?")) == before + 1


def test_a_host_that_lets_only_get_and_post_through_is_enough(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher()
    made = publisher.create(post(), ledger)
    publisher.update(made.remote_id, post(version=2, pictures=(picture(4),)), ledger)
    publisher.retract(made.remote_id, "Ditarik.", ledger)
    assert kota.files() == []
    assert len(kota.requests()) == len(kota.requests("GET")) + len(kota.requests("POST"))


def test_a_photo_too_large_for_the_server_is_sent_smaller(kota: WordPressSite) -> None:
    large = picture(1, data=jpeg(1, 1600, 1200))
    kota.fault("answer", route=r"/wp/v2/media\?", status=413)
    made = kota.publisher().create(post(pictures=(large,)), {})
    assert made.state == "live"
    assert soup(kota, made).select_one(".entry-content figure img")["alt"] == large.alt
    (whole,) = [name for name in kota.files() if name.endswith("_01.jpg")]
    sent = kota.get(f"{kota.url}/wp-content/uploads/{whole}").content
    assert Image.open(io.BytesIO(sent)).size == (1200, 900)


def test_a_photo_refused_in_every_size_is_a_persons_matter_in_plain_words(kota: WordPressSite) -> None:
    body = '{"code": "rest_upload_no_content_disposition", "message": "x", "data": {"status": 400}}'
    kota.fault("answer", route=r"/wp/v2/media\?", status=400, body=body, times=9)
    large = picture(1, data=jpeg(1, 1600, 1200))
    with pytest.raises(Refused, match="terlalu besar, juga setelah kami perkecil"):
        kota.publisher().create(post(pictures=(large,)), {})
    assert len(kota.requests("POST", r"/wp/v2/media\?")) == 3
    assert kota.media() == []


def test_words_an_address_cannot_carry_come_by_a_request_of_their_own(
    sites: tuple[WordPressSite, ...],
) -> None:
    long = picture(1, caption="Warga berdiri di lapak. " * 120)
    kota, _, old = sites
    kota.publisher().create(post(pictures=(long,)), {})
    assert kota.media()[0]["caption"].startswith(long.caption.strip())
    assert max(len(line) for line in kota.requests("POST", r"/wp/v2/media\?")) < 1000
    # Words too wide for an old table: an upload that carried them would leave its file behind.
    old.publisher().create(post(pictures=(picture(1, caption="Lapak 🍚"),)), {})
    assert len({name.partition("_01")[0] + name[-4:] for name in old.files()}) == 1
    assert len([name for name in old.files() if name.endswith("_01.jpg")]) == 1


def test_a_wall_that_takes_offence_at_words_in_an_address_gets_the_photo_without_them(
    kota: WordPressSite,
) -> None:
    kota.fault("answer", route=r"/wp/v2/media\?.*caption=", status=403, times=9)
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(quarantine=0)
    with pytest.raises(Unreachable):
        publisher.create(post(), ledger)
    assert publisher.create(post(), ledger).state == "live"
    assert [one["alt"] for one in kota.media()] == [one.alt for one in post().pictures]


def test_where_a_plugin_has_replaced_the_search_a_story_is_found_by_its_slug(kota: WordPressSite) -> None:
    kota.fault("answer", method="GET", route="[?&]search=", status=200, body="[]", times=99)
    publisher = kota.publisher()
    made = publisher.create(post(tags=()), {})
    publisher.find("lain")
    assert publisher.create(post(tags=()), {}).remote_id == made.remote_id
    assert len(kota.posts()) == 1
    assert len(kota.media()) == 3
