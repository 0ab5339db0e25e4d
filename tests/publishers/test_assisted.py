"""Portals without an interface: asked of a person, proven by what a reader finds."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import SettingsError, Site
from publishers import Asked, Post, Publisher, Unreachable, build
from publishers.assisted import LOOK_AGAIN, AssistedPublisher
from publishers.assisted_reading import LIMIT
from tests.publishers.contract import PublisherContract
from tests.publishers.portal import ByHand, Portal, Somebody, portal, tell
from tests.publishers.samples import picture, post

NOTICE = "Ditarik (20/11/2026 16.10 WIB): atas permintaan sekolah."


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as one:
        yield one


@pytest.fixture
def reader(held: Portal) -> Somebody:
    return Somebody(held)


def assisted(held: Portal, **options: Any) -> AssistedPublisher:
    made = build(Site(name="ip", kind="assisted", title="Portal Contoh", **{"url": held.url, **options}))
    assert isinstance(made, AssistedPublisher)
    return made


@pytest.fixture
def publisher(held: Portal) -> Publisher:
    return ByHand(assisted(held), held)


class TestContract(PublisherContract):
    """With a person who does by hand what is asked."""


def told_page(held: Portal, ledger: dict[str, Any], url: str, wanted: Post | None = None, **more: Any) -> Any:
    """Ask for a story, answer with an address, and return what the publisher makes of it."""
    publisher = assisted(held)
    with pytest.raises(Asked):
        publisher.create(wanted or post(), ledger)
    tell(ledger, url, **more)
    return publisher.create(wanted or post(), ledger)


def refusal(held: Portal, url: str, wanted: Post | None = None, **more: Any) -> Asked:
    with pytest.raises(Asked) as caught:
        told_page(held, {}, url, wanted, **more)
    return caught.value


def test_until_somebody_has_answered_nothing_is_read_and_a_person_is_asked(held: Portal) -> None:
    ledger: dict[str, Any] = {}
    with pytest.raises(Asked, match="Menunggu ditayangkan dengan tangan di Portal Contoh") as caught:
        assisted(held).create(post(), ledger)
    assert caught.value.wait is None
    assert ledger["asked"] == "tayang:1"
    assert held.visits == []


def test_the_page_is_the_proof_and_says_who_told_of_it(held: Portal) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    ledger: dict[str, Any] = {}
    receipt = told_page(held, ledger, f"  {url}?utm_source=wa&fbclid=x#komentar ")
    assert (receipt.state, receipt.url, receipt.remote_id, receipt.version) == ("live", url, url, 1)
    assert len(receipt.sha256) == 64
    assert receipt.detail["told_by"] == "Bram"
    assert (receipt.detail["status"], receipt.detail["photos"], receipt.detail["paragraphs"]) == (
        200,
        [3, 3],
        [1, 1],
    )
    assert len(ledger["shown"]["photos"]) == 3
    assert all("logo" not in address for address in ledger["shown"]["photos"])


def test_the_page_is_read_as_nobody_in_particular(held: Portal) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    told_page(held, {}, url)
    headers = {name.lower() for _, sent in held.visits for name in sent}
    assert not headers & {"authorization", "cookie"}


def test_an_answer_to_the_story_before_its_correction_is_not_taken_for_the_corrected_one(
    held: Portal,
) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    ledger: dict[str, Any] = {}
    told_page(held, ledger, url)
    with pytest.raises(Asked, match="Menunggu diperbarui"):
        assisted(held).update(url, post(version=2), ledger)
    assert ledger["asked"] == "tayang:2"


def test_quotes_dashes_entities_capitals_and_spaces_are_the_portals_own(held: Portal) -> None:
    wanted = post(
        headline="Wali Kota: \"Harga beras - gula & minyak 'turun'\"",
        html="<p>Kota Uji, Contoh – Harga beras turun 5–10 persen.</p><p>Warga menyambut kabar <b>b</b>aik itu.</p>",
        text_lead="Harga beras turun 5-10 persen.",
        pictures=(),
    )
    held.answers["/berita/9"] = (
        200,
        {"Content-Type": "text/html"},
        (
            "<meta charset=utf-8><h1>WALI&nbsp;KOTA: &ldquo;Harga  beras &mdash; gula &amp; minyak &lsquo;turun&#8217;”</h1>"
            "<div>KOTA UJI, Portal — Harga\n beras turun <b>5&#8211;</b>10 persen.<p>Warga menyambut kabar baik itu."
        ).encode(),
    )
    assert told_page(held, {}, held.url + "berita/9", wanted).state == "live"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"headline": "Judul lain sama sekali"}, "Judul tidak ditemukan di alamat itu"),
        ({"text_lead": "Paragraf yang tidak ada."}, "Paragraf pertama tidak ditemukan"),
        ({"notice": "Ralat (20/11/2026 16.10 WIB): tempatnya."}, "Baris ralat tidak ditemukan"),
        ({"pictures": tuple(picture(n) for n in range(1, 5))}, "Foto kurang: ditemukan 3 dari 4"),
        ({"headline": "Bukan ini", "text_lead": "Bukan itu."}, "Mungkin alamatnya keliru"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(held: Portal, changes: dict[str, Any], says: str) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    assert says in str(refusal(held, url, post(**changes)))


def test_a_list_of_stories_is_not_taken_for_the_story(held: Portal) -> None:
    teaser = f"<article><h2>{post().headline}</h2><p>{post().text_lead}</p><img src=a.jpg><img src=b.jpg><img src=c.jpg></article>"
    held.answers["/kategori"] = (200, {"Content-Type": "text/html"}, teaser.encode())
    assert "bukan daftar berita" in str(refusal(held, held.url + "kategori"))
    assert "halaman depan" in str(refusal(held, held.url))


def test_ornaments_and_the_portals_furniture_are_no_photos_of_the_story(held: Portal) -> None:
    body = post().html + '<img src="ikon.png" width="24" height="24"><aside><img src="iklan.jpg"></aside>'
    url = held.post(post().headline, body, (picture(1),))
    assert "ditemukan 1 dari 3" in str(refusal(held, url))
    lazy = post().html + "".join(
        f'<img src="data:image/gif;base64,R0lGOD" data-src="/foto/{n}.jpg">' for n in range(3)
    )
    assert told_page(held, {}, held.post(post().headline, lazy)).detail["photos"] == [3, 3]


def test_a_portal_that_shows_one_photo_is_not_asked_for_more(held: Portal) -> None:
    url = held.post(post().headline, post().html, (picture(1),))
    ledger: dict[str, Any] = {"asked": "tayang:1"}
    tell(ledger, url)
    assert assisted(held, photos_on_page=1).create(post(), ledger).state == "live"
    with pytest.raises(Asked, match="ditemukan 1 dari 2"):
        assisted(held, photos_on_page=2).create(post(), ledger)


@pytest.mark.parametrize(
    "url",
    [
        "https://portal-lain.example/berita/1",
        "http://localhost:9/berita/1",
        "http://127.0.0.1:1/berita/1",
        "http://redaksi:rahasia@{host}/berita/1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[::1",
        "berita/1",
        "",
    ],
)
def test_nothing_but_the_portal_itself_is_visited(held: Portal, url: str) -> None:
    assert "bukan di 127.0.0.1" in str(refusal(held, url.format(host=held.url.split("/")[2])))
    assert held.visits == []


def test_a_way_that_leads_off_the_portal_is_not_followed(held: Portal) -> None:
    with portal() as other:
        held.answers["/pindah"] = (302, {"Location": f"{other.url}rahasia"}, b"")
        assert "dialihkan ke luar" in str(refusal(held, held.url + "pindah"))
        assert other.visits == []
    held.answers["/putar"] = (302, {"Location": "/putar"}, b"")
    assert "berputar-putar" in str(refusal(held, held.url + "putar"))


def test_a_way_within_the_portal_is_followed_and_its_end_is_the_address(held: Portal) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    held.answers["/b/1"] = (301, {"Location": url}, b"")
    assert told_page(held, {}, held.url + "b/1").url == url


def test_a_portal_in_trouble_is_asked_again_by_itself(held: Portal) -> None:
    held.answers["/berita/1"] = (503, {}, b"sibuk")
    with pytest.raises(Unreachable, match="sibuk atau bermasalah"):
        told_page(held, {}, held.url + "berita/1")
    with portal() as gone:
        pass
    with pytest.raises(Unreachable, match="tidak menjawab"):
        told_page(gone, {}, gone.url + "berita/1")


def test_a_page_without_end_is_let_go(held: Portal) -> None:
    held.answers["/besar"] = (200, {"Content-Type": "text/html"}, b"x" * (LIMIT + 1))
    with pytest.raises(Unreachable, match="tidak menjawab"):
        told_page(held, {}, held.url + "besar")
    bomb = gzip.compress(b"x" * (LIMIT * 4))
    held.answers["/bom"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, bomb)
    with pytest.raises(Unreachable, match="tidak menjawab"):
        told_page(held, {}, held.url + "bom")


def test_a_page_that_waits_for_the_portals_editors_is_looked_at_again_for_a_day(held: Portal) -> None:
    waiting = refusal(held, held.url + "berita/77")
    assert "belum terbuka untuk umum (404)" in str(waiting)
    assert waiting.wait == LOOK_AGAIN
    assert refusal(held, held.url + "berita/77", at=datetime.now(UTC) - timedelta(hours=25)).wait is None


def test_what_cannot_be_read_is_recorded_on_a_persons_word_and_never_as_proven(held: Portal) -> None:
    held.answers["/berita/1"] = (403, {"Content-Type": "text/html"}, b"login dulu")
    assert "menolak dibaca tanpa akun (403)" in str(refusal(held, held.url + "berita/1"))
    receipt = told_page(held, {}, held.url + "berita/1", unread="Halaman hanya untuk anggota.")
    assert receipt.state == "live"
    assert receipt.detail["recorded_by"] == "Bram"
    assert receipt.detail["reason"] == "Halaman hanya untuk anggota."
    assert "menolak dibaca" in receipt.detail["unproven"]
    assert receipt.sha256 == ""
    assert "bukan di" in str(refusal(held, "https://portal-lain.example/1", unread="Percayalah."))


def test_a_word_that_the_page_bears_out_counts_as_proven(held: Portal) -> None:
    url = held.post(post().headline, post().html, post().pictures)
    receipt = told_page(held, {}, url, unread="Tadi tidak terbaca.")
    assert "recorded_by" not in receipt.detail
    assert receipt.detail["status"] == 200


def live(held: Portal) -> tuple[str, dict[str, Any]]:
    url = held.post(post().headline, post().html, post().pictures)
    ledger: dict[str, Any] = {}
    told_page(held, ledger, url)
    with pytest.raises(Asked, match="Menunggu ditarik"):
        assisted(held).retract(url, NOTICE, ledger)
    tell(ledger, "")
    return url, ledger


def test_a_take_down_is_proven_only_when_story_and_photos_are_gone(held: Portal) -> None:
    url, ledger = live(held)
    with pytest.raises(Asked, match="masih dapat dibaca"):
        assisted(held).retract(url, NOTICE, ledger)
    held.remove(url, files=False)
    with pytest.raises(Asked, match="Berkas fotonya masih dapat dibuka"):
        assisted(held).retract(url, NOTICE, ledger)
    held.remove(url)
    receipt = assisted(held).retract(url, NOTICE, ledger)
    assert (receipt.state, receipt.url, receipt.detail["status"]) == ("hidden", url, 404)


def test_a_page_that_leads_home_or_says_nothing_of_the_story_counts_as_gone(held: Portal) -> None:
    url, ledger = live(held)
    held.remove(url)
    path = url.removeprefix(held.url.rstrip("/"))
    held.answers[path] = (302, {"Location": "/"}, b"")
    assert assisted(held).retract(url, NOTICE, ledger).state == "hidden"


def test_a_take_down_looks_for_every_text_the_page_has_had(held: Portal) -> None:
    url, ledger = live(held)
    ledger["texts"] = [*ledger["texts"], ["Judul ralat yang belum sempat ditempel", "Teras baru."]]
    with pytest.raises(Asked, match="masih dapat dibaca"):
        assisted(held).retract(url, NOTICE, ledger)


def test_a_lost_ledger_lets_nothing_count_as_gone_but_an_absent_page(held: Portal) -> None:
    url, _ = live(held)
    ledger: dict[str, Any] = {}
    with pytest.raises(Asked):
        assisted(held).retract(url, NOTICE, ledger)
    tell(ledger, "")
    held.answers[url.removeprefix(held.url.rstrip("/"))] = (200, {"Content-Type": "text/html"}, b"<p>Halo")
    with pytest.raises(Asked, match="masih dapat dibaca"):
        assisted(held).retract(url, NOTICE, ledger)


def test_a_new_word_about_a_take_down_asks_nobody_again(held: Portal) -> None:
    url, ledger = live(held)
    held.remove(url)
    assisted(held).retract(url, NOTICE, ledger)
    again = assisted(held).retract(url, "Ditarik (21/11/2026 08.00 WIB): alasan lengkapnya.", ledger)
    assert (again.state, again.detail["told_by"]) == ("hidden", "Bram")
    held.post(post().headline, post().html, path="/berita/1/judul")
    with pytest.raises(Asked, match="masih dapat dibaca"):
        assisted(held).retract(url, "Ditarik (21/11/2026 09.00 WIB): lain lagi.", ledger)


def test_a_second_take_down_with_the_same_word_is_asked_for_anew(held: Portal) -> None:
    url, ledger = live(held)
    held.remove(url)
    tell(ledger, "", unread="Sudah saya lihat.")
    assisted(held).retract(url, NOTICE, ledger)
    with pytest.raises(Asked, match="Menunggu diperbarui"):
        assisted(held).update(url, post(version=3), ledger)
    with pytest.raises(Asked, match="Menunggu ditarik"):
        assisted(held).retract(url, NOTICE, ledger)


def test_an_address_that_leads_nowhere_proves_no_take_down_of_another(held: Portal) -> None:
    url, ledger = live(held)
    tell(ledger, held.url + "berita/tidak-ada")
    with pytest.raises(Asked, match="masih dapat dibaca"):
        assisted(held).retract(url, NOTICE, ledger)
    held.remove(url)
    assert assisted(held).retract(url, NOTICE, ledger).url == url


def test_a_story_that_stands_at_two_addresses_is_not_taken_for_one(held: Portal) -> None:
    ledger: dict[str, Any] = {}
    first = held.post(post().headline, post().html, post().pictures)
    told_page(held, ledger, first)
    second = held.post(post().headline, post().html, post().pictures)
    tell(ledger, second)
    with pytest.raises(Asked, match=f"juga masih tayang di {first}"):
        assisted(held).create(post(), ledger)
    held.remove(first)
    assert assisted(held).create(post(), ledger).url == second


def test_what_was_never_at_the_portal_can_be_said_so(held: Portal) -> None:
    ledger: dict[str, Any] = {}
    with pytest.raises(Asked):
        assisted(held).retract("", NOTICE, ledger)
    tell(ledger, "", never=True)
    receipt = assisted(held).retract("", NOTICE, ledger)
    assert (receipt.state, receipt.remote_id, receipt.detail["recorded_by"]) == ("", "", "Bram")


def test_an_address_longer_than_a_name_may_be_is_kept_whole(held: Portal) -> None:
    long = held.post(post().headline, post().html, post().pictures, path="/berita/" + "judul-" * 60)
    ledger: dict[str, Any] = {}
    receipt = told_page(held, ledger, long)
    assert receipt.url == long
    assert len(receipt.remote_id) <= 200
    held.remove(long)
    with pytest.raises(Asked):
        assisted(held).retract(receipt.remote_id, NOTICE, ledger)
    tell(ledger, "")
    assert assisted(held).retract(receipt.remote_id, NOTICE, ledger).url == long


def test_a_story_of_one_paragraph_without_photos_is_enough(held: Portal) -> None:
    short = replace(post(), html=f"<p>Kota Uji – {post().text_lead}</p>", pictures=())
    assert told_page(held, {}, held.post(short.headline, short.html), short).detail["paragraphs"] == [0, 0]


def test_the_doctor_says_whether_readers_get_in(held: Portal) -> None:
    (good,) = assisted(held).check()
    assert good.ok
    held.answers["/"] = (403, {}, b"")
    (bad,) = assisted(held).check()
    assert not bad.ok
    assert "403" in bad.sentence


@pytest.mark.parametrize(
    "wrong",
    [{"url": "portal.example"}, {"url": ""}, {"url": "https://a:b@c/"}, {"login": "masuk"}, {"timeout": 0}],
)
def test_wrong_settings_are_refused(held: Portal, wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        assisted(held, **wrong)
