"""A site that settings.yaml names from now on is published to without a new start; a wrong file changes nothing."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

import config
from config.writing import Add, Put, write
from newsroom.models import Delivery, Mailbox, Story
from newsroom.workflow import move
from pipeline.receive import receive
from pipeline.settings_file import judge, take_up
from pipeline.worker import Worker
from tests.office import SETTINGS, Office, coverage
from web.doctor import findings

AT = datetime(2026, 11, 21, tzinfo=UTC)
NEW = {"name": "baru", "kind": "folder", "title": "Situs Baru", "path": "./situs/baru"}


def names() -> list[str]:
    return [site.name for site in settings.REDAKSI.sites]


def told() -> tuple[bool, str]:
    finding = next(found for found in findings() if found.subject == "pengaturan")
    return finding.ok, finding.sentence


@pytest.fixture
def file(office: Office) -> Path:
    return office.folder / "settings.yaml"


def test_a_new_site_is_there_with_the_next_page_and_has_a_lane_of_its_own(office: Office, file: Path) -> None:
    write(file, Add(("sites",), NEW), at=AT)
    assert names() == ["media-center", "info-publik", "kota"]
    worker = Worker()
    worker.stopping.set()  # each thread ends as soon as it has begun
    threads: dict[str, threading.Thread] = {}
    worker._open_lanes(threads)
    assert "deliver:baru" not in threads
    Client().get("/masuk/")
    assert names() == ["media-center", "info-publik", "kota", "baru"]
    assert settings.REDAKSI.site("baru").options["path"] == str(office.folder / "situs" / "baru")
    before = dict(threads)
    worker._open_lanes(threads)
    assert "deliver:baru" in threads
    assert all(name.endswith(":baru") for name in threads.keys() - before.keys())
    for thread in threads.values():
        thread.join()
    worker.stop()
    assert told()[0]


def test_a_new_mailbox_has_a_lane_and_a_heartbeat_and_one_taken_out_is_left_alone(
    office: Office, file: Path
) -> None:
    worker = Worker()
    worker.stopping.set()
    threads: dict[str, threading.Thread] = {}
    worker._open_lanes(threads)
    lane = next(name for name in threads if name.endswith(":lokal")).removesuffix("lokal")
    write(file, Add(("mailboxes",), {"name": "kiriman", "kind": "folder", "path": "./surel"}), at=AT)
    take_up()
    worker._open_lanes(threads)
    assert f"{lane}kiriman" in threads
    row = Mailbox.objects.get(name="kiriman")
    file.write_text(SETTINGS)
    take_up()
    assert [box.name for box in settings.REDAKSI.mailboxes] == ["lokal"]
    receive(row)  # claimed a moment before it was taken out
    assert Mailbox.objects.get(name="kiriman").checked_at is None
    for thread in threads.values():
        thread.join()
    worker.stop()


def test_a_running_worker_publishes_to_a_new_site(office: Office, file: Path) -> None:
    write(file, Add(("sites",), NEW), at=AT)
    take_up()
    office.post(coverage(photos=0))
    office.work()
    move(Story.objects.get(), "verify", office.person())
    office.work()
    assert Delivery.objects.get(site="baru").sent_version == 1
    assert (office.folder / "situs" / "baru" / "index.html").exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SETTINGS + "lain: 1\n", "kunci ini tidak dikenal"),
        (SETTINGS + "  - {name: x, kind: wordpress, title: X, url: ftp://x}\n", "sites.x"),
        (
            SETTINGS + "  - {name: x, kind: folder, title: X, path: ./situs/kota}\n",
            "sudah dipakai situs kota",
        ),
        (SETTINGS + "  - {name: x, kind: folder, title: X, path: ./var/secrets}\n", "berkas Redaksi sendiri"),
        ("", "dimulai dengan office"),
    ],
)
def test_a_file_that_became_wrong_is_told_and_the_old_settings_hold(
    file: Path, text: str, fault: str
) -> None:
    file.write_text(text)
    take_up()
    assert names() == ["media-center", "info-publik", "kota"]
    ok, sentence = told()
    assert not ok
    assert fault in sentence
    file.write_text(SETTINGS + "# benar lagi\n")
    take_up()
    assert told()[0]


def test_a_file_that_is_gone_is_told_and_the_old_settings_hold(file: Path) -> None:
    file.unlink()
    take_up()
    assert names() == ["media-center", "info-publik", "kota"]
    assert "tidak dapat dibaca" in told()[1]


def test_what_was_built_in_waits_for_a_new_start_and_the_doctor_says_so(file: Path) -> None:
    changes = (Put(("office", "name"), "Nama Lain"), Put(("office", "zone"), "Asia/Makassar"))
    write(file, *changes, Add(("sites",), NEW), at=AT)
    take_up()
    assert (settings.REDAKSI.office.name, settings.REDAKSI.office.zone) == ("Nama Lain", "Asia/Pontianak")
    assert names()[-1] == "baru"
    assert told() == (
        False,
        "settings.yaml berubah. Yang dapat dipakai langsung sudah dipakai; untuk sisanya, jalankan ulang Redaksi.",
    )


def test_a_file_that_is_the_same_is_not_read_again(file: Path) -> None:
    before = settings.REDAKSI
    take_up()
    assert settings.REDAKSI is before
    os.utime(file, (1, 1))
    take_up()
    assert settings.REDAKSI is not before
    assert settings.REDAKSI.model_dump() == before.model_dump()


def test_settings_are_judged_as_the_checks_judge_them(office: Office) -> None:
    judge(settings.REDAKSI)
    wrong = config.load(office.folder / "settings.yaml").known_as(
        settings.REDAKSI.source, sites=(config.Site.model_validate({**NEW, "kind": "tidak-ada"}),)
    )
    with pytest.raises(config.SettingsError, match="jenis situs tidak-ada"):
        judge(wrong)
