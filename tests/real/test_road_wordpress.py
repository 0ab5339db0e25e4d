"""From the queue to three real WordPress sites, whatever happens on the way."""

from __future__ import annotations

import html
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import yaml
from django.db import connection
from django.utils import timezone

from archive import check_package
from newsroom.editing import PhotoChange, edit
from newsroom.models import Delivery, Lane, Package, Story
from newsroom.workflow import move
from pipeline.stores import packages_folder
from tests.kept import lay
from tests.office import SETTINGS, Office, coverage
from tests.real.commands import Commands
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = [pytest.mark.real, pytest.mark.django_db]
CHECKOUT = Path(__file__).parent.parent.parent
HEADLINE = "Wali Kota Uji Membuka Musrenbang"
Sites = tuple[WordPressSite, ...]


@pytest.fixture
def desk(office: Office, use: Callable[[str], None], sites: Sites) -> Office:
    """An office whose three sites are WordPress."""
    use(settings_for(sites))
    return office


def settings_for(sites: Sites, **changes: Any) -> str:
    settings = yaml.safe_load(SETTINGS)
    settings["sites"] = [site.settings(**{"quarantine": 0, **changes}) for site in sites]
    return yaml.safe_dump(settings)


def verified(desk: Office, number: int = 1) -> Story:
    headline = HEADLINE if number == 1 else f"{HEADLINE} {number}"
    desk.post(coverage(headline, message_id=f"<{number}@contoh.example>"))
    desk.work()
    story = Story.objects.latest("id")
    move(story, "verify", desk.person())
    return story


def work_until_settled(desk: Office) -> None:
    """Walk the road, letting time pass for what waits, until every site has what it is owed."""
    for _ in range(12):
        desk.work()
        if not Delivery.objects.all().owed().exists():
            return
        for waiting in (Lane, Delivery):
            waiting.objects.update(next_attempt_at=None)
    raise AssertionError([(d.site, d.error) for d in Delivery.objects.all().owed()])


def published(desk: Office) -> Story:
    story = verified(desk)
    work_until_settled(desk)
    story.refresh_from_db()
    return story


def only_post(site: WordPressSite, title: str = HEADLINE) -> dict[str, Any]:
    (post,) = [row for row in site.posts() if html.unescape(row["title"]) == title]
    return post


def test_a_verified_story_is_on_three_sites_with_photos_and_captions(desk: Office, sites: Sites) -> None:
    story = published(desk)
    for site in sites:
        post = only_post(site)
        assert post["status"] == "publish"
        assert len(site.posts()) == 1
        assert [m["caption"].partition(" (")[0] for m in site.media()] == [
            "Keterangan foto nomor 1.",
            "Keterangan foto nomor 2.",
        ]
        delivery = story.deliveries.get(site=site.name)
        page = site.get(delivery.url)
        assert page.status_code == 200
        text = html.unescape(page.text)
        assert HEADLINE in text
        assert text.index("Keterangan foto nomor 1.") < text.index("Keterangan foto nomor 2.")
        stored = datetime.fromisoformat(post["date_gmt"]).replace(tzinfo=UTC)
        assert story.released_at is not None
        assert abs(stored - story.released_at) < timedelta(seconds=120), "the same moment in every zone"


def test_working_again_changes_nothing(desk: Office, sites: Sites) -> None:
    published(desk)
    before = [(site.posts(), site.media(), site.files()) for site in sites]
    asked = [len(site.requests("POST")) for site in sites]
    desk.work()
    assert [(site.posts(), site.media(), site.files()) for site in sites] == before
    assert [len(site.requests("POST")) for site in sites] == asked


