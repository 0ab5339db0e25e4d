"""All that is kept is re-read in time; what is found is written down, and what can be mended is mended."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from archive import check_package
from newsroom.desk import retry
from newsroom.models import FixityDay, FixityFinding, LogEntry, Package, Shelf, Story
from newsroom.workflow import move
from pipeline.copies import begin
from pipeline.notices import troubles
from pipeline.stores import originals, packages_folder
from tests.office import SETTINGS, Office, coverage


def published(office: Office, number: int = 1) -> Story:
    office.post(coverage(f"Kegiatan ke-{number}", message_id=f"<{number}@contoh.example>", seed=10 * number))
    office.work()
    story = Story.objects.latest("id")
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    return story


def flip(path: Path) -> bytes:
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    return whole


def look_again() -> None:
    """Everything is due at once."""
    Package.objects.update(checked_at=timezone.now() - timedelta(days=91), next_attempt_at=None)


def test_what_is_re_read_is_counted_by_day(office: Office) -> None:
    story = published(office)
    FixityDay.objects.all().delete()
    look_again()
    Shelf.objects.filter(prefix=story.photos.all()[0].sha256[:2]).update(checked_at=None)
    office.work()
    days = {row.kind: row for row in FixityDay.objects.all()}
    package = packages_folder() / Package.objects.get().path
    files = [path for path in package.rglob("*") if path.is_file()]
    assert (days["package"].looks, days["package"].files) == (1, len(files))
    assert days["package"].bytes == sum(path.stat().st_size for path in files)
    assert (days["original"].looks, days["original"].problems) == (1, 0)
    assert days["original"].files >= 1
    assert timezone.now() - Package.objects.get().checked_at < timedelta(minutes=5)
    assert not Package.objects.all().unchecked()


def test_packages_made_on_one_day_are_first_re_read_on_many(
    office: Office, use: Callable[[str], None]
) -> None:
    use(SETTINGS + "archive: {reread_days: 30}\n")
    for number in (1, 2, 3, 4, 5):
        published(office, number)
    days = sorted((row.recheck_at - timezone.now()) / timedelta(days=1) for row in Package.objects.all())
    assert days[0] >= -0.1
    assert days[-1] <= 30
    assert min(later - earlier for earlier, later in itertools.pairwise(days)) > 1
    Package.objects.update(recheck_at=timezone.now() - timedelta(seconds=1))
    office.work()
    for row in Package.objects.all():
        assert timedelta(days=29.9) < row.recheck_at - timezone.now() < timedelta(days=30.1)


def test_what_has_rotted_stays_a_finding_until_it_is_whole_again(office: Office) -> None:
    published(office)
    package = Package.objects.get()
    path = next((packages_folder() / package.path / "data/mail").iterdir())
    whole = flip(path)
    look_again()
    office.work()
    finding = FixityFinding.objects.get()
    assert (finding.kind, finding.what, finding.settled_at) == ("damaged", "package", None)
    assert finding.path == f"packages/{package.path}/data/mail/{path.name}"
    assert finding.story == package.story
    package.refresh_from_db()
    assert not package.sound

    retry(package, office.person("operator", "operator"))
    office.work()
    assert FixityFinding.objects.count() == 1, "the same trouble is no second finding"
    assert LogEntry.objects.filter(verb="fixity_failed").count() == 1

    path.write_bytes(whole)
    package.refresh_from_db()
    retry(package, office.person("operator", "operator"))
    office.work()
    finding.refresh_from_db()
    assert finding.outcome == "whole"
    assert finding.settled_at is not None
    package.refresh_from_db()
    assert package.sound


def test_a_foreign_file_is_named_moved_out_and_kept(office: Office) -> None:
    story = published(office)
    package = Package.objects.get()
    (packages_folder() / package.path / "data/asing.exe").write_bytes(b"asing")
    shelf = story.photos.all()[0].sha256[:2]
    (originals().root / shelf / "titipan.txt").write_bytes(b"titipan")
    look_again()
    Shelf.objects.filter(prefix=shelf).update(checked_at=None)
    office.work()
    found = {row.path.rpartition("/")[2]: row for row in FixityFinding.objects.all()}
    assert {row.outcome for row in found.values()} == {"moved"}
    data = office.folder / "var"
    assert (data / found["asing.exe"].aside).read_bytes() == b"asing"
    assert (data / found["titipan.txt"].aside).read_bytes() == b"titipan"
    package.refresh_from_db()
    assert package.sound
    assert not package.error
    assert LogEntry.objects.filter(verb="fixity_repaired").count() == 2


def test_a_missing_original_is_named_and_waits_for_a_person(office: Office) -> None:
    story = published(office)
    path = originals().path(story.photos.all()[0].sha256)
    whole = path.read_bytes()
    path.unlink()
    shelf = Shelf.objects.get(prefix=path.name[:2])
    Shelf.objects.filter(pk=shelf.pk).update(checked_at=None)
    office.work()
    shelf.refresh_from_db()
    assert shelf.parked
    assert str(path) in shelf.error
    assert FixityFinding.objects.get().kind == "missing"
    originals().keep(whole)
    retry(shelf, office.person("operator", "operator"))
    office.work()
    assert FixityFinding.objects.get().outcome == "whole"


@pytest.fixture
def doubled(office: Office, use: Callable[[str], None]) -> Office:
    """An office with a second copy in another folder, in step, and one published story."""
    (office.folder / "kedua").mkdir()
    use(SETTINGS + "archive: {second_copy: {kind: folder, path: ./kedua}}\n")
    published(office)
    begin(office.person("operator", "operator"))
    office.work()
    return office


def test_what_has_rotted_is_mended_from_the_second_copy_by_the_road_and_everybody_can_see_it(
    doubled: Office,
) -> None:
    package = Package.objects.get()
    inside = next((packages_folder() / package.path / "data/mail").iterdir())
    original = originals().path(Story.objects.get().photos.all()[0].sha256)
    whole = flip(inside), flip(original)
    bad = inside.read_bytes(), original.read_bytes()
    look_again()
    Shelf.objects.filter(prefix=original.name[:2]).update(checked_at=None)
    doubled.work()

    assert (inside.read_bytes(), original.read_bytes()) == whole
    rows = {row.what: row for row in FixityFinding.objects.all()}
    assert {row.outcome for row in rows.values()} == {"mended"}
    kept = tuple((doubled.folder / "var" / rows[what].aside).read_bytes() for what in ("package", "original"))
    assert kept == bad, "what was wrong is kept"
    assert LogEntry.objects.filter(verb="fixity_repaired").count() == 2
    assert LogEntry.objects.get(verb="fixity_repaired", story=package.story).version == 1
    package.refresh_from_db()
    assert package.sound
    assert not package.error
    told = {trouble.about: trouble for trouble in troubles(set())}
    assert inside.name in told["archive_mended"].body
    assert "archive" not in told


def test_a_whole_package_and_an_original_that_are_gone_come_back(doubled: Office) -> None:
    package = Package.objects.get()
    original = originals().path(Story.objects.get().photos.all()[0].sha256)
    shutil.rmtree(packages_folder() / package.path)
    original.unlink()
    look_again()
    Shelf.objects.filter(prefix=original.name[:2]).update(checked_at=None)
    doubled.work()
    assert check_package(packages_folder() / package.path) == []
    assert originals().read(original.name)
    assert {row.outcome for row in FixityFinding.objects.all()} == {"mended"}


def test_while_the_second_copy_is_away_a_finding_waits_and_is_mended_when_it_is_back(doubled: Office) -> None:
    package = Package.objects.get()
    inside = next((packages_folder() / package.path / "data/mail").iterdir())
    whole = flip(inside)
    (doubled.folder / "kedua").rename(doubled.folder / "dicabut")
    look_again()
    doubled.work()
    package.refresh_from_db()
    assert not package.sound
    assert not package.parked, "it is tried again by itself"
    assert "Salinan kedua belum dapat dibaca" in package.error
    assert FixityFinding.objects.get().settled_at is None

    (doubled.folder / "dicabut").rename(doubled.folder / "kedua")
    look_again()
    doubled.work()
    assert inside.read_bytes() == whole
    assert FixityFinding.objects.get().outcome == "mended"
    package.refresh_from_db()
    assert package.sound


def test_where_the_second_copy_has_rotted_too_a_person_is_asked(doubled: Office) -> None:
    package = Package.objects.get()
    inside = next((packages_folder() / package.path / "data/mail").iterdir())
    flip(inside)
    flip(doubled.folder / "kedua/packages" / package.path / "data/mail" / inside.name)
    look_again()
    doubled.work()
    package.refresh_from_db()
    assert package.parked
    assert "juga sudah berubah" in package.error
    assert not (doubled.folder / "var/set-aside").exists(), "nothing was touched"
