"""python-wordpress-xmlrpc's faults, each met; and what an odd answer by XML-RPC proves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from xmlrpc.client import Binary, DateTime, Fault, ServerProxy, dumps, loads

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from wordpress_xmlrpc.methods.posts import GetPosts

from publishers import PublishError, Refused, Unanswered, Unreachable
from publishers.wordpress_api import SiteFault, TurnedAway
from publishers.wordpress_xmlrpc_api import XmlRpcApi
from publishers.wordpress_xmlrpc_objects import MediaStruct, PostStruct, Profile
from publishers.wordpress_xmlrpc_options import WordPressXmlrpcOptions
from publishers.wordpress_xmlrpc_wire import OnceTransport, QuietClient, Unreadable, cleaned, unmarshalled

URL = "https://lama.contoh.go.id"
ENDPOINT = f"{URL}/xmlrpc.php"
NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    b"<methodResponse><params><param><value><string>&d;</string></value></param></params></methodResponse>"
)
THIEF = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b"<methodResponse><params><param><value><string>&a;</string></value></param></params></methodResponse>"
)


def api(timeout: float = 5, url: str = URL) -> XmlRpcApi:
    return XmlRpcApi("Situs Lama", url, "redaksi", lambda: "rahasia", timeout, 120, lambda: NOW)


def answer(value: Any) -> bytes:
    return dumps((value,), methodresponse=True).encode()


def fault(code: int, words: str = "ID tulisan tidak sah.") -> bytes:
    return dumps(Fault(code, words)).encode()


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def written(mock: responses.RequestsMock, body: bytes | str, **more: Any) -> PublishError:
    """Return what a change raises when the site gives `body`."""
    mock.post(ENDPOINT, body=body, **more)
    with pytest.raises(PublishError) as caught:
        api().edit(12, {"post_content": "x"})
    return caught.value


def read(mock: responses.RequestsMock, body: bytes | str, **more: Any) -> PublishError:
    """Return what a look raises when the site gives `body`."""
    mock.post(ENDPOINT, body=body, **more)
    with pytest.raises(PublishError) as caught:
        api().read(12)
    return caught.value


STORED = {
    "post_id": "12", "post_status": "publish", "post_title": "Judul", "post_content": "Isi", "post_name": "judul",
    "link": f"{URL}/judul/", "post_date_gmt": DateTime("20261120T06:00:00"),
    "post_modified_gmt": DateTime("20261120T06:30:00"), "post_thumbnail": [], "terms": [],
}  # fmt: skip


# The library's nine faults


def test_lists_are_read_on_todays_python(site: responses.RequestsMock) -> None:
    site.post(ENDPOINT, body=answer([STORED]))
    site.post(ENDPOINT, body=answer([]))
    assert [one.id for one in api().search("r0123456789abcd")] == [12]


@contextmanager
def server_that_hangs_up() -> Iterator[tuple[str, list[bytes]]]:
    """Take each request whole and close without an answer."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    visitor, _ = door.accept()
                except OSError:
                    return
                with visitor:
                    got = b""
                    while b"</methodCall>" not in got and (piece := visitor.recv(65_536)):
                        got += piece
                    taken.append(got)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}", taken
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_lost_answer_is_never_followed_by_the_same_request() -> None:
    with server_that_hangs_up() as (address, taken), pytest.raises(Unanswered):
        api(url=address).make({"post_status": "publish"})
    assert len(taken) == 1


def test_python_itself_would_send_it_again() -> None:
    """Why OnceTransport is there. When this fails, it may go."""
    with server_that_hangs_up() as (address, taken), pytest.raises(ConnectionError):
        ServerProxy(f"{address}/xmlrpc.php").wp.newPost(0, "redaksi", "rahasia", {})
    assert len(taken) == 2


def test_a_site_that_never_answers_is_not_waited_for_for_ever() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(Unanswered, match="tidak menjawab") as caught,
    ):
        api(0.05, f"http://127.0.0.1:{silent.getsockname()[1]}").edit(12, {"post_content": "x"})
    assert caught.value.wait == 120


def sent(mock: responses.RequestsMock) -> tuple[Any, str | None]:
    body = mock.calls[-1].request.body
    assert isinstance(body, bytes)
    return loads(body)


def test_a_change_names_only_what_is_to_change(site: responses.RequestsMock) -> None:
    site.post(ENDPOINT, body=answer(True))
    api().edit(12, {"post_content": "x"}, "20261120T06:30:00")
    (blog, user, password, number, struct), method = sent(site)
    assert (method, blog, user, password, number) == ("wp.editPost", 0, "redaksi", "rahasia", 12)
    assert struct == {"post_content": "x", "if_not_modified_since": DateTime("20261120T06:30:00")}


def test_times_are_sent_as_the_utc_they_are_given_in(site: responses.RequestsMock) -> None:
    site.post(ENDPOINT, body=answer(True))
    api().edit(12, {"post_content": "x"}, "20261120T06:30:00")
    assert b"<dateTime.iso8601>20261120T06:30:00</dateTime.iso8601>" in site.calls[0].request.body


