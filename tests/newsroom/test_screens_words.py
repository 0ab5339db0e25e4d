"""Every sentence of the screens exists in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from newsroom.templatetags.office import DEEDS
from newsroom.workflow import MOVES

ROOT = Path(__file__).parent.parent.parent
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
QUOTED = re.compile(r"""(?:gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def catalogue(language: str) -> dict[str, str]:
    file = ROOT / "web" / "locale" / language / "LC_MESSAGES" / "django.mo"
    with file.open("rb") as opened:
        found = GNUTranslations(opened)._catalog  # type: ignore[attr-defined]
    return {key if isinstance(key, str) else key[0]: text for key, text in found.items() if key}


def sentences() -> set[str]:
    return {*_in_python(), *_in_templates()}


def _in_python() -> Iterator[str]:
    for folder in ("newsroom", "web"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield first.value


def _in_templates() -> Iterator[str]:
    for folder in ("newsroom", "web"):
        for file in (ROOT / folder / "templates").rglob("*.*"):
            for quoted in QUOTED.findall(templatize(file.read_text(), origin=str(file))):
                yield ast.literal_eval(quoted)


def test_the_sentences_are_found_where_they_are_written() -> None:
    found = sentences()
    assert {
        "Antrean",
        "Layak, tayangkan",
        "Halaman ini tidak ada",
        "%(count)s jam",
        "%(shown)s foto",
    } <= found


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_sentence_is_in_the_catalogue(language: str) -> None:
    known = catalogue(language)
    assert sentences() - set(known) == set(), "renew web/locale as the head of django.po says"
    assert not [sentence for sentence, text in known.items() if not text]


def test_translations_keep_what_is_filled_in() -> None:
    for sentence, text in catalogue("en").items():
        assert set(PLACEHOLDER.findall(sentence)) == set(PLACEHOLDER.findall(text)), sentence


def test_the_indonesian_catalogue_says_what_the_source_says() -> None:
    assert [sentence for sentence, text in catalogue("id").items() if sentence != text] == []


def test_every_deed_in_the_log_has_words() -> None:
    written = set(MOVES)
    for folder in ("newsroom", "pipeline"):
        for file in (ROOT / folder).rglob("*.py"):
            written |= set(re.findall(r'\blog\(\s*"(\w+)"', file.read_text()))
    of_no_story = {"person", "contributors"}
    assert written - of_no_story - set(DEEDS) == set()
