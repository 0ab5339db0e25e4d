"""What is personal is found however it is written, what only looks like it is not, and masks hide it for good."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from prose.personal import KINDS, PUBLIC, Finding, find, hide

SET = yaml.safe_load(Path(__file__).with_name("personal_set.yaml").read_text())
HELD_OUT = yaml.safe_load(Path(__file__).with_name("personal_held_out.yaml").read_text())
MARK = re.compile(r"‹(\w+):([^›]*)›")
FLOORS = {
    **dict.fromkeys(("nik", "kk", "nip", "phone", "email"), (0.99, 0.99)),
    **dict.fromkeys(("npwp", "passport", "account", "plate"), (0.95, 0.95)),
    **dict.fromkeys(("address", "child"), (0.85, 0.9)),
}
"""The least recall and precision on the labelled set, by kind."""
HELD_OUT_FLOORS = {**dict.fromkeys(FLOORS, (1.0, 1.0)), "address": (0.95, 0.95), "child": (0.95, 0.95)}
"""The same on what was held out. The rules have been mended by it since, so less is a step back: numbers have a
shape and may not be missed at all, homes and children's names are read from words and may cost each other one."""


def blocking(text: str) -> list[Finding]:
    return [finding for finding in find(text) if finding.blocks]


def read(sentence: str) -> tuple[str, list[tuple[str, str]]]:
    return MARK.sub(r"\2", sentence), MARK.findall(sentence)


