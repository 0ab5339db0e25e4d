"""A backup is whole or is none, is proven by restoring it, and says what is wrong with it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

import archive
from archive import sealing
from archive.vault import MARKER, Reading, Vault
from newsroom.models import Package, Photo, Revision, Safeguard, State, Story, Submission
from pipeline import database
from pipeline.backup import back_up
from pipeline.restoring import RestoreRefused, prove, restore
from pipeline.stores import originals, packages_folder
from tests.office import SETTINGS, Office
from web.doctor import findings

# A database can be copied only while nobody, not even a test, is in the middle of a change.
pytestmark = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).parent.parent.parent


def fill(count: int, packages: int = 0) -> None:
    """Make an office of so many released stories, each with a photo, a few of them packaged."""
    now = timezone.now()
    store = originals()
    Story.objects.bulk_create(
        Story(
            key=f"{n:024x}",
            headline=f"Berita {n}",
            body="Isi.",
            state=State.RELEASED,
            received_at=now,
            released_at=now,
        )
        for n in range(count)
    )
    stories = list(Story.objects.order_by("id"))
    Revision.objects.bulk_create(
        Revision(story=story, version=1, sealed=True, why="verify", headline=story.headline)
        for story in stories
    )
    Photo.objects.bulk_create(
        Photo(story=story, sha256=_laid(store, f"foto {n}".encode()), filename=f"{n}.jpg")
        for n, story in enumerate(stories)
    )
    for story in stories[:packages]:
        sha256 = story.photos.get().sha256
        sip = archive.SIP(story.key, 1, story.headline, {f"photos/{sha256}.jpg": store.path(sha256)})
        path = archive.make_package(sip, packages_folder())
        where = str(path.relative_to(packages_folder()))
        Package.objects.create(story=story, version=1, path=where, checked_at=now)


def _laid(store: archive.Originals, data: bytes) -> str:
    """Lay an original down without flushing it: a thousand flushes are not what is tested."""
    import hashlib

    sha256 = hashlib.sha256(data).hexdigest()
    store.path(sha256).parent.mkdir(parents=True, exist_ok=True)
    store.path(sha256).write_bytes(data)
    return sha256


def told(command: str, *words: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(command, *map(str, words), stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def age_of(what: str) -> tuple[bool, str]:
    return next((one.ok, one.sentence) for one in findings() if one.subject == what)


def test_a_drill_restores_a_thousand_stories_and_its_age_is_in_the_doctor(
    office: Office, tmp_path: Path
) -> None:
    fill(1000, packages=20)
    secret, public = sealing.new_key()
    (tmp_path / "kunci").write_text(f"# kunci kantor\n{secret}\n")
    target = tmp_path / "cadangan"
    made = told("backup", target, "--encrypt-to", public)
    assert made["files"] >= 1000 + 20 * 5
    proven = told("drill", target, "--identity-file", tmp_path / "kunci", "--scratch", tmp_path)
    assert (proven["stories"], proven["originals"], proven["packages"]) == (1000, 1000, 20)
    assert proven["problems"] == []
    assert not list(tmp_path.glob("redaksi-latihan-*"))
    Safeguard.objects.filter(kind="drill").update(at=timezone.now() - timedelta(days=41))
    assert age_of("latihan pemulihan") == (True, "Latihan pemulihan terakhir 41 hari lalu.")
    Safeguard.objects.filter(kind="drill").update(at=timezone.now() - timedelta(days=120))
    assert age_of("latihan pemulihan")[0] is False
    assert age_of("cadangan") == (True, "Cadangan terakhir baru saja.")


def test_what_is_there_is_not_copied_again_and_sha256sum_alone_checks_it(
    office: Office, tmp_path: Path
) -> None:
    fill(30, packages=3)
    target = tmp_path / "cadangan"
    first = back_up(target)
    _laid(originals(), b"satu lagi")
    second = back_up(target)
    assert (first.new_files > 30, second.new_files, second.files) == (True, 1, first.files + 1)
    sums = target / "backups" / second.name / "SHA256SUMS"
    subprocess.run(["sha256sum", "--quiet", "-c", sums], cwd=target, check=True)
    third = back_up(target, keep=1)
    assert third.dropped == [first.name, second.name]
    assert Vault.at(target).names() == [third.name]
    subprocess.run(["sha256sum", "--quiet", "-c", third.path / "SHA256SUMS"], cwd=target, check=True)


def test_without_encryption_secrets_stay_at_home_unless_they_are_asked_for(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "var" / "secrets"
    folder.mkdir()
    (folder / "surel").write_text("rahasia-kantor\n")
    plain = back_up(tmp_path / "terbuka")
    assert not plain.secrets
    assert not _found(tmp_path / "terbuka", b"rahasia-kantor")
    asked = back_up(tmp_path / "diminta", with_secrets=True)
    assert asked.secrets
    assert _found(tmp_path / "diminta", b"rahasia-kantor")
    own = [path for path in (asked.path / "files").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in (*own, asked.path / "manifest.jsonl")} == {0o600}
    _secret, public = sealing.new_key()
    sealed = back_up(tmp_path / "terkunci", recipients=[public])
    assert sealed.secrets
    assert not _found(tmp_path / "terkunci", b"rahasia-kantor")
    assert not _found(tmp_path / "terkunci", b"SQLite format 3")


def _found(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_passphrase_seals_and_a_wrong_one_is_told(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(2)
    target = tmp_path / "cadangan"
    monkeypatch.setenv("SANDI", "kuda baterai staples")
    told("backup", target, "--passphrase-env", "SANDI")
    # What anybody has who has only pyrage, or `age -d`: the key opens with the words, the files with the key.
    key = pyrage.passphrase.decrypt((target / "identity.age").read_bytes(), "kuda baterai staples").decode()
    sealed = next((target / "pool").rglob("*.age"))
    plain = pyrage.decrypt(sealed.read_bytes(), [pyrage.x25519.Identity.from_str(key.strip())])
    assert plain.startswith(b"foto ")
    if shutil.which("age"):
        (tmp_path / "kunci").write_text(key)
        opened = subprocess.run(
            ["age", "-d", "-i", tmp_path / "kunci", sealed], capture_output=True, check=True
        )
        assert opened.stdout == plain
    monkeypatch.setenv("SANDI", "salah sama sekali")
    for command in ("backup", "drill"):
        with pytest.raises(CommandError, match="tidak cocok"):
            told(command, target, "--passphrase-env", "SANDI")
    with pytest.raises(CommandError, match="tidak dienkripsi"):
        told("backup", target)
    with pytest.raises(CommandError, match="--identity-file"):
        told("drill", target)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_flipped_bit_in_a_backup_is_named_by_the_drill(
    office: Office, tmp_path: Path, sealed: bool
) -> None:
    fill(5)
    secret, public = sealing.new_key()
    (tmp_path / "kunci").write_text(secret)
    target = tmp_path / "cadangan"
    back_up(target, recipients=[public] if sealed else ())
    victim = sorted(path for path in (target / "pool").rglob("*") if path.is_file())[2]
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(data)
    with pytest.raises(CommandError, match="gagal"):
        told("drill", target, "--identity-file", tmp_path / "kunci", "--scratch", tmp_path)
    row = Safeguard.objects.get(kind="drill")
    assert not row.ok
    assert victim.name[:20] in row.note
    assert age_of("latihan pemulihan")[0] is False


def test_an_original_that_has_rotted_is_named_and_all_else_is_saved(office: Office, tmp_path: Path) -> None:
    fill(4)
    rotten = Photo.objects.first()
    assert rotten is not None
    originals().path(rotten.sha256).write_bytes(b"lain")
    with pytest.raises(CommandError, match="Ada 1 masalah"):
        told("backup", tmp_path / "cadangan")
    row = Safeguard.objects.get()
    assert rotten.sha256 in row.note
    assert len(list((tmp_path / "cadangan" / "pool").rglob("*/*"))) == 3


def test_a_list_that_has_rotted_holds_no_backup_up_and_lets_nothing_be_deleted(
    office: Office, tmp_path: Path
) -> None:
    fill(3)
    target = tmp_path / "cadangan"
    back_up(target)
    sums = back_up(target).path / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes()[:-2] + b"\xff\n")  # the last file it names is in the pool
    third = back_up(target, keep=2)
    assert third.dropped == []
    assert "Cadangan lama tidak dihapus" in third.problems[0]
    assert not Safeguard.objects.get(name=third.name).ok
    assert len(Vault.at(target).names()) == 3
    assert len(list((target / "pool").rglob("*/*"))) == 3
    sums.unlink()
    fourth = back_up(target)
    assert (fourth.problems, fourth.new_files) == ([], 0)
    subprocess.run(["sha256sum", "--quiet", "-c", fourth.path / "SHA256SUMS"], cwd=target, check=True)


def test_a_mail_that_comes_while_a_backup_begins_spoils_no_drill(office: Office) -> None:
    fill(2)

    def complaints(counted: int) -> list[str]:
        return [line for line in prove({"counts": {"stories": counted}})["problems"] if "stories" in line]

    assert complaints(1) == []
    assert complaints(3) == ["stories: 2 setelah dipulihkan, 3 ketika dicadangkan."]


def test_an_office_with_people_or_stories_is_never_overwritten(office: Office, tmp_path: Path) -> None:
    fill(1)
    back_up(tmp_path / "cadangan")
    vault = Vault.at(tmp_path / "cadangan")
    with pytest.raises(RestoreRefused, match="sudah berisi"):
        restore(Reading(vault, vault.newest()))
    assert Story.objects.count() == 1


def test_what_a_newer_redaksi_wrote_is_refused_with_a_sentence(fresh: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "cadangan"
    made = back_up(target)
    _made_at(made.path, "newsroom.9999_esok")
    with pytest.raises(CommandError, match="lebih baru"):
        _restored(target, fresh)
    (target / MARKER).write_text('{"format": 2, "recipients": []}')
    with pytest.raises(CommandError, match="lebih baru"):
        _restored(target, fresh)


def _made_at(backup: Path, migration: str) -> None:
    """Let a backup say that its database came to another migration."""
    manifest = backup / "manifest.jsonl"
    told, count = re.subn(r'"migrations": \[[^]]+\]', f'"migrations": ["{migration}"]', manifest.read_text())
    assert count == 1
    manifest.write_text(told)
    _recount(backup, manifest)


def _recount(backup: Path, manifest: Path) -> None:
    import hashlib

    sums = backup / "SHA256SUMS"
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    sums.chmod(0o644)
    sums.write_text(re.sub(r"(?m)^[0-9a-f]{64}(  \S+/manifest\.jsonl)$", rf"{digest}\1", sums.read_text()))


@pytest.fixture
def fresh(office: Office, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Begin a new office on a database of the same kind; give the environment its programs need."""
    folder = tmp_path / "baru"
    folder.mkdir()
    with database.scratch() as (line, environment):
        (folder / "settings.yaml").write_text(SETTINGS + line)
        yield {**os.environ, **environment, "REDAKSI_SETTINGS": str(folder / "settings.yaml")}


