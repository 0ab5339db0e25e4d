"""A real WordPress, spoken to by XML-RPC only, keeps the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from publishers import Refused
from publishers.wordpress_xmlrpc import WordPressXmlrpcPublisher
from tests.publishers.contract import PublisherContract
from tests.publishers.samples import jpeg, picture, post, want_ours
from tests.real.test_wordpress import Visitor, soup
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real
WRITES = r"wp\.(newPost|editPost|uploadFile|newTerm|deletePost)="


def xmlrpc(site: WordPressSite, **changes: Any) -> WordPressXmlrpcPublisher:
    made = site.publisher(kind="wordpress-xmlrpc", **changes)
    assert isinstance(made, WordPressXmlrpcPublisher)
    return made


class TestContract(PublisherContract):
    @pytest.fixture
    def publisher(self, kota: WordPressSite) -> WordPressXmlrpcPublisher:
        return xmlrpc(kota)

    @pytest.fixture
    def reader(self, kota: WordPressSite) -> Visitor:
        return Visitor(kota)


class TestNewestContract(PublisherContract):
    """The same on the newest WordPress."""

    @pytest.fixture
    def publisher(self, newest: WordPressSite) -> WordPressXmlrpcPublisher:
        return xmlrpc(newest)

    @pytest.fixture
    def reader(self, newest: WordPressSite) -> Visitor:
        return Visitor(newest)


class TestOldSiteContract(PublisherContract):
    """The same on a site with plain permalinks, narrow characters and blocks, and an Author's account."""

    @pytest.fixture
    def publisher(self, sites: tuple[WordPressSite, ...]) -> WordPressXmlrpcPublisher:
        sites[2].php("update_option('permalink_structure', ''); delete_option('rewrite_rules');")
        sites[2].password_file.write_text(sites[2].passwords["penulis"])
        return xmlrpc(sites[2], markup="block", user="penulis")

    @pytest.fixture
    def reader(self, sites: tuple[WordPressSite, ...]) -> Visitor:
        return Visitor(sites[2])


def test_nothing_but_xmlrpc_is_asked_for(kota: WordPressSite) -> None:
    xmlrpc(kota).create(post(), {})
    assert [uri for uri in kota.requests("POST") if not uri.startswith("/xmlrpc.php?")] == []
    assert kota.requests("", "wp-json|supportedMethods") == []


def test_the_status_never_rides_along_with_the_text(kota: WordPressSite) -> None:
    xmlrpc(kota).create(post(), {})
    edits = kota.requests("POST", r"wp\.editPost=")
    assert len([uri for uri in edits if "post_status" in uri]) == 1
    assert [uri for uri in edits if "post_status" in uri and "post_content" in uri] == []


def test_photos_are_described_in_the_library_and_come_in_all_sizes(kota: WordPressSite) -> None:
    made = xmlrpc(kota).create(post(pictures=(picture(1, caption="A & B <c>"), picture(2))), {})
    first, second = kota.media()
    assert first["caption"] == first["description"] == "A &amp; B &lt;c&gt; (Foto: Juru Foto 1)"
    assert (first["title"], second["title"]) == ("A &amp; B &lt;c&gt;", picture(2).caption)
    images = soup(kota, made).select(".entry-content figure img")
    assert [image["alt"] for image in images] == [picture(1).alt, picture(2).alt]
    assert all("1024w" in str(image["srcset"]) and image["width"] for image in images)


