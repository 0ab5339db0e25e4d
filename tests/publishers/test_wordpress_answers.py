"""What each odd answer means. A real WordPress cannot be made to give most of these."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from pydantic import ValidationError

from config import SettingsError
from publishers import PublishError, Refused, Unanswered, Unreachable
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_api import Api, SiteFault, TurnedAway
from publishers.wordpress_objects import Media, RemotePost
from publishers.wordpress_options import WordPressOptions
from publishers.wordpress_tags import Tags
from tests.publishers.samples import post

URL = "https://kota.contoh.go.id"
ROUTE = f"{URL}/wp-json/wp/v2/posts"
NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
WALL = "<!DOCTYPE html><html><body><h1>Attention Required! | Cloudflare</h1></body></html>"


def api(url: str = URL, timeout: float = 5) -> Api:
    return Api("Situs Kota", url, "redaksi", lambda: "rahasia", timeout, 120, lambda: NOW)


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(
            f"{URL}/wp-json/", json={"name": "Situs Kota", "namespaces": ["wp/v2"], "authentication": {}}
        )
        yield mock


def written(mock: responses.RequestsMock, **answer: Any) -> PublishError:
    """Return what a write raises when the site gives `answer`."""
    mock.post(ROUTE, **answer)
    with pytest.raises(PublishError) as caught:
        api().post(RemotePost, "/wp/v2/posts", {"status": "draft"})
    return caught.value


def read(mock: responses.RequestsMock, **answer: Any) -> PublishError:
    """Return what a read raises when the site gives `answer`."""
    mock.get(ROUTE, **answer)
    with pytest.raises(PublishError) as caught:
        api().many(RemotePost, "/wp/v2/posts")
    return caught.value


def fault(code: str, status: int, message: str = "Maaf, <b>tidak</b> boleh.", **data: Any) -> dict[str, Any]:
    return {"status": status, "json": {"code": code, "message": message, "data": {"status": status, **data}}}


@pytest.mark.parametrize("status", [403, 406, 429, 503])
def test_a_wall_of_html_is_come_back_to_and_the_intent_stands(
    site: responses.RequestsMock, status: int
) -> None:
    error = written(site, status=status, body=WALL, content_type="text/html")
    assert isinstance(error, TurnedAway)
    assert "Cloudflare</h1>" not in str(error)
    assert str(status) in str(error)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120),
        ("Fri, 20 Nov 2026 07:02:00 GMT", 120),
        ("Fri, 20 Nov 2026 06:00:00 GMT", 0),
        ("99999999999", 86_400),
        ("nanti", None),
    ],
)
def test_retry_after_is_honoured_in_both_its_forms(
    site: responses.RequestsMock, header: str, wait: float | None
) -> None:
    error = written(site, status=429, body="Too many", headers={"Retry-After": header})
    assert error.wait == wait


def test_retry_after_is_counted_from_the_sites_own_clock(site: responses.RequestsMock) -> None:
    headers = {"Retry-After": "Fri, 20 Nov 2026 09:01:00 GMT", "Date": "Fri, 20 Nov 2026 09:00:00 GMT"}
    assert written(site, status=503, body="", headers=headers).wait == 60


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>Selamat datang</html>",
        '{"id": 12, "status": "dra',
        '<b>Notice</b>: x in y on line 3{"id": 12}',
        "[]",
        '{"id": "dua belas"}',
        "null",
        b"\xff\xfe\x00",
    ],
)
def test_a_good_status_without_a_whole_answer_proves_nothing(
    site: responses.RequestsMock, body: str | bytes
) -> None:
    error = written(site, status=201, body=body)
    assert isinstance(error, Unanswered)
    assert error.wait == 120


def test_a_byte_order_mark_before_the_answer_is_forgiven(site: responses.RequestsMock) -> None:
    made = {"id": 12, "status": "draft", "slug": "r", "link": "x", "modified_gmt": "y",
            "title": {"raw": ""}, "content": {"raw": ""}}  # fmt: skip
    site.post(ROUTE, status=201, body=b"\xef\xbb\xbf" + json.dumps(made).encode())
    assert api().post(RemotePost, "/wp/v2/posts", {}).id == 12


@pytest.mark.parametrize("status", [408, 500, 502, 504, 520, 524])
def test_a_broken_gateway_leaves_a_write_open_and_a_read_to_be_repeated(
    site: responses.RequestsMock, status: int
) -> None:
    assert isinstance(written(site, status=status, body=WALL), Unanswered)
    error = read(site, status=status, body=WALL)
    assert isinstance(error, Unreachable)
    assert not isinstance(error, TurnedAway)


def test_a_fatal_error_inside_wordpress_leaves_a_write_open(site: responses.RequestsMock) -> None:
    assert isinstance(written(site, **fault("internal_server_error", 500)), Unanswered)


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("rest_cannot_create", 401, "kata sandi aplikasi"),
        ("rest_not_logged_in", 401, "kata sandi aplikasi"),
        ("rest_forbidden_context", 401, "kata sandi aplikasi"),
        ("incorrect_password", 401, "kata sandi aplikasi"),
        ("invalid_username", 403, "kata sandi aplikasi"),
        ("rest_cannot_create", 403, "peran Editor"),
        ("rest_cannot_publish", 403, "peran Editor"),
        ("rest_cannot_edit", 403, "peran Editor"),
        ("rest_cannot_edit_others", 403, "peran Editor"),
        ("rest_post_invalid_id", 404, "dihapus dengan tangan"),
        ("rest_no_route", 404, "REST API"),
        ("rest_invalid_param", 400, "rest_invalid_param"),
        ("rest_invalid_json", 400, "rest_invalid_json"),
        ("empty_content", 400, "empty_content"),
        ("rest_upload_no_content_disposition", 400, "terlalu besar"),
        ("rest_upload_unknown_error", 500, "upload_max_filesize"),
        ("rest_upload_sideload_error", 500, "wp-content/uploads"),
        ("db_insert_error", 500, "utf8mb4"),
        ("db_update_error", 500, "utf8mb4"),
        ("kode_plugin_lain", 400, "kode kode_plugin_lain"),
    ],
)
def test_wordpress_own_faults_are_told_apart_by_code_with_the_usual_fix(
    site: responses.RequestsMock, code: str, status: int, said: str
) -> None:
    error = written(site, **fault(code, status, "Pesan dalam bahasa situs."))
    assert isinstance(error, SiteFault)
    assert error.code == code
    assert said in str(error)


def test_what_the_site_says_is_shown_without_its_markup_and_not_at_length(
    site: responses.RequestsMock,
) -> None:
    error = written(site, **fault("aneh", 400, "<script>x</script> &lt;b&gt; {title} " + "panjang " * 500))
    assert "<script>" not in str(error)
    assert "{title}" in str(error)
    assert len(str(error)) < 400


def test_a_photo_damaged_on_the_way_is_sent_again(site: responses.RequestsMock) -> None:
    site.post(f"{URL}/wp-json/wp/v2/media", **fault("rest_upload_hash_mismatch", 412))
    with pytest.raises(Unreachable, match="rusak di perjalanan") as caught:
        api().upload(b"jpeg", "a.jpg")
    assert not isinstance(caught.value, TurnedAway)


def test_an_upload_carries_its_sum_in_hexadecimal_and_its_bytes_as_they_are(
    site: responses.RequestsMock,
) -> None:
    site.post(f"{URL}/wp-json/wp/v2/media", status=201, json={"id": 1})
    with pytest.raises(Unanswered):
        api().upload(b"jpeg", "a.jpg", slug="k-m1")
    request = site.calls[-1].request
    assert request.body == b"jpeg"
    assert request.headers["Content-MD5"] == "ab4f3ccba74857c5f2ba0d5b7dbf65e1"
    assert request.headers["Content-Disposition"] == 'attachment; filename="a.jpg"'


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_wrong_setting_and_not_followed(site: responses.RequestsMock, status: int) -> None:
    error = written(site, status=status, headers={"Location": "https://www.kota.contoh.go.id/"})
    assert isinstance(error, Refused)
    assert "https://www.kota.contoh.go.id/" in str(error)
    assert [call.request.method for call in site.calls] == ["GET", "POST"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "kata sandi lain"),
        (404, "/wp-json/"),
        (405, "melarang"),
        (413, "client_max_body_size"),
        (400, "400"),
    ],
)
def test_the_servers_own_refusals_need_a_person(site: responses.RequestsMock, status: int, said: str) -> None:
    error = written(site, status=status, body="<html></html>")
    assert isinstance(error, Refused)
    assert said in str(error)


@pytest.mark.parametrize(
    "body", ["", '{"code": "rest_post_inv', '<b>Notice</b>: x{"code": "rest_post_invalid_id"}']
)
def test_an_error_of_wordpress_that_was_damaged_on_its_way_is_asked_for_again(
    site: responses.RequestsMock, body: str
) -> None:
    damaged = {"status": 404, "body": body, "content_type": "application/json; charset=UTF-8"}
    assert isinstance(written(site, **damaged), Unanswered)
    assert isinstance(read(site, **damaged), Unreachable)


def tags() -> Tags:
    def wait_out(sent: str) -> None:
        raise Unanswered("belum menjawab", wait=120)

    return Tags(api(), lambda: NOW, wait_out)


def test_a_tag_whose_making_was_not_answered_is_made_for_no_other_story_meanwhile(
    site: responses.RequestsMock,
) -> None:
    listed = site.get(f"{URL}/wp-json/wp/v2/tags", json=[])
    site.post(f"{URL}/wp-json/wp/v2/tags", status=504, body="")
    asked = tags()
    for _ in range(2):
        with pytest.raises(Unanswered):
            asked.numbers(["Ekonomi"])
    assert [call.request.method for call in site.calls].count("POST") == 1
    site.remove(listed)
    site.get(f"{URL}/wp-json/wp/v2/tags", json=[{"id": 9, "name": "EKONOMI"}, {"id": 4, "name": "Ekonomi"}])
    assert asked.numbers(["Ekonomi"]) == [4]


def test_a_term_that_is_there_already_is_an_answer(site: responses.RequestsMock) -> None:
    site.get(f"{URL}/wp-json/wp/v2/tags", json=[{"id": 3, "name": "Lain"}])
    site.post(f"{URL}/wp-json/wp/v2/tags", **fault("term_exists", 400, term_id=41))
    assert tags().numbers(["Ekonomi"]) == [41]


def test_deleting_what_is_gone_is_success(site: responses.RequestsMock) -> None:
    site.post(f"{URL}/wp-json/wp/v2/media/7", **fault("rest_post_invalid_id", 404))
    api().delete("/wp/v2/media/7")
    assert "_method=DELETE" in str(site.calls[-1].request.url)


def test_a_site_that_shows_its_api_only_to_members_is_reached() -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{URL}/wp-json/", **fault("rest_login_required", 401))
        mock.get(
            f"{URL}/wp-json/", json={"namespaces": ["wp/v2"], "authentication": {"application-passwords": {}}}
        )
        assert "application-passwords" in api().index()["authentication"]
        assert "Authorization" not in mock.calls[0].request.headers
        assert "Authorization" in mock.calls[1].request.headers


def test_a_site_without_pretty_addresses_is_reached_by_query() -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{URL}/wp-json/", status=404, body="<html>tidak ada</html>")
        mock.get(f"{URL}/", json={"namespaces": ["wp/v2"]})
        mock.get(f"{URL}/", json=[])
        assert api().many(RemotePost, "/wp/v2/posts") == []
        assert "rest_route=%2Fwp%2Fv2%2Fposts" in str(mock.calls[-1].request.url)


@pytest.mark.parametrize("status", [200, 404])
def test_what_is_no_wordpress_is_said_to_be_none(status: int) -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{URL}/wp-json/", status=status, body="<html>Toko daring</html>")
        mock.get(f"{URL}/", status=200, json={"toko": "daring"})
        with pytest.raises(Refused, match="tidak ada REST API WordPress"):
            api().index()


def test_the_password_is_not_shown_to_an_address_that_is_no_wordpress() -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{URL}/wp-json/", status=404, body="")
        mock.get(f"{URL}/", status=200, body="<html></html>")
        with pytest.raises(Refused):
            api().one(RemotePost, "/wp/v2/posts/1")
        assert all("Authorization" not in call.request.headers for call in mock.calls)


def test_the_doctor_says_when_application_passwords_are_switched_off(site: responses.RequestsMock) -> None:
    site.get(f"{URL}/wp-json/wp/v2/users/me", **fault("rest_not_logged_in", 401))
    publisher = WordPressPublisher("kota", "Situs Kota", options(), now=lambda: NOW)
    publisher.api = api()
    bad = {one.subject: one.sentence for one in publisher.check() if not one.ok}
    assert set(bad) == {"situs kota: kata sandi aplikasi", "situs kota: masuk"}
    assert "Wordfence" in bad["situs kota: kata sandi aplikasi"]


# Conversations that break, on real sockets


@contextmanager
def server(*, answer: bytes | None) -> Iterator[str]:
    """Listen; read a request, send `answer` and hang up, or keep silent when there is none."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def serve() -> None:
            listening.settimeout(0.1)
            while not done.is_set():
                try:
                    peer, _ = listening.accept()
                except TimeoutError:
                    continue
                with peer, suppress(ConnectionError):  # we hang up when we have seen enough
                    peer.recv(65_536)
                    if answer is None:
                        done.wait()
                    else:
                        peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


