from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bagit
import pytest

from archive import SIP, ArchiveError, Damaged, Originals, check_package, make_package

CHECKOUT = Path(__file__).parents[2]


def sip(**changes: object) -> SIP:
    values: dict[str, object] = {
        "identifier": "r0123abcd",
        "version": 1,
        "title": "Wali Kota Membuka Musrenbang – “2026”\nbaris kedua",
        "files": {
            "mail.eml": b"From: a@contoh.go.id\r\n\r\nisi",
            "photos/001.jpg": bytes(range(256)) * 20,
            "kosong": b"",
        },
        "metadata": {"headline": "Wali Kota – 1", "sites": ["kota"], "version": 1},
    }
    return SIP(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return make_package(sip(), tmp_path / "paket")


def writable(path: Path) -> Path:
    path.chmod(0o644)
    return path


def files_of(package: Path) -> list[Path]:
    return sorted(path for path in package.rglob("*") if path.is_file())


def test_a_package_holds_every_file_as_it_was_given(package: Path) -> None:
    assert package.parts[-2:] == ("r0123abcd", "v1")
    for name, data in sip().files.items():
        assert (package / "data" / name).read_bytes() == data
    assert json.loads((package / "data/metadata.json").read_text()) == sip().metadata


def test_a_package_verifies_with_the_library_of_congress_library(package: Path) -> None:
    bag = bagit.Bag(str(package))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "r0123abcd"
    assert bag.info["External-Description"] == "Wali Kota Membuka Musrenbang – “2026” baris kedua"
    assert bag.info["Payload-Oxum"].endswith(".4")


@pytest.mark.parametrize("manifest", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_package_verifies_with_sha256sum_alone(package: Path, manifest: str) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", manifest], cwd=package, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_good_package_has_no_problems(package: Path) -> None:
    assert check_package(package) == []


def test_a_file_given_by_path_is_copied_and_left_where_it_lies(tmp_path: Path) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(b"v" * 3_000_000)
    package = make_package(sip(files={"video.mp4": video}), tmp_path / "paket")
    assert (package / "data/video.mp4").read_bytes() == video.read_bytes()
    assert check_package(package) == []


def test_an_original_that_has_rotted_does_not_come_into_a_package(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "asli")
    path = originals.path(originals.keep(b"foto"))
    assert check_package(make_package(sip(files={"001.jpg": path}), tmp_path)) == []
    path.chmod(0o644)
    path.write_bytes(b"fotp")
    with pytest.raises(Damaged, match=path.name):
        make_package(sip(version=2, files={"001.jpg": path}), tmp_path)
    assert not (tmp_path / "r0123abcd/v2").exists()
    assert list((tmp_path / ".staging").iterdir()) == []


def test_making_it_again_returns_the_same_package_untouched(package: Path) -> None:
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files_of(package)}
    assert make_package(sip(), package.parents[1]) == package
    assert before == {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files_of(package)}


def test_versions_lie_side_by_side(package: Path) -> None:
    second = make_package(sip(version=2), package.parents[1])
    assert second.name == "v2" and second.parent == package.parent
    assert check_package(package) == check_package(second) == []


@pytest.mark.parametrize("change", [{"files": {"mail.eml": b"lain"}}, {"metadata": {"version": 9}}])
def test_other_content_under_the_same_version_is_refused(package: Path, change: dict[str, object]) -> None:
    before = {path: path.read_bytes() for path in files_of(package)}
    with pytest.raises(ArchiveError, match="sudah ada dengan isi lain"):
        make_package(sip(**change), package.parents[1])
    assert before == {path: path.read_bytes() for path in files_of(package)}


def test_a_damaged_package_is_neither_returned_nor_overwritten(package: Path) -> None:
    writable(package / "data/mail.eml").write_bytes(b"rusak")
    with pytest.raises(Damaged, match=r"mail\.eml"):
        make_package(sip(), package.parents[1])
    assert (package / "data/mail.eml").read_bytes() == b"rusak"


def test_a_single_flipped_bit_anywhere_is_found_and_its_file_named(tmp_path: Path) -> None:
    package = make_package(sip(files={"mail.eml": b"surat"}, metadata={}), tmp_path)
    for path in files_of(package):
        whole = path.read_bytes()
        writable(path)
        for at in range(0, len(whole), 7):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            problems = check_package(package)
            assert [problem.path for problem in problems] == [path], at
            assert problems[0].kind == "damaged" and path.name in problems[0].sentence
        path.write_bytes(whole)
    assert check_package(package) == []


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
@pytest.mark.parametrize("torn", [b"\x0b", b"\r\n", b"", b"\n\n"])
def test_a_torn_line_in_a_manifest_is_damage(package: Path, name: str, torn: bytes) -> None:
    whole = (package / name).read_bytes()
    writable(package / name).write_bytes(whole.replace(b"\n", torn, 1))
    assert [problem.path for problem in check_package(package)] == [package / name]


def test_two_changed_files_are_both_named(package: Path) -> None:
    for name in ("data/mail.eml", "data/photos/001.jpg"):
        writable(package / name).write_bytes(b"lain")
    assert [problem.path for problem in check_package(package)] == [
        package / "data/mail.eml",
        package / "data/photos/001.jpg",
    ]


def test_a_missing_file_is_named(package: Path) -> None:
    for path in files_of(package):
        whole = path.read_bytes()
        path.unlink()
        problems = check_package(package)
        assert [(problem.path, problem.kind) for problem in problems] == [(path, "missing")]
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "name", ["data/asing.txt", "asing.txt", "data/photos/sub/asing.txt", "fetch.txt", "tags/asing.txt"]
)
def test_a_foreign_file_is_named(package: Path, name: str) -> None:
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("asing")
    assert [(problem.path, problem.kind) for problem in check_package(package)] == [
        (package / name, "foreign")
    ]