def test_a_correction_keeps_the_address_and_uploads_only_what_is_new(desk: Office, sites: Sites) -> None:
    story = published(desk)
    addresses = {d.site: d.url for d in story.deliveries.all()}
    kept_media = {site.name: site.media()[0]["id"] for site in sites}
    first, second = story.photos.all()
    editor = desk.person()
    edit(
        story,
        editor,
        {"headline": "Wali Kota Uji Buka Musrenbang Kecamatan"},
        [
            PhotoChange(first.pk, first.caption, first.credit, first.alt, 0, left_out=False),
            PhotoChange(second.pk, second.caption, second.credit, second.alt, 1, left_out=True),
        ],
        seen=story.revision_id,
    )
    move(story, "correct", editor, "Judul dilengkapi.")
    work_until_settled(desk)
    for site in sites:
        post = only_post(site, "Wali Kota Uji Buka Musrenbang Kecamatan")
        assert len(site.posts()) == 1
        assert "Ralat (" in post["content"]
        assert "Judul dilengkapi." in post["content"]
        assert [m["id"] for m in site.media()] == [kept_media[site.name]]
        delivery = story.deliveries.get(site=site.name)
        assert delivery.url == addresses[site.name]
        assert "Judul dilengkapi." in html.unescape(site.get(delivery.url).text)


def test_a_retraction_hides_text_and_photo_files_and_can_be_undone(desk: Office, sites: Sites) -> None:
    story = published(desk)
    addresses = {d.site: d.url for d in story.deliveries.all()}
    files = {site.name: [f for f in site.files() if f.endswith(".jpg")] for site in sites}
    editor = desk.person()
    move(story, "retract", editor, "Keterangan dicabut narasumber.")
    work_until_settled(desk)
    for site in sites:
        assert site.get(addresses[site.name]).status_code == 404
        assert site.posts("publish") == []
        for file in files[site.name]:
            assert site.get(f"{site.url}/wp-content/uploads/{file}").status_code == 404
    move(story, "restore", editor, "Sudah dikonfirmasi.")
    work_until_settled(desk)
    for site in sites:
        assert only_post(site)["status"] == "publish"
        assert len(site.media()) == 2


@pytest.mark.parametrize("route", ["posts", "media"])
def test_an_answer_lost_after_the_write_makes_nothing_twice(desk: Office, sites: Sites, route: str) -> None:
    for site in sites:
        site.fault("cut", at="after", method="POST", route=route)
    story = verified(desk)
    work_until_settled(desk)
    for site in sites:
        assert only_post(site)["status"] == "publish"
        assert len(site.posts()) == 1
        assert len(site.media()) == 2
    assert {d.state for d in story.deliveries.all()} == {"live"}


def test_a_site_that_is_down_holds_up_no_other_and_heals_by_itself(desk: Office, sites: Sites) -> None:
    kota, dinas, media = sites
    story = verified(desk)
    with dinas.down():
        desk.work()
        assert only_post(kota)["status"] == only_post(media)["status"] == "publish"
        waiting = story.deliveries.get(site=dinas.name)
        assert waiting.error
        assert not waiting.parked
        assert waiting.next_attempt_at is not None
        assert waiting.next_attempt_at > timezone.now()
    work_until_settled(desk)
    assert only_post(dinas)["status"] == "publish"


def test_a_story_withdrawn_while_its_first_request_is_under_way_is_not_settled_before_that(
    desk: Office, sites: Sites, use: Callable[[str], None]
) -> None:
    kota = sites[0]
    use(settings_for(sites, timeout=2, quarantine=120))
    stalled = kota.fault("stall", route=r"/wp/v2/posts\?")
    story = verified(desk)
    desk.work()
    story.refresh_from_db()
    move(story, "withdraw", desk.person())
    Delivery.objects.update(next_attempt_at=None)
    desk.work()
    delivery = story.deliveries.get(site=kota.name)
    assert (delivery.owed, delivery.parked) == (True, False)
    stalled.release()
    long_ago = (timezone.now() - timedelta(seconds=121)).isoformat()
    ledger = {**delivery.ledger, "post": {**delivery.ledger["post"], "sent": long_ago}}
    Delivery.objects.filter(pk=delivery.pk).update(ledger=ledger, next_attempt_at=None)
    desk.work()
    delivery.refresh_from_db()
    (left,) = kota.posts()
    assert (delivery.state, delivery.remote_id, left["status"]) == ("hidden", str(left["id"]), "draft")