def test_a_featured_image_is_read_as_its_number_and_never_as_a_struct() -> None:
    with_photo = {**STORED, "post_thumbnail": {"attachment_id": "7", "link": "x"}}
    assert PostStruct.model_validate(with_photo).remote(None).featured_media == 7
    assert PostStruct.model_validate(STORED).remote(None).featured_media == 0


@settings(max_examples=40)
@given(st.lists(st.text()) | st.dictionaries(st.text("ab"), st.lists(st.text())))
def test_whatever_is_sent_is_sound_xml(value: Any) -> None:
    ((back,), _) = loads(dumps((cleaned(value),), "wp.editPost").encode())
    # XML itself makes one line end of all.
    assert repr(back) == repr(cleaned(value)).replace("\\r\\n", "\\n").replace("\\r", "\\n")


def test_what_xml_cannot_carry_is_left_out_and_the_rest_stays() -> None:
    assert cleaned("a\x00\x0b\x1f\ud800\ufffe\tb\n\U0001f600é") == "a\tb\n\U0001f600é"


def test_nothing_is_asked_before_it_is_needed(site: responses.RequestsMock) -> None:
    QuietClient(ENDPOINT, "redaksi", "rahasia", lambda body: body)
    api()
    assert len(site.calls) == 0


def test_a_fault_keeps_its_number(site: responses.RequestsMock) -> None:
    client = QuietClient(ENDPOINT, "redaksi", "rahasia", lambda body: fault(403))
    with pytest.raises(Fault) as caught:
        client.call(GetPosts({}))
    assert caught.value.faultCode == 403


# What an answer proves


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Selamat datang</body></html>",
        answer(True)[:-30],
        b"<b>Notice</b>: x in y on line 3" + answer(True),
        answer(True) + b"<!-- selesai --><b>Notice</b>",
        answer(False),
        answer("1"),
        answer(["1"]),
        dumps((True, True)).encode(),
        b"<methodResponse><params/></methodResponse>",
        b"<methodResponse><fault><value><string>x</string></value></fault></methodResponse>",
        b"<methodResponse><params><param><value><int>x</int></value></param></params></methodResponse>",
        b"<methodResponse></value></methodResponse>",
        BOMB,
        THIEF,
    ],
)
def test_a_good_status_without_a_whole_answer_proves_nothing(
    site: responses.RequestsMock, body: bytes
) -> None:
    error = written(site, body)
    assert isinstance(error, Unanswered)
    assert error.wait == 120
    site.reset()
    assert isinstance(read(site, body), Unreachable)


def test_entities_are_not_even_looked_at() -> None:
    for body in (BOMB, THIEF):
        with pytest.raises(Unreadable, match="document type"):
            unmarshalled(body)


def test_what_stands_before_the_answer_and_is_nothing_is_forgiven() -> None:
    assert unmarshalled(b"\n\n\xef\xbb\xbf " + answer("a\x01b".replace("\x01", ""))) == ("ab",)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_raise_anything_else(noise: bytes) -> None:
    for body in (noise, answer([STORED])[:200] + noise, answer({"a": 1})[:-40] + noise):
        with suppress(Unreadable, Fault):
            unmarshalled(body)


TAGS = (
    *(
        "value",
        "int",
        "i4",
        "string",
        "struct",
        "member",
        "name",
        "array",
        "data",
        "fault",
        "params",
        "param",
    ),
    *("dateTime.iso8601", "base64", "double", "boolean", "nil", "bigdecimal", "ex:int", "methodResponse"),
)


@given(st.lists(st.sampled_from(TAGS), max_size=12), st.sampled_from(["", "1", "x", "1e999", "9" * 5000]))
def test_no_nest_of_tags_raises_anything_else(tags: list[str], text: str) -> None:
    body = "".join(f"<{tag}>" for tag in tags) + text + "".join(f"</{tag}>" for tag in reversed(tags))
    with suppress(Unreadable, Fault):
        unmarshalled(body.encode())


def test_an_answer_without_end_is_cut_off() -> None:
    piece = b"HTTP/1.1 200 OK\r\n\r\n<methodResponse>" + b"<i>" * 1000
    with socket.create_server(("127.0.0.1", 0)) as door:

        def pour() -> None:
            visitor, _ = door.accept()
            with visitor:
                try:
                    while True:
                        visitor.sendall(piece)
                except OSError:
                    return

        thread = threading.Thread(target=pour)
        thread.start()
        with pytest.raises(Unreachable):
            api(0.3, f"http://127.0.0.1:{door.getsockname()[1]}").read(12)
        thread.join()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (403, "tidak menerima nama pengguna"),
        (401, "peran Editor"),
        (404, "dihapus dengan tangan"),
        (405, "XML-RPC dimatikan"),
        (409, "sedang diubah orang lain"),
        (500, "utf8mb4"),
        (-32601, "XML-RPC dimatikan"),
        (-32700, "dalam keadaan rusak"),
        (777, "kode 777"),
    ],
)
def test_a_fault_is_known_by_its_number_and_means_that_nothing_was_done(
    site: responses.RequestsMock, code: int, sentence: str
) -> None:
    error = written(site, fault(code))
    assert isinstance(error, SiteFault)
    assert sentence in str(error)