def test_a_link_in_a_package_is_foreign_and_not_followed(package: Path) -> None:
    (package / "data/tautan").symlink_to("/etc/passwd")
    (package / "data/folder").symlink_to("/etc")
    found = {problem.path.name: problem.kind for problem in check_package(package)}
    assert found == {"tautan": "foreign", "folder": "foreign"}


def test_a_file_replaced_by_a_link_to_the_same_bytes_is_not_accepted(package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "salinan"
    copy.write_bytes((package / "data/mail.eml").read_bytes())
    (package / "data/mail.eml").unlink()
    (package / "data/mail.eml").symlink_to(copy)
    assert {problem.path.name for problem in check_package(package)} == {"mail.eml"}


def test_no_package_at_all_is_a_problem_and_not_an_error(tmp_path: Path) -> None:
    [problem] = check_package(tmp_path / "tidak-ada")
    assert problem.kind == "missing"
    (tmp_path / "berkas").write_text("x")
    assert check_package(tmp_path / "berkas")[0].kind == "missing"
    (tmp_path / "kosong").mkdir()
    assert {problem.kind for problem in check_package(tmp_path / "kosong")} == {"missing"}


def test_a_file_that_cannot_be_read_is_a_problem_and_not_an_error(package: Path) -> None:
    (package / "data/mail.eml").unlink()
    os.mkfifo(package / "data/mail.eml")
    assert [problem.kind for problem in check_package(package)] == ["unreadable"]


@pytest.mark.parametrize(
    "name",
    [
        "../lari",
        "/mutlak",
        "a//b",
        "a/../b",
        ".tersembunyi",
        "a/.b",
        "spasi di nama",
        "é.jpg",
        "akhir.",
        "",
        "a\nb",
        "~root",
    ],
)
def test_only_names_of_our_own_making_come_into_a_package(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        sip(files={name: b""})


def test_names_that_some_disk_would_confuse_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        sip(files={"Foto.jpg": b"", "foto.jpg": b""})
    with pytest.raises(ValueError, match="twice"):
        sip(files={"metadata.json": b""})
    with pytest.raises(ValueError, match="identifier"):
        sip(identifier="a/b")
    with pytest.raises(ValueError, match="identifier"):
        sip(version=0)


def test_the_working_folder_of_the_process_is_never_changed(tmp_path: Path) -> None:
    seen: set[str] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.add(os.getcwd())  # noqa: PTH109

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for version in range(1, 4):
            check_package(make_package(sip(version=version), tmp_path))
    finally:
        done.set()
        watcher.join()
    assert seen == {os.getcwd()}  # noqa: PTH109


def test_two_workers_making_the_same_package_make_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: make_package(sip(), tmp_path), range(8)))
    assert set(made) == {tmp_path / "r0123abcd/v1"}
    assert check_package(made[0]) == []
    assert list((tmp_path / ".staging").iterdir()) == []


SLOW = """
import sys, time
from pathlib import Path
from archive import SIP, make_package

class Endless:
    def __init__(self): self.turn = 0
    def read(self, size):
        self.turn += 1
        if self.turn == 2:
            print("setengah", flush=True)
            time.sleep(60)
        return b"x" * size
    def __enter__(self): return self
    def __exit__(self, *args): pass

class Slow(type(Path())):
    def open(self, *args, **options): return Endless()

make_package(SIP("r0123abcd", 1, "Judul", {"a": b"a", "z": Slow("z")}), Path(sys.argv[1]))
"""


def started(folder: Path) -> subprocess.Popen[bytes]:
    worker = subprocess.Popen([sys.executable, "-c", SLOW, str(folder)], cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"setengah\n"
    return worker


def stopped(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert worker.stdout is not None
    worker.stdout.close()


def test_a_worker_killed_while_packaging_leaves_no_package_and_its_rest_is_cleared(tmp_path: Path) -> None:
    stopped(started(tmp_path))
    assert len(list((tmp_path / ".staging").iterdir())) == 1
    assert not (tmp_path / "r0123abcd").exists()
    package = make_package(sip(), tmp_path)
    assert check_package(package) == []
    assert list((tmp_path / ".staging").iterdir()) == []


def test_the_work_of_a_living_worker_is_not_cleared(tmp_path: Path) -> None:
    worker = started(tmp_path)
    try:
        package = make_package(sip(), tmp_path)
        [staging] = (tmp_path / ".staging").iterdir()
        assert (staging / "data/a").exists()
    finally:
        stopped(worker)
    assert check_package(package) == []


def test_a_missing_source_file_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"tidak-ada tidak dapat dipakai"):
        make_package(sip(files={"a": tmp_path / "tidak-ada"}), tmp_path / "paket")
    assert list((tmp_path / "paket/.staging").iterdir()) == []
    assert not (tmp_path / "paket/r0123abcd").exists()


def test_metadata_that_is_no_json_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        make_package(sip(metadata={"waktu": time.gmtime}), tmp_path)
    assert list((tmp_path / ".staging").iterdir()) == []
