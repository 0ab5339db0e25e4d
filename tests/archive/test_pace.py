"""What is re-read is read from the disk, and at a bounded rate."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive import Pace, Reading


class Clock:
    """Time that passes only when somebody sleeps, or a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_reading_takes_as_long_as_the_rate_says() -> None:
    clock = Clock()
    pace = Pace(10_000_000, clock, clock.sleep)
    for _ in range(100):
        pace.take(1_000_000)
    # A second's worth is there at once.
    assert clock.now - 1000 == pytest.approx(9)


@given(
    takes=some.lists(some.tuples(some.integers(1, 1_000_000), some.floats(0, 5)), min_size=1, max_size=60),
    rate=some.sampled_from([50_000, 1_000_000, 20_000_000]),
)
def test_in_no_span_of_time_is_more_read_than_the_rate_allows(
    takes: list[tuple[int, float]], rate: int
) -> None:
    clock = Clock()
    pace = Pace(rate, clock, clock.sleep)
    done = []
    for size, idle in takes:
        clock.now += idle
        pace.take(size)
        done.append((clock.now, size))
    for at, (begun, _) in enumerate(done):
        read = 0
        for ended, size in done[at:]:
            read += size
            assert read <= rate * (ended - begun) + rate + takes[at][0] + 1


def test_idle_time_is_not_saved_up() -> None:
    clock = Clock()
    pace = Pace(1_000_000, clock, clock.sleep)
    clock.now += 86400
    before = clock.now
    pace.take(3_000_000)
    assert clock.now - before == pytest.approx(2)


def test_a_look_counts_what_it_reads_and_is_heard_of_after_each_file(tmp_path: Path) -> None:
    clock, heard = Clock(), []
    pace = Pace(1_000_000, clock, clock.sleep)
    reading = Reading(pace, lambda: heard.append(clock.now))
    data = bytes(range(256)) * 10_000
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(data)
        assert reading.sha256(tmp_path / name) == hashlib.sha256(data).hexdigest()
    assert (reading.files, reading.bytes) == (2, 2 * len(data))
    assert clock.now - 1000 == pytest.approx(2 * len(data) / 1_000_000 - 1)
    assert len(heard) == 2


def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="a"):
        Reading().sha256(tmp_path / "a")
