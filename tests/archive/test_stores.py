"""The places a second copy lies at: the same few verbs, whether a folder or a bucket."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

import config
from archive.disk import Damaged, Missing
from archive.stores import MARKER, Away, Differs, Folder, Store, open_store
from tests.ports import free_port

CHECKOUT = Path(__file__).parent.parent.parent
NAME = "originals/ab/cd/berkas"
KEYS = ("UJI_KUNCI", "UJI_RAHASIA")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Start an S3 server and return its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            while server.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            assert requests.put(f"{address}/salinan", timeout=10).ok
            yield address
        finally:
            server.terminate()


def bucket(address: str, prefix: str, name: str = "salinan") -> config.BucketPlace:
    env, secret = KEYS
    return config.BucketPlace(
        kind="s3", endpoint=address, bucket=name, prefix=prefix, key_env=env, secret_env=secret, timeout=5
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name in KEYS:
        monkeypatch.setenv(name, "uji")
    if request.param == "folder":
        (tmp_path / "salinan").mkdir()
        return open_store(config.FolderPlace(kind="folder", path=tmp_path / "salinan"))
    return open_store(bucket(request.getfixturevalue("s3"), tmp_path.name))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "asli"
    file.write_bytes(b"foto asli")
    return file


def test_what_is_kept_is_read_back_as_it_was_and_kept_twice_it_is_there_once(
    store: Store, source: Path
) -> None:
    for _ in range(2):
        assert store.keep(NAME, source, sha(b"foto asli")) == 9
    assert store.read(NAME) == b"foto asli"
    store.check(NAME, sha(b"foto asli"), 9)
    store.check(NAME, sha(b"foto asli"), 9, deep=False)
    assert list(store.names("originals")) == [(NAME, 9)]


def test_other_bytes_under_a_name_are_told_and_never_overwritten(store: Store, source: Path) -> None:
    store.keep(NAME, source, sha(b"foto asli"))
    for other in (b"foto lain", b"lebih panjang dari semula"):
        source.write_bytes(other)
        with pytest.raises(Differs, match="Tidak ada yang ditimpa"):
            store.keep(NAME, source, sha(other))
    assert store.read(NAME) == b"foto asli"


def test_what_has_rotted_there_is_found_set_aside_and_made_anew(store: Store, source: Path) -> None:
    good = sha(b"foto asli")
    source.write_bytes(b"foto rusa")
    store.keep(NAME, source, sha(b"foto rusa"))  # stands for bytes that have rotted there
    source.write_bytes(b"foto asli")
    with pytest.raises(Damaged, match="sudah berubah"):
        store.check(NAME, good, 9)
    store.set_aside(NAME)
    store.keep(NAME, source, good)
    store.check(NAME, good, 9)
    [(aside, size)] = store.names("rusak")
    assert (store.read(aside), size) == (b"foto rusa", 9)


def test_a_source_that_has_rotted_is_not_copied(store: Store, source: Path) -> None:
    with pytest.raises(Damaged, match="tidak disalin"):
        store.keep(NAME, source, sha(b"yang seharusnya"))
    with pytest.raises(Missing, match="tidak dapat disalin"):
        store.keep(NAME, source.with_name("tiada"), sha(b"x"))
    assert list(store.names("")) == []


def test_what_is_not_there_is_missing(store: Store) -> None:
    for ask in (lambda: store.read(NAME), lambda: store.check(NAME, sha(b""), 0)):
        with pytest.raises(Missing, match="tidak ada di"):
            ask()


def test_a_place_without_our_mark_is_not_used_and_an_older_mark_is_left(store: Store) -> None:
    with pytest.raises(Away, match=MARKER):
        store.require("redaksi-1")
    assert store.begin("redaksi-1") == "redaksi-1"
    assert store.begin("redaksi-2") == "redaksi-1"
    store.require("redaksi-1")
    with pytest.raises(Away, match="salinan kedua yang lain"):
        store.require("redaksi-2")


def test_an_empty_mount_point_is_not_taken_for_the_disk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    store = Folder(tmp_path / "disk")
    store.begin("redaksi-1")
    (tmp_path / "disk").rename(tmp_path / "dicabut")
    with pytest.raises(Away, match="Pasang disknya"):
        store.require("redaksi-1")
    (tmp_path / "disk").mkdir()
    with pytest.raises(Away, match="belum terpasang"):
        store.require("redaksi-1")
    assert list((tmp_path / "disk").iterdir()) == []


def test_a_server_that_is_away_a_bucket_that_is_not_there_and_a_missing_key_are_told(
    s3: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "uji")
    nowhere = open_store(bucket(f"http://127.0.0.1:{free_port()}", "x"))
    with pytest.raises(Away, match="tidak dapat dipakai sekarang"):
        nowhere.require("redaksi-1")
    with pytest.raises(Away, match="tidak dapat dipakai sekarang"):
        nowhere.keep(NAME, source, sha(b"foto asli"))
    other = open_store(bucket(s3, "x", "bucket-lain"))
    for act in (lambda: other.require("redaksi-1"), lambda: other.keep(NAME, source, sha(b"foto asli"))):
        with pytest.raises(Away, match="bucket ini tidak ada"):
            act()
    monkeypatch.delenv(KEYS[1])
    with pytest.raises(config.SettingsError, match=KEYS[1]):
        open_store(bucket(s3, "x"))


def test_a_machine_without_the_extra_is_told_what_to_install(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "uji")
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(config.SettingsError, match=r"redaksi\[s3\]"):
        open_store(bucket(s3, "x"))


def test_several_writers_of_the_same_file_keep_it_once(store: Store, source: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        sizes = list(pool.map(lambda _: store.keep(NAME, source, sha(b"foto asli")), range(8)))
    assert set(sizes) == {9}
    assert [(name, size) for name, size in store.names("") if "tmp" not in name] == [(NAME, 9)]
    store.check(NAME, sha(b"foto asli"), 9)


def test_a_writer_killed_at_any_step_leaves_nothing_torn_and_another_makes_it_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash_copying", str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert [trial for trial in trials if trial["wrong"]] == []
    killed = Counter(trial["phase"] for trial in trials if trial["killed"])
    assert killed["copy"] > 60, killed
    assert killed["renew"] > 20, killed


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_under_a_name_is_one_names_trouble_and_not_the_disks(
    tmp_path: Path, source: Path, kind: str
) -> None:
    store, place = Folder(tmp_path / "disk"), tmp_path / "disk" / NAME
    place.parent.mkdir(parents=True)
    place.mkdir() if kind == "folder" else place.symlink_to(tmp_path / "nirwana")
    with pytest.raises(Differs, match="Tidak ada yang ditimpa"):
        store.keep(NAME, source, sha(b"foto asli"))
    with pytest.raises(Damaged, match="tidak dapat dibaca"):
        store.check(NAME, sha(b"foto asli"))
    store.set_aside(NAME)
    assert store.keep(NAME, source, sha(b"foto asli")) == 9


LARGE = """
import hashlib, os, signal, sys
from pathlib import Path
import config
from archive.stores import open_store

