"""Several stories in one mail are offered apart; one story is never cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prose
from ingest import Message, RawMessage, read
from ingest.message import Segment
from ingest.several import cut
from tests.samples.parts import STORIES, docx, mail, part, text

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLES = {"pasar": "Pasar Rakyat Kenanga Diresmikan", "banjir": "Bantuan Banjir Disalurkan di Anggrek"}
PASAR, BANJIR = ("\n\n".join(STORIES[name]) for name in ("pasar", "banjir"))
ONE, TWO = TITLES["pasar"], TITLES["banjir"]


def reading(body: str, *files: bytes, subject: str = "kirim berita") -> Message:
    return read(RawMessage(mail(subject, text(body), *files), "uji"))


@pytest.mark.parametrize(
    "body",
    [
        f"1. {ONE.upper()}\n\nCONTOH – {PASAR}\n\n2. {TWO.upper()}\n\nCONTOH – {BANJIR}\n",
        f"Berita 1\n{ONE}\n\nCONTOH – {PASAR}\n\nBerita 2\n{TWO}\n\nCONTOH – {BANJIR}\n",
        f"BERITA I: {ONE}\n\nContoh - {PASAR}\n\nBERITA II: {TWO}\n\nContoh - {BANJIR}\n",
        f"*{ONE}*\n\nContoh - {PASAR}\n\n***\n\n*{TWO}*\n\nContoh - {BANJIR}\n",
        f"{ONE}\n\nContoh – {PASAR}\n\n________________\n\n{TWO}\n\nContoh – {BANJIR}\n",
        f"{ONE.upper()}\nCONTOH – {PASAR}\n\n{TWO.upper()}\nCONTOH – {BANJIR}\n",
        f"{ONE}\n\n{PASAR}\n\n==========\n\n{TWO}\n\n{BANJIR}\n",
    ],
    ids=["numbered", "named", "roman", "stars", "underscores", "nothing-between", "no-dateline"],
)
def test_each_further_story_is_offered_with_what_it_needs_to_stand_alone(body: str) -> None:
    message = reading(body)
    assert message.headline.casefold() == ONE.casefold()
    assert prose.paragraphs(message.body) == STORIES["pasar"]
    (other,) = message.others
    assert other.headline.casefold() == TWO.casefold()
    assert prose.paragraphs(other.body) == STORIES["banjir"]
    assert other.dateline_city == message.dateline_city
    assert other.source == "naskah ke-2"
    assert "".join(segment.text for segment in message.segments) == message.source_text
    assert any("lebih dari satu naskah" in defect for defect in message.defects)


def test_the_byline_code_of_a_further_story_becomes_its_fields() -> None:
    body = (
        f"{ONE}\n\nContoh – {PASAR}\n\n(humas/sri)\n\n=====\n\n{TWO}\n\nDEMAK – {BANJIR}\n\n(MC Demak/bdi)\n"
    )
    message = reading(body)
    assert (message.byline_outlet, message.byline_writer) == ("humas", "sri")
    (other,) = message.others
    assert (other.dateline_city, other.byline_outlet, other.byline_writer) == ("Demak", "MC Demak", "bdi")


@pytest.mark.parametrize(
    "body",
    [
        f"Contoh – {PASAR}\n\n----------\n\n{BANJIR}\n",
        f"Contoh – {PASAR}\n\n1. {STORIES['banjir'][0]}\n\n2. {STORIES['banjir'][1]} {STORIES['banjir'][2]}\n",
        f"Contoh – {PASAR}\n\n=====\n\nTentang Dinas Perdagangan Kota\n\n{BANJIR}\n",
        f"Contoh – {PASAR}\n\nLangkah Berikutnya Bagi Pedagang Pasar\n\n{BANJIR}\n",
        f"{ONE}\n\nContoh – {PASAR}\n\n=====\n\n{TWO}\n\nContoh – Hanya sebaris.\n",
        f"Contoh – {PASAR}\n\n2. Demak\n\n3. Kudus\n\n{BANJIR}\n",
    ],
    ids=["dashes", "demands", "about-box", "subheading", "too-short", "list"],
)
def test_one_story_stays_one(body: str) -> None:
    message = reading(body, subject=ONE)
    assert message.others == ()
    assert {segment.kind for segment in message.segments} == {"story"}


def test_body_and_document_of_two_stories_are_both_full_and_both_offered() -> None:
    message = reading(
        f"CONTOH – {BANJIR}", part(WORD, docx(["# " + ONE, *STORIES["pasar"]]), name="a.docx"), subject=TWO
    )
    assert message.headline == TWO
    assert [(other.source, other.headline) for other in message.others] == [("a.docx", ONE)]


def test_the_body_is_offered_when_the_document_is_longer_and_says_it_otherwise() -> None:
    document = docx(
        ["# " + ONE, *STORIES["pasar"], "Pasar ini juga memiliki ruang menyusui dan taman bermain anak."]
    )
    body = PASAR.replace("312 pedagang", "321 pedagang")
    message = reading(body, part(WORD, document, name="a.docx"), subject=ONE)
    (other,) = message.others
    assert other.source == "badan surel"
    assert "321 pedagang" in other.body
    assert "312 pedagang" in message.body


def test_a_body_that_is_the_document_but_for_captions_and_greeting_is_not_offered() -> None:
    body = f"Selamat siang min, berikut rilisnya.\n\n{PASAR}\n\nFoto 1: Wali kota meninjau kios pada hari peresmian pasar.\n"
    message = reading(body, part(WORD, docx(["# " + ONE, *STORIES["pasar"]]), name="a.docx"), subject=ONE)
    assert message.others == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "=====",
                "1. " + ONE.upper(),
                "Berita 2",
                TWO,
                ONE,
                f"Contoh – {PASAR}",
                BANJIR,
                "- satu",
                "(a/b)",
            ]
        ),
        max_size=14,
    )
)
def test_cutting_loses_no_letter(pieces: list[str]) -> None:
    whole = "\n\n".join(pieces)
    before = (
        Segment("greeting", "Halo\n"),
        Segment("story", whole[:90]),
        Segment("quote", "> x\n"),
        Segment("story", whole[90:]),
    )
    after, told = cut(before)
    assert "".join(piece.text for piece in after) == "".join(piece.text for piece in before)
    assert len(told) != 1
