"""The documentation says what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from newsroom.workflow import MOVES
from publishers import KINDS

CHECKOUT = Path(__file__).parent.parent.parent
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_every_command_of_ours_is_documented_and_every_documented_one_exists() -> None:
    ours = {name for name, app in get_commands().items() if app in ("newsroom", "pipeline", "web")}
    documented = set(re.findall(r"^\| `(\w+)", (CHECKOUT / "docs" / "commands.md").read_text(), re.M))
    assert documented - {"migrate"} == ours
    for name in ours:
        assert load_command_class(get_commands()[name], name).help


def test_every_row_of_the_bench_that_is_spoken_of_can_be_measured() -> None:
    told = {name for page in PAGES for name in re.findall(r"python -m bench (\w+)", page.read_text())}
    assert told
    # In a process of its own: it imports tests, which pytest wants to import itself.
    asked = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert told <= set(re.findall(r"\w+", asked.stdout.partition("rows to measure:")[2]))


def test_every_verb_of_people_is_documented() -> None:
    text = (CHECKOUT / "docs" / "commands.md").read_text()
    for verb, rule in MOVES.items():
        assert (f"`{verb}`" in text) is not rule.by_worker, verb


def test_every_kind_of_site_has_a_page() -> None:
    assert {page.stem for page in (CHECKOUT / "docs" / "sites").glob("*.md")} == set(KINDS)


def test_every_step_of_the_road_is_drawn() -> None:
    from pipeline.flow import ROAD

    text = (CHECKOUT / "docs" / "index.md").read_text()
    for step in ROAD:
        assert re.search(rf" {step.name}[ :\n]", text), step.name
