"""Redaksi on a real PostgreSQL: migrations, the same answers to every question, one writer, and a story's whole road."""

from __future__ import annotations

import base64
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from archive.vault import Vault
from ingest.asking import Asker
from ingest.before import LONGEST_MOMENT, OldPost
from newsroom import search
from newsroom.fixity import make_report
from newsroom.indexing import VERSION
from newsroom.models import (
    Contributor,
    FixityDay,
    KnownWord,
    Lane,
    Medium,
    Package,
    Person,
    Safeguard,
    Story,
)
from newsroom.query import parse
from newsroom.waiting import waiting_models
from newsroom.workflow import move
from pipeline.database import DRILL
from pipeline.importing import bring_in, source_of
from tests.before import UNTIL, as_default, awaited, begun_with, migrate_as_before, written_after
from tests.newsroom import search_set
from tests.newsroom.screens import enter, make_story, release
from tests.office import SETTINGS, Office, coverage, picture
from tests.pipeline.test_backup import fill
from tests.pipeline.test_backup import told as answer
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


def test_every_question_has_the_same_answer(on_postgres: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.vendor == "postgresql"
    search_set.make(on_postgres)
    monkeypatch.setattr(search, "COUNTED", 0)  # any match is one of many, which the database puts in order
    for one in search_set.CASES:
        page = search.search(parse(one.text), one.filters, order=one.order)
        assert search_set.names(page) == one.found, one.text
    monkeypatch.undo()
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
    long = " ".join(f"kata{number} sama" for number in range(12_000))
    editor = on_postgres.person("penyunting")
    story = release(make_story(on_postgres, 1, body=f"{long} {'x' * 5_000}"), editor)
    assert search.search(parse('"kata100 sama"')).stories == [story.pk]
    assert search.search(parse('"kata900 sama"')).stories == []  # as on SQLite: newsroom/indexing.py, MOST
    assert search.search(parse("kata7000 ")).stories == [story.pk]
    chance = random.Random(2)
    wide = " ".join("".join(_letter(chance) for _ in range(60)) for _ in range(6_000))
    other = release(make_story(on_postgres, 2, body=f"permulaan {wide} penghabisan"), editor)
    assert search.search(parse("permulaan ")).stories == [other.pk]
    assert search.search(parse("penghabisan ")).stories == []


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


@pytest.fixture
def own_database(
    cluster: Postgres, migrated: dict[str, Any], office: Office, django_db_blocker: Any
) -> Iterator[Office]:
    """The office on a database of its own, where what is written stays, as in a real one."""
    name = f"sendiri_{secrets.token_hex(4)}"
    cluster.create(name, like=migrated["NAME"])
    with as_default({**migrated, "NAME": name}):
        office.contributor()
        yield office


WIDE = "𝒜𝕭字é̂ا😀ß"
"""Letters of up to four bytes, some that change their length, one that is written backwards."""


def _letter(chance: random.Random) -> str:
    return chr(chance.randrange(0x4E00, 0x9FA5))


def _strange(kind: str, chance: random.Random) -> tuple[bytes, str]:
    """Return what is put wherever a mail has room for text: as bytes of its head, and as text."""
    if kind == "nul":
        return b"a\x00b =?utf-8?b?YQBi?= =?utf-8?q?=00?=", "a\x00b\x00"
    if kind == "halves":  # half characters: as UTF-8 never has them, in an encoded word, as UTF-16
        return b"a\xed\xa0\x80b =?utf-8?q?=ED=A0=80?= =?utf-16?b?ANg=?=", "a\ufffdb"
    # Nothing that can be packed small: an index has its limits.
    long = "".join(chance.choice(WIDE) if at % 9 == 0 else _letter(chance) for at in range(100_000))
    return long[:8_000].encode(), " ".join(long[at : at + 70] for at in range(0, len(long), 70))


def _hostile(kind: str, number: int, chance: random.Random) -> bytes:
    head, text = _strange(kind, chance)
    name = head.replace(b'"', b"").replace(b"\r", b"").replace(b"\n", b"")
    fields = (
        b"From: " + name[:3_000] + b" <nala@contoh.example>",
        b"Reply-To: " + name + b" <" + name + b"@contoh.example>",
        b"To: redaksi@contoh.example",
        b"Subject: Berita " + kind.encode() + b" " + name,
        b"Message-ID: <" + name.replace(b" ", b"") + b"@contoh.example>",
        b"In-Reply-To: <" + name.replace(b" ", b"") + b"x@contoh.example>",
        b"References: <" + name.replace(b" ", b"") + b"@a> <" + name.replace(b" ", b"") + b"@b>",
        b"Date: Fri, 20 Nov 2026 10:00:00 +0700",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="batas"',
    )
    body = f"{text} – Wali Kota Uji membuka musyawarah ke-{number}.\n\n{text}\n\nFoto 1: {text}\n\n(MC. {text}/{text})\n"
    photo = base64.encodebytes(picture(900 + number))
    paper = base64.encodebytes(f"{text}\n\nIsi lampiran.\n".encode())
    parts = (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + body.encode("utf-8", "replace"),
        b'Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename="'
        + name
        + b'.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + photo,
        b"Content-Type: application/"
        + name.replace(b" ", b"")[:4_000]
        + b'; name="'
        + name
        + b'.txt"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + paper,
    )
    joined = b"".join(b"--batas\r\n" + part + b"\r\n" for part in parts)
    return b"\r\n".join(fields) + b"\r\n\r\n" + joined + b"--batas--\r\n"


def test_what_hostile_mails_bring_goes_the_whole_road(own_database: Office) -> None:
    chance = random.Random(20261201)
    editor = own_database.person("bram", "editor", "Bram")
    for number, kind in enumerate(("nul", "halves", "long"), 1):
        own_database.post(_hostile(kind, number, chance))
    own_database.work()
    assert _troubles() == []
    assert Story.objects.filter(state="queued").count() == 3
    for story in Story.objects.all():
        story.body += f"\n\nTambahan {_strange('nul', chance)[1]}"
        story.save()
        move(story, "verify", editor)
    own_database.work()
    assert _troubles() == []
    assert Package.objects.exclude(path="").count() == 3
    for story in Story.objects.all():
        assert (story.state, story.entry.made_by) == ("released", VERSION)
        browser = enter(editor)
        for name in ("story", "record"):
            assert browser.get(reverse(name, args=[story.pk])).status_code == 200
    assert [len(search.search(parse(f"{kind} ")).stories) for kind in ("nul", "halves", "long")] == [1, 1, 1]


def test_what_old_sites_and_lists_bring_fits_into_its_columns(own_database: Office) -> None:
    long = _strange("long", random.Random(1))[1]
    source = source_of(f"https://{long.replace(' ', '')}.contoh.example/{long}")
    post = OldPost(
        remote_id=str((1 << 63) - 1),
        url=f"https://contoh.example/{long}",
        title=f"{long}\x00",
        html=f"<p>{long}\x00</p>",
        published_at=timezone.now(),
        modified="9" * LONGEST_MOMENT,
        author=long,
        categories=(long, *(f"{number}{long}" for number in range(3))),
        tags=(long, "\x00"),
    )
    assert bring_in(source, post, Asker(frozenset(), lambda _: None)) == "new"
    assert bring_in(source, post, Asker(frozenset(), lambda _: None)) == "known"
    story = Story.objects.get()
    assert search.search(parse(story.headline.split()[0])).stories == [story.pk]
    assert _troubles() == []


def test_sums_of_large_numbers_are_whole_numbers(on_postgres: Office) -> None:
    for kind in ("originals", "packages"):
        FixityDay.objects.create(day=timezone.localdate(), kind=kind, bytes=1 << 50, files=3)
    told = FixityDay.objects.aggregate(every=Sum("bytes"), none=Coalesce(Sum("bytes", filter=Q(pk=0)), 0))
    assert (told, {type(value) for value in told.values()}) == ({"every": 1 << 51, "none": 0}, {int})
    today = timezone.localdate()
    report = make_report(today, today, on_postgres.person("bram"))
    assert [row["bytes"] for row in json.loads(report.text)["looks"]["totals"]] == [1 << 50, 1 << 50]


def test_rows_without_a_moment_stand_where_they_stand_on_sqlite(on_postgres: Office) -> None:
    Medium.objects.create(name="HDD-01", retired_at=timezone.now())
    Medium.objects.create(name="HDD-02")
    page = enter(on_postgres.person("arsiparis", "archivist")).get(reverse("media")).content.decode()
    assert 0 < page.index("HDD-02") < page.index("HDD-01"), "what is used no more comes last"
    story = make_story(on_postgres, 1)
    old = timezone.now() - timedelta(days=400)
    for version, looked_at in ((1, old), (2, None)):
        Package.objects.create(story=story, version=version, path=f"a/{version}", checked_at=looked_at)
    assert [package.version for package in Package.objects.all().unchecked()] == [2, 1]


def _troubles() -> list[str]:
    """Tell of every row that waits for a person or another try, in any of the road's tables."""
    return [f"{row!r}: {row.error}" for model in waiting_models() for row in model.objects.exclude(error="")]


@pytest.fixture
def office_of_a_dozen(own_database: Office) -> Office:
    fill(12, packages=3)
    own_database.person("bram", "editor", "Bram")
    return own_database


def test_an_office_is_backed_up_restored_into_an_empty_one_and_drilled(
    cluster: Postgres, office_of_a_dozen: Office, tmp_path: Path
) -> None:
    target = tmp_path / "cadangan"
    answer("backup", target)
    counts = {"stories": 12, "submissions": 0, "photos": 12, "packages": 3, "originals": 12, "problems": []}
    proven = answer("drill", target, "--scratch", tmp_path)
    assert {name: proven[name] for name in counts} == counts
    assert not any(name.endswith("_latihan") for name in _databases())
    # As the docs say: an empty database, in which `migrate` has perhaps been run already.
    url = cluster.create("baru", like="dibuat")
    fresh = Product(tmp_path / "baru", url)
    done = fresh.manage("restore", str(target), "--prove")
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert {name: there[name] for name in counts} == counts
    assert {row["path"] for row in fresh.rows("packages")} == set(
        Package.objects.values_list("path", flat=True)
    )
    assert fresh.manage("check_archive").returncode == 0
    # What is written from now on gets numbers of its own.
    assert fresh.manage("person", "sari", "--name", "Sari", "--role", "editor").returncode == 0
    again = fresh.manage("restore", str(target))
    assert "sudah berisi" in again.stderr


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_what_postgresqls_programs_lack_is_told_in_a_sentence_and_no_backup_is_left(
    cluster: Postgres, office_of_a_dozen: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, programs = tmp_path / "cadangan", tmp_path / "bin"
    programs.mkdir()
    answer("backup", target)
    kept = Vault.at(target).names()
    usual = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(CommandError, match="Program pg_dump tidak ada di komputer ini"):
        answer("backup", target)
    for said, sentence in (
        (
            "server version: 15.1; pg_dump version: 13.2\naborting because of server version mismatch",
            "lebih tua",
        ),
        ('connection to server failed: FATAL:  role "x" does not exist', "pg_dump berhenti .*does not exist"),
    ):
        _program(programs / "pg_dump", said)
        with pytest.raises(CommandError, match=sentence):
            answer("backup", target)
    assert Vault.at(target).names() == kept
    assert not list((tmp_path / "var" / "tmp").glob("*.jsonl")), "the unsealed list of a backup that failed"
    with pytest.raises(CommandError, match="gagal"):
        answer("drill", target)
    assert "Program pg_restore tidak ada" in Safeguard.objects.filter(kind="drill").latest("pk").note
    _program(programs / "pg_restore", "pg_restore: error: unsupported version (1.16) in file header")
    with pytest.raises(CommandError, match="gagal"):
        answer("drill", target)
    assert "lebih tua" in Safeguard.objects.filter(kind="drill").latest("pk").note
    monkeypatch.setenv("PATH", usual)
    away = Product(tmp_path / "jauh", cluster.create("jauh_sekali").replace(str(cluster.port), "1"))
    done = away.manage("restore", str(target))
    assert "tidak menjawab" in done.stderr
    assert not (tmp_path / "jauh" / "var" / "originals").exists()


def _program(path: Path, said: str) -> None:
    path.write_text(f"#!/bin/sh\n/bin/cat >&2 <<'AKHIR'\n{said}\nAKHIR\nexit 1\n")
    path.chmod(0o755)


def test_a_drill_needs_the_right_to_make_a_database_and_one_place_for_itself(
    office_of_a_dozen: Office, tmp_path: Path
) -> None:
    answer("backup", tmp_path / "cadangan")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE terbatas LOGIN")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO terbatas")
    with (
        as_default({**connections.settings["default"], "USER": "terbatas"}),
        pytest.raises(CommandError, match="ALTER ROLE terbatas CREATEDB"),
    ):
        answer("drill", tmp_path / "cadangan")
    with (
        psycopg.connect(_dsn()) as other,
        pytest.raises(CommandError, match="Latihan pemulihan lain sedang berjalan"),
    ):
        other.execute("SELECT pg_advisory_lock(%s)", [DRILL])
        answer("drill", tmp_path / "cadangan")


def _dsn() -> str:
    known = connection.settings_dict
    return f"host={known['HOST']} port={known['PORT']} user={known['USER']} dbname={known['NAME']}"