def ready(url: str, timeout: float = 5) -> Api:
    """Return an API that has found its site already."""
    made = api(url, timeout)
    made.memory.keep("root", f"{url}/wp-json")
    return made


HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 201 Cre",
        b"tidak ada HTTP di sini\r\n\r\n",
        HEAD + b'Content-Length: 500\r\n\r\n{"id": 12,',
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nrusk",
    ],
)
def test_a_connection_that_breaks_after_the_request_leaves_a_write_open(answer: bytes) -> None:
    with server(answer=answer) as url:
        with pytest.raises(Unanswered) as caught:
            ready(url).post(RemotePost, "/wp/v2/posts", {})
        assert caught.value.wait == 120
        with pytest.raises(Unreachable):
            ready(url).many(RemotePost, "/wp/v2/posts")


def test_silence_after_the_request_leaves_a_write_open() -> None:
    with server(answer=None) as url, pytest.raises(Unanswered, match="tidak menjawab"):
        ready(url, timeout=0.2).post(RemotePost, "/wp/v2/posts", {})


def test_an_answer_without_end_is_cut_off() -> None:
    endless = HEAD + b"Content-Length: 99999999\r\n\r\n" + b"x" * 17_000_000
    with server(answer=endless) as url, pytest.raises(Unanswered):
        ready(url).post(RemotePost, "/wp/v2/posts", {})


