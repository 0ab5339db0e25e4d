"""restore: a backup becomes the office again, and is proven on the way; drill: the same, in a folder for nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

import archive
from archive import ArchiveError
from archive.disk import sha256_of, speaking_of
from archive.vault import Entry, Reading
from newsroom.models import Package, Person, Photo, Safeguard, Story, Submission
from pipeline import database
from pipeline.backup import SECRET, SETTINGS_FILE
from pipeline.fixity import KEPT
from pipeline.stores import originals, packages_folder

UNDER_WAY = ".pemulihan"
"""In the data folder while a restore is under way: what it has written is its own to go on with."""
PLACED = "basis data di tempatnya"
"""What it says besides, once only migrations are lacking."""
BESIDE = "settings.dari-cadangan.yaml"
KNOWN = ("originals", "packages", "uploads", "logo", *SECRET)
MANAGE = Path(__file__).parent.parent / "manage.py"


class RestoreRefused(Exception):
    """Nothing was restored. The text says in Indonesian why."""


def restore(reading: Reading, told: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Make this empty office what the backup says, and bring its database up to date; return the backup's head.

    Every file is compared with its checksum while it is written. One that was cut short goes on when it is run again.
    Raises RestoreRefused, ArchiveError, DatabaseNotCopied.
    """
    data = settings.REDAKSI.data
    placed = _need_empty(reading)
    with speaking_of(data):
        connections.close_all()
        with reading.entries(data) as entries:
            _need_known(reading.head)
            if not placed:
                _say_under_way(reading.name)
                dump = _take_out(reading, entries, data, told)
                os.sync()
                told("Memulihkan basis data …")
                database.restore(dump)
                _say_under_way(f"{reading.name}\n{PLACED}")
        shutil.rmtree(data / UNDER_WAY.strip("."), ignore_errors=True)
    call_command("migrate", verbosity=0)
    (data / UNDER_WAY).unlink()
    return reading.head


def _say_under_way(words: str) -> None:
    unfinished = settings.REDAKSI.data / f"{UNDER_WAY}.baru"
    unfinished.write_text(words)
    unfinished.replace(unfinished.with_name(UNDER_WAY))


def _take_out(reading: Reading, entries: Any, data: Path, told: Callable[[str], None]) -> Path:
    """Write every file to its place, the database beside its own; return where that is."""
    dump = None
    for number, entry in enumerate(entries, start=1):
        target = _target(entry, data)
        if entry.path in (database.SQLITE, database.POSTGRES):
            database.need_fitting(entry.path)
            dump = target
        elif _there(entry, target):
            continue
        reading.extract(entry, target)
        if entry.path.startswith(("originals/", "packages/")):
            target.chmod(0o444)
        if number % 1000 == 0:
            told(f"{number} berkas …")
    if dump is None:
        raise ArchiveError("Cadangan ini tidak memuat basis data. Pakai cadangan lain.")
    return dump


def _target(entry: Entry, data: Path) -> Path:
    """Return where a file belongs. Raises ArchiveError for what no backup of ours holds."""
    top = entry.path.partition("/")[0]
    if entry.path in (database.SQLITE, database.POSTGRES):
        return data / UNDER_WAY.strip(".") / entry.path
    if entry.path == SETTINGS_FILE:
        source = settings.REDAKSI.source
        return (source.path.parent if source else data) / BESIDE
    if top not in KNOWN:
        raise ArchiveError(f"Cadangan ini memuat berkas yang tidak dikenal: {entry.path[:80]}")
    return data / entry.path


def _there(entry: Entry, target: Path) -> bool:
    """Say whether an earlier restore of this backup has brought it already; a new office's key gives way."""
    if entry.path.partition("/")[0] not in ("originals", "packages"):
        return False
    try:
        return target.stat().st_size == entry.size and sha256_of(target) == entry.sha256
    except OSError:
        return False


def _need_empty(reading: Reading) -> bool:
    """Raise RestoreRefused unless nothing is here, but for what a restore of the same backup has left.

    Say whether that restore has put the database in its place already.
    """
    data = settings.REDAKSI.data
    words = (data / UNDER_WAY).read_text() if (data / UNDER_WAY).exists() else ""
    told, _, placed = words.partition("\n")
    if told and told != reading.name:
        raise RestoreRefused(
            f"Di {data} ada pemulihan cadangan {told} yang belum selesai. Lanjutkan cadangan itu, atau kosongkan foldernya."
        )
    if placed == PLACED:
        return True
    kept = [*originals().root.glob("??/*"), *packages_folder().glob("*")]
    if _people_or_stories() or (kept and not told):
        raise RestoreRefused(
            f"Kantor ini sudah berisi ({data}), jadi tidak ditimpa. Pulihkan ke kantor kosong: buat settings.yaml "
            "lain dengan folder data yang baru, lalu jalankan lagi dengan REDAKSI_SETTINGS menunjuk ke sana."
        )
    return False


