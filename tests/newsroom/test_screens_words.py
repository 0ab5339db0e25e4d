"""Every sentence of the screens exists in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
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


def test_no_sentence_waits_for_its_translator() -> None:
    for language in ("en", "id"):
        text = (ROOT / "web" / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
        assert not re.search(r"^#, .*fuzzy.*\n(?!#~)", text, re.MULTILINE), language


TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
UNSAID = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*block (?:page|scripts)\s*%}.*?{%\s*endblock\s*%}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


class _Said(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.command = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.command += tag in ("code", "pre")
        self.words += [
            text for name, text in attrs if text and name in ("title", "aria-label", "placeholder", "alt")
        ]

    def handle_endtag(self, tag: str) -> None:
        self.command -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        if not self.command:  # commands are the same in every language
            self.words.append(data)


NAMES = re.compile(
    r"Bahasa Indonesia|English|Redaksi|WhatsApp|Enter|Esc|settings\.yaml|https://|tgram://TOKEN/ID|_domainkey|Drs\.|Ctrl\+(?:Shift\+)?\w|www\.contoh\.go\.id|SHA-256|HDD-07|measure\.py|2026/11/upacara\.mp4|\.jpg\b|foto\d?"
)
"""What is the same in both languages: names, keys and the files of an example."""


def test_templates_say_nothing_outside_of_what_is_translated() -> None:
    found = {}
    for folder in ("newsroom", "web"):
        for file in (ROOT / folder / "templates").rglob("*.html"):
            if file.name == "500.html":  # both languages stand in it: it is shown when nothing else works
                continue
            reader = _Said()
            reader.feed(UNSAID.sub("", TRANSLATED.sub("", file.read_text())))
            if words := [
                part.strip() for part in reader.words if re.search(r"[A-Za-z]{3}", NAMES.sub("", part))
            ]:
                found[file.name] = words
    assert not found


def test_scripts_say_nothing_that_the_page_has_not_given_them() -> None:
    quoted = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")
    found = {}
    for file in (ROOT / "web" / "static" / "web").glob("*.js"):
        if file.name.endswith(".min.js"):
            continue
        literals = ("".join(parts) for parts in quoted.findall(re.sub(r"//.*", "", file.read_text())))
        sentences = (text for text in literals if re.search(r"[a-z]{2,} [a-z]{2,}", text))
        if words := [
            text for text in sentences if not re.search(r"[\[\]#.:=>]|^use strict$|^button small$", text)
        ]:
            found[file.name] = words
    assert {name: [w for w in words if w != "button small"] for name, words in found.items()} in (
        {},
        {"writing.js": []},
    )


TELLING = {"ActRefused", "MoveRefused", "ValidationError", "LinkGone", "WrongPin"}
SENDING = {"info", "success", "warning", "error"}


def test_what_people_are_told_goes_through_the_translator() -> None:
    found = []
    for folder in ("newsroom", "web"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.parent.name == "migrations":
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                words = node.args[:1] if getattr(node.func, "id", "") in TELLING else []
                if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "messages":
                    words = node.args[1:2] if node.func.attr in SENDING else []
                words += [one.value for one in node.keywords if one.arg in ("label", "help_text")]
                found += [
                    f"{file.name}:{word.lineno}"
                    for word in words
                    if any(
                        isinstance(part, ast.Constant) and re.search("[A-Za-z]{3}", str(part.value))
                        for part in getattr(word, "values", [word])
                    )
                ]
    assert found == []


def test_every_deed_in_the_log_has_words() -> None:
    written = set(MOVES)
    for folder in ("newsroom", "pipeline"):
        for file in (ROOT / folder).rglob("*.py"):
            written |= set(re.findall(r'\blog\(\s*"(\w+)"', file.read_text()))
    of_no_story = {"person", "contributors"}
    assert written - of_no_story - set(DEEDS) == set()
