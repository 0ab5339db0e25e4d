"""What stands behind a pasted address, and each usual culprit, on a real WordPress that misbehaves on demand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import Finding, Site
from publishers import build
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_discovery import Found, discover
from publishers.wordpress_rehearsal import categories, habit, rehearse
from tests.office import SETTINGS
from tests.real.wordpress.site import WordPressSite
from web.doctor import findings

pytestmark = pytest.mark.real
pytest_plugins = ("tests.real.wordpress.fixtures",)
STRIP = "unset($_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW'], $_SERVER['HTTP_AUTHORIZATION']);"
NO_PASSWORDS = "add_filter('wp_is_application_passwords_available', '__return_false');"
FOR_MEMBERS = (
    "add_filter('rest_authentication_errors', "
    "fn($r) => is_user_logged_in() ? $r : new WP_Error('rest_not_logged_in', 'x', ['status' => 401]));"
)
NO_XMLRPC = "add_filter('xmlrpc_methods', '__return_empty_array');"


def look(site: WordPressSite, path: str = "", **how: Any) -> Found:
    how.setdefault("inside", True)
    how.setdefault("now", lambda: datetime.now(UTC))
    return discover(site.url.removeprefix("http://") + path, **how)


def step(found: Found | list[Finding], what: str) -> Finding:
    steps = found.steps if isinstance(found, Found) else found
    return next(one for one in steps if one.subject.endswith(what))


def hand(site: WordPressSite, code: str, *methods: str, route: str = "") -> None:
    for method in methods or ("GET", "POST"):
        site.fault("hand", method=method, route=route, times=99, body=code)


def xmlrpc(site: WordPressSite, **changes: Any) -> WordPressPublisher:
    made = build(Site.model_validate(site.settings(kind="wordpress-xmlrpc", **changes)))
    assert isinstance(made, WordPressPublisher)
    return made


@pytest.mark.parametrize("path", ["", "/", "/wp-admin/", "/?p=1#atas", "/wp-login.php"])
@pytest.mark.parametrize("which", ["kota", "newest"])
def test_any_page_of_a_wordpress_leads_to_what_it_is(
    request: pytest.FixtureRequest, which: str, path: str
) -> None:
    site: WordPressSite = request.getfixturevalue(which)
    found = look(site, path)
    assert found.kinds == ("wordpress", "wordpress-xmlrpc", "assisted")
    assert found.url == site.url
    assert found.title == site.title
    assert found.authorize == f"{site.url}/wp-admin/authorize-application.php"
    assert found.zone == site.zone
    assert found.endpoint == ""
    if path in ("", "/"):
        assert found.version == site.version
        assert all(one.ok for one in found.steps)
    assert site.posts() == []


def test_a_site_with_plain_permalinks_is_found_too(kota: WordPressSite) -> None:
    kota.php("update_option('permalink_structure', '');")
    found = look(kota)
    assert found.kinds[0] == "wordpress"
    assert found.url == kota.url
    assert found.title == kota.title


def test_an_address_inside_the_network_is_opened_only_when_that_is_meant(kota: WordPressSite) -> None:
    found = look(kota, inside=False)
    assert (found.kinds, found.inside) == ((), True)
    assert "di dalam jaringan kantor" in found.steps[-1].sentence
    assert kota.requests() == []


def test_a_clock_that_is_off_is_told(kota: WordPressSite) -> None:
    found = look(kota, now=lambda: datetime.now(UTC) - timedelta(minutes=7))
    assert "lebih cepat 7 menit" in step(found, "jam").sentence


def test_application_passwords_that_are_off_leave_xmlrpc(kota: WordPressSite) -> None:
    hand(kota, NO_PASSWORDS)
    found = look(kota)
    assert "Wordfence" in step(found, "kata sandi aplikasi").sentence
    assert found.kinds == ("wordpress-xmlrpc", "assisted")


def test_a_rest_api_for_members_only_is_told_and_still_tried(kota: WordPressSite) -> None:
    hand(kota, FOR_MEMBERS)
    found = look(kota)
    assert "ditutup untuk yang belum masuk" in step(found, "REST API").sentence
    assert found.kinds[0] == "wordpress"
    assert found.url == kota.url


def test_where_both_doors_are_closed_a_person_carries(kota: WordPressSite) -> None:
    for method in ("GET", "POST"):
        kota.fault("answer", method=method, route="wp-json|rest_route", status=403, times=99)
        kota.fault("answer", method=method, route="xmlrpc", status=403, times=99)
    found = look(kota)
    assert "(403)" in step(found, "REST API").sentence
    assert "ditutup" in step(found, "XML-RPC").sentence
    assert found.kinds == ("assisted",)
    assert "berbantuan" in found.steps[-1].sentence


# The usual culprits once somebody signs in


def trouble(publisher: WordPressPublisher) -> str:
    (bad,) = [one for one in publisher.check() if not one.ok]
    assert bad.subject.endswith(": masuk")
    return bad.sentence


def test_a_server_that_drops_the_header_is_named_with_the_two_lines(kota: WordPressSite) -> None:
    hand(kota, STRIP, route="wp-json")
    sentence = trouble(kota.publisher())
    assert "membuang kepala Authorization" in sentence
    assert "RewriteEngine On” dan “RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]" in sentence
    assert "CGIPassAuth On" in sentence


def test_a_login_password_is_recognised(kota: WordPressSite) -> None:
    kota.password_file.write_text("kata sandi masuk")
    assert "bukan kata sandi aplikasi" in trouble(kota.publisher())


def test_a_password_that_was_withdrawn_is_told_from_a_dropped_header(kota: WordPressSite) -> None:
    kota.password_file.write_text("abcd efgh ijkl mnop qrst uvwx")
    assert "sudah dicabut" in trouble(kota.publisher())
    hand(kota, NO_XMLRPC, route="xmlrpc")
    sentence = trouble(kota.publisher())
    assert "kepala Authorization" in sentence
    assert "RewriteRule" in sentence


def test_a_sign_in_that_changes_nothing_is_all_a_check_does(kota: WordPressSite) -> None:
    hand(kota, STRIP, route="wp-json")
    trouble(kota.publisher())
    assert kota.posts() == []
    assert kota.media() == []


# The rehearsal


def fates(tried: list[Finding]) -> list[tuple[str, bool]]:
    return [(one.subject.partition(": uji ")[2], one.ok) for one in tried]


GOOD = [("draf", True), ("huruf", True), ("naskah", True), ("emoji", True), ("foto", True), ("hapus", True)]


@pytest.mark.parametrize("kind", ["wordpress", "wordpress-xmlrpc"])
@pytest.mark.parametrize("which", ["kota", "newest"])
def test_a_rehearsal_writes_reads_and_leaves_nothing(
    request: pytest.FixtureRequest, which: str, kind: str
) -> None:
    site: WordPressSite = request.getfixturevalue(which)
    tried = rehearse(site.publisher() if kind == "wordpress" else xmlrpc(site))
    assert fates(tried) == GOOD, tried
    assert "utuh" in step(tried, "uji emoji").sentence
    assert (site.posts(), site.media(), site.files()) == ([], [], [])


@pytest.mark.parametrize("kind", ["wordpress", "wordpress-xmlrpc"])
def test_no_reader_sees_the_rehearsal(kota: WordPressSite, kind: str) -> None:
    stopped = kota.fault("die", at="row", route="media|uploadFile", times=1)
    publisher = kota.publisher(quarantine=0) if kind == "wordpress" else xmlrpc(kota, quarantine=0)
    rehearse(publisher)
    assert stopped.hits == 1
    assert kota.posts("publish") == []


def test_an_old_table_keeps_accents_and_is_known_to_lose_emoji(sites: tuple[WordPressSite, ...]) -> None:
    tried = rehearse(sites[2].publisher())
    assert fates(tried) == GOOD, tried
    assert "tanpa emoji" in step(tried, "uji emoji").sentence


def test_an_upload_limit_is_named_with_its_settings(kota: WordPressSite) -> None:
    kota.fault("answer", route="wp/v2/media", status=413, times=1)
    tried = rehearse(kota.publisher())
    sentence = step(tried, "uji foto").sentence
    assert "upload_max_filesize" in sentence
    assert not step(tried, "uji foto").ok
    assert (kota.posts(), kota.media()) == ([], [])


def test_a_form_that_is_thrown_away_is_told(kota: WordPressSite) -> None:
    hand(kota, "add_filter('content_save_pre', fn($text) => str_replace('blockquote', 'div', $text));")
    assert "blockquote" in step(rehearse(kota.publisher()), "uji naskah").sentence
    assert kota.posts() == []


def test_letters_that_are_lost_are_told(kota: WordPressSite) -> None:
    hand(kota, "add_filter('content_save_pre', fn($text) => str_replace('é', '?', $text));")
    assert "utf8mb4" in step(rehearse(kota.publisher()), "uji huruf").sentence
    assert kota.posts() == []


def test_a_role_too_low_writes_nothing(kota: WordPressSite) -> None:
    kota.password_file.write_text(kota.passwords["kontributor"])
    (finding,) = rehearse(kota.publisher(user="kontributor"))
    assert not finding.ok
    assert "peran Editor" in finding.sentence
    assert kota.posts() == []


def test_what_could_not_be_removed_is_named(kota: WordPressSite) -> None:
    kota.fault("answer", route="_method=DELETE", status=403, times=99)
    tried = rehearse(kota.publisher())
    (left,) = kota.posts()
    assert left["status"] == "draft"
    assert f"nomor {left['id']}" in step(tried, "uji hapus").sentence


def test_the_doctor_writes_only_when_it_is_asked_to(kota: WordPressSite, use: Callable[[str], None]) -> None:
    use(f"{SETTINGS}  - {json.dumps(kota.settings(name='wp'))}\n")
    assert not [one for one in findings() if "uji" in one.subject]
    assert kota.requests("POST") == []
    tried = [one for one in findings(write=True) if one.subject.startswith("situs wp: uji")]
    assert fates(tried) == GOOD
    assert (kota.posts(), kota.media()) == ([], [])


@pytest.mark.parametrize("kind", ["wordpress", "wordpress-xmlrpc"])
def test_the_sites_categories_and_habits_are_read(kota: WordPressSite, kind: str) -> None:
    publisher = kota.publisher() if kind == "wordpress" else xmlrpc(kota)
    held = dict(categories(publisher))
    assert held[kota.categories["default"]] == "Info & Pengumuman"
    assert held[kota.categories["Ekonomi"]] == "Ekonomi"
    assert habit(publisher) == ""
    if kind == "wordpress":
        kota.php(
            "wp_insert_post(['post_title' => 'a', 'post_content' => '<p>a</p>', 'post_status' => 'publish']);"
        )
        assert habit(publisher) == "classic"
        kota.php(
            "wp_insert_post(['post_title' => 'b', 'post_content' => '<!-- wp:paragraph --><p>b</p><!-- /wp:paragraph -->', "
            "'post_status' => 'publish']);"
        )
        assert habit(publisher) == "block"