def test_a_correction_uploads_only_new_photos_and_deletes_the_unused(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    before = {one["title"]: one["id"] for one in kota.media()}
    changed = (picture(3, caption="Keterangan diralat."), picture(4), picture(1))
    publisher.update(made.remote_id, post(version=2, pictures=changed), ledger)
    assert len(kota.requests("POST", r"wp\.uploadFile=")) == 4
    after = {one["title"]: one["id"] for one in kota.media()}
    assert set(after) == {one.caption for one in changed}
    assert after["Keterangan diralat."] == before[picture(3).caption]
    assert after[picture(1).caption] == before[picture(1).caption]
    (row,) = kota.posts()
    assert row["thumbnail"] == str(before[picture(3).caption])


def test_the_same_photo_with_a_face_covered_is_a_new_file_and_the_old_one_goes(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(pictures=(picture(1),)), ledger)
    before = kota.files()
    publisher.update(made.remote_id, post(version=2, pictures=(picture(1, data=jpeg(8)),)), ledger)
    assert len(kota.media()) == 1
    assert set(kota.files()) & set(before) == set()


def test_nothing_is_written_when_the_site_holds_the_version_already(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    writes = len(kota.requests("POST", WRITES))
    assert writes == 10
    assert publisher.update(made.remote_id, post(), ledger).sha256 == made.sha256
    assert len(kota.requests("POST", WRITES)) == writes


def test_a_changed_text_keeps_title_date_thumbnail_comments_and_custom_fields(kota: WordPressSite) -> None:
    kota.php("update_option('default_comment_status', 'open');")
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    kota.php(f"add_post_meta({made.remote_id}, 'catatan', 'milik situs');")
    (before,) = kota.posts()
    for version in (2, 3):
        publisher.update(made.remote_id, post(version=version, html=f"<p>Naskah {version}.</p>"), ledger)
    (after,) = kota.posts()
    kept = ("title", "date_gmt", "date", "thumbnail", "terms", "slug", "status")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    facts = kota.php(
        f"echo get_post({made.remote_id})->comment_status, ' ', "
        f"implode(',', get_post_meta({made.remote_id}, 'catatan'));"
    )
    assert facts == "open milik situs"


@pytest.mark.parametrize("number", range(3))
def test_the_moment_of_publication_is_right_in_every_zone(
    sites: tuple[WordPressSite, ...], number: int
) -> None:
    jakarta = datetime.fromisoformat("2026-10-22T05:30:00+07:00")
    xmlrpc(sites[number]).create(post(published_at=jakarta, pictures=()), {})
    (row,) = sites[number].posts()
    assert row["date_gmt"] == "2026-10-21 22:30:00"
    assert row["date"] == ["2026-10-22 05:30:00", "2026-10-21 22:30:00", "2026-10-22 06:30:00"][number]


def test_a_time_the_sites_clock_has_not_reached_does_not_hide_the_story(kota: WordPressSite) -> None:
    made = xmlrpc(kota).create(post(published_at=datetime.now(UTC) + timedelta(hours=1), pictures=()), {})
    assert (made.state, made.detail["public"], made.detail["headline_seen"]) == ("live", 200, True)
    assert [row["status"] for row in kota.posts()] == ["publish"]


def test_a_story_scheduled_by_hand_is_not_taken_for_a_shown_one(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(pictures=()), ledger)
    kota.php(
        f"wp_update_post(['ID' => {made.remote_id}, 'post_status' => 'future', 'edit_date' => true, "
        "'post_date' => '2031-01-01 00:00:00', 'post_date_gmt' => '2030-12-31 17:00:00']);"
    )
    found = publisher.find(post().key)
    assert found is not None
    assert (found.state, found.detail["status"]) == ("hidden", "future")
    with pytest.raises(Refused, match="tidak lagi ditayangkan"):
        publisher.update(made.remote_id, post(version=2, pictures=()), ledger)
    want_ours(publisher, made.remote_id, post(version=2, pictures=()), ledger)
    assert publisher.update(made.remote_id, post(version=2, pictures=()), ledger).state == "live"
    assert [row["status"] for row in kota.posts()] == ["publish"]


def test_categories_are_mapped_and_a_lost_one_is_named(kota: WordPressSite) -> None:
    xmlrpc(kota).create(post("satu", category="Olahraga", pictures=()), {})
    assert kota.posts()[0]["terms"] == ["Info &amp; Pengumuman", "pasar murah"]
    ledger: dict[str, Any] = {}
    with pytest.raises(Refused, match="kategori nomor 777"):
        xmlrpc(kota, categories={"default": 777}).create(post("dua", pictures=()), ledger)
    assert [row["status"] for row in kota.posts()] == ["publish", "draft"]
    assert xmlrpc(kota).create(post("dua", pictures=()), ledger).state == "live"


def test_tags_are_found_again_whatever_their_case_and_signs(kota: WordPressSite) -> None:
    xmlrpc(kota).create(post("satu", tags=("Gula & Beras", "UMKM"), pictures=()), {})
    xmlrpc(kota).create(post("dua", tags=("umkm", "gula & beras"), pictures=()), {})
    assert kota.posts()[0]["terms"] == kota.posts()[1]["terms"] == ["Ekonomi", "Gula &amp; Beras", "UMKM"]
    assert len(kota.requests("POST", r"wp\.newTerm=")) == 2


def test_a_tag_made_by_another_just_now_is_used(kota: WordPressSite) -> None:
    kota.fault("hand", route=r"wp\.newTerm=", body="wp_insert_term('pasar murah', 'post_tag');")
    xmlrpc(kota).create(post(pictures=()), {})
    assert kota.posts()[0]["terms"] == ["Ekonomi", "pasar murah"]
    assert kota.php("echo wp_count_terms(['taxonomy' => 'post_tag', 'hide_empty' => false]);") == "1"


def test_a_photo_too_large_for_the_server_is_sent_smaller(kota: WordPressSite) -> None:
    kota.fault("answer", route=r"wp\.uploadFile=", status=413)
    made = xmlrpc(kota).create(post(pictures=(picture(1, data=jpeg(1, 2400, 1600)),)), {})
    assert len(kota.requests("POST", r"wp\.uploadFile=")) == 2
    assert len(kota.media()) == 1
    assert "srcset" in soup(kota, made).select_one(".entry-content figure img").attrs


def test_a_database_without_room_for_emoji_gets_the_story_without_them(
    sites: tuple[WordPressSite, ...],
) -> None:
    fancy = post(
        headline="Pasar 𝗺𝘂𝗿𝗮𝗵 di 𝐊𝐨𝐭𝐚",
        html="<p>Warga 𝘀𝗲𝗻𝗮𝗻𝗴 😀 sekali.</p>",
        pictures=(picture(1, caption="Lapak 𝗯𝗲𝗿𝗮𝘀 🍚"),),
    )
    ledger: dict[str, Any] = {}
    site = sites[2]
    made = xmlrpc(site).create(fancy, ledger)
    page = soup(site, made)
    assert page.select_one("h1.entry-title").get_text() == "Pasar murah di Kota"
    assert "senang" in page.select_one(".entry-content").get_text()
    assert xmlrpc(site).update(made.remote_id, replace(fancy, version=2), ledger).version == 2
    wide = xmlrpc(sites[0]).create(fancy, {})
    assert soup(sites[0], wide).select_one("h1.entry-title").get_text() == fancy.headline


def test_control_characters_of_a_paste_are_left_out(kota: WordPressSite) -> None:
    dirty = post(
        headline="Pasar\x0b murah\x07",
        html="<p>Warga datang sejak\x0c pagi\ufffe.</p>",
        tags=("beras\x01",),
        pictures=(picture(1, caption="Lapak\x02 beras"),),
    )
    made = xmlrpc(kota).create(dirty, {})
    page = soup(kota, made)
    assert page.select_one("h1.entry-title").get_text() == "Pasar murah"
    assert "Warga datang sejak pagi." in page.select_one(".entry-content").get_text()
    assert sorted(kota.posts()[0]["terms"]) == ["Ekonomi", "beras"]


def test_a_text_of_the_site_that_no_xml_may_hold_is_read_all_the_same(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(pictures=()), ledger)
    kota.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, ['post_excerpt' => chr(11)], ['ID' => {made.remote_id}]);"
    )
    assert publisher.update(made.remote_id, post(version=2, pictures=()), ledger).version == 2


