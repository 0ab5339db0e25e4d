"""An archive of any size in a minute or two: stories of few templates, written by SQL alone."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

FIRST = 10
TEMPLATES = 4_000
WORDS = 90
"""Of a story: headline, text and captions."""
KNOWN = [
    "yang",
    "di",
    "kota",
    "wali",
    "membuka",
    "pembangunan",
    "warga",
    "kecamatan",
    "kegiatan",
    "pemerintah",
    "masyarakat",
    "kesehatan",
    "pendidikan",
    "pelayanan",
    "musyawarah",
    "perencanaan",
    "kelurahan",
    "pasar",
    "jalan",
    "jembatan",
    "banjir",
    "bantuan",
    "sekolah",
    "anak",
    "perempuan",
    "petani",
]


@lru_cache(maxsize=1)
def vocabulary() -> list[str]:
    """Return 30,000 words, the most common first."""
    chance = random.Random(7)  # noqa: S311
    starts, ends = ("b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t"), ("", "n", "ng", "r", "s", "t")
    made: dict[str, None] = dict.fromkeys(KNOWN)
    while len(made) < 30_000:
        syllables = chance.randint(2, 4)
        made[
            "".join(chance.choice(starts) + chance.choice("aiueo") for _ in range(syllables))
            + chance.choice(ends)
        ] = None
    return list(made)


def fill(count: int) -> None:
    """Make an empty database and put `count` released stories into it, one for each quarter of an hour."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _people()
    if connection.vendor == "postgresql":
        _postgresql(count)
    else:
        _sqlite(count)


def _people() -> None:
    from newsroom.models import Contributor, Leader, Person, Tag

    Person.objects.create(username="ukur", name="Ukur", role="editor")
    Leader.objects.bulk_create(Leader(pk=pk, name=f"Nama {pk}") for pk in range(1, 9))
    Contributor.objects.bulk_create(
        Contributor(pk=pk, address=f"k{pk}@contoh.example", name=f"Kontributor {pk}") for pk in range(1, 200)
    )
    Tag.objects.bulk_create(Tag(pk=pk, name=f"Tag {pk}", slug=f"tag-{pk}") for pk in range(1, 500))


@dataclass(frozen=True)
class _Template:
    """What stories of one text have in common, written once."""

    words: frozenset[str]
    tokens: str
    vector: str


@lru_cache(maxsize=1)
def _templates() -> list[_Template]:
    from newsroom.indexing import vector_of
    from prose.lexemes import stem

    chance = random.Random(11)  # noqa: S311
    known = vocabulary()
    weights = [1 / (rank + 8) for rank in range(len(known))]
    told = []
    for _ in range(TEMPLATES):
        words = chance.choices(known, weights, k=WORDS)
        stems = " ".join(dict.fromkeys(f"~{stem(word)}" for word in words))
        tokens = f"{' '.join(words[:9])} _ {' '.join(words[9:])} _ {stems} =all"
        told.append(_Template(frozenset(words), tokens, vector_of(tokens)))
    return told


KINDS = (
    ("leader", 8, 0.7),
    ("contributor", 199, 0.02),
    ("outlet", 500, 0.01),
    ("category", 12, 0.4),
    ("tag", 499, 0.01),
    ("photographer", 300, 0.01),
    ("place", 400, 0.01),
)
"""By what stories are narrowed, how many values there are, and how unevenly they are used."""


def _marks() -> dict[str, list[tuple[str, str]]]:
    """Return for each kind its values' tokens, and how they stand in the row, the most used first."""
    from newsroom.indexing import mark

    made: dict[str, list[tuple[str, str]]] = {}
    for kind, count, _uneven in KINDS:
        numbered = kind in ("leader", "contributor", "tag")
        values = [number + 1 if numbered else f"{kind} {number}" for number in range(count)]
        told = [(mark(kind, value), f'"{kind}": [{json.dumps(value)}]') for value in values]
        chosen = random.Random(kind).choices  # noqa: S311
        weights = [math.exp(-_uneven * place) for place in range(count)]
        made[kind] = chosen(told, weights, k=5_003)  # a prime: kinds do not go in step
    return made