def measure(sentences: Iterable[str], floors: dict[str, tuple[float, float]]) -> None:
    """Print recall and precision of each kind and what was missed or wrongly found; hold them to the floors."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    told = []
    for sentence in sentences:
        text, wanted = read(sentence)
        found = [(finding.kind, finding.found) for finding in blocking(text)]
        right.update(kind for kind, _ in found if (kind, _) in wanted)
        for counter, rows in ((wrong, set(found) - set(wanted)), (missed, set(wanted) - set(found))):
            counter.update(kind for kind, _ in rows)
            told += [f"{'found' if counter is wrong else 'missed'} {row} in {text!r}" for row in rows]
    print(*sorted(told), sep="\n")
    for kind, (recall_floor, precision_floor) in floors.items():
        recall = right[kind] / (right[kind] + missed[kind])
        precision = right[kind] / max(1, right[kind] + wrong[kind])
        print(f"{kind:9} {right[kind] + missed[kind]:3} recall {recall:.3f} precision {precision:.3f}")
        assert recall >= recall_floor, kind
        assert precision >= precision_floor, kind


def test_the_labelled_set_is_found_and_nothing_else() -> None:
    measure((*SET["personal"], *SET["nothing"]), FLOORS)


def test_what_was_held_out_of_the_making_is_found_and_nothing_else() -> None:
    measure(
        (sentence for part in HELD_OUT.values() for rows in part.values() for sentence in rows),
        HELD_OUT_FLOORS,
    )


def test_what_was_held_out_is_none_of_the_labelled_set() -> None:
    held_out = [sentence for part in HELD_OUT.values() for rows in part.values() for sentence in rows]
    assert len(set(held_out)) == len(held_out) >= 250
    assert not set(held_out) & {*SET["personal"], *SET["nothing"]}
    assert {kind for sentence in held_out for kind, _ in MARK.findall(sentence)} == set(FLOORS)


def test_the_labelled_set_is_large_and_has_every_kind() -> None:
    marks = [kind for sentence in SET["personal"] for kind, _ in MARK.findall(sentence)]
    assert len(marks) >= 120
    assert len(set(SET["nothing"])) >= 200
    assert set(marks) == set(KINDS) - PUBLIC
    assert set(FLOORS) == set(marks)


def test_no_mask_of_either_set_is_found_again() -> None:
    for sentence in (*SET["personal"], *(row for part in HELD_OUT.values() for row in part["personal"])):
        text, _ = read(sentence)
        masked = hide(text, KINDS)
        assert not blocking(masked), masked


JOINS = ["", " ", ".", "-", "–", " ", "​", "\n", "**", "_", " - ", "­"]


def _parted(digits: str, cuts: set[int], join: str) -> str:
    return "".join(f"{join if place in cuts else ''}{digit}" for place, digit in enumerate(digits))


@given(cuts=st.sets(st.integers(1, 15), max_size=7), join=st.sampled_from(JOINS), wide=st.booleans())
def test_no_way_to_part_the_digits_hides_a_nik(cuts: set[int], join: str, wide: bool) -> None:
    written = _parted("6271014508900001", cuts, join)
    if wide:
        written = written.translate({48 + n: 0xFF10 + n for n in range(10)})
    (finding,) = find(f"Warga ber-NIK {written} hadir.")
    assert (finding.kind, finding.found) == ("nik", written)
    assert finding.masked.startswith("62710•••••••0001")


@given(cuts=st.sets(st.integers(1, 17), max_size=7), join=st.sampled_from(JOINS))
def test_no_way_to_part_the_digits_hides_a_nip_or_makes_it_a_nik(cuts: set[int], join: str) -> None:
    (finding,) = find(f"Sarman, NIP {_parted('197805122005011003', cuts, join)}, hadir.")
    assert finding.kind == "nip"


@given(cuts=st.sets(st.integers(4, 11), max_size=4), join=st.sampled_from([j for j in JOINS if j != "\n"]))
def test_no_way_to_part_the_digits_hides_a_telephone_number(cuts: set[int], join: str) -> None:
    (finding,) = find(f"Nomor pribadinya {_parted('081234567890', cuts, join)} beredar.")
    assert (finding.kind, finding.value) == ("phone", "081234567890")


@given(st.text(alphabet="0123456789 .-/*_\n@()abAB,:", max_size=80))
def test_what_is_masked_is_not_found_again_in_any_text(text: str) -> None:
    for finding in blocking(text):
        assert not blocking(finding.masked)
        assert finding.found == text[finding.start : finding.end]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIK 6271 0145 0890 0001.", "NIK 62710•••••••0001."),
        ("NIP 197805122005011003.", "NIP ••••••••••••••1003."),
        ("Ponselnya 0812-3456-7890.", "Ponselnya 0812•••••890."),
        ("Surel sarman@contoh.example.", "Surel s•••@contoh.example."),
        ("Mobil KH 1234 AB.", "Mobil KH •••• AB."),
        ("Rekening BCA 1234567890.", "Rekening BCA •••••••890."),
        ("Warga Jalan 17 Agustus No. 5 RT 01/RW 02.", "Warga Jalan 17 Agustus No. •• RT ••/RW ••."),
        ("Tulis ke sarman [at] contoh.example.", "Tulis ke s••• [at] contoh.example."),
        ("Warga Jl. Dr. Contoh Gg. II No. 8 B.", "Warga Jl. Dr. Contoh Gg. II No. •• B."),
        ("Aisyah Putri (12), siswi SD.", "A.P. (12), siswi SD."),
        ("**NIK 6271**0145 0890 0001 itu.", "**NIK 62710•••••••0001** itu."),
    ],
)
def test_a_mask_keeps_what_may_be_read(text: str, masked: str) -> None:
    assert hide(text, KINDS) == masked


def test_one_number_is_one_value_however_it_is_written() -> None:
    values = {
        find(f"NIK {way}")[0].value
        for way in ("6271014508900001", "6271 0145-08900001", "６２７１０１４５０８９００００１")
    }
    assert values == {"6271014508900001"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hubungi call center 112.", "public_number"),
        ("Layanan aduan di 0812-3456-7890.", "public_number"),
        ("Kirim ke humas@contohkab.go.id.", "public_email"),
    ],
)
def test_what_an_office_announces_is_shown_and_bars_nothing(text: str, kind: str) -> None:
    (finding,) = find(text)
    assert (finding.kind, finding.blocks) == (kind, False)


def test_a_persons_number_near_an_office_stays_a_persons() -> None:
    (finding,) = find("Kantor itu dipimpin Bapak Sarman, ponselnya 0812-3456-7890.")
    assert (finding.kind, finding.blocks) == ("phone", True)


def test_what_is_left_alone_by_hiding_numbers_only() -> None:
    assert hide("Tanya Yuyun di 0812-3456-7890 soal NIK 6271014508900001.") == (
        "Tanya Yuyun di 0812-3456-7890 soal NIK 62710•••••••0001."
    )


HOSTILE = (
    "1",
    "1 ",
    "62 ",
    "0812 ",
    "1-",
    "​1",
    "a@a.",
    "rek ",
    "Jalan A",
    "Budi Siti, ",
    "( ",
    "<a ",
    "Jl. A. ",
    "siswa a ",
    "a [at] b.",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_forty_kilobytes_of_anything_are_read(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    assert len(find(text)) <= len(text) / 10
