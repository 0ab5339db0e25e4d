"""What has rotted is put right from a second copy, what was wrong is kept aside, and death in between harms nothing."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from archive import (
    SIP,
    ArchiveError,
    Missing,
    Originals,
    Problem,
    Repair,
    check_package,
    make_package,
    mend_originals,
    mend_package,
)

NAME = "r0123abcd/v1"


class Elsewhere:
    """A second copy in another folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read_original(self, sha256: str) -> bytes:
        return Originals(self.root / "originals").read(sha256)

    def read_package_file(self, package: str, name: str) -> bytes:
        if not self.root.exists():
            raise ArchiveError("Disk salinan kedua tidak terpasang.")
        try:
            return (self.root / "packages" / package / name).read_bytes()
        except FileNotFoundError as error:
            raise Missing("tidak ada") from error


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with one package and two originals, of which a second copy lies in `elsewhere`."""
    originals = Originals(tmp_path / "here/originals")
    for data in (b"surel", b"foto" * 1000):
        originals.keep(data)
    files: dict[str, bytes | Path] = {"mail.eml": b"surel", "photos/01.jpg": b"foto" * 1000}
    make_package(SIP("r0123abcd", 1, "Judul", files, {"a": 1}), tmp_path / "here/packages")
    shutil.copytree(tmp_path / "here", tmp_path / "elsewhere")
    return tmp_path / "here"


def elsewhere(here: Path) -> Elsewhere:
    return Elsewhere(here.with_name("elsewhere"))


def mended(here: Path) -> list[Repair]:
    problems = check_package(here / "packages" / NAME)
    return list(
        mend_package(
            here / "packages", NAME, problems, elsewhere(here), here / "set-aside" / str(os.getpid())
        )
    )


def flip(path: Path) -> bytes:
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    return path.read_bytes()


def kept_aside(here: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((here / "set-aside").rglob("*")) if path.is_file()]


INSIDE = [
    "data/mail.eml",
    "data/photos/01.jpg",
    "data/metadata.json",
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
]


@pytest.mark.parametrize("inside", INSIDE)
def test_a_flipped_bit_anywhere_in_a_package_is_mended_and_the_bad_file_kept_aside(
    here: Path, inside: str
) -> None:
    bad = flip(here / "packages" / NAME / inside)
    assert [repair.mended for repair in mended(here)] == [True]
    assert check_package(here / "packages" / NAME) == []
    assert kept_aside(here) == [bad]


@pytest.mark.parametrize("inside", INSIDE)
def test_a_file_that_is_gone_is_fetched(here: Path, inside: str) -> None:
    (here / "packages" / NAME / inside).unlink()
    assert [repair.mended for repair in mended(here)] == [True]
    assert check_package(here / "packages" / NAME) == []


def test_a_whole_package_that_is_gone_is_fetched(here: Path) -> None:
    shutil.rmtree(here / "packages" / NAME)
    assert [repair.mended for repair in mended(here)] == [True]
    assert check_package(here / "packages" / NAME) == []


def test_a_foreign_file_is_moved_out_and_kept(here: Path) -> None:
    (here / "packages" / NAME / "data/asing.txt").write_bytes(b"asing")
    assert [repair.mended for repair in mended(here)] == [True]
    assert check_package(here / "packages" / NAME) == []
    assert kept_aside(here) == [b"asing"]


def test_several_troubles_at_once_are_mended_together(here: Path) -> None:
    package = here / "packages" / NAME
    flip(package / "data/mail.eml")
    flip(package / "manifest-sha256.txt")
    (package / "data/photos/01.jpg").unlink()
    (package / "asing.txt").write_bytes(b"asing")
    mended(here)
    mended(here)  # a broken manifest hides what else is broken
    assert check_package(package) == []


@pytest.mark.parametrize("second", ["damaged", "missing", "away", "none"])
def test_without_a_good_second_copy_nothing_is_touched_and_it_is_said_why(here: Path, second: str) -> None:
    bad = flip(here / "packages" / NAME / "data/mail.eml")
    copy = here.with_name("elsewhere") / "packages" / NAME / "data/mail.eml"
    if second == "damaged":
        flip(copy)
    elif second == "missing":
        copy.unlink()
    elif second == "away":
        shutil.rmtree(here.with_name("elsewhere"))
    problems = check_package(here / "packages" / NAME)
    place = None if second == "none" else elsewhere(here)
    [repair] = mend_package(here / "packages", NAME, problems, place, here / "set-aside")
    assert not repair.mended
    assert repair.away is (second == "away")
    assert "mail.eml" in repair.why
    assert (here / "packages" / NAME / "data/mail.eml").read_bytes() == bad
    assert kept_aside(here) == []


def test_a_second_copy_that_names_files_outside_of_the_package_is_not_believed(here: Path) -> None:
    shutil.rmtree(here / "packages" / NAME)
    manifest = here.with_name("elsewhere") / "packages" / NAME / "manifest-sha256.txt"
    manifest.chmod(0o644)
    manifest.write_text(f"{'0' * 64}  ../../lari.txt\n")
    [repair] = mended(here)
    assert not repair.mended
    assert not (here / "packages" / NAME).exists()


def look(here: Path) -> list[Problem]:
    """Check the originals against all that are to be there."""
    expected = [path.name for path in (here.with_name("elsewhere") / "originals").glob("??/??/*")]
    return list(Originals(here / "originals").check(expected))


@pytest.mark.parametrize("harm", ["flipped", "gone", "foreign", "link"])
def test_originals_are_mended_alike(here: Path, harm: str) -> None:
    path = next((here / "originals").glob("??/??/*"))
    bad = [path.read_bytes()]
    match harm:
        case "flipped":
            bad = [flip(path)]
        case "gone":
            path.unlink()
            bad = []
        case "foreign":
            path = path.with_name("asing.txt")
            path.write_bytes(b"asing")
            bad = [b"asing"]
        case "link":
            real = here / "tempat-lain"
            path.rename(real)
            path.symlink_to(real)
    store = Originals(here / "originals")
    repairs = list(mend_originals(store, look(here), elsewhere(here), here / "set-aside"))
    if harm == "link":  # moved out of the way; the original itself is missing then, and fetched
        repairs += mend_originals(store, look(here), elsewhere(here), here / "set-aside-2")
    assert all(repair.mended for repair in repairs)
    assert look(here) == []
    assert kept_aside(here) == bad


def test_a_worker_killed_at_any_moment_of_a_repair_loses_neither_the_good_nor_the_bad_file(
    here: Path,
) -> None:
    """Dies just before each act in turn; whoever comes next finishes."""
    before = here.with_name("before")
    shutil.copytree(here, before)
    deaths = 0
    for moment in range(1, 200):
        shutil.rmtree(here)
        shutil.copytree(before, here)
        bad = flip(here / "packages" / NAME / "data/mail.eml")
        (here / "packages" / NAME / "data/photos/01.jpg").unlink()
        killed = _mend_until(here, moment)
        deaths += killed
        mended(here)
        assert check_package(here / "packages" / NAME) == [], moment
        assert bad in kept_aside(here), moment
        if not killed:
            break
    assert deaths > 4


ACTS = ("os.rename", "os.link", "os.remove", "os.mkdir", "open")


def _mend_until(here: Path, moment: int) -> bool:
    """Repair in a child that dies before its n-th act; say whether it died."""
    child = os.fork()
    if child == 0:
        acts = 0

        def step(event: str, arguments: object) -> None:
            nonlocal acts
            if event in ACTS:
                acts += 1
                if acts == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(step)
        try:
            mended(here)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
