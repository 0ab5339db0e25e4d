"""The row of the nightly comparison: how dear it is to know that 10,000 stories stand as they were sent."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import requests

from bench.measure import Row
from publishers import Held
from publishers.wordpress_search import ALL
from tests.real.test_wordpress_drift import filled
from tests.real.wordpress import WordPressSite
from tests.real.wordpress.fixtures import SITES, running, unpacked

STORIES = 10_000
BATCH = 100


def drift(folder: Path) -> list[Row]:
    """One night at one WordPress where nothing was changed, and the first night, when every text is read."""
    with running() as peers:
        (site,) = peers.add(unpacked(), SITES[0])
        numbers = filled(site, STORIES)
        publisher = site.publisher()
        held = [Held(str(n), str(n), "", shown=True, ledger=_known(n), photos=False) for n in numbers]
        floor = _bare(site, numbers)
        before, begun = len(site.requests()), time.perf_counter()
        marks = {seen.key: seen.mark for seen in publisher.compare(held)}
        first, first_asked = time.perf_counter() - begun, len(site.requests()) - before
        held = [replace(one, mark=marks[one.key]) for one in held]
        before, begun = len(site.requests()), time.perf_counter()
        changed = sum(bool(seen.drift) for seen in publisher.compare(held))
        ours, asked = time.perf_counter() - begun, len(site.requests()) - before
    if changed or len(marks) != STORIES:
        raise RuntimeError(f"{changed} of {len(marks)} stories seem changed")
    return [
        Row(
            what=f"one night's comparison of {STORIES} stories with a WordPress",
            ours=f"{asked} requests, {ours:.1f} s; the first night {first_asked}, {first:.1f} s",
            floor=f"{STORIES // BATCH} requests, {floor:.1f} s",
            floor_is="a bare loop that lists the same stories by number, 100 at a time, and looks at nothing",
            ratio=ours / floor,
        )
    ]


def _known(number: int) -> dict[str, object]:
    return {"seen": {"text": "", "title": f"Judul {number}", "shown": True}}


def _bare(site: WordPressSite, numbers: list[int]) -> float:
    begun = time.perf_counter()
    with requests.Session() as session:
        session.auth = ("redaksi", site.passwords["redaksi"])
        for start in range(0, len(numbers), BATCH):
            query = {
                "include": ",".join(map(str, numbers[start : start + BATCH])),
                "status": ALL,
                "context": "edit",
                "per_page": str(BATCH),
                "_fields": "id,status,modified_gmt",
            }
            session.get(f"{site.url}/wp-json/wp/v2/posts", params=query, timeout=60).raise_for_status()
    return time.perf_counter() - begun