def _restored(target: Path, fresh: dict[str, str]) -> None:
    """Restore with a process of its own into the new office; raise what it says."""
    command = [sys.executable, "manage.py", "restore", str(target)]
    done = subprocess.run(command, cwd=CHECKOUT, env=fresh, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(done.stderr)


def test_a_restored_office_has_its_settings_beside_it_and_its_secrets_back(
    fresh: dict[str, str], tmp_path: Path
) -> None:
    fill(3)
    (tmp_path / "var" / "secret_key").write_text("kunci lama")
    target = tmp_path / "cadangan"
    made = back_up(target, with_secrets=True)
    _made_at(made.path, "newsroom.0035_tag_retired")  # before migrations were squashed
    _restored(target, fresh)
    place = tmp_path / "baru"
    assert (place / "var" / "secret_key").read_text() == "kunci lama"
    assert (place / "settings.dari-cadangan.yaml").read_text() == (tmp_path / "settings.yaml").read_text()
    assert (place / "var" / "originals").is_dir()
    assert (place / "var" / "redaksi.sqlite3").exists() == (connection.vendor == "sqlite")
    with pytest.raises(CommandError, match="sudah berisi"):
        _restored(target, fresh)


KILLED = """
import os, sys
from django.core.management import execute_from_command_line
def die(event, words):
    if event == "shutil.rmtree" and str(words[0]).endswith("pemulihan"):
        os._exit(9)
sys.addaudithook(die)
execute_from_command_line(sys.argv)
"""


def test_a_restore_that_is_killed_before_its_migrations_goes_on_when_it_is_run_again(
    fresh: dict[str, str], tmp_path: Path
) -> None:
    fill(1)
    target = tmp_path / "cadangan"
    back_up(target)
    command = [sys.executable, "-c", KILLED, "restore", str(target)]
    environment = {**fresh, "DJANGO_SETTINGS_MODULE": "web.settings"}
    assert subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode == 9
    _restored(target, fresh)
    left = {path.name for path in (tmp_path / "baru" / "var").iterdir()}
    assert not left & {".pemulihan", "pemulihan"}
    with pytest.raises(CommandError, match="sudah berisi"):
        _restored(target, fresh)


def test_a_backup_at_work_keeps_a_second_one_out(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "cadangan"
    vault = Vault.for_writing(target, ())
    with vault.locked(), pytest.raises(archive.ArchiveError, match="pencadangan lain"):
        back_up(target)
    (tmp_path / "penuh").mkdir()
    (tmp_path / "penuh" / "foto.jpg").touch()
    with pytest.raises(archive.ArchiveError, match="folder kosong"):
        back_up(tmp_path / "penuh")
    assert Submission.objects.count() == 0
