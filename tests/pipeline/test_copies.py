"""The second copy: kept in step, its lag exact, away without stopping anything, re-read and made anew."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import archive
from newsroom.acts import ActRefused
from newsroom.copying import lag, lag_words, try_again
from newsroom.desk import retry
from newsroom.fixity import make_report
from newsroom.models import (
    COPY_LANE,
    LOOK_LANE,
    Copy,
    CopyPlace,
    FixityFinding,
    Lane,
    LogEntry,
    Notice,
    Package,
    Shelf,
)
from newsroom.workflow import move
from pipeline import copies
from pipeline.flow import ROAD
from pipeline.notices import watch
from pipeline.stores import originals
from pipeline.worker import Worker
from tests.newsroom.screens import enter
from tests.office import SETTINGS, Office, coverage
from web.doctor import findings

SECOND = "archive: {second_copy: {kind: folder, path: ./salinan}}\n"


@pytest.fixture
def disk(office: Office, use: Callable[[str], None]) -> Path:
    """Give the office a second disk, in use."""
    use(SETTINGS + SECOND)
    disk = office.folder / "salinan"
    disk.mkdir()
    copies.begin(office.person())
    return disk


def publish(office: Office) -> None:
    from newsroom.models import Story

    office.post(coverage())
    office.work()
    move(Story.objects.get(), "verify", office.person())
    office.work()
    office.work()


def files(root: Path) -> dict[str, bytes]:
    """Return what lies under originals and packages, by name; staging folders are none of it."""
    found = [*root.glob("originals/??/??/*"), *root.glob("packages/[!.]*/**/*")]
    return {str(path.relative_to(root)): path.read_bytes() for path in found if path.is_file()}


def writable(path: Path) -> Path:
    path.chmod(0o644)
    return path


def test_originals_and_packages_are_copied_as_they_come_and_the_copy_is_the_same(
    office: Office, disk: Path
) -> None:
    publish(office)
    here = files(office.folder / "var")
    assert len([name for name in here if name.startswith("originals")]) >= 3
    assert any(name.endswith("manifest-sha256.txt") for name in here)
    assert files(disk) == here
    assert Copy.objects.count() == Copy.objects.exclude(kept_at=None).count()
    assert (lag().files, lag_words(lag())) == (0, "Salinan kedua: semua berkas sudah tersalin")
    package = Package.objects.get()
    assert archive.check_package(disk / "packages" / package.path) == []
    assert originals().check() is not None and list(archive.Originals(disk / "originals").check()) == []


def test_without_a_second_copy_nothing_is_written_down_and_it_says_so(office: Office) -> None:
    publish(office)
    assert Copy.objects.count() == 0
    assert lag_words(lag()) == "Salinan kedua: belum diatur"
    with pytest.raises(ActRefused, match=r"archive\.second_copy"):
        copies.begin(None)


def test_what_was_kept_before_there_was_a_second_copy_is_copied_once_it_begins(
    office: Office, use: Callable[[str], None]
) -> None:
    publish(office)
    use(SETTINGS + SECOND)
    office.work()
    assert lag_words(lag()) == "Salinan kedua: sudah diatur, belum dimulai"
    with pytest.raises(ActRefused, match="tidak ada"):
        copies.begin(None)
    (office.folder / "salinan").mkdir()
    here = files(office.folder / "var")
    waiting = copies.begin(None)
    assert waiting == lag().files == len([n for n in here if n.startswith("originals")]) + 1
    assert lag().bytes == sum(len(data) for data in here.values())
    office.work()
    assert files(office.folder / "salinan") == here


def test_while_the_disk_is_away_work_goes_on_the_lag_grows_people_hear_and_it_heals_by_itself(
    office: Office, disk: Path, use: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UJI_ALAMAT", "json://127.0.0.1:9/uji")
    use(SETTINGS + SECOND + "notices: {urls_env: UJI_ALAMAT}\n")
    disk.rename(office.folder / "dicabut")
    disk.mkdir()  # the mount point is still there, and empty
    publish(office)
    found = lag()
    assert found.files == Copy.objects.count() > 3 and found.bytes > 0
    assert "belum terpasang" in found.trouble and found.since and found.next_try
    assert not Copy.objects.exclude(error="").exists(), "it is the place's trouble, and told once"
    assert list(disk.iterdir()) == [], "nothing is written onto an empty mount point"
    Copy.objects.update(promised_at=timezone.now() - timedelta(minutes=4))
    assert lag_words(lag()).startswith(f"Salinan kedua: {found.files} berkas (")
    assert lag_words(lag()).endswith("menunggu, tertua 4 menit")
    Lane.objects.filter(name=COPY_LANE).update(since=timezone.now() - timedelta(minutes=31))
    watch()
    assert "Salinan kedua tidak dapat dipakai" in Notice.objects.get(about="second_copy").subject
    told = {finding.subject: finding for finding in findings()}["salinan kedua"]
    assert not told.ok and "belum terpasang" in told.sentence and "menunggu" in told.sentence
    disk.rmdir()
    (office.folder / "dicabut").rename(disk)
    try_again(office.person("operator", "operator"))
    office.work()
    assert files(disk) == files(office.folder / "var")
    assert (lag().files, lag().trouble) == (0, "")
    watch()
    assert Notice.objects.filter(about="second_copy", kind=Notice.Kind.CLEAR).exists()


def test_another_disk_is_not_taken_for_the_one_that_was_used_until_a_person_says_so(
    office: Office, disk: Path
) -> None:
    publish(office)
    disk.rename(office.folder / "pertama")
    disk.mkdir()
    office.post(coverage("Berita kedua", message_id="<dua@contoh.example>", seed=9))
    office.work()
    assert lag().trouble
    before = CopyPlace.objects.get().mark
    assert copies.begin(office.person()) == Copy.objects.count(), "a new disk holds nothing yet"
    assert CopyPlace.objects.get().mark != before
    office.work()
    assert files(disk) == files(office.folder / "var")
    shutil.rmtree(disk)
    (office.folder / "pertama").rename(disk)
    Lane.objects.update(next_attempt_at=None)
    Copy.objects.update(checked_at=timezone.now() - timedelta(days=100))
    office.work()
    assert "salinan kedua yang lain" in lag().trouble
    assert LogEntry.objects.filter(verb="second_copy_begin").count() == 2


def test_a_copy_that_has_rotted_is_found_told_and_made_anew_by_a_person(office: Office, disk: Path) -> None:
    publish(office)
    copy = Copy.objects.filter(kind="package").get()
    bad = disk / "packages" / copy.name / "data/text.md"
    writable(bad).write_bytes(b"lain")
    Copy.objects.update(checked_at=timezone.now() - timedelta(days=91))
    assert office.work()["check_copy"] == (Copy.objects.count() - 1, 1)
    copy.refresh_from_db()
    assert not copy.sound and copy.parked and "data/text.md" in copy.error
    assert LogEntry.objects.filter(verb="second_copy_failed").count() == 1
    with pytest.raises(ActRefused):
        copies.copy_again(copy, office.person("penilai", "auditor"))
    copies.copy_again(copy, office.person("operator", "operator"))
    office.work()
    assert files(disk) == files(office.folder / "var")
    assert [path.read_bytes() for path in (disk / "rusak").rglob("text.md-*")] == [b"lain"]
    assert not Copy.objects.filter(sound=False).exists() and not Copy.objects.exclude(error="").exists()


def test_other_bytes_that_lie_there_under_a_name_are_told_and_left(office: Office, disk: Path) -> None:
    sha256 = archive.Originals(office.folder / "lain").keep(b"foto")
    foreign = disk / "originals" / sha256[:2] / sha256[2:4] / sha256
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"bukan foto itu")
    originals().keep(b"foto")
    assert office.work()["copy_out"] == (0, 1)
    copy = Copy.objects.get()
    assert copy.parked and "Tidak ada yang ditimpa" in copy.error
    assert foreign.read_bytes() == b"bukan foto itu"
    retry(copy, office.person("operator", "operator"))
    assert office.work()["copy_out"] == (0, 1), "trying again changes nothing there"


def test_an_original_that_has_rotted_here_is_not_copied_and_the_others_are(
    office: Office, disk: Path
) -> None:
    good, bad = originals().keep(b"utuh"), originals().keep(b"rusak")
    writable(originals().path(bad)).write_bytes(b"busuk")
    assert office.work()["copy_out"][0] == 1
    assert [row.name for row in Copy.objects.exclude(kept_at=None)] == [good]
    assert "tidak disalin" in Copy.objects.get(name=bad).error


def test_repair_reads_originals_and_files_of_packages_from_it(office: Office, disk: Path) -> None:
    assert copies.second_copy() is not None
    publish(office)
    second = copies.second_copy()
    assert second is not None
    sha256 = Copy.objects.filter(kind="original").earliest("id").name
    assert second.read_original(sha256) == originals().read(sha256)
    package = Package.objects.get().path
    assert second.read_package_file(package, "data/text.md").startswith(b"# ")
    with pytest.raises(archive.Missing):
        second.read_original("0" * 64)
    there = disk / "originals" / sha256[:2] / sha256[2:4] / sha256
    writable(there).write_bytes(b"busuk")
    with pytest.raises(archive.Damaged):
        second.read_original(sha256)
    disk.rename(office.folder / "dicabut")
    with pytest.raises(archive.Away):
        second.read_original(sha256)


def test_an_original_that_was_promised_nowhere_is_found_when_its_shelf_is_re_read(
    office: Office, disk: Path
) -> None:
    sha256 = archive.Originals(office.folder / "var/originals").keep(
        b"terlupa"
    )  # as if a worker had died between
    assert Copy.objects.count() == 0
    office.work()
    Shelf.objects.filter(prefix=sha256[:2]).update(checked_at=None)
    office.work()
    assert Copy.objects.get().name == sha256 and Copy.objects.get().kept_at


def test_a_disk_that_is_gone_is_noticed_though_nothing_waits(office: Office, disk: Path) -> None:
    lane = Lane.objects.create(name=LOOK_LANE)
    copies.look(lane)
    assert not lag().trouble
    disk.rename(office.folder / "dicabut")
    copies.look(lane)
    lane.refresh_from_db()
    assert "Pasang disknya" in lag().trouble and lane.next_attempt_at
    (office.folder / "dicabut").rename(disk)
    copies.look(lane)
    assert not lag().trouble


def test_a_disk_that_is_there_is_not_well_until_a_copy_has_gone_through(office: Office, disk: Path) -> None:
    originals().keep(b"satu")
    (disk / "originals").write_bytes(b"")  # nothing can be written below it, though the disk is there
    office.work()
    since = lag().since
    assert lag().trouble and since
    copies.look(Lane.objects.get_or_create(name=LOOK_LANE)[0])
    assert (lag().since, lag().next_try) == (since, None), (
        "it is tried at once, and the trouble is the same one"
    )
    (disk / "originals").unlink()
    office.work()
    assert (lag().files, lag().trouble) == (0, "")


def test_one_worker_at_a_time_writes_to_the_second_copy(office: Office, disk: Path) -> None:
    originals().keep(b"satu")
    copy, lane = Copy.objects.get(), Lane.objects.get_or_create(name=COPY_LANE)[0]
    step = next(step for step in ROAD if step.name == "copy_out")
    worker = Worker()
    worker.start()
    assert lane.take("lain/1:1", Lane.objects.all().ready())
    assert worker.attempt(step, copy) is None and files(disk) == {}
    lane.let_go()
    assert worker.attempt(step, copy) is True
    assert worker.attempt(step, copy) is None, "what is kept is not copied again"
    worker.stop()


def test_a_worker_that_died_after_writing_costs_nothing(office: Office, disk: Path) -> None:
    sha256 = originals().keep(b"satu")
    store = archive.open_store(settings.REDAKSI.archive.second_copy)
    store.keep(
        copies.original_name(sha256), originals().path(sha256), sha256
    )  # and died before it could say so
    office.work()
    assert Copy.objects.get().kept_at and files(disk) == files(office.folder / "var")


def look_through_again() -> CopyPlace:
    CopyPlace.objects.update(scanned_at=timezone.now() - timedelta(days=91))
    return CopyPlace.objects.get()


def test_foreign_files_in_the_second_copy_are_named_left_and_settled_when_they_are_gone(
    office: Office, disk: Path
) -> None:
    publish(office)
    assert CopyPlace.objects.get().scanned_at and not FixityFinding.objects.exists()
    package = Package.objects.get().path
    stranger = "originals/" + "/".join(("ab", "cd", "abcd" * 16))
    foreign = ("catatan.txt", stranger, "originals/ab/asing.txt", f"packages/{package}/data/titipan.txt")
    for name in (*foreign, "Liburan/1.jpg", "Liburan/2/2.jpg", "lost+found/x", "rusak/originals/lama"):
        (disk / name).parent.mkdir(parents=True, exist_ok=True)
        (disk / name).write_bytes(b"asing")
    here = files(disk)
    look_through_again()
    assert office.work()["scan_copy"] == (0, 1)
    wanted = {f"salinan-kedua/{name}" for name in (*foreign, "Liburan/")}
    rows = FixityFinding.objects.all()
    assert {(row.path, row.kind, row.what) for row in rows} == {(name, "foreign", "copy") for name in wanted}
    assert files(disk) == here and (disk / "Liburan/2/2.jpg").exists(), "nothing is moved or removed"
    place = CopyPlace.objects.get()
    assert place.parked and "5 berkas asing" in place.error
    operator = office.person("operator", "operator")
    page = enter(operator).get(reverse("attention")).content.decode()
    assert "catatan.txt" in page and reverse("retry", args=["tempat-salinan", place.pk]) in page
    told = json.loads(make_report(timezone.localdate(), timezone.localdate(), None).text)
    assert {row["file"] for row in told["findings"]} == wanted
    assert (told["second_copy"]["foreign_files"], told["second_copy"]["files_waiting"]) == (5, 0)
    assert told["kept"]["open_findings"] == 0, "the archive itself is whole"

    (disk / "catatan.txt").unlink()
    retry(place, operator)
    assert office.work()["scan_copy"] == (0, 1)
    assert [(row.path, row.outcome) for row in rows.exclude(settled_at=None)] == [
        ("salinan-kedua/catatan.txt", "gone")
    ]
    assert rows.count() == 5, "the same file is no second finding"
    for name in foreign[1:]:
        (disk / name).unlink()
    shutil.rmtree(disk / "Liburan")
    retry(CopyPlace.objects.get(), operator)
    assert office.work()["scan_copy"] == (1, 0)
    place.refresh_from_db()
    assert (place.error, place.parked, rows.open().count()) == ("", False, 0)


def test_a_disk_that_is_away_or_a_package_that_has_rotted_here_makes_nothing_foreign(
    office: Office, disk: Path
) -> None:
    publish(office)
    writable(office.folder / "var/packages" / Package.objects.get().path / "manifest-sha256.txt").unlink()
    look_through_again()
    assert office.work()["scan_copy"] == (1, 0)
    disk.rename(office.folder / "dicabut")
    before = look_through_again()
    office.work()
    place = CopyPlace.objects.get()
    assert (place.scanned_at, place.error) == (before.scanned_at, "") and lag().trouble
    assert not FixityFinding.objects.exists()


@pytest.mark.parametrize("rotten", [b"0", b"\xff"])
def test_a_copy_is_not_accused_by_a_list_of_contents_that_has_rotted_here(
    office: Office, disk: Path, rotten: bytes
) -> None:
    publish(office)
    office.work()
    copy = Copy.objects.get(kind=Copy.Kind.PACKAGE)
    manifest = writable(office.folder / "var/packages" / copy.name / "manifest-sha256.txt")
    text = manifest.read_bytes()
    manifest.write_bytes((b"1" if text[:1] == rotten else rotten) + text[1:])
    Copy.objects.filter(pk=copy.pk).update(checked_at=timezone.now() - timedelta(days=91))
    office.work()
    copy.refresh_from_db()
    assert copy.sound and "Pulihkan dulu paket ini" in copy.error
    with pytest.raises(ActRefused, match="Pulihkan dulu paket ini"):
        copies.copy_again(copy, office.person("oka", "operator"))
    assert (disk / "packages" / copy.name / "manifest-sha256.txt").read_bytes() == text


def test_a_foreign_file_whose_name_is_no_text_is_named_and_stops_no_look(office: Office, disk: Path) -> None:
    odd = os.fsdecode(b"foto-\xe9.jpg")
    office.work()
    shelf = originals().root / "ab"
    shelf.mkdir(parents=True)
    for folder in (disk, shelf):
        (folder / odd).write_bytes(b"asing")
    Shelf.objects.filter(prefix="ab").update(checked_at=None)
    look_through_again()
    office.work()
    here, there = FixityFinding.objects.order_by("path")
    assert (here.path, here.outcome) == ("originals/ab/foto-\\udce9.jpg", FixityFinding.Outcome.MOVED)
    assert (there.path, there.outcome) == ("salinan-kedua/foto-\\udce9.jpg", "")
    assert "1 berkas asing" in CopyPlace.objects.get().error
