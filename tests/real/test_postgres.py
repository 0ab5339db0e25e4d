"""Redaksi on a real PostgreSQL: migrations, the same answers to every question, one writer, and a story's whole road."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from newsroom import search
from newsroom.models import Contributor, KnownWord, Lane, Person, Story
from newsroom.query import parse
from tests.before import UNTIL, as_default, awaited, begun_with, migrate_as_before, written_after
from tests.newsroom import search_set
from tests.office import SETTINGS, Office, coverage
from tests.real.postgres import Postgres

pytestmark = pytest.mark.real

CHECKOUT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    # Not in pytest's folder: that is closed to the user who runs the server.
    with tempfile.TemporaryDirectory(prefix="redaksi-postgres-") as folder:
        cluster = Postgres(Path(folder))
        yield cluster
        cluster.stop()


@pytest.fixture(scope="module")
def migrated(cluster: Postgres, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Make a database from nothing, and return how Django reaches it."""
    described = _described(cluster.create("dibuat"))
    with django_db_blocker.unblock(), as_default(described):
        call_command("migrate", verbosity=0)
    yield described


def _described(url: str) -> dict[str, Any]:
    """Say how Django reaches a database."""
    import config

    known = config.Database(url=url).connection()
    return {**connections.settings["default"], "ENGINE": "web.postgresql", **known, "TEST": {}}


@pytest.fixture
def on_postgres(migrated: dict[str, Any], office: Office) -> Iterator[Office]:
    """The office, its rows on PostgreSQL; what a test writes is taken back."""
    with as_default(migrated), transaction.atomic():
        office.contributor()
        yield office
        transaction.set_rollback(True)


def test_every_question_has_the_same_answer(on_postgres: Office) -> None:
    assert connection.vendor == "postgresql"
    search_set.make(on_postgres)
    assert not [told for one in search_set.CASES if (told := search_set.difference(one))]
    counted = search.facets(parse("wali "))
    assert [(one.label, one.count) for one in counted.kinds["leader"]] == [
        ("Wali Kota Sari Dewi", 3),
        ("Wakil Wali Kota Budi Santoso", 1),
    ]
    assert KnownWord.objects.get(word="musrenbang").stories == 1


def test_words_and_places_beyond_the_limits_are_no_fault_and_the_same_phrases_are_found(
    on_postgres: Office,
) -> None:
    from tests.newsroom.screens import make_story, release

    long = " ".join(f"kata{number} sama" for number in range(12_000))
    editor = on_postgres.person("penyunting")
    story = release(make_story(on_postgres, 1, body=f"{long} {'x' * 5_000}"), editor)
    assert search.search(parse('"kata100 sama"')).stories == [story.pk]
    assert search.search(parse('"kata900 sama"')).stories == []  # as on SQLite: newsroom/indexing.py, MOST
    assert search.search(parse("kata7000 ")).stories == [story.pk]