def test_a_post_deleted_by_hand_is_left_to_a_person(desk: Office, sites: Sites) -> None:
    story = published(desk)
    kota = sites[0]
    kota.php(f"wp_delete_post({only_post(kota)['id']}, true);")
    editor = desk.person()
    move(story, "correct", editor, "Diperbarui.")
    desk.work()
    delivery = story.deliveries.get(site=kota.name)
    assert delivery.parked
    assert delivery.error
    assert kota.posts() == []


def test_every_site_is_in_the_package_with_its_address(desk: Office, sites: Sites) -> None:
    story = published(desk)
    package = Package.objects.get()
    folder = packages_folder() / package.path
    assert check_package(folder) == []
    receipts = (folder / "data" / "receipts.json").read_text()
    for delivery in story.deliveries.all():
        assert delivery.url in receipts


@pytest.mark.django_db(databases=[])
def test_a_worker_killed_while_a_site_writes_is_taken_over_and_nothing_is_twice(
    sites: Sites, tmp_path: Path
) -> None:
    """The requests that matter are each held in mid-write at a site, and the worker killed with SIGKILL."""
    with Script(tmp_path, sites) as office:
        office.manage("person", "editor", "--name", "Editor", "--role", "editor")
        (tmp_path / "contributors.csv").write_text("address,name\nnala@contoh.example,Nala\n")
        office.manage("contributors", "contributors.csv")
        kota = sites[0]
        moments = [
            ("row", r"/posts(\?|$)", 0),  # the draft is inserted, its answer not yet sent
            ("row", r"/media(\?|$)", 0),  # the first photo's row is there, its sizes not yet
            ("row", r"/media(\?|$)", 1),
            ("after", r"/posts/\d+", 0),  # filled
            ("after", r"/posts/\d+", 1),  # public
        ]
        for number, (at, route, skip) in enumerate(moments, start=1):
            mail = tmp_path / f"{number}.eml"
            mail.write_bytes(
                coverage(f"{HEADLINE} {number}", message_id=f"<{number}@contoh.example>", seed=10 * number)
            )
            office.manage("receive", str(mail))
            office.manage("work", "--once")
            office.manage("move", str(number), "verify", "--by", "editor")
            fault = kota.fault("stall", at=at, method="POST", route=route, skip=skip)
            office.kill_worker_when(lambda fault=fault: fault.hits > 0)
            fault.release()
            office.manage("work", "--once")
            office.manage("work", "--once")
        for site in sites:
            titles = [row["title"] for row in site.posts("publish")]
            assert sorted(titles) == [f"{HEADLINE} {number}" for number in range(1, len(moments) + 1)], (
                site.name
            )
            assert len(site.media()) == 2 * len(moments)
        assert all(row["status"] == "publish" for site in sites for row in site.posts())


class Script:
    """An office driven by its commands only, each in a process of its own."""

    def __init__(self, folder: Path, sites: Sites) -> None:
        self.folder = folder
        (folder / "settings.yaml").write_text(settings_for(sites))
        for sub in ("tmp", "new", "cur"):
            (folder / "mailbox" / sub).mkdir(parents=True)
        self.environment = {**os.environ, "REDAKSI_SETTINGS": str(folder / "settings.yaml")}
        self._commands = Commands(self.environment)
        connection.close()
        if not lay(folder / "var"):
            self.manage("migrate", "--verbosity", "0")

    def manage(self, *words: str) -> str:
        if words[0] == "contributors":
            words = (words[0], str(self.folder / words[1]))
        done = self._commands.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._commands.end()

    def kill_worker_when(self, happened: Callable[[], bool]) -> None:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--once"],
            cwd=CHECKOUT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        pause = threading.Event()
        while worker.poll() is None and not happened():
            pause.wait(0.02)
        assert happened(), "the worker ended before the site was asked"
        worker.send_signal(signal.SIGKILL)
        worker.wait()
