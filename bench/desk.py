"""The rows of the desk: pages over 100,000 stories and 300,000 photos, beside the same pages over an almost empty database."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from bench.measure import Row

STORIES = 100_000
QUEUED, RETURNED, SPIKED = 300, 300, 3_000
"""Of them; all others are released."""
PHOTOS = 3
ROUNDS = 40
FIRST = 1_000
"""The number of the first story that is multiplied."""
SITES = ("media-center", "info-publik", "kota")


def desk(folder: Path) -> list[Row]:
    """The pages an editor opens all day, by the server's own time."""
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as home:
        settle(Path(home))
        import django

        django.setup()
        small, large = offices(Path(home))
        return [
            _row(name, _times(small, large, address))
            for name, address in (
                ("queue", "/antrean/"),
                ("queue, rejected", "/antrean/?status=ditolak"),
                ("queue, with filters", "/antrean/?status=antre&jam=terlambat&temuan=ya&pengirim=known"),
                ("story page", f"/berita/{FIRST + 1}/"),
                ("archive list", "/arsip/"),
                ("summary of this month", "/ringkasan/"),
            )
        ]


def settle(home: Path, **more: Any) -> None:
    """Write the settings of an office to be measured, and have Django read them."""
    file = home / "settings.yaml"
    sites = [{"name": name, "kind": "folder", "title": name, "path": f"./situs/{name}"} for name in SITES]
    office = {"name": "Ukur", "zone": "Asia/Jakarta"}
    file.write_text(
        yaml.safe_dump({"office": office, "data": "./var", "mailboxes": [], "sites": sites, **more})
    )
    os.environ.update(REDAKSI_SETTINGS=str(file), DJANGO_SETTINGS_MODULE="web.settings")


def offices(home: Path) -> tuple[str, str]:
    """Make both databases; return their files. What multiplies the large one stands in the small one, too."""
    from django.core.management import call_command

    files = str(home / "kecil.sqlite3"), str(home / "besar.sqlite3")
    for file in files:
        use(file)
        call_command("migrate", verbosity=0)
        _templates()
    _multiply_all()
    return files


