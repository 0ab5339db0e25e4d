"""A public page is read within bounds, however the site answers."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from publishers import Unreachable
from publishers.snapshot import LIMIT, folder_answer, read, read_folder, same_place
from tests.publishers.portal import Portal, portal

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as server:
        yield server


@contextmanager
def saying(pieces: Callable[[threading.Event], Iterable[bytes]]) -> Iterator[tuple[str, list[int]]]:
    """Serve one answer in pieces; give the address and a list that fills with the bytes the reader took."""
    done, taken = threading.Event(), [0]

    def serve() -> None:
        with contextlib.suppress(OSError):
            visitor, _ = door.accept()
            with visitor:
                visitor.recv(65_536)
                for piece in pieces(done):
                    visitor.sendall(piece)
                    taken[0] += len(piece)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/berita/", taken
        finally:
            done.set()
            thread.join()


def drip(head: bytes, drop: bytes, done: threading.Event) -> Iterator[bytes]:
    yield head
    while not done.wait(0.05):
        yield drop


def test_ten_gigabytes_are_cut_at_the_limit() -> None:
    piece = b"x" * 1_000_000
    with saying(lambda _: itertools.chain([HEAD + b"\r\n"], itertools.repeat(piece, 10_000))) as (url, taken):
        seen = read(url, url)
    assert seen.cut
    assert len(seen.body) == LIMIT
    assert taken[0] < 100_000_000


@pytest.mark.parametrize(
    ("head", "drop"), [(HEAD + b"\r\n", b"x"), (HEAD, b"X-Lambat: ya\r\n"), (HEAD + b"X-Tanpa-Akhir: ", b"x")]
)
def test_an_answer_that_trickles_is_left_when_time_is_up(head: bytes, drop: bytes) -> None:
    with (
        saying(lambda done: drip(head, drop, done)) as (url, _),
        pytest.raises(Unreachable, match="tidak selesai"),
    ):
        read(url, url, seconds=0.4)


def test_redirects_are_followed_on_the_site_only(held: Portal) -> None:
    held.answers["/a"] = 301, {"Location": "/b"}, b""
    held.answers["/b"] = 200, {"Content-Type": "text/html"}, b"<h1>Judul</h1>"
    held.answers["/keluar"] = 302, {"Location": "http://169.254.169.254/rahasia"}, b"pindah"
    held.answers["/putar"] = 302, {"Location": "/lagi"}, b""
    held.answers["/lagi"] = 302, {"Location": "/putar"}, b""
    inside = read(held.url + "a", held.url)
    assert (inside.status, inside.url, inside.redirects) == (200, held.url + "b", (held.url + "a",))
    outside = read(held.url + "keluar", held.url)
    assert (outside.away, outside.status, outside.body) == (True, 302, b"pindah")
    assert read(held.url + "putar", held.url).status == 302


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://www.kota.example/a", True),
        ("http://kota.example/a", True),
        ("https://kota.example:8443/a", False),
        ("https://kota.example.lain.example/", False),
        ("ftp://kota.example/", False),
        ("https://[kota", False),
    ],
)
def test_only_the_sites_own_host_and_door_are_its_place(url: str, same: bool) -> None:
    assert same_place(url, "https://kota.example") is same


def test_bytes_are_kept_as_received_and_words_found_in_any_dress(held: Portal) -> None:
    body = "<h1>Wali&nbsp;Kota “Uji”</h1><p>Jalan Mawar dibuka.</p>".encode("cp1252", "xmlcharrefreplace")
    held.answers["/a"] = 200, {"Content-Type": "text/html; charset=windows-1252"}, body
    seen = read(held.url + "a", held.url)
    assert seen.body == body
    assert seen.shows('WALI KOTA "UJI"', "Jalan  Mawar dibuka.")
    assert not seen.shows("Wali Kota Uji", "Jalan Melati dibuka.")


def test_a_folder_gives_its_own_files_and_nothing_else(tmp_path: Path) -> None:
    site = tmp_path / "situs"
    (site / "2026").mkdir(parents=True)
    (site / "2026" / "index.html").write_text("<h1>Judul</h1>")
    (site / ".redaksi").mkdir()
    (site / ".redaksi" / "a.json").write_text("{}")
    (tmp_path / "rahasia.html").write_text("rahasia")
    (site / "tautan.html").symlink_to(tmp_path / "rahasia.html")
    assert read_folder(site, "2026/").body == b"<h1>Judul</h1>"
    assert read_folder(site, "2027/").gone
    for path in (".redaksi/a.json", "../rahasia.html", "%2e%2e/rahasia.html", "tautan.html"):
        assert folder_answer(site, f"http://situs.invalid/{path}")[0] == 404, path