def test_square_brackets_in_mail_are_text_and_never_shortcodes(kota: WordPressSite) -> None:
    words = "Lihat [caption id=x]ini[/caption] dan [gallery]"
    one = picture(1, caption=words, alt=words)
    made = xmlrpc(kota).create(
        post(headline=words, html=f"<p>{words}</p>", notice=words, pictures=(one,)), {}
    )
    page = soup(kota, made)
    assert page.select_one("h1.entry-title").get_text() == words
    told = [one.get_text() for one in page.select(".entry-content p") if one.get_text()]
    assert told == [words, words]
    assert page.select_one(".entry-content figure img")["alt"] == words


def test_an_account_that_may_not_publish_is_refused_before_anything_is_made(kota: WordPressSite) -> None:
    kota.password_file.write_text(kota.passwords["kontributor"])
    with pytest.raises(Refused, match="peran Editor"):
        xmlrpc(kota, user="kontributor").create(post(), {})
    assert kota.posts() == []
    assert kota.requests("POST", WRITES) == []


def test_the_password_one_signs_in_with_works_as_on_old_sites(kota: WordPressSite) -> None:
    kota.password_file.write_text("kata sandi masuk")
    assert xmlrpc(kota).create(post(pictures=()), {}).state == "live"


def test_a_redirecting_address_is_refused_with_the_right_one(kota: WordPressSite) -> None:
    target = {"Location": "https://www.contoh.invalid/xmlrpc.php"}
    kota.fault("answer", status=301, headers=target, times=9)
    with pytest.raises(Refused, match=r"https://www\.contoh\.invalid"):
        xmlrpc(kota).create(post(), {})
    assert kota.posts() == []