@pytest.mark.thorough  # on SQLite, tests/newsroom/test_migrations.py walks the same road
def test_an_office_of_before_comes_to_the_same_database_as_an_empty_one(
    cluster: Postgres, migrated: dict[str, Any], db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_default(_described(cluster.create("lama"))):
        migrate_as_before(tmp_path, monkeypatch)
        assert awaited() == written_after(UNTIL)
        call_command("migrate", verbosity=0)
        assert awaited() == []
        came = begun_with(_ask)
    with as_default(migrated):
        assert came == begun_with(_ask)
    assert cluster.schema("lama") == cluster.schema("dibuat")


def _ask(words: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(words)
        return list(cursor.fetchall())


def test_what_postgresql_refuses_is_left_out_at_its_door(on_postgres: Office) -> None:
    person = Person.objects.create(username="nol", name="No\x00l")
    story = Story(pk=1, key="k\x00", headline="Judul\x00", state="spiked", received_at=timezone.now())
    story.sites = ["a\x00b", "\\u0000", "\ud800"]
    story.save()
    story.refresh_from_db()
    person.refresh_from_db()
    assert (person.name, story.headline, story.key) == ("Nol", "Judul", "k")
    assert story.sites == ["ab", "\\u0000", "?"]
    assert Story.objects.filter(headline="Ju\x00dul").exists()


def test_of_two_who_read_and_then_write_the_second_sees_what_the_first_wrote(
    migrated: dict[str, Any], db: None, django_db_blocker: Any
) -> None:
    with as_default(migrated):
        Contributor.objects.filter(address="hitung@contoh.example").delete()
        Contributor.objects.create(address="hitung@contoh.example", name="0")
        together = threading.Barrier(2)

        def add() -> None:
            together.wait()
            for _ in range(50):
                with transaction.atomic():
                    row = Contributor.objects.get(address="hitung@contoh.example")
                    row.name = str(int(row.name) + 1)
                    row.save()
            connection.close()

        _all_at_once(add, add)
        assert Contributor.objects.get(address="hitung@contoh.example").name == "100"
        Contributor.objects.filter(address="hitung@contoh.example").delete()


def test_a_row_is_claimed_by_one_worker_only(migrated: dict[str, Any], db: None) -> None:
    with as_default(migrated):
        Lane.objects.filter(name="uji:satu").delete()
        row = Lane.objects.create(name="uji:satu")
        won: list[str] = []

        def take(name: str) -> Callable[[], None]:
            def act() -> None:
                if Lane.objects.get(pk=row.pk).take(f"{name}:1", Lane.objects.ready()):
                    won.append(name)
                connection.close()

            return act

        _all_at_once(*(take(f"pekerja{number}") for number in range(8)))
        assert len(won) == 1
        Lane.objects.filter(name="uji:satu").delete()


def _all_at_once(*acts: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Product:
    """Redaksi as an operator starts it, on a database of this cluster."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        for sub in ("new", "cur", "tmp"):
            (folder / "mailbox" / sub).mkdir(parents=True)
        (folder / "settings.yaml").write_text(f"{SETTINGS}database: {{url: '{url}'}}\n")

    def manage(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=CHECKOUT,
            env={**os.environ, "REDAKSI_SETTINGS": str(self.folder / "settings.yaml"), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def rows(self, *words: str) -> list[dict[str, Any]]:
        done = self.manage(*words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_story_goes_its_whole_road(cluster: Postgres, tmp_path: Path) -> None:
    product = Product(tmp_path, cluster.create("jalan"))
    untold = product.manage("stories")
    assert "manage.py migrate" in untold.stderr
    for words in (
        ("migrate", "--verbosity", "0"),
        ("person", "bram", "--name", "Bram", "--role", "editor"),
    ):
        assert product.manage(*words).returncode == 0
    (tmp_path / "contributors.csv").write_text(
        "address,name,outlet,initials\nnala@contoh.example,Nala,MC,nala\n"
    )
    assert product.manage("contributors", str(tmp_path / "contributors.csv")).returncode == 0
    (tmp_path / "mailbox" / "new" / "1.uji").write_bytes(coverage("Wali\x00 Kota Uji Membuka Musrenbang"))
    product.rows("work", "--once")
    (story,) = product.rows("stories")
    assert story["state"] == "queued"
    assert product.manage("move", str(story["id"]), "verify", "--by", "bram").returncode == 0
    product.rows("work", "--once")
    (story,) = product.rows("stories")
    assert story["state"] == "released"
    assert {row["state"] for row in product.rows("deliveries")} == {"live"}
    pages = list((tmp_path / "situs" / "kota").rglob("*.html"))
    assert any("Membuka Musrenbang" in page.read_text() for page in pages)
    (package,) = product.rows("packages")
    assert (tmp_path / "var" / "packages" / package["path"] / "bagit.txt").exists()
    assert product.manage("check_archive").returncode == 0
    assert product.rows("reindex", "--all") == [{"documents": 0, "stories": 1}]
    doctor = product.manage("doctor").stdout
    assert "PostgreSQL" in doctor


def test_a_server_that_is_away_or_refuses_is_told_in_a_sentence(cluster: Postgres, tmp_path: Path) -> None:
    url = cluster.create("jauh")
    away = Product(tmp_path / "a", url.replace(str(cluster.port), "1")).manage("stories")
    missing = Product(tmp_path / "b", url.replace("jauh", "tidak_ada")).manage("stories")
    for done, told in ((away, "tidak menjawab"), (missing, "belum ada di server")):
        assert done.returncode != 0
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_driver_that_is_missing_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "tanpa" / "psycopg.py").parent.mkdir()
    hide = "import sys, importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'psycopg' else f(n, *a)"
    (tmp_path / "tanpa" / "sitecustomize.py").write_text(hide)
    product = Product(tmp_path, "postgresql://a@127.0.0.1/b")
    done = product.manage("check", PYTHONPATH=str(tmp_path / "tanpa"))
    assert done.returncode != 0
    assert "psycopg" in done.stderr
    assert "Traceback" not in done.stderr
