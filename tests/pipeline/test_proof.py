"""The public page of each confirmed version is kept, and a page that proves nothing is a fact, not a fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import bagit
import pytest
import yaml
from django.utils import timezone

from newsroom.context import stuck
from newsroom.models import DOCUMENT_WITHIN, Delivery, Notice, Package, Proof, Shelf, Story
from newsroom.workflow import move
from pipeline.proof import AGAIN, check
from pipeline.stores import originals, packages_folder
from tests.office import SETTINGS, Office, coverage
from tests.publishers.portal import Portal, portal

HEADLINE = "Wali Kota Uji Membuka Musrenbang"
SITES = ["info-publik", "kota", "media-center"]
LOGIN = b"<!doctype html><title>Masuk</title><h1>Silakan masuk</h1><form><input type=password></form>"


@pytest.fixture
def held() -> Iterator[Portal]:
    """A web server that says what the test lays into it."""
    with portal() as server:
        yield server


@pytest.fixture
def public(office: Office, use: Callable[[str], None], held: Portal) -> Office:
    """An office with one site that has a public address, where nothing is to be read yet."""
    settings = yaml.safe_load(SETTINGS)
    settings["sites"] = [{**settings["sites"][2], "url": held.url}]
    use(yaml.safe_dump(settings))
    return office


def verified(office: Office) -> Story:
    office.post(coverage(HEADLINE))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    return story


def decided(office: Office, story: Story, verb: str) -> None:
    move(story, verb, office.person(), "Jumlah peserta diperbaiki.")
    office.work()
    story.refresh_from_db()


def bag(version: int = 1) -> tuple[Path, list[dict[str, Any]]]:
    """Return a package's payload and its receipts; bagit has validated it."""
    folder = packages_folder() / Package.objects.get(version=version).path
    bagit.Bag(str(folder)).validate()
    return folder / "data", json.loads((folder / "data" / "receipts.json").read_text())


def published_at(held: Portal, office: Office, status: int = 200, **headers: str) -> None:
    """Let the public address show what lies in the site's folder."""
    path = Proof.objects.latest("id").url.removeprefix(held.url)
    page = office.folder / "situs" / "kota" / path / "index.html"
    held.answers[f"/{path}"] = (
        status,
        {"Content-Type": "text/html; charset=utf-8", **headers},
        page.read_bytes(),
    )


def try_again(office: Office, times: int = 1) -> None:
    for _ in range(times):
        Proof.objects.update(next_attempt_at=None)
        office.work()


def test_the_page_of_every_site_is_kept_as_readers_got_it_and_lies_in_the_package(office: Office) -> None:
    story = verified(office)
    payload, receipts = bag()
    assert [receipt["site"] for receipt in receipts] == SITES
    for receipt in receipts:
        proof = receipt["proof"]
        page = office.folder / "situs" / receipt["site"] / receipt["url"] / "index.html"
        assert proof["proven"]
        assert proof["status"] == 200
        assert proof["page"]["file"] == f"proof/{receipt['site']}_v1.html"
        assert (payload / proof["page"]["file"]).read_bytes() == page.read_bytes()
        assert originals().read(proof["page"]["sha256"]) == page.read_bytes()
        assert receipt["verified_at"] == story.sealed(1).at.isoformat()
        assert receipt["verified_at"] < receipt["sent_at"] < receipt["at"] < proof["taken_at"]


def test_a_correction_and_a_withdrawal_have_pages_of_their_own(office: Office) -> None:
    story = verified(office)
    for verb in ("correct", "retract", "restore"):
        decided(office, story, verb)
    said = {}
    for version in (1, 2, 3, 4):
        payload, receipts = bag(version)
        assert [receipt["proof"]["proven"] for receipt in receipts] == [True] * 3, version
        said[version] = (payload / f"proof/kota_v{version}.html").read_text()
    assert HEADLINE in said[1]
    assert "Ralat (" in said[2]
    assert "Ralat (" not in said[1]
    assert HEADLINE not in said[3]
    assert "Ditayangkan kembali (" in said[4]


def test_a_public_address_is_read_there_with_the_headers_that_matter(public: Office, held: Portal) -> None:
    verified(public)
    published_at(held, public, Server="nginx", **{"Set-Cookie": "rahasia=1"})
    try_again(public)
    proof = Proof.objects.get()
    assert proof.proven
    assert proof.answer["url"].startswith(held.url)
    assert "nginx" in proof.answer["headers"]["server"]
    assert "set-cookie" not in proof.answer["headers"]
    asked = {name.lower() for _, headers in held.visits for name in headers}
    assert not asked & {"authorization", "cookie"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, {}, b"Galat"), "Situs menjawab 500"),
        ((403, {}, b"Dilarang"), "Situs menjawab 403"),
        ((200, {"Content-Type": "text/html"}, LOGIN), "tidak ditemukan di halaman"),
        ((302, {"Location": "https://lain.contoh.example/masuk"}, b""), "dialihkan ke luar situs"),
    ],
)
def test_a_page_that_proves_nothing_is_tried_again_kept_with_its_reason_and_troubles_nobody(
    public: Office, held: Portal, answer: tuple[int, dict[str, str], bytes], said: str
) -> None:
    verified(public)
    proof = Proof.objects.get()
    held.answers[f"/{proof.url.removeprefix(held.url)}"] = answer
    try_again(public, len(AGAIN) - 1)
    proof.refresh_from_db()
    assert proof.settled_at is None
    assert Package.objects.get().path == "", "the package waits for it"
    assert stuck()["packages"].count() == stuck()["deliveries"].count() == 0
    try_again(public)
    payload, (receipt,) = bag()
    assert not receipt["proof"]["proven"]
    assert said in receipt["proof"]["words"]
    assert receipt["proof"]["status"] == answer[0]
    assert (payload / "proof" / "kota_v1.html").read_bytes() == answer[2]
    assert not Notice.objects.exists()


