"""Brings the stories in, has the editors do their deeds at the hours drawn, and waits until all is settled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from tests.real.storm.board import Board
from tests.real.storm.office import Office
from tests.real.storm.tales import CREDIT, OUTLET, Tale, filename

PACE = 0.3
"""Seconds between two looks at the desk."""


class Conductor:
    def __init__(self, board: Board, office: Office, impatience: float) -> None:
        self.board = board
        self.office = office
        self._rows: dict[int, int] = {}
        """The desk's number of each story whose mail has been read."""
        self._numbers: dict[int, int] = {}
        self._pause = threading.Event()
        self._impatience = impatience
        self._pressed = 0.0

    def prepare(self) -> None:
        """Have in the queue what came before the storm."""
        early = [tale for tale in self.board.tales.values() if tale.deeds[0][0] <= 0]
        for tale in early:
            self._play(tale)
        until = time.monotonic() + 120
        while not {tale.number for tale in early} <= self._rows.keys():
            assert time.monotonic() < until, "the worker does not read its mail"
            self._find_rows()
            self._pause.wait(PACE)

    def play(self, seconds: float, enough: Callable[[], bool]) -> None:
        """Have every deed done at its hour, and go on until it has been bad `enough` or nothing is left to be hit.

        A deed whose mail has not been read yet waits for it, past the end too: machines differ in speed.
        """
        deadline = 3 * seconds + 300
        owed: list[str] = []
        while self._left() or self.board.elapsed < seconds or (owed and not enough()):
            assert self.board.elapsed < deadline, f"deeds that could not be done: {self._left()}"
            self._find_rows()
            for tale in self.board.tales.values():
                self._play(tale)
            owed = self._look()
            self._press()
            self._pause.wait(PACE)

    def settle(self, patience: float) -> None:
        """Wait until every site has what it is owed; whoever is at the desk presses “Coba lagi” meanwhile."""
        until = time.monotonic() + patience
        while owed := self._look():
            assert time.monotonic() < until, f"not settled: {owed[:5]}"
            self._press()
            self._pause.wait(PACE)

    def promises(self) -> list[dict[str, Any]]:
        """Return what the desk knows of each site and story, by the tale's number."""
        return [{**row, "story": self._numbers[row["story"]]} for row in self._state()]

    def _press(self) -> None:
        """Have somebody at the desk press “Coba lagi” now and then, who will not wait a minute for a dead site."""
        if self.board.elapsed < self._pressed + self._impatience:
            return
        self._pressed = self.board.elapsed
        for sentence in self.office.ask("retry"):
            self.board.count("asked a person")
            self.board.note("parked", sentence)

    def _left(self) -> dict[int, list[tuple[float, str]]]:
        return {tale.number: tale.deeds for tale in self.board.tales.values() if tale.deeds}

    def _find_rows(self) -> None:
        if len(self._rows) < len(self.board.tales):
            for number, row in self.office.ask("queued").items():
                self._rows.setdefault(int(number), row)
                self._numbers[row] = int(number)

    def _play(self, tale: Tale) -> None:
        while tale.deeds and tale.deeds[0][0] <= self.board.elapsed:
            verb = tale.deeds[0][1]
            if verb == "mail":
                self.office.post(f"{tale.number:06d}.uji", tale.mail())
            elif tale.number not in self._rows or (verb != "verify" and not self._released(tale)):
                return
            elif verb in ("retract", "withdraw"):
                self._take_down(tale, verb)
            else:
                self._publish(tale, verb)
            self.board.note("desk", f"{verb} {tale.number}")
            self.board.count(f"{verb} ordered")
            tale.deeds.pop(0)

    def _released(self, tale: Tale) -> bool:
        """Say whether a verified story was let go to its sites, without which nothing more can be done with it."""
        return any(row["story"] == self._rows[tale.number] for row in self._state())

    def _publish(self, tale: Tale, verb: str) -> None:
        edition = tale.next_edition()
        # From here on it may be seen.
        tale.editions[edition.number] = edition
        tale.notice = f"alasan {verb} cerita {tale.number} edisi {edition.number}" if verb != "verify" else ""
        if verb == "restore":
            self.board.restored(tale.number)
        tale.withdrawn = False
        photos = [
            {"filename": filename(shot.number), "caption": shot.caption, "alt": shot.alt, "order": order}
            for order, shot in enumerate(edition.shots)
        ]
        text = {
            "headline": edition.headline, "body": edition.body, "category": edition.category,
            "byline_outlet": OUTLET, "photographer": CREDIT,
        }  # fmt: skip
        tale.version = self.office.ask(
            "publish", story=self._rows[tale.number], verb=verb, text=text, photos=photos, note=tale.notice
        )

    def _take_down(self, tale: Tale, verb: str) -> None:
        tale.withdrawn = True
        note = f"alasan penarikan cerita {tale.number}" if verb == "retract" else ""
        tale.version = self.office.ask("take_down", story=self._rows[tale.number], verb=verb, note=note)

    def _state(self) -> list[dict[str, Any]]:
        return list(self.office.ask("state"))

    def _look(self) -> list[str]:
        """Tell the outsider of confirmed take-downs; return what is owed to a site."""
        owed = []
        for row in self.promises():
            number = row["story"]
            tale = self.board.tales[number]
            kept = row["sent_version"] == row["story__version"]
            if not kept or row["claim"]:
                owed.append(
                    f"{row['site']} {number}: {row['sent_version']} of {row['story__version']} {row['error']}"
                )
            elif tale.withdrawn and row["sent_version"] == tale.version:
                self.board.confirmed(row["site"], number)
        return owed
