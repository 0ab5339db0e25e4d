"""How long a story took, as the log tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.pace import Course

EIGHT = datetime(2026, 11, 10, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return EIGHT + timedelta(hours=hours)


def course(*deeds: tuple[str, float], pauses: tuple[tuple[float, float | None], ...] = ()) -> Course:
    told = [(at(begin), None if end is None else at(end)) for begin, end in pauses]
    return Course(EIGHT, None, [(verb, at(hours)) for verb, hours in deeds], told)


@pytest.mark.parametrize(
    ("deeds", "hours"),
    [
        ([("verify", 2)], 2),
        ([("send_back", 1), ("resubmit", 20), ("verify", 22)], 2),
        ([("verify", 1), ("reopen", 2), ("verify", 6)], 4),
        ([("verify", 1), ("ask_changes", 5), ("verify", 6)], 1),
        # A rejection that was a mistake: the time it stood outside is nobody's.
        ([("spike", 1), ("unspike", 4), ("verify", 5.5)], 2.5),
        ([("spike", 1), ("unspike", 4), ("spike", 5), ("unspike", 6), ("verify", 6.5)], 2.5),
        # What was not waiting when it was rejected is looked at anew.
        ([("send_back", 1), ("spike", 2), ("unspike", 9), ("verify", 10)], 1),
        ([("verify", 1), ("refuse", 2), ("unspike", 9), ("verify", 10)], 1),
        ([("verify", 1), ("schedule", 2), ("spike", 3), ("unspike", 9), ("verify", 10)], 1),
    ],
)
def test_the_time_to_verify_runs_as_it_did_on_the_desk(deeds: list[tuple[str, float]], hours: float) -> None:
    assert course(*deeds).to_verify() == timedelta(hours=hours)


def test_a_pause_does_not_count_and_one_of_an_earlier_round_takes_nothing_away() -> None:
    assert course(("verify", 5), pauses=((1, 2), (3, 4.5))).to_verify() == timedelta(hours=2.5)
    again = course(("send_back", 3), ("resubmit", 10), ("verify", 12), pauses=((1, 3), (10.5, 11)))
    assert again.to_verify() == timedelta(hours=1.5)


def test_the_time_to_publish_begins_with_the_verification_or_the_end_of_the_embargo() -> None:
    plain = course(("verify", 2), pauses=((1, 1.5), (2.5, None)))
    assert plain.to_publish(at(6)) == timedelta(minutes=30), "the pause lasts"
    embargoed = course(("verify", 2))
    embargoed.embargo_until = at(20)
    assert embargoed.to_publish(at(21)) == timedelta(hours=1)
    forward = course(("verify", 2), ("schedule", 5))
    assert forward.to_publish(at(6)) == timedelta(hours=1), "the embargo was taken off at its fifth hour"