def use(file: str) -> None:
    """Ask this database from now on."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = file


def _templates() -> None:
    """Make an editor, a released story and one that waits, each with all that belongs to it."""
    from django.utils import timezone

    from newsroom.editing import first_revision
    from newsroom.models import Contributor, Person, Photo, Story, Submission, log
    from newsroom.workflow import move

    editor = Person.objects.create(username="ukur", name="Ukur", role="editor")
    sender = Contributor.objects.create(address="nala@contoh.example", name="Nala", outlet="MC. Ukur")
    body = "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan.\n\n" * 25
    for number in (FIRST, FIRST + 1):
        at = timezone.now() - timedelta(minutes=70)
        story = Story.objects.create(
            pk=number,
            key=f"ukur-{number}",
            headline="Wali Kota Uji Membuka Musyawarah",
            body=body,
            sites=list(SITES),
            contributor=sender,
            received_at=at,
            due_at=at + timedelta(hours=3),
        )
        mail = Submission.objects.create(
            pk=number,
            sha256=f"{number:064d}",
            size=1,
            mailbox="ukur",
            received_at=at,
            disposition="accepted",
            trust="known",
            source_text=body,
            story=story,
            contributor=sender,
        )
        for order in range(PHOTOS):
            Photo.objects.create(
                pk=number * 10 + order,
                story=story,
                submission=mail,
                sha256=f"{number * 10 + order:064d}",
                caption="Peserta di aula.",
                order=order,
                dhash=f"{(number * 10 + order) * 0x9E3779B97F4A7C15 % 2**64:016x}",
                width=1600,
                height=1200,
            )
        first_revision(story, "receive")
        log("queue", story=story, submission=mail)
    released = Story.objects.get(pk=FIRST)
    move(released, "verify", editor)
    for site in SITES:
        released.deliveries.create(
            site=site, sent_version=1, state="live", url=f"{site}/1/", confirmed_at=timezone.now()
        )
    move(released, "release", None)
    Story.objects.filter(pk=FIRST).update(due_at=None)


def _multiply_all() -> None:
    from newsroom.models import Delivery, LogEntry, Package, Photo, Revision, Story, Submission

    waiting = f"n <= {QUEUED}"
    state = (
        f"CASE WHEN {waiting} THEN 'queued' WHEN n <= {QUEUED + RETURNED} THEN 'returned' "
        f"WHEN n <= {QUEUED + RETURNED + SPIKED} THEN 'spiked' ELSE 'released' END"
    )
    ago = "strftime('%Y-%m-%d %H:%M:%S', 'now', '-' || n || ' minutes')"
    due = "strftime('%Y-%m-%d %H:%M:%S', 'now', printf('%+d minutes', 180 - n))"
    sealed = Revision.objects.get(story=FIRST, sealed=True).pk
    shift = "10000000 + n"
    story = {"id": shift, "key": "'k' || n", "headline": "t.headline || ' ' || n", "received_at": ago}
    story |= {"released_at": ago, "state": state, "due_at": f"CASE WHEN {waiting} THEN {due} END"}
    _multiply(Revision, sealed, {"id": shift, "story_id": shift})
    _multiply(Story, FIRST, {**story, "revision_id": shift})
    _multiply(Submission, FIRST, {"id": shift, "story_id": shift, "sha256": "printf('%064d', 10000000 + n)"})
    for order in range(PHOTOS):
        row = f"(10000000 + n) * 10 + {order}"
        # Not alike, as photos are: what is near a photo is looked up on its story's page.
        likeness = f"printf('%08x%08x', {row} * 2654435761 % 4294967296, {row} * 2246822519 % 4294967296)"
        sha = {"sha256": f"printf('%064d', {row})", "dhash": likeness}
        _multiply(Photo, FIRST * 10 + order, {"id": row, "story_id": shift, "submission_id": shift, **sha})
    for order, entry in enumerate(LogEntry.objects.filter(story=FIRST)):
        row = {"id": f"(10000000 + n) * 10 + {order}", "story_id": shift, "at": ago}
        _multiply(LogEntry, entry.pk, row)
    for order, row in enumerate(Delivery.objects.filter(story=FIRST)):
        _multiply(Delivery, row.pk, {"id": f"(10000000 + n) * 10 + {order}", "story_id": shift})
    for package in Package.objects.filter(story=FIRST):
        _multiply(Package, package.pk, {"id": shift, "story_id": shift})


def _multiply(model: Any, template: int, changes: dict[str, str]) -> None:
    """Write STORIES copies of one row, with these columns computed by SQL from `n`."""
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(changes.get(field.column, f't."{field.column}"') for field in fields)
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute(
            f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {STORIES}) "  # noqa: S608
            f"INSERT INTO {model._meta.db_table} ({columns}) "
            f"SELECT {values} FROM counted, {model._meta.db_table} t WHERE t.id = {template}"
        )


def _times(small: str, large: str, address: str) -> tuple[list[float], list[float]]:
    """Open the page in turns over both databases; return the seconds of each."""
    took: dict[str, list[float]] = {small: [], large: []}
    open_page = {file: _opener(file, address) for file in took}
    for turn in range(ROUNDS + 3):
        for file, seconds in took.items():
            use(file)
            open_page[file]()  # a fresh connection and cold caches are not what is measured
            start = time.perf_counter()
            open_page[file]()
            if turn >= 3:
                seconds.append(time.perf_counter() - start)
    return took[large], took[small]


def _opener(file: str, address: str) -> Callable[[], None]:
    from django.test import Client

    from newsroom.models import Person

    use(file)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(username="ukur"))

    def open_page() -> None:
        status = client.get(address).status_code
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")

    return open_page


def _row(name: str, took: tuple[list[float], list[float]]) -> Row:
    ours, floor = ((statistics.median(one), statistics.quantiles(one, n=20)[-1]) for one in took)
    return Row(
        what=f"{name}, {STORIES:,} stories, {STORIES * PHOTOS:,} photos; p50 / p95 server time",
        ours=f"{ours[0] * 1000:.0f} / {ours[1] * 1000:.0f} ms",
        floor=f"{floor[0] * 1000:.0f} / {floor[1] * 1000:.0f} ms",
        floor_is="the same page over a database of two stories",
        ratio=ours[0] / floor[0],
    )
