"""The page on mail names, for each row and case of the design, a sample or a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = (CHECKOUT / "docs" / "mail.md").read_text(encoding="utf-8")
SAMPLES = {path.stem for path in (CHECKOUT / "tests" / "samples" / "mail").glob("*.eml")}


def rows(title: str) -> list[list[str]]:
    """The rows of the table below a title."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


PARSER = rows("What Python's own parser gets wrong")
CASES = rows("The 86 cases")


def test_every_case_has_its_row() -> None:
    assert [row[0] for row in CASES] == [str(number) for number in range(1, 87)]


def test_every_row_of_the_parsers_faults_is_there() -> None:
    assert len(PARSER) == 28


@pytest.mark.parametrize("row", [*PARSER, *CASES], ids=lambda row: row[0])
def test_what_shows_a_row_exists(row: list[str]) -> None:
    _, done, shown = row
    assert done
    names = re.findall(r"`([^`]+)`", shown)
    assert names
    for name in names:
        path, _, test = name.partition("::")
        if not test:
            assert name in SAMPLES
            continue
        text = (CHECKOUT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {re.escape(test)}\(", text, re.M), name
