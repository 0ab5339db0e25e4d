"""How much two texts share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from prose import likeness

STORY = " ".join(f"kata{n}" for n in range(400))


def test_a_text_is_wholly_like_itself_whatever_its_marks_and_case() -> None:
    shouted = "**WALI KOTA** membuka, musyawarah… di aula!"
    plain = "Wali Kota membuka musyawarah di aula"
    assert likeness.overlap(shouted, plain) == likeness.Overlap(1.0, 1.0)
    assert likeness.resemblance(likeness.sketch(shouted), likeness.sketch(plain)) == 1.0


def test_a_text_within_a_longer_one_is_told_by_its_shorter_share() -> None:
    half = " ".join(STORY.split()[:100])
    found = likeness.overlap(STORY, half)
    assert found.shorter == 1.0
    assert 0.2 < found.whole < 0.3


def test_the_same_words_in_another_order_are_another_text() -> None:
    assert likeness.overlap(STORY, " ".join(reversed(STORY.split()))).whole == 0.0


@given(st.integers(0, 400))
def test_a_sketch_estimates_what_two_texts_share(common: int) -> None:
    other = " ".join([*STORY.split()[:common], *(f"lain{n}" for n in range(400 - common))])
    truth = likeness.overlap(STORY, other).whole
    assert abs(likeness.resemblance(likeness.sketch(STORY), likeness.sketch(other)) - truth) <= 0.25
    assert len(likeness.sketch(STORY)) <= 256


@given(st.text(), st.text())
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    shared = likeness.overlap(one, other)
    assert 0 <= shared.whole <= shared.shorter <= 1
    assert 0 <= likeness.resemblance(likeness.sketch(one), likeness.sketch(other)) <= 1
    assert 0 <= likeness.headline_likeness(one, other) <= 1


def test_headlines_are_compared_by_their_words() -> None:
    others = {1: "Musrenbang Dibuka Wali Kota", 2: "Harga Cabai Turun", 3: "WALI KOTA membuka Musrenbang!"}
    found = likeness.like_headlines("Wali Kota Membuka Musrenbang", others, 0.75)
    assert found[3] == 1.0
    assert 2 not in found
    assert likeness.like_headlines("!!!", others, 0.0) == {}