address, prefix, source, sha256, moment = sys.argv[1:]
place = config.BucketPlace(
    kind="s3", endpoint=address, bucket="salinan", prefix=prefix, key_env="UJI_KUNCI", secret_env="UJI_RAHASIA", timeout=60
)
store, pieces = open_store(place), 0

def used():  # not ru_maxrss, which a new program inherits from the one that started it
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024

def trip(_frame, event, called):
    global pieces
    if event == "c_call" and called.__name__ == "write" and type(called.__self__).__name__ == "WritableFile":
        pieces += 1
        if pieces == int(moment):
            os.kill(os.getpid(), signal.SIGKILL)

small = Path(source).with_name("kecil")
small.write_bytes(b"kecil")
store.keep("kecil", small, hashlib.sha256(b"kecil").hexdigest())
before = used()
sys.setprofile(trip)
print(store.keep("besar", Path(source), sha256), used() - before)
"""
MEGABYTES = 200


@pytest.mark.real
def test_a_large_file_is_sent_to_a_bucket_in_little_memory_and_a_killed_upload_leaves_none(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "uji")
    large = tmp_path / "besar"
    with large.open("wb") as file:
        for number in range(MEGABYTES):
            file.write(number.to_bytes(4, "big") * 250_000)
    good = hashlib.sha256(large.read_bytes()).hexdigest()

    def send(moment: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", LARGE, s3, tmp_path.name, str(large), good, str(moment)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )

    store = open_store(bucket(s3, tmp_path.name))
    assert send(moment=60).returncode == -signal.SIGKILL
    assert [name for name, _ in store.names("")] == ["kecil"], "half an upload is no object"
    done = send(moment=0)
    size, more = map(int, done.stdout.split())
    assert size == MEGABYTES * 1_000_000
    assert more < 64, f"{more} MB more for {MEGABYTES} MB"
    store.check("besar", good, size)
    with large.open("r+b") as file:
        file.write(b"busuk")
    other = sha(large.read_bytes())
    with pytest.raises(Differs, match="Tidak ada yang ditimpa"):
        store.keep("besar", large, other)
    with pytest.raises(Damaged, match="tidak disalin"):
        store.keep("besar-lain", large, good)
    assert {name for name, _ in store.names("")} == {"besar", "kecil"}


class Twice(type(Path())):  # type: ignore[misc]
    """A file to which something happens between the first and the second reading."""

    meanwhile: Callable[[], object] | None = None
    opened = 0

    def open(self, *args: Any, **how: Any) -> Any:
        Twice.opened += 1
        if Twice.opened == 2 and Twice.meanwhile is not None:
            Twice.meanwhile()
        return super().open(*args, **how)


@pytest.mark.parametrize("size", [9, 9_000_000])
def test_what_changes_while_a_file_is_sent_to_a_bucket_is_noticed_before_it_has_a_name(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "uji")
    store = open_store(bucket(s3, tmp_path.name))
    file, good = tmp_path / "asli", sha(b"x" * size)
    file.write_bytes(b"x" * size)

    def keep(meanwhile: Callable[[], object]) -> None:
        Twice.meanwhile, Twice.opened = staticmethod(meanwhile), 0
        store.keep("satu", Twice(file), good)

    with pytest.raises(Damaged, match="tidak disalin"):
        keep(lambda: file.write_bytes(b"y" * size))
    assert list(store.names("")) == []
    file.write_bytes(b"x" * size)
    with pytest.raises(Differs, match="Tidak ada yang ditimpa"):
        keep(lambda: requests.put(f"{s3}/salinan/{tmp_path.name}/satu", data=b"milik orang", timeout=10))
    assert store.read("satu") == b"milik orang"
