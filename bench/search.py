"""The rows of search: a million stories on SQLite and on PostgreSQL, beside the same questions to two stories."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.desk import settle
from bench.measure import Row
from bench.search_rows import fill, vocabulary
from tests.real.postgres import Postgres

STORIES = int(os.environ.get("REDAKSI_BENCH_STORIES", "1000000"))
ROUNDS = 3


def search(folder: Path) -> list[Row]:
    """Questions to the archive as they are typed, its facets, and its page."""
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as home, _cluster() as cluster:
        settle(Path(home))
        import django

        django.setup()
        rows = []
        for name, offices in (("SQLite", _files(Path(home))), ("PostgreSQL", _databases(cluster))):
            for count, described in zip((2, STORIES), offices, strict=True):
                _use(described)
                started = time.perf_counter()
                fill(count)
                print(f"{name}: {count} stories in {time.perf_counter() - started:.0f} s", flush=True)
            rows += [_row(f"{name}: {what}", *_times(offices, acts)) for what, acts in _works()]
        return rows


class _cluster:
    def __enter__(self) -> Postgres:
        self._folder = tempfile.TemporaryDirectory(prefix="redaksi-bench-pg-")
        self._cluster = Postgres(Path(self._folder.name))
        return self._cluster

    def __exit__(self, *_: object) -> None:
        self._cluster.stop()
        self._folder.cleanup()


def _files(home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from django.db import connections

    known = connections.settings["default"]
    small, large = ({**known, "NAME": str(home / f"{name}.sqlite3")} for name in ("kecil", "besar"))
    return small, large


def _databases(cluster: Postgres) -> tuple[dict[str, Any], dict[str, Any]]:
    from django.db import connections

    import config

    known = {**connections.settings["default"], "ENGINE": "web.postgresql"}
    small, large = (
        {**known, **config.Database(url=cluster.create(name)).connection()} for name in ("kecil", "besar")
    )
    return small, large


def _use(described: dict[str, Any]) -> None:
    from django.db import connections

    connections["default"].close()
    connections.settings["default"] = described
    del connections["default"]


def _works() -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """Yield what is measured, with the acts of which it consists."""
    from newsroom import search as index
    from newsroom.models import Story
    from newsroom.search import BEST, Filters, parse
    from newsroom.snippets import snippets

    def asked(text: str, order: str = index.NEWEST, **filters: Any) -> Callable[[], object]:
        def ask() -> object:
            query = parse(text)
            found = index.search(query, Filters(**filters), order=order)
            return snippets(Story.objects.filter(pk__in=found.stories).only("pk", "version"), query)

        return ask

    common, middling, rare = (vocabulary()[at] for at in (3, 400, 15_000))
    other, second = vocabulary()[5], vocabulary()[60]
    typed = [asked(word[:length]) for word in (common, middling, rare) for length in range(3, len(word) + 1)]
    words = [f"{common} ", f"{middling} ", f"{rare} ", f"{common} {other} ", f"{common} {middling} "]
    words += [f"{middling} {second} ", f"{rare} {common} ", f'"{common} {other}"', f'"{other} {common}"']
    words += [f"{common} -{other} ", f"{middling} -{common} ", "tidakada ", "unik77777 ", "MC-000777"]
    old = date.today() - timedelta(days=365 * 8)  # noqa: DTZ011 - any day does
    narrowed: list[Callable[[], object]] = [
        asked("", category=("category 3",)),
        asked(f"{common} ", category=("category 3",), leader=(2,)),
        asked(f"{middling} ", until=old),
        asked(f"{common} ", since=old, until=old + timedelta(days=90)),
        asked("", event_since=old, event_until=old + timedelta(days=400)),
        asked(f"{middling} ", contributor=(7,), site=("kota",)),
        asked("", tag=(300,), outlet=("outlet 300",)),
        asked("", state=("released",), leader=(3,)),
    ]
    best = [asked(text, BEST) for text in words]
    yield "as typed, letter by letter", typed
    yield "words, phrases, excluded words; newest first", [asked(text) for text in words]
    yield "the same, best match", best
    yield "filters, dates, events", narrowed
    everything = [index.parse(text) for text in ("", *words)]
    yield "facets with counts", [lambda query=query: index.facets(query) for query in everything]  # type: ignore[misc]
    yield "the archive's page", [_page(f"/arsip/?q={text}") for text in ("", common, middling, rare)]


def _page(address: str) -> Callable[[], object]:
    from django.test import Client

    from newsroom.models import Person

    client = Client(SERVER_NAME="127.0.0.1")

    def open_page() -> object:
        if not client.cookies:
            client.force_login(Person.objects.get(username="ukur"))
        answer = client.get(address)
        if answer.status_code != 200:
            client.force_login(Person.objects.get(username="ukur"))
            answer = client.get(address)
        return answer.content

    return open_page


def _times(
    offices: tuple[dict[str, Any], dict[str, Any]], acts: list[Callable[[], object]]
) -> tuple[list[float], list[float]]:
    """Do each act over the large and the small database; return the seconds of each."""
    took: list[list[float]] = [[], []]
    for turn in range(ROUNDS + 1):
        for place, described in ((0, offices[1]), (1, offices[0])):
            _use(described)
            for act in acts:
                start = time.perf_counter()
                act()
                if turn:
                    took[place].append(time.perf_counter() - start)
    return took[0], took[1]


def _row(what: str, ours: list[float], floor: list[float]) -> Row:
    told = [(statistics.median(one), statistics.quantiles(one, n=20)[-1], max(one)) for one in (ours, floor)]
    return Row(
        what=f"{what}; {STORIES:,} stories; p50 / p95 / max of {len(ours)}",
        ours=" / ".join(f"{one * 1000:.1f}" for one in told[0]) + " ms",
        floor=" / ".join(f"{one * 1000:.1f}" for one in told[1]) + " ms",
        floor_is="the same over two stories",
        ratio=told[0][0] / told[1][0],
    )