def test_a_site_that_never_answers_leaves_a_sentence_and_no_file(public: Office, held: Portal) -> None:
    held.url = "http://127.0.0.1:9/"  # nothing listens there
    verified(public)
    Proof.objects.update(url="http://127.0.0.1:9/x/")
    Delivery.objects.update(url="http://127.0.0.1:9/x/")
    try_again(public, len(AGAIN) + 1)
    _, (receipt,) = bag()
    assert "tidak dicoba lagi" in receipt["proof"]["words"]
    assert "page" not in receipt["proof"]


def test_an_address_elsewhere_is_not_read(public: Office, held: Portal) -> None:
    with portal() as other:
        verified(public)
        Proof.objects.update(url=f"{other.url}berita/")
        before = len(other.visits)
        try_again(public, len(AGAIN) + 1)
        assert len(other.visits) == before
    assert "di luar situs ini" in Proof.objects.get().words


def test_a_withdrawn_page_is_proven_by_its_absence_and_not_while_a_cache_shows_it(
    public: Office, held: Portal
) -> None:
    story = verified(public)
    published_at(held, public)
    try_again(public)
    decided(public, story, "retract")
    proof = Proof.objects.get(version=2)
    assert proof.settled_at is None
    assert "masih terbaca" in proof.error
    held.answers.clear()
    try_again(public)
    proof.refresh_from_db()
    assert proof.proven
    assert proof.answer["status"] == 404
    assert originals().read(proof.page_sha256) == b"<h1>Tidak ditemukan</h1>"


def test_a_version_replaced_before_its_page_was_read_says_so(public: Office, held: Portal) -> None:
    story = verified(public)
    decided(public, story, "correct")
    published_at(held, public)
    try_again(public)
    first, second = Proof.objects.order_by("version")
    assert "sudah digantikan" in first.words
    assert not first.page_sha256
    assert second.proven


def test_a_package_waits_for_a_proof_no_longer_than_its_own_clock(public: Office, held: Portal) -> None:
    verified(public)
    assert Package.objects.get().path == ""
    Package.objects.update(promised_at=timezone.now() - DOCUMENT_WITHIN - timedelta(minutes=1))
    public.work()
    _, (receipt,) = bag()
    assert receipt["proof"] == {
        "proven": False,
        "words": "Halamannya belum tersimpan ketika paket ini dibuat.",
    }
    published_at(held, public)
    try_again(public)
    assert Proof.objects.get().proven, "it is on the record all the same"


def test_nothing_waits_for_a_proof_but_the_package(public: Office, held: Portal) -> None:
    story = verified(public)
    delivery = story.deliveries.get()
    assert (delivery.state, delivery.error) == ("live", "")
    assert Proof.objects.get().error


def test_a_proof_that_fails_for_reasons_of_our_own_is_settled_and_frees_its_package(
    office: Office, public: Office, held: Portal
) -> None:
    verified(public)
    Proof.objects.update(state="live", answer={}, attempts=0)
    story = Story.objects.get()
    story.revisions.filter(sealed=True).update(version=9)  # what cannot be: the sealed text is not found
    published_at(held, public)
    try_again(public, 3)
    proof = Proof.objects.get()
    assert proof.settled_at is not None
    assert "kesalahan pada program" in proof.words


def test_a_kept_page_that_rots_is_named(office: Office) -> None:
    verified(office)
    proof = Proof.objects.filter(site="kota").get()
    path = originals().path(proof.page_sha256)
    path.chmod(0o600)
    path.unlink()
    Shelf.objects.filter(prefix=proof.page_sha256[:2]).update(checked_at=None)
    office.work()
    assert str(path) in Shelf.objects.get(prefix=proof.page_sha256[:2]).error


def test_without_chromium_the_page_is_kept_and_the_record_says_why_there_is_no_picture(
    office: Office, use: Callable[[str], None]
) -> None:
    use(SETTINGS.replace("proof:     {picture: false}", "proof: {chromium: ./tidak-ada}"))
    verified(office)
    for proof in Proof.objects.all():
        assert proof.proven
        assert not proof.picture_sha256
        assert "Chromium tidak ada" in proof.picture_words
    assert not check().ok


def test_no_portal_with_nothing_to_read_has_a_proof(office: Office) -> None:
    office.post(coverage(HEADLINE))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    story.refresh_from_db()
    move(story, "release", None)
    story.deliveries.create(site="kota")
    move(story, "retract", office.person(), "Keliru.")
    office.work()
    assert {receipt["version"] for row in Delivery.objects.all() for receipt in row.receipts} == {2}
    assert not Proof.objects.exists()
    assert bag(2)[1][0].get("proof") is None