def _entries(count: int) -> Iterator[tuple[int, int, int, str, str, int, str]]:
    """Yield the rows of the index: place, story, month, tokens, facets, version, vector."""
    from django.utils import timezone

    from newsroom.indexing import VERSION, mark, place_at

    templates, marks, now = _templates(), list(_marks().values()), timezone.now()
    always = [mark("site", "kota"), mark("state", "released")]
    sites = '"site": ["kota"], "state": ["released"]'
    for number in range(count):
        template = templates[number % TEMPLATES]
        at = now - timedelta(minutes=15 * number)
        chosen = [
            rows[(number * step) % 5_003]
            for rows, step in zip(marks, (1, 7, 11, 13, 17, 19, 23), strict=True)
        ]
        day = f"{at:%Y%m%d}"
        own = [f"unik{number}", f"~unik{number}", *(token for token, _ in chosen), *always]
        own += [f"=e{day[:3]}", f"=e{day[:4]}", f"=e{day[:6]}", f"=e{day}"]
        facets = ", ".join([*(told for _, told in chosen), sites])
        pk = count - number + FIRST
        yield (
            place_at(at, pk),
            pk,
            int(day[:6]),
            f"{template.tokens} {' '.join(own)}",
            f"{{{facets}}}",
            VERSION,
            f"{template.vector} {' '.join(own)}",
        )


def _sqlite(count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for line in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF"):
            cursor.execute(f"PRAGMA {line}")
        _stories(
            count,
            "strftime('%Y-%m-%d %H:%M:%S', 'now', '-' || (15 * ({count} - n)) || ' minutes')",
            _RECURSIVE,
        )
        cursor.execute("BEGIN")
        connection.connection.executemany(
            "INSERT INTO newsroom_entry (place, story_id, month, tokens, facets, made_by) VALUES (?, ?, ?, ?, ?, ?)",
            (row[:6] for row in _entries(count)),
        )
        cursor.execute("COMMIT")
        _known_words(cursor, count)
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA journal_mode = WAL")
    connection.close()


_RECURSIVE = "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})"
_SERIES = "WITH counted(n) AS (SELECT generate_series(1, {count}))"


def _postgresql(count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        _stories(count, "now() - (15 * ({count} - n)) * interval '1 minute'", _SERIES)
        cursor.execute("DROP INDEX newsroom_entry_vector")
        columns = "place, story_id, month, tokens, facets, made_by, vector"
        with cursor.copy(f"COPY newsroom_entry ({columns}) FROM STDIN") as copy:
            for row in _entries(count):
                copy.write_row(row)
        cursor.execute("CREATE INDEX newsroom_entry_vector ON newsroom_entry USING gin (vector)")
        _known_words(cursor, count)
        cursor.execute("VACUUM ANALYZE newsroom_entry")
        cursor.execute("ANALYZE")
    connection.close()


def _stories(count: int, at: str, counted: str) -> None:
    """Write the stories and their sealed texts, all alike: what they say is in the index."""
    from django.db import connection
    from django.utils import timezone

    from newsroom.models import Revision, Story

    text = " ".join(vocabulary()[::7][:WORDS])
    story = Story.objects.create(
        pk=1, key="cetakan", state="spiked", headline="Judul", body=text, received_at=timezone.now()
    )
    sealed = Revision.objects.create(
        pk=1, story=story, version=1, sealed=True, why="verify", headline="Judul berita", body=text
    )
    moment = at.replace("{count}", str(count))
    pk = f"n + {FIRST}"
    for row, changes in (
        (
            story,
            {
                "id": pk,
                "key": "'k' || n",
                "state": "'released'",
                "received_at": moment,
                "released_at": moment,
            },
        ),
        (sealed, {"id": pk, "story_id": pk}),
    ):
        table = row._meta.db_table
        fields = [field.column for field in row._meta.concrete_fields if not field.generated]
        values = ", ".join(changes.get(name, f't."{name}"') for name in fields)
        columns = ", ".join(f'"{name}"' for name in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f"{counted.replace('{count}', str(count))} INSERT INTO {table} ({columns}) "  # noqa: S608
                f"SELECT {values} FROM counted, {table} t WHERE t.id = 1"
            )


def _known_words(cursor: Any, count: int) -> None:
    """Count the words by the templates: each stands in as many stories as its templates do."""
    from collections import Counter

    from newsroom.models import KnownWord

    times = Counter(word for template in _templates() for word in template.words)
    each = max(count // TEMPLATES, 1)
    KnownWord.objects.bulk_create(
        [KnownWord(word=word, stories=number * each) for word, number in times.items()], batch_size=5_000
    )