def test_a_closed_door_means_that_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="tidak dapat dihubungi") as caught:
        ready(f"http://127.0.0.1:{port}").post(RemotePost, "/wp/v2/posts", {})
    assert not isinstance(caught.value, TurnedAway)


def test_a_name_nobody_has_means_that_nothing_was_sent() -> None:
    with pytest.raises(Unreachable, match=r"situs-kota\.invalid"):
        ready("https://situs-kota.invalid").post(RemotePost, "/wp/v2/posts", {})


def test_http_where_https_was_expected_is_no_traceback() -> None:
    with server(answer=HEAD + b"\r\n") as url, pytest.raises(PublishError):
        ready(url.replace("http://", "https://")).many(Media, "/wp/v2/media")


# Settings


def options(**changes: Any) -> WordPressOptions:
    keys = {"url": URL, "user": "redaksi", "password_env": "REDAKSI_UJI_TIDAK_ADA", **changes}
    return WordPressOptions.model_validate(keys)


@pytest.mark.parametrize(
    "url",
    [
        "kota.contoh.go.id",
        "http://kota.contoh.go.id",
        "https://redaksi:rahasia@kota.contoh.go.id",
        "https://kota.contoh.go.id/?p=1",
        "ftp://kota.contoh.go.id",
        "https://",
    ],
)
def test_an_address_that_would_leak_or_lead_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        options(url=url)