def test_a_story_deleted_by_hand_is_never_made_again_by_itself(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
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
    publisher = xmlrpc(kota)
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
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    kota.php(f"wp_update_post(['ID' => {made.remote_id}, 'post_title' => 'Judul dari situs']);")
    with pytest.raises(Refused, match="diubah dengan tangan"):
        publisher.update(made.remote_id, post(version=2), ledger)
    want_ours(publisher, made.remote_id, post(version=2), ledger)
    assert kota.posts()[0]["title"] == "Judul dari situs", "asked about again: a second try is no answer"
    publisher.update(made.remote_id, post(version=2), ledger)
    assert kota.posts()[0]["title"] == post().headline


def saved_by_hand(number: str, **fields: str) -> str:
    """Return PHP by which somebody saves a story some seconds after we have read it."""
    changed = ", ".join(f"'{name}' => '{value}'" for name, value in fields.items())
    return (
        f"global $wpdb; $wpdb->update($wpdb->posts, [{changed}{', ' if changed else ''}'post_modified_gmt' => "
        f"gmdate('Y-m-d H:i:s', time() + 5)], ['ID' => {number}]); clean_post_cache({number});"
    )


def test_what_somebody_saves_between_our_look_and_our_change_is_not_lost(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    faster = kota.fault(
        "hand",
        route=r"wp\.editPost=.*post_content",
        body=saved_by_hand(made.remote_id, post_title="Situs lebih dulu"),
    )
    with pytest.raises(Refused, match="diubah dengan tangan"):
        publisher.update(made.remote_id, post(version=2), ledger)
    assert faster.hits == 1
    assert kota.posts()[0]["title"] == "Situs lebih dulu"
    kota.php(f"wp_update_post(['ID' => {made.remote_id}]);")  # the clock is where it should be again
    want_ours(publisher, made.remote_id, post(version=2), ledger)
    publisher.update(made.remote_id, post(version=2), ledger)
    assert kota.posts()[0]["title"] == post().headline


def test_a_change_by_hand_that_touched_no_word_is_no_reason_to_ask(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    kota.fault("hand", route=r"wp\.editPost=.*post_content", body=saved_by_hand(made.remote_id))
    assert publisher.update(made.remote_id, post(version=2), ledger).version == 2


def test_a_retraction_asks_nobody_and_deletes_the_files_even_past_a_trash_for_media(
    kota: WordPressSite,
) -> None:
    (kota.faults / "media-trash").touch()
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    kota.php(f"wp_update_post(['ID' => {made.remote_id}, 'post_content' => 'Diubah seluruhnya']);")
    assert publisher.retract(made.remote_id, "Ditarik.", ledger).state == "hidden"
    assert kota.get(made.url).status_code == 404
    assert len(kota.requests("POST", r"wp\.deletePost=")) == 6
    assert (kota.media(), kota.files()) == ([], [])


def test_a_retraction_with_a_lost_ledger_finds_the_photos(kota: WordPressSite) -> None:
    made = xmlrpc(kota).create(post(), {})
    assert xmlrpc(kota).retract(made.remote_id, "Ditarik.", {}).state == "hidden"
    assert kota.files() == []


def test_photos_of_other_stories_and_other_people_stay(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    other = publisher.create(post("lain"), {})
    made = publisher.create(post(), ledger)
    kota.php(
        f"wp_insert_attachment(['post_title' => 'milik orang', 'post_mime_type' => 'image/jpeg', "
        f"'guid' => '{kota.url}/wp-content/uploads/orang.jpg'], '', {made.remote_id});"
    )
    # Numbers of deleted rows may be given again: one of ours is another story's photo by now, one is that story.
    ours = [name for name in ledger if name.startswith("photo ")]
    ledger[ours[0]] = {"id": kota.media()[0]["id"]}
    ledger[ours[1]] = {"id": int(other.remote_id)}
    publisher.retract(made.remote_id, "Ditarik.", ledger)
    assert len(kota.media()) == 4
    assert "milik orang" in [one["title"] for one in kota.media()]
    assert [row["status"] for row in kota.posts()] == ["publish", "draft"]


def test_a_photo_somebody_took_from_its_story_is_put_back(kota: WordPressSite) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota)
    made = publisher.create(post(), ledger)
    number = kota.media()[1]["id"]
    kota.php(f"wp_update_post(['ID' => {number}, 'post_parent' => 0]);")
    publisher.update(made.remote_id, post(version=2), ledger)
    assert [one["parent"] for one in kota.media()] == [int(made.remote_id)] * 3
    assert len(kota.requests("POST", r"wp\.uploadFile=")) == 3


def test_a_site_that_rewrites_texts_is_named_and_the_story_stays_hidden(kota: WordPressSite) -> None:
    kota.fault("rewrite", at="save", times=99)
    with pytest.raises(Refused, match="mengubah naskah saat menyimpannya"):
        xmlrpc(kota).create(post(pictures=()), {})
    assert [row["status"] for row in kota.posts()] == ["draft"]


def test_the_doctor_finds_a_good_site_good_and_changes_nothing(kota: WordPressSite) -> None:
    findings = xmlrpc(kota).check()
    assert [(one.subject, one.ok) for one in findings] == [
        ("situs kota: sambungan", True),
        ("situs kota: masuk", True),
        ("situs kota: peran", True),
        ("situs kota: kategori", True),
        ("situs kota: versi", True),
    ]
    assert kota.requests("POST", WRITES) == []


def test_the_doctor_names_each_trouble_with_its_fix(kota: WordPressSite) -> None:
    def wrong(**changes: Any) -> list[tuple[str, str]]:
        found = xmlrpc(kota, **changes).check()
        return [(one.subject.partition(": ")[2], one.sentence) for one in found if not one.ok]

    ((subject, sentence),) = wrong(categories={"default": 777})
    assert subject == "kategori"
    assert "default (777)" in sentence
    ((subject, sentence),) = wrong(user="tidakada")
    assert subject == "masuk"
    assert "kata sandi aplikasi" in sentence
    for role, hint in (("penulis", "hanya Penulis"), ("kontributor", "belum boleh menayangkan")):
        kota.password_file.write_text(kota.passwords[role])
        ((subject, sentence),) = wrong(user=role)
        assert subject == "peran"
        assert hint in sentence
    late = datetime.now(UTC) + timedelta(minutes=10)
    (subject, sentence), _ = wrong(user="kontributor", now=lambda: late)
    assert subject == "jam"
    assert "terlambat 10 menit" in sentence
    ((subject, sentence),) = wrong(endpoint=f"{kota.url}/tidak-ada/xmlrpc.php")
    assert subject == "sambungan"
    assert "endpoint" in sentence
    with kota.down():
        ((subject, sentence),) = wrong()
    assert subject == "sambungan"
    assert "tidak dapat dihubungi" in sentence


@pytest.mark.parametrize(
    "how",
    [
        "add_filter('xmlrpc_enabled', '__return_false');",
        "add_filter('xmlrpc_methods', '__return_empty_array');",
        "add_filter('xmlrpc_methods', fn($m) => array_diff_key($m, ['wp.editPost' => 1]));",
        "status_header(405); echo 'closed'; exit;",
    ],
)
def test_xmlrpc_that_is_switched_off_is_named_in_whatever_way(kota: WordPressSite, how: str) -> None:
    kota.fault("hand", body=how, times=99)
    sentences = [one.sentence for one in xmlrpc(kota).check() if not one.ok]
    assert len(sentences) == 1
    assert "XML-RPC dimatikan" in sentences[0]
    with pytest.raises(Refused, match="XML-RPC dimatikan"):
        xmlrpc(kota).create(post(pictures=()), {})
    assert kota.posts("publish") == []
