"""What happens to the sites and to the worker: faults of every kind, outages, kills. All drawn from the seed."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.real.storm.board import Board
from tests.real.storm.office import AGENT, Office
from tests.real.wordpress import WordPressSite

FAULTS: dict[str, dict[str, Any]] = {
    "stall before": {"do": "stall", "at": "before"},
    "stall in the write": {"do": "stall", "at": "row"},
    "stall between the sizes": {"do": "stall", "at": "sizes"},
    "stall after": {"do": "stall", "at": "after"},
    "PHP dies in the write": {"do": "die", "at": "row"},
    "PHP dies between the sizes": {"do": "die", "at": "sizes"},
    "PHP dies after": {"do": "die", "at": "after"},
    "connection cut": {"do": "cut", "at": "after"},
    "answer empty": {"do": "empty", "at": "after"},
    "answer truncated": {"do": "truncate", "at": "after"},
    "answer polluted": {"do": "pollute", "at": "after"},
    "403": {"do": "answer", "at": "before", "status": 403},
    "429 with Retry-After": {"do": "answer", "at": "before", "status": 429, "headers": {"Retry-After": "2"}},
    "429": {"do": "answer", "at": "before", "status": 429},
    "500": {"do": "answer", "at": "before", "status": 500},
    "502": {"do": "answer", "at": "before", "status": 502},
    "503 with Retry-After": {"do": "answer", "at": "before", "status": 503, "headers": {"Retry-After": "1"}},
    "504 after": {"do": "answer", "at": "after", "status": 504},
    "reading: stall": {"do": "stall", "at": "before", "method": "GET"},
    "reading: 403": {"do": "answer", "at": "before", "status": 403, "method": "GET"},
    "reading: 429 with Retry-After": {
        "do": "answer", "at": "before", "status": 429, "method": "GET", "headers": {"Retry-After": "1"}
    },
    "reading: 502": {"do": "answer", "at": "before", "status": 502, "method": "GET"},
    "reading: truncated": {"do": "truncate", "at": "after", "method": "GET"},
    "reading: polluted": {"do": "pollute", "at": "after", "method": "GET"},
}  # fmt: skip
UNKNOWN = ("stall", "PHP dies", "connection cut", "answer", "500", "502", "504")
"""Faults after which nobody can tell what a site has done."""


@dataclass(frozen=True)
class Climate:
    """How bad it is. Times in seconds."""

    timeout: float
    """After which our worker gives an answer up."""
    quarantine: float
    """The longest a site may work on a request; stalls are shorter, with room for a slow machine."""
    at_once: int = 8
    """Faults that lie in wait at each site."""
    within: int = 40
    """Requests within which each of them is met."""
    between_kills: float = 8
    between_outages: float = 25
    outage: float = 3
    """The longest outage."""


class Weather:
    """A thread for each site and one that kills the office's worker, where there is one; all ended by `clear`."""

    def __init__(
        self, board: Board, office: Office | None, sites: Sequence[WordPressSite], climate: Climate, seed: int
    ) -> None:
        self.board, self.sites, self.climate, self.seed = board, sites, climate, seed
        self.faults: dict[str, str] = {}
        """What was laid out: the rule's id and its name."""
        self._clear = threading.Event()
        self._threads = [threading.Thread(target=self._over, args=(site,), name=site.name) for site in sites]
        if office:
            self._threads.append(threading.Thread(target=self._kills, args=(office,), name="kills"))

    def break_out(self) -> None:
        for thread in self._threads:
            thread.start()

    def clear(self) -> None:
        """Let every site be well, and the worker live."""
        self._clear.set()
        for thread in self._threads:
            thread.join()
        for site in self.sites:
            self._tally(site)
            site.end_faults()
        self.board.note("weather", "clear")

    def hits(self) -> Counter[str]:
        return Counter({name: self.board.counts[f"fault {name}"] for name in FAULTS})

    def _over(self, site: WordPressSite) -> None:
        chance = random.Random(f"{self.seed} weather {site.name}")
        outage = self.board.elapsed + chance.uniform(0.3, 1.2) * self.climate.between_outages
        while not self._clear.wait(0.2):
            self._tally(site)
            waiting = sum(rule["times"] for rule in site.rules())
            for _ in range(self.climate.at_once - waiting):
                self._lay(site, chance)
            if self.board.elapsed > outage:
                outage = self.board.elapsed + chance.expovariate(1 / self.climate.between_outages)
                self._outage(site, chance.uniform(0.3, 1) * self.climate.outage)

    def _lay(self, site: WordPressSite, chance: random.Random) -> None:
        name = chance.choice(list(FAULTS))
        seconds = chance.uniform(1.1 * self.climate.timeout, 0.6 * self.climate.quarantine)
        skip = chance.randrange(self.climate.within)
        fault = site.fault(**FAULTS[name], skip=skip, agent=AGENT, seconds=round(seconds, 2))
        self.faults[fault.id] = name

    def _tally(self, site: WordPressSite) -> None:
        for rule in site.forget_spent():
            name = self.faults.pop(rule["id"])
            self.board.count(f"fault {name}")
            self.board.note(site.name, name)

    def _outage(self, site: WordPressSite, seconds: float) -> None:
        self.board.count("outages")
        self.board.note(site.name, f"down for {seconds:.1f} s")
        with site.down():
            self._clear.wait(seconds)
        self.board.note(site.name, "up again")

    def _kills(self, office: Office) -> None:
        chance = random.Random(f"{self.seed} kills")
        while True:
            # A worker that never gets as far as its work would prove nothing.
            while not office.at_work() and not self._clear.wait(0.1):
                pass
            if self._clear.wait(chance.uniform(0.3, 1.7) * self.climate.between_kills):
                return
            if not office.kill_worker():
                self.board.wrong("worker ended", "the worker had ended by itself")
            self.board.count("kills")
            self.board.note("worker", "killed")
            office.start_worker()