def test_one_password_and_only_one_is_named() -> None:
    with pytest.raises(ValidationError, match="isi salah satu"):
        options(password_file="x")
    with pytest.raises(ValidationError, match="isi salah satu"):
        options(password_env=None)


def test_a_missing_password_is_noticed_when_it_is_needed_and_is_a_persons_matter(
    site: responses.RequestsMock,
) -> None:
    publisher = WordPressPublisher("kota", "Situs Kota", options(), now=lambda: NOW)
    with pytest.raises(Refused, match="REDAKSI_UJI_TIDAK_ADA") as caught:
        publisher.create(post(), {})
    assert isinstance(caught.value.__cause__, SettingsError)
    assert [one.ok for one in publisher.check()][-1] is False


def test_a_remote_id_of_another_kind_of_site_is_refused() -> None:
    publisher = WordPressPublisher("kota", "Situs Kota", options(), now=lambda: NOW)
    with pytest.raises(Refused, match="bukan nomor WordPress"):
        publisher.update("b7c1d2", post(), {})


def test_the_sites_key_is_opaque_and_differs_from_site_to_site() -> None:
    kota, dinas = (WordPressPublisher(name, name, options(), now=lambda: NOW) for name in ("kota", "dinas"))
    assert kota.site_key("b7c1d2") != dinas.site_key("b7c1d2")
    assert kota.site_key("b7c1d2").startswith("r")
    assert len(kota.site_key("b7c1d2")) == 15