def _people_or_stories() -> bool:
    if connection.vendor == "sqlite" and not _holds_a_database():
        return False
    connection.ensure_connection()  # a server that is away is no empty office
    try:
        return any(model.objects.exists() for model in (Person, Story, Submission))
    except DatabaseError:
        return False  # no tables yet


def _holds_a_database() -> bool:
    """Say whether there is a file of a database; asking it by connecting would make one."""
    name = str(connection.settings_dict["NAME"])
    return name.startswith("file:") or Path(name).exists()


def _need_known(head: dict[str, Any]) -> None:
    """Raise RestoreRefused for a database whose migrations this program has not heard of."""
    disk = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    newer = sorted(set(head.get("migrations", ())) - disk)
    if newer:
        raise RestoreRefused(
            f"Cadangan ini dibuat Redaksi yang lebih baru (basis datanya memuat {newer[0]}). "
            "Pasang versi terbaru, lalu pulihkan dengan versi itu."
        )


def prove(head: dict[str, Any]) -> dict[str, Any]:
    """Look whether this office, just restored, is whole; return what was counted, with `problems` in sentences."""
    problems: list[str] = []
    if connection.vendor == "sqlite" and (faults := database.check(Path(connection.settings_dict["NAME"]))):
        problems.append(f"Basis data: {faults}")
    counts = {
        "stories": Story.objects.count(),
        "submissions": Submission.objects.count(),
        "photos": Photo.objects.count(),
        "packages": Package.objects.exclude(path="").count(),
    }
    for name, count in head.get("counts", {}).items():
        # More is well: they are counted before the database is copied, and nobody stops working meanwhile.
        if name in counts and counts[name] < count:
            problems.append(f"{name}: {counts[name]} setelah dipulihkan, {count} ketika dicadangkan.")
    expected = {
        sha256
        for model, field in KEPT
        for sha256 in model.objects.exclude(**{field: ""}).values_list(field, flat=True).distinct().iterator()
    }
    problems += [problem.sentence for problem in originals().check(expected)]
    for path in Package.objects.exclude(path="").values_list("path", flat=True).order_by("id").iterator():
        problems += [problem.sentence for problem in archive.check_package(packages_folder() / path)]
    return {**counts, "originals": len(expected), "problems": problems}


def drill(target: Path, name: str, words: Sequence[str], scratch: Path | None = None) -> dict[str, Any]:
    """Restore a backup into a scratch folder with a process of its own, prove it, and write down that it was done.

    `words` are what the restore is told besides: how to open what is encrypted. Raises ArchiveError, DatabaseNotCopied.
    """
    with (
        tempfile.TemporaryDirectory(prefix="redaksi-latihan-", dir=scratch) as folder,
        database.scratch() as (line, environment),
    ):
        file = Path(folder) / SETTINGS_FILE
        file.write_text(_scratch_settings() + line)
        command = [sys.executable, str(MANAGE), "restore", str(target), "--name", name, "--prove", *words]
        done = subprocess.run(
            command,
            env={
                **os.environ,
                **environment,
                "REDAKSI_SETTINGS": str(file),
                "DJANGO_SETTINGS_MODULE": "web.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    lines = done.stdout.strip().splitlines()
    try:
        told: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        sentence = done.stderr.strip().splitlines()[-1:] or ["Pemulihan berhenti tanpa keterangan."]
        told = {"problems": [sentence[0].removeprefix("CommandError: ")]}
    problems = told.get("problems", [])
    Safeguard.objects.create(
        kind=Safeguard.Kind.DRILL,
        target=str(target)[:500],
        name=name,
        ok=not problems and done.returncode == 0,
        note="\n".join(problems[:20]),
        counts={key: value for key, value in told.items() if isinstance(value, int)},
    )
    return told


def _scratch_settings() -> str:
    return f"office: {{name: Latihan pemulihan, zone: {settings.REDAKSI.office.zone}}}\ndata: ./var\n"


def size_of(reading: Reading, scratch: Path) -> int:
    """Return how many bytes a backup becomes when it is restored."""
    with reading.entries(scratch) as entries:
        return sum(entry.size for entry in entries)
