"""`make storm`: a storm in large, on sites of its own."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.real.storm.naive import naive
from tests.real.storm.storm import Storm, break_out
from tests.real.storm.weather import Climate
from tests.real.wordpress.fixtures import NEWEST, SITES, running, unpacked, unpacked_newest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real.storm", description=__doc__)
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=6, help="how long the weather is bad")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="drawn when not given")
    given = parser.parse_args()
    climate = Climate(
        timeout=3, quarantine=12, at_once=10, within=30, between_kills=15, between_outages=60, outage=8
    )
    storm = Storm(
        given.stories,
        given.minutes * 60,
        given.seed,
        climate,
        patience=1800,
        faults=2 * given.stories,
        impatience=4,
    )
    log = Path(tempfile.gettempdir()) / f"redaksi-badai-{given.seed}.log"
    with running() as peers, tempfile.TemporaryDirectory(prefix="redaksi-badai-") as office:
        sites = [*peers.add(unpacked(), *SITES[:2]), *peers.add(unpacked_newest(), NEWEST)]
        outcome = break_out(storm, Path(office), sites)
        log.write_text(outcome.report + "\n")
        for name, value in outcome.figures.items():
            print(f"{name}: {value}")
        print(*outcome.board.violations[:50], f"log: {log}", sep="\n", flush=True)
        (spare,) = peers.add(unpacked(), SITES[2])
        told = naive(spare, min(given.stories, 30), climate, given.seed)
    print("a naive publisher in the same weather:", ", ".join(f"{name} {told[name]}" for name in told))
    return 1 if outcome.board.violations else 0


if __name__ == "__main__":
    sys.exit(main())
