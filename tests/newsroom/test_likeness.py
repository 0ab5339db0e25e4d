"""Which photos are one photo."""

from __future__ import annotations

import pytest

from newsroom.likeness import count_same, is_among

HELD = ("a" * 64, f"{0b1111_0000_1111_0000:016x}")


@pytest.mark.parametrize(("bits", "same"), [(0, True), (5, True), (6, False), (32, False)])
def test_a_photo_compressed_again_differs_in_few_bits(bits: int, same: bool) -> None:
    dhash = f"{int(HELD[1], 16) ^ ((1 << bits) - 1) << 20:016x}"
    assert is_among({"sha256": "b" * 64, "dhash": dhash}, [HELD]) is same


def test_the_same_bytes_are_the_same_photo_and_no_likeness_is_like_nothing() -> None:
    assert is_among({"sha256": "a" * 64, "dhash": ""}, [HELD])
    assert not is_among({"sha256": "b" * 64, "dhash": ""}, [("a" * 64, "")])
    assert not is_among({"sha256": "b" * 64}, [HELD])


def test_pictures_are_counted_once_each() -> None:
    ours = [{"sha256": "a" * 64, "dhash": ""}, {"sha256": "c" * 64, "dhash": HELD[1]}, {"sha256": "d" * 64}]
    assert count_same(ours, [HELD, HELD]) == 2
