"""Many stories, every kind of fault at random places, workers killed at random: exactly once all the same."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from publishers import Post, Receipt, Unanswered, Unreachable
from publishers.wordpress import WordPressPublisher
from tests.publishers.samples import picture, post
from tests.real.storm.board import Board
from tests.real.storm.reader import Reader
from tests.real.storm.storm import Storm, break_out
from tests.real.storm.tales import UNVERIFIED, tales
from tests.real.storm.weather import FAULTS as WEATHER
from tests.real.storm.weather import Climate
from tests.real.test_wordpress_faults import Clock, Killed
from tests.real.wordpress import Fault, WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real

FAULTS: tuple[dict[str, Any], ...] = (
    {"do": "stall", "at": "before"},
    {"do": "stall", "at": "row"},
    {"do": "stall", "at": "after"},
    {"do": "die", "at": "row"},
    {"do": "die", "at": "after"},
    {"do": "cut", "at": "after"},
    {"do": "empty", "at": "after"},
    {"do": "truncate", "at": "after"},
    {"do": "pollute", "at": "after"},
    {"do": "answer", "at": "before", "status": 403},
    {"do": "answer", "at": "before", "status": 429, "headers": {"Retry-After": "7"}},
    {"do": "answer", "at": "before", "status": 502},
    {"do": "answer", "at": "after", "status": 504},
    {"do": "answer", "at": "before", "status": 503, "method": "GET"},
    {"do": "truncate", "at": "after", "method": "GET"},
)


class FragileLedger(MutableMapping[str, Any]):
    """A ledger whose worker may be killed at any write, before or after it is committed."""

    def __init__(self, chance: random.Random) -> None:
        self.rows: dict[str, Any] = {}
        self.chance = chance
        self.kills = 0

    def _write(self, act: Callable[[], None]) -> None:
        fate = self.chance.random()
        if fate < 0.97:
            act()
        if fate > 0.94:
            self.kills += 1
            raise Killed

    def __setitem__(self, name: str, value: Any) -> None:
        self._write(lambda: self.rows.__setitem__(name, value))

    def __delitem__(self, name: str) -> None:
        self._write(lambda: self.rows.__delitem__(name))

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.rows))

    def __len__(self) -> int:
        return len(self.rows)


class Road:
    """Walks as the pipeline does: look before a first attempt, come back when told to."""

    def __init__(self, site: WordPressSite, seed: int) -> None:
        self.site = site
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.stalled: list[Fault] = []
        self.troubles = 0

    def publisher(self) -> WordPressPublisher:
        return self.site.publisher(now=self.clock, timeout=1.0)

    def go(self, act: Callable[[WordPressPublisher], Receipt]) -> Receipt:
        for _ in range(60):
            if self.chance.random() < 0.5:
                rule = self.chance.choice(FAULTS)
                fault = self.site.fault(**rule, skip=self.chance.randrange(8))
                self.stalled += [fault] if rule["do"] == "stall" else []
            try:
                return act(self.publisher())
            except Killed:
                self.troubles += 1
            except (Unanswered, Unreachable) as error:
                self.troubles += 1
                if self.chance.random() < 0.6:
                    # No server works on anything longer than the quarantine.
                    self.release()
                    self.clock.pass_by(error.wait if error.wait is not None else 60)
        raise AssertionError("not done after sixty attempts")

    def release(self) -> None:
        for fault in self.stalled:
            fault.release()
        self.stalled = []

    def bring(
        self, wanted: Post, ledger: FragileLedger, known: str
    ) -> Callable[[WordPressPublisher], Receipt]:
        def act(publisher: WordPressPublisher) -> Receipt:
            found = known
            if not found:
                held = publisher.find(wanted.key)
                found = held.remote_id if held and held.state != "draft" else ""
            return publisher.update(found, wanted, ledger) if found else publisher.create(wanted, ledger)

        return act


@pytest.mark.parametrize(("which", "seed"), [("kota", 2), ("newest", 9)])
def test_after_a_storm_every_story_is_there_once_and_whole(
    request: pytest.FixtureRequest, which: str, seed: int
) -> None:
    site: WordPressSite = request.getfixturevalue(which)
    road = Road(site, seed)
    last: dict[str, Post] = {}
    for number in range(3):
        ledger = FragileLedger(road.chance)
        key = f"badai{number}"
        made = road.go(road.bring(post(key), ledger, ""))
        second = post(key, version=2, pictures=(picture(3), picture(4)), html=f"<p>Naskah {key}.</p>")
        made = road.go(road.bring(second, ledger, made.remote_id))
        assert made.version == 2
        known = made.remote_id
        hidden = road.go(lambda site, known=known, ledger=ledger: site.retract(known, "Ditarik.", ledger))
        assert hidden.state == "hidden"
        last[key] = post(
            key, version=3, pictures=(picture(4), picture(number + 5)), html=f"<p>Pulih {key}.</p>"
        )
        assert road.go(road.bring(last[key], ledger, known)).state == "live"
    road.release()
    assert road.troubles > 10
    rows = site.posts()
    assert [row["status"] for row in rows] == ["publish"] * 3
    for row, (key, wanted) in zip(rows, last.items(), strict=True):
        assert f"Pulih {key}." in row["content"]
        media = [one for one in site.media() if one["parent"] == row["id"]]
        assert {one["alt"] for one in media} == {one.alt for one in wanted.pictures}
        assert row["thumbnail"] in {str(one["id"]) for one in media}
        assert row["terms"] == ["Ekonomi", "pasar murah"]
    assert len(site.media()) == 6


def test_the_whole_product_brings_every_story_to_three_sites_once_through_a_storm(
    sites: tuple[WordPressSite, ...], newest: WordPressSite, tmp_path: Path, kept_database: Path
) -> None:
    """Mail, editors, a worker that is killed, REST and XML-RPC, an outsider who reads all the while.

    In large it is `make storm`.
    """
    climate = Climate(
        timeout=1, quarantine=5, at_once=10, within=25, between_kills=5, between_outages=15, outage=2
    )
    storm = Storm(stories=5, seconds=12, faults=10, seed=4, climate=climate, patience=180)
    outcome = break_out(
        storm, tmp_path, [*sites[:2], newest], kept_database if kept_database.exists() else None
    )
    assert not outcome.board.violations, outcome.report
    assert outcome.board.counts["kills"] > 0, outcome.report
    assert sum(outcome.board.counts[f"fault {name}"] for name in WEATHER) >= 5, outcome.report
    assert outcome.board.counts["looks"] > 50, outcome.report


def test_the_outsider_sees_what_nobody_may_ever_see(kota: WordPressSite) -> None:
    board = Board({tale.number: tale for tale in tales(4, 1, 0)})
    editions = [tale.next_edition() for tale in board.tales.values()]
    for edition in editions[:3]:
        board.tales[edition.story].editions[1] = edition
    words = f"[1, 'Kabar %d edisi 1 dari kelurahan', '{UNVERIFIED}']"
    shown = [words % 1, words % 1, words % 2, words % 4]
    kota.php(
        f"foreach ([{', '.join(shown)}] as [$author, $title, $text]) wp_insert_post(['post_author' => $author, "
        "'post_title' => $title, 'post_content' => $text, 'post_status' => 'publish']);"
    )
    board.confirmed(kota.name, 2)
    reader = Reader(board, kota, 1)
    reader.start()
    until = time.monotonic() + 60
    while board.counts["looks"] < 5:
        assert time.monotonic() < until, board.events
        board.over.wait(0.05)
    board.over.set()
    reader.join()
    told = "\n".join(board.violations)
    assert "duplicates: kota's list shows story 1 2 times" in told
    assert "duplicates: kota's front page shows story 1 2 times" in told
    assert "withdrawn but visible: kota's list shows story 2" in told
    assert "withdrawn but visible: kota's front page shows story 2" in told
    assert f"withdrawn but visible: kota story 2: {kota.url}/" in told
    assert "unverified but visible: kota: Kabar 4 edisi 1" in told
    assert "unverified but visible: kota: front page" in told
    for lack in ("paragraphs are missing", "0 photos instead of", "no featured photo", "categories [1]"):
        assert re.search(rf"half states: kota story 1 edition 1: .*{re.escape(lack)}", told), told
    assert "story 3" not in told
