"""Rows of the public archive: what readers open, over 100,000 stories, beside an almost empty one."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bench import desk
from bench.measure import Row

ROUNDS = 40


def public(folder: Path) -> list[Row]:
    """The pages readers open, drawn anew and kept, by the server's own time."""
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as home:
        desk.settle(Path(home), archive={"public": True})
        import django
        from django.utils import timezone

        django.setup()
        small, large = desk.offices(Path(home))
        month = f"{timezone.localdate():/publik/bulan/%Y-%m/}"
        pages = (("front", "/publik/"), ("month", month), ("story", f"/publik/berita/ukur-{desk.FIRST}/"))
        rows = [_row(f"{name}, {how}", small, large, address, how) for name, address in pages for how in HOW]
        return [
            *rows,
            _row("site map's part, drawn", small, large, "/publik/sitemap-1.xml", "drawn", rounds=3),
        ]


HOW = ("drawn", "kept")


def _row(name: str, small: str, large: str, address: str, how: str, rounds: int = ROUNDS) -> Row:
    ours, floor = (_median(file, address, rounds, kept=how == "kept") for file in (large, small))
    return Row(
        what=f"public archive, {name}, {desk.STORIES:,} stories; p50 server time",
        ours=f"{ours * 1000:.1f} ms",
        floor=f"{floor * 1000:.1f} ms",
        floor_is="the same page over a database of two stories",
        ratio=ours / floor,
    )


def _median(file: str, address: str, rounds: int, *, kept: bool) -> float:
    from django.core.cache import caches
    from django.test import Client

    desk.use(file)
    client, seconds = Client(SERVER_NAME="127.0.0.1"), []
    for turn in range(rounds + 2):
        if not kept:
            caches["public"].clear()
        start = time.perf_counter()
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        if turn >= 2:
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
