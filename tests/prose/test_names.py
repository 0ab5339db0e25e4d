from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose.names import FullName, read_name


@pytest.mark.parametrize(
    ("text", "name", "before", "after"),
    [
        ("Drs. Contoh, M.Si.", "Contoh", ("Drs.",), ("M.Si.",)),
        ("Ir. Contoh Nama, M.P.", "Contoh Nama", ("Ir.",), ("M.P.",)),
        ("NAMA CONTOH, A.P.", "NAMA CONTOH", (), ("A.P.",)),
        ("Prof. Dr. H. Budi Contoh, S.H., M.Hum, Ph.D.", "Budi Contoh", ("Prof.", "Dr.", "H."), ("S.H.", "M.Hum", "Ph.D.")),
        ("dr. Sari Contoh, Sp.PD-KGH", "Sari Contoh", ("dr.",), ("Sp.PD-KGH",)),
        ("Hj. Rina, A.Md.Keb.", "Rina", ("Hj.",), ("A.Md.Keb.",)),
        ("KH. Contoh", "Contoh", ("KH.",), ()),
        ("Drs.Contoh,MM", "Contoh", ("Drs.",), ("MM",)),
        ("Budi, S. Kom", "Budi", (), ("S. Kom",)),
        ("Suharti", "Suharti", (), ()),
        ("M. Nur Contoh", "M. Nur Contoh", (), ()),
        ("Contoh, Jakarta", "Contoh, Jakarta", (), ()),
        ("Drs.", "Drs.", (), ()),
        ("", "", (), ()),
    ],
)  # fmt: skip
def test_degrees_are_taken_from_a_name(
    text: str, name: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert read_name(text) == FullName(name, before, after)


def test_names_are_sorted_by_the_name_and_not_by_degrees() -> None:
    people = [read_name(text) for text in ("Drs. Zulkifli", "Prof. Ani Contoh, M.A.", "Suharti", "H. ánu")]
    assert [str(one) for one in sorted(people, key=lambda one: one.sort_key)] == [
        "Prof. Ani Contoh, M.A.",
        "H. ánu",
        "Suharti",
        "Drs. Zulkifli",
    ]
    assert read_name("Ma’ruf").sort_key == read_name("MARUF").sort_key


NAMES = st.lists(st.sampled_from(["Contoh", "Nama", "M.", "Suharti", "Ma’ruf", "A.", "bin"]), min_size=1).map(
    " ".join
)
BEFORE = st.lists(st.sampled_from(["Prof.", "Dr.", "dr.", "Drs.", "Ir.", "H.", "Hj.", "KH"]), max_size=3)
AFTER = st.lists(st.sampled_from(["S.H.", "M.Si", "MM", "Ph.D.", "Sp.PD", "A.Md.Keb.", "S.STP"]), max_size=3)


@given(NAMES, BEFORE, AFTER)
def test_a_written_name_is_read_back(name: str, before: list[str], after: list[str]) -> None:
    whole = FullName(name, tuple(before), tuple(after))
    assert read_name(str(whole)) == whole


@given(st.text(max_size=40))
def test_any_text_is_a_name_that_reads_the_same_twice(text: str) -> None:
    once = read_name(text)
    assert read_name(str(once)) == once
