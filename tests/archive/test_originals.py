from __future__ import annotations

import hashlib
import os
import resource
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import ArchiveError, Damaged, Missing, Originals

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "asli")


def rot(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_bytes_are_kept_under_their_checksum_and_read_back(originals: Originals) -> None:
    sha256 = originals.keep(b"surat")
    assert sha256 == hashlib.sha256(b"surat").hexdigest()
    assert originals.path(sha256) == originals.root / sha256[:2] / sha256[2:4] / sha256
    assert originals.read(sha256) == b"surat"


def test_nothing_is_a_good_original_too(originals: Originals) -> None:
    assert originals.read(originals.keep(b"")) == b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.binary(max_size=200))
def test_whatever_is_kept_is_what_is_read(originals: Originals, data: bytes) -> None:
    assert originals.read(originals.keep(data)) == data


def test_the_same_bytes_twice_are_kept_once(originals: Originals) -> None:
    sha256 = originals.keep(b"surat")
    before = originals.path(sha256).stat()
    assert originals.keep(b"surat") == sha256
    after = originals.path(sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert sum(path.is_file() for path in originals.root.rglob("*")) == 1


def test_an_original_is_read_only_and_nothing_unfinished_lies_about(originals: Originals) -> None:
    path = originals.path(originals.keep(b"surat"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1
    assert list((originals.root / "tmp").iterdir()) == []


def test_a_rotten_file_is_not_trusted_and_the_good_bytes_are_kept(originals: Originals) -> None:
    path = originals.path(originals.keep(b"surat"))
    rot(path, b"sural")
    originals.keep(b"surat")
    assert path.read_bytes() == b"surat"
    [problem] = originals.check()
    assert problem.kind == "damaged" and problem.path.read_bytes() == b"sural"
    assert str(problem.path) in problem.sentence


def test_a_truncated_file_is_not_taken_for_the_original(originals: Originals) -> None:
    path = originals.path(originals.keep(b"surat panjang"))
    rot(path, b"surat")
    with pytest.raises(Damaged, match=str(path)):
        originals.read(path.name)


def test_what_was_never_kept_is_missing(originals: Originals) -> None:
    with pytest.raises(Missing, match="tidak ada di arsip"):
        originals.read("0" * 64)


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "A" * 64, "0" * 64 + "\n", "/" + "0" * 63])
def test_a_name_that_is_no_checksum_leads_nowhere(originals: Originals, name: str) -> None:
    with pytest.raises(Missing, match="tidak sah"):
        originals.read(name)


def test_the_check_is_quiet_when_all_is_well(originals: Originals) -> None:
    kept = [originals.keep(data) for data in (b"a", b"b", b"c")]
    assert list(originals.check(kept)) == []


def test_the_check_names_each_damaged_missing_and_foreign_file(originals: Originals) -> None:
    flipped = originals.path(originals.keep(b"a"))
    rot(flipped, b"b")
    gone = originals.path(originals.keep(b"hilang"))
    gone.unlink()
    foreign = originals.root / "catatan.txt"
    foreign.write_text("x")
    good = originals.path(originals.keep(b"baik"))
    misplaced = originals.root / "00" / good.name
    misplaced.parent.mkdir(exist_ok=True)
    misplaced.write_bytes(b"baik")
    link = originals.path("f" * 64)
    link.parent.mkdir(parents=True)
    link.symlink_to("/etc/passwd")
    folder_link = originals.root / "tautan"
    folder_link.symlink_to("/etc")
    found = {problem.path: problem.kind for problem in originals.check([gone.name, good.name])}
    assert found == {
        flipped: "damaged",
        gone: "missing",
        foreign: "foreign",
        misplaced: "foreign",
        link: "foreign",
        folder_link: "foreign",
    }
    assert all(str(problem.path) in problem.sentence for problem in originals.check())


def test_a_file_that_cannot_be_read_is_a_problem_and_not_an_error(originals: Originals) -> None:
    path = originals.path(originals.keep(b"a"))
    path.unlink()
    os.mkfifo(path)
    [problem] = originals.check()
    assert (problem.path, problem.kind) == (path, "unreadable")


def test_many_threads_keeping_the_same_bytes_keep_one_file(originals: Originals) -> None:
    data = [b"sama", b"beda"] * 40
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(originals.keep, data))) == 2
    assert list(originals.check()) == []
    assert sum(path.is_file() for path in originals.root.rglob("*")) == 2


def test_what_a_dead_writer_left_is_cleared_and_a_living_ones_is_not(originals: Originals) -> None:
    kept = originals.keep(b"a")
    old, new = originals.root / "tmp" / "lama", originals.root / "tmp" / "baru"
    old.write_bytes(b"setengah")
    new.write_bytes(b"setengah")
    os.utime(old, (0, 0))
    assert originals.clear_unfinished() == 1
    assert not old.exists() and new.exists()
    assert list(originals.check([kept])) == []


KILLED = """
import os, sys
from pathlib import Path
from archive import Originals
def die(handle):
    os._exit(9)
os.fsync = die
Originals(Path(sys.argv[1])).keep(b"surat" * 1000)
"""


def test_a_writer_killed_before_the_flush_leaves_no_half_original(originals: Originals) -> None:
    dead = subprocess.run([sys.executable, "-c", KILLED, str(originals.root)], cwd=CHECKOUT, check=False)
    assert dead.returncode == 9
    assert list(originals.check()) == []
    sha256 = originals.keep(b"surat" * 1000)
    assert originals.read(sha256) == b"surat" * 1000


def test_a_full_disk_is_said_in_words_and_loses_nothing(originals: Originals) -> None:
    kept = originals.keep(b"sudah ada")
    code = "import sys; from pathlib import Path; from archive import Originals, ArchiveError\n" \
           "try: Originals(Path(sys.argv[1])).keep(bytes(100_000))\n" \
           "except ArchiveError as error: print(error)"  # fmt: skip

    def small_disk() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    said = subprocess.run(
        [sys.executable, "-c", code, str(originals.root)],
        cwd=CHECKOUT, capture_output=True, text=True, check=True, preexec_fn=small_disk,
    )  # fmt: skip
    assert said.stdout.startswith("Penyimpanan penuh") and "Kosongkan ruang" in said.stdout
    assert list(originals.check([kept])) == []
    assert list((originals.root / "tmp").iterdir()) == []


def test_a_folder_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "asli").write_text("sebuah berkas")
    with pytest.raises(ArchiveError, match="tidak dapat dipakai"):
        Originals(tmp_path / "asli").keep(b"surat")
