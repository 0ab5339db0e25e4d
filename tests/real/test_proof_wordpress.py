"""Proof from real WordPress: the page as readers got it with a picture, and its absence after a withdrawal."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
import yaml
from PIL import Image

from newsroom.models import Package, Proof, Story
from newsroom.workflow import move
from pipeline.stores import originals, packages_folder
from tests.office import SETTINGS, Office, coverage
from tests.real.test_road_wordpress import Script
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = [pytest.mark.real, pytest.mark.django_db]
HEADLINE = "Wali Kota Uji Membuka Musrenbang"


@pytest.fixture
def desk(office: Office, use: Callable[[str], None], kota: WordPressSite) -> Office:
    """An office whose one site is WordPress, with pictures."""
    settings = yaml.safe_load(SETTINGS)
    settings["sites"] = [kota.settings(quarantine=0)]
    settings["proof"] = {"picture": True}
    use(yaml.safe_dump(settings))
    return office


def published(desk: Office) -> Story:
    desk.post(coverage(HEADLINE))
    desk.work()
    story = Story.objects.get()
    move(story, "verify", desk.person())
    desk.work()
    story.refresh_from_db()
    return story


def test_each_version_has_its_page_and_picture_and_a_withdrawn_one_its_404(
    desk: Office, kota: WordPressSite
) -> None:
    story = published(desk)
    move(story, "correct", desk.person(), "Jumlah peserta diperbaiki.")
    desk.work()
    move(story, "retract", desk.person(), "Keterangan dicabut.")
    desk.work()
    assert [(p.version, p.proven, p.words, p.error) for p in Proof.objects.order_by("version")] == [
        (1, True, "", ""),
        (2, True, "", ""),
        (3, True, "", ""),
    ]
    statuses, pages = [], []
    for package in Package.objects.order_by("version"):
        folder = packages_folder() / package.path
        bagit.Bag(str(folder)).validate()
        (receipt,) = json.loads((folder / "data" / "receipts.json").read_text())
        proof = receipt["proof"]
        statuses.append(proof["status"])
        pages.append(html.unescape((folder / "data" / proof["page"]["file"]).read_text()))
        with Image.open(folder / "data" / proof["picture"]["file"]) as picture:
            assert picture.width == 1280
            assert picture.height >= 600
        assert originals().read(proof["page"]["sha256"])
        assert proof["headers"]["content-type"].startswith("text/html")
        assert receipt["verified_at"] < receipt["sent_at"] < receipt["at"] < proof["taken_at"]
    assert statuses == [200, 200, 404]
    assert [HEADLINE in page for page in pages] == [True, True, False]
    assert ["Jumlah peserta diperbaiki." in page for page in pages] == [False, True, False]


def test_a_site_that_closes_its_pages_to_strangers_is_delivered_to_and_proven_once_it_opens_them(
    desk: Office, kota: WordPressSite
) -> None:
    kota.fault("answer", method="GET", route="^/(?!wp-json)", times=99, status=403)
    story = published(desk)
    delivery = story.deliveries.get()
    assert (delivery.state, delivery.error) == ("live", "")
    proof = Proof.objects.get()
    assert proof.settled_at is None
    assert "Situs menjawab 403" in proof.error
    assert Package.objects.get().path == ""
    kota.end_faults()
    Proof.objects.update(next_attempt_at=None)
    desk.work()
    proof.refresh_from_db()
    assert proof.proven
    assert proof.picture_sha256
    assert Package.objects.get().path


def test_a_worker_killed_while_it_reads_a_page_is_taken_over_and_the_page_is_kept_once(
    kota: WordPressSite, tmp_path: Path
) -> None:
    with Script(tmp_path, (kota,)) as office:
        office.manage("person", "editor", "--name", "Editor", "--role", "editor")
        (tmp_path / "contributors.csv").write_text("address,name\nnala@contoh.example,Nala\n")
        office.manage("contributors", "contributors.csv")
        mail = tmp_path / "satu.eml"
        mail.write_bytes(coverage(HEADLINE))
        office.manage("receive", str(mail))
        office.manage("work", "--once")
        office.manage("move", "1", "verify", "--by", "editor")
        page = kota.fault(
            "stall", method="GET", route="^/(?!wp-json)", skip=1
        )  # the publisher's own visit is the first
        office.kill_worker_when(lambda: page.hits > 0)
        page.release()
        office.manage("work", "--once")
        (folder,) = (tmp_path / "var" / "packages").glob("*/v1")
        bagit.Bag(str(folder)).validate()
        (receipt,) = json.loads((folder / "data" / "receipts.json").read_text())
        assert receipt["proof"]["proven"]
        kept = tmp_path / "var" / "originals"
        pages = [
            file
            for file in kept.rglob("*")
            if file.is_file() and b"<!doctype html" in file.read_bytes().lower()
        ]
        assert [file.name for file in pages] == [receipt["proof"]["page"]["sha256"]]
