"""One storm from its first mail to the verdict."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.real.storm.board import Board
from tests.real.storm.conductor import Conductor
from tests.real.storm.office import AGENT, Office
from tests.real.storm.reader import NAME, Reader
from tests.real.storm.tales import tales
from tests.real.storm.verdict import judge
from tests.real.storm.weather import FAULTS, UNKNOWN, Climate, Weather
from tests.real.wordpress import WordPressSite

NEVER = (
    "duplicates",
    "half states",
    "withdrawn but visible",
    "unverified but visible",
    "not as verified",
    "ledger",
)
"""What is counted and must be zero."""


@dataclass(frozen=True)
class Storm:
    stories: int
    seconds: float
    seed: int
    climate: Climate
    patience: float
    """Seconds after the storm within which all must be settled."""
    faults: int = 0
    """The storm goes on until so many were met, as long as anything is left to be sent."""
    impatience: float = 2
    """Seconds between two presses of “Coba lagi”."""


@dataclass(frozen=True)
class Outcome:
    board: Board
    figures: dict[str, object]

    @property
    def report(self) -> str:
        """All figures, then what was wrong, then all that happened."""
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        return "\n".join([*lines, "", *self.board.violations, "", *self.board.events])


def break_out(
    storm: Storm, folder: Path, sites: Sequence[WordPressSite], database: Path | None = None
) -> Outcome:
    """Let a storm pass over `sites`, which are empty, with an office in `folder`; then look at everything.

    `database` is an empty one that our migrations have made; without it they make one.
    """
    board = Board({tale.number: tale for tale in tales(storm.stories, storm.seed, storm.seconds)})
    climate = storm.climate
    readers = [Reader(board, site, storm.seed) for site in sites]
    with Office(folder, sites, climate.timeout, climate.quarantine, database) as office:
        weather = Weather(board, office, sites, climate, storm.seed)
        conductor = Conductor(board, office, storm.impatience)
        board.note(
            "seed", f"{storm.seed}; {', '.join(f'{site.name} WordPress {site.version}' for site in sites)}"
        )
        for reader in readers:
            reader.start()
        try:
            conductor.prepare()
            board.begun = time.monotonic()
            weather.break_out()
            try:
                conductor.play(storm.seconds, lambda: weather.hits().total() >= storm.faults)
            finally:
                weather.clear()
            conductor.settle(storm.patience)
            for site in sites:
                site.drain()
            judge(board, sites, conductor.promises())
        except AssertionError as error:
            board.wrong("not settled", str(error))
        finally:
            board.over.set()
            for reader in readers:
                reader.join()
        if "Traceback" in (told := office.worker_log.read_text()):
            board.wrong("worker", told[told.index("Traceback") :][:3000])
    return Outcome(board, figures(storm, board, weather, sites))


def figures(
    storm: Storm, board: Board, weather: Weather, sites: Sequence[WordPressSite]
) -> dict[str, object]:
    """Return what is worth telling, in the order of telling."""
    hits = weather.hits()
    kinds = ", ".join(f"{name} {hits[name]}" for name in FAULTS if hits[name])
    unknown = sum(
        number for name, number in hits.items() if name.startswith(UNKNOWN) and not name.startswith("reading")
    )
    orders = ", ".join(
        f"{verb} {board.counts[f'{verb} ordered']}"
        for verb in ("verify", "correct", "retract", "withdraw", "restore")
    )
    never = {name: board.counts[name] for name in NEVER}
    return {
        "seed": storm.seed,
        "stories × sites": f"{storm.stories} × {len(sites)} ({', '.join(f'{site.name} {site.version}' for site in sites)})",
        "ordered": orders,
        "requests of the worker": sum(len(site.requests(agent=AGENT)) for site in sites),
        "looks of readers": f"{board.counts['looks']} ({sum(len(site.requests(agent=f'^{NAME}')) for site in sites)} requests)",
        "faults met": f"{sum(hits.values())}: {kinds}",
        "of which of unknown outcome": unknown,
        "outages": board.counts["outages"],
        "kills of the worker": board.counts["kills"],
        "asked a person": board.counts["asked a person"],
        **never,
        "seconds": round(board.elapsed),
    }
