"""Proof from real WordPress: the page as readers got it with a picture, and its absence after a withdrawal."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

import bagit
import pytest
import yaml
from PIL import Image

from newsroom.models import Package, Proof, Story
from newsroom.workflow import move
from pipeline.stores import originals, packages_folder
from tests.office import SETTINGS, Office, coverage
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


def test_a_site_that_closes_its_pages_is_delivered_to_all_the_same(desk: Office, kota: WordPressSite) -> None:
    desk.post(coverage(HEADLINE))
    desk.work()
    story = Story.objects.get()
    move(story, "verify", desk.person())
    kota.php("update_option('blog_public', 0);")
    Proof.objects.all().delete()
    desk.work()
    delivery = story.deliveries.get()
    assert (delivery.state, delivery.error) == ("live", "")
    assert Proof.objects.get().proven
