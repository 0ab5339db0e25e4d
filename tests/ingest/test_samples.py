"""Every sample mail is read as its .yaml says. A new odd mail is two files, no code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import prose
from ingest import Message, RawMessage, read
from tests.samples.make_mail import SAMPLES
from tests.samples.parts import MAIL, STORIES

NAMES = sorted(path.stem for path in MAIL.glob("*.eml"))
KEYS = {
    "about",
    "cases",
    "headline",
    "subject",
    "story",
    "before",
    "and",
    "paragraphs",
    "markdown",
    "never",
    "dateline_city",
    "byline_outlet",
    "byline_writer",
    "byline_editor",
    "photographer",
    "note",
    "sender",
    "date",
    "images",
    "documents",
    "fates",
    "aside",
    "automatic",
    "defects",
    "others",
    "links",
}


def expected(name: str) -> dict[str, Any]:
    wanted: dict[str, Any] = yaml.safe_load((MAIL / f"{name}.yaml").read_text(encoding="utf-8"))
    assert wanted.keys() <= KEYS, f"{name}.yaml has keys this test does not know"
    assert {"about", "cases", "headline"} <= wanted.keys()
    return wanted


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[Message, dict[str, Any]]:
    raw = RawMessage((MAIL / f"{request.param}.eml").read_bytes(), "uji")
    return read(raw), expected(request.param)


def test_the_headline_is_the_storys(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    if wanted["headline"] != "any":
        assert message.headline == wanted["headline"]
    assert message.headline
    if "subject" in wanted:
        assert message.subject == wanted["subject"]


def test_the_paragraphs_are_the_storys_and_no_others(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    found = prose.paragraphs(message.body)
    if wanted.get("paragraphs") != "any":
        assert found == _paragraphs(wanted)
    for words in wanted.get("markdown", []):
        assert words in message.body
    for words in wanted.get("never", []):
        assert words not in message.body + message.source_text


def test_dateline_and_byline_are_fields(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    for name in ("dateline_city", "byline_outlet", "byline_writer", "byline_editor", "photographer"):
        assert getattr(message, name) == wanted.get(name, ""), name


def test_photos_are_found_in_order_with_their_captions(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    found = [
        {
            "filename": image.filename,
            "caption": image.caption,
            "credit": image.credit,
            "problem": bool(image.problem),
        }
        for image in message.images
    ]
    blank = {"caption": "", "credit": "", "problem": False}
    assert found == [{**blank, **image} for image in wanted.get("images", [])]


def test_other_files_are_kept(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    documents = wanted.get("documents", [])
    if isinstance(documents, int):
        assert len(message.documents) == documents
    else:
        assert [document.filename for document in message.documents] == documents
    fates = {part.number: part.fate for part in message.parts}
    for number, fate in wanted.get("fates", {}).items():
        assert fates.get(number) == fate, (number, fates)
    assert all(part.reason for part in message.parts)


def test_what_was_set_aside_is_said(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    for kind, words in wanted.get("aside", {}).items():
        texts = "".join(segment.text for segment in message.segments if segment.kind == kind)
        assert words in texts, (kind, message.segments)
    for words in wanted.get("note", []):
        assert words in message.note
    if "note" not in wanted:
        assert message.note == ""
    assert "".join(segment.text for segment in message.segments) == message.source_text


def test_the_sender_is_read_with_distrust(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    sender = {"address": "budi@contoh.go.id", "problem": False, **wanted.get("sender", {})}
    assert message.sender.address == sender["address"]
    assert bool(message.sender.problem) == sender["problem"]
    assert message.sender.name == sender.get("name", message.sender.name)
    if "date" in wanted:
        assert message.date == wanted["date"]


def test_other_texts_and_links_are_offered(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    assert [other.headline for other in message.others] == wanted.get("others", [])
    assert list(message.links) == wanted.get("links", [])


def test_automatic_mail_is_told_from_letters(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    assert bool(message.automatic) == wanted.get("automatic", False), message.automatic


def test_defects_are_named_and_no_others(case: tuple[Message, dict[str, Any]]) -> None:
    message, wanted = case
    for words in wanted.get("defects", []):
        assert words in "\n".join(message.defects)
    if "defects" not in wanted and wanted.get("paragraphs") != "any":
        assert message.defects == ()


def test_every_sample_has_its_expectation_and_the_code_that_makes_it() -> None:
    assert {path.stem for path in MAIL.glob("*.yaml")} - {"stories"} == set(NAMES)
    assert set(SAMPLES) <= set(NAMES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_samples_are_what_their_code_makes(name: str) -> None:
    # Pictures are made by Pillow, whose encoders may change; everything around them may not.
    made, kept = SAMPLES[name](), (MAIL / f"{name}.eml").read_bytes()
    assert made.partition(b"image/")[0] == kept.partition(b"image/")[0]


def test_the_table_in_the_docs_names_every_sample() -> None:
    text = (Path(__file__).parents[2] / "docs" / "mail.md").read_text(encoding="utf-8")
    missing = [name for name in NAMES if f"`{name}`" not in text]
    assert not missing


def _paragraphs(wanted: dict[str, Any]) -> list[str]:
    if "paragraphs" in wanted:
        return list(wanted["paragraphs"])
    return [*wanted.get("before", []), *STORIES[wanted["story"]], *wanted.get("and", [])]