def test_a_fault_counts_whatever_its_status_but_not_behind_a_broken_server(
    site: responses.RequestsMock,
) -> None:
    assert "XML-RPC dimatikan" in str(written(site, fault(405), status=405))
    site.reset()
    assert isinstance(written(site, fault(405), status=502), Unanswered)
    site.reset()
    assert isinstance(written(site, answer(True), status=500), Unanswered)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (301, Refused, "mengalihkan"),
        (308, Refused, "mengalihkan"),
        (401, Refused, "xmlrpc.php"),
        (403, TurnedAway, "xmlrpc.php"),
        (404, Refused, "endpoint"),
        (405, Refused, "XML-RPC dimatikan"),
        (413, Refused, "terlalu besar"),
        (429, TurnedAway, "sedang sibuk"),
        (500, Unanswered, "bermasalah"),
        (503, TurnedAway, "sedang sibuk"),
        (504, Unanswered, "bermasalah"),
    ],
)
def test_what_stands_before_wordpress_is_told_apart(
    site: responses.RequestsMock, status: int, kind: type[PublishError], words: str
) -> None:
    headers = {"Location": "https://www.contoh.invalid/", "Retry-After": "30"}
    error = written(site, "<html>tidak</html>", status=status, headers=headers)
    assert isinstance(error, kind)
    assert words in str(error)
    if kind is TurnedAway:
        assert error.wait == 30
    assert len(site.calls) == 1


def test_a_number_that_is_none_is_not_taken_for_what_was_made(site: responses.RequestsMock) -> None:
    for body in (answer(True), answer(""), answer("x"), answer({}), answer(-1)):
        site.reset()
        site.post(ENDPOINT, body=body)
        with pytest.raises(Unanswered):
            api().make({})


def test_an_upload_answered_by_an_old_wordpress_is_believed(site: responses.RequestsMock) -> None:
    site.post(
        ENDPOINT, body=answer({"id": "31", "file": "a.jpg", "url": f"{URL}/a.jpg", "type": "image/jpeg"})
    )
    assert api().send_photo("a.jpg", b"\xff\xd8", 12) == 31
    (_, _, _, struct), method = sent(site)
    assert method == "wp.uploadFile"
    assert struct["bits"] == Binary(b"\xff\xd8")
    assert (struct["name"], struct["type"], struct["overwrite"], struct["post_id"]) == (
        "a.jpg",
        "image/jpeg",
        False,
        12,
    )


def test_deleting_what_is_gone_is_done(site: responses.RequestsMock) -> None:
    site.post(ENDPOINT, body=fault(404))
    api().delete_one(12)
    assert api().item(12) is None


# What WordPress writes in its own way


def test_a_story_that_waits_for_its_time_is_told_by_the_sites_own_clock() -> None:
    struct = PostStruct.model_validate(STORED)
    assert struct.remote(datetime(2026, 11, 20, 5, 59, tzinfo=UTC)).status == "future"
    assert struct.remote(datetime(2026, 11, 20, 6, 0, tzinfo=UTC)).status == "publish"
    zeros = PostStruct.model_validate({**STORED, "post_date_gmt": DateTime("00000000T00:00:00Z")})
    assert zeros.remote(NOW).status == "publish"


def test_tables_with_gaps_and_missing_facts_are_read() -> None:
    assert Profile.model_validate({"roles": {"1": "editor"}}).roles == ["editor"]
    base = {"attachment_id": "5", "link": f"{URL}/u/a.jpg", "title": "a", "caption": "", "description": ""}
    assert MediaStruct.model_validate({**base, "metadata": False}).metadata.width == 0
    facts = {"width": 1200, "height": 800, "sizes": {"large": {"file": "a-1024x683.jpg"}}}
    assert MediaStruct.model_validate({**base, "metadata": facts}).address == f"{URL}/u/a-1024x683.jpg"
    assert (
        MediaStruct.model_validate({**base, "metadata": {**facts, "sizes": []}}).address == f"{URL}/u/a.jpg"
    )


def test_the_endpoint_is_as_safe_as_the_address() -> None:
    keys = {"url": URL, "user": "redaksi", "password_env": "X"}
    WordPressXmlrpcOptions.model_validate({**keys, "endpoint": f"{URL}/wp/xmlrpc.php"})
    with pytest.raises(ValidationError, match="pakai https"):
        WordPressXmlrpcOptions.model_validate({**keys, "endpoint": "http://lama.contoh.go.id/xmlrpc.php"})


def test_the_transport_hands_on_the_request_as_it_is() -> None:
    got: list[bytes] = []

    def take(body: bytes) -> bytes:
        got.append(body)
        return answer("ya")

    with ServerProxy(ENDPOINT, transport=OnceTransport(take)) as server:
        assert server.demo.sayHello() == "ya"
    assert b"demo.sayHello" in got[0]
