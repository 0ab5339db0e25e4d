"""An old Word document, read by the real antiword."""

from __future__ import annotations

import shutil

import pytest

import prose
from ingest import RawMessage, read
from ingest.doc import read as read_doc
from ingest.docx import NotReadable
from tests.samples.parts import STORIES, jpeg, mail, part, photo, text
from tests.samples.word97 import doc

pytestmark = pytest.mark.real


@pytest.fixture(autouse=True)
def antiword() -> None:
    assert shutil.which("antiword"), "the packages of tests/real/packages/antiword.txt are not installed"


def test_the_story_of_an_old_word_document_is_read_with_its_letters_and_paragraphs() -> None:
    assert read_doc(doc(["Ma’had “Cempaka” – naïf", *STORIES["pasar"]])).split("\n\n") == [
        "Ma’had “Cempaka” – naïf",
        *STORIES["pasar"],
    ]


def test_a_greeting_and_an_old_word_document_make_a_story() -> None:
    first, *rest = STORIES["pasar"]
    written = doc(["PASAR RAKYAT KENANGA DIRESMIKAN", f"CONTOH – {first}", *rest, "(humas/sri)"])
    raw = mail(
        "rilis",
        text("Selamat siang min, mohon dimuat.\n"),
        part("application/msword", written, name="rilis.doc"),
        jpeg("pasar.jpg", 1),
    )
    message = read(RawMessage(raw, "uji"))
    assert message.headline == "PASAR RAKYAT KENANGA DIRESMIKAN"
    assert prose.paragraphs(message.body) == STORIES["pasar"]
    assert (message.dateline_city, message.byline_outlet, message.byline_writer) == ("Contoh", "humas", "sri")
    assert [image.filename for image in message.images] == ["pasar.jpg"]
    assert message.defects == ()


@pytest.mark.parametrize("cut", [600, 2500, 5000])
def test_a_broken_one_is_told_and_nothing_else_is_lost(cut: int) -> None:
    with pytest.raises(NotReadable, match=r"\.docx"):
        read_doc(doc(STORIES["pasar"])[:cut])


def test_what_is_no_word_document_at_all_is_told() -> None:
    with pytest.raises(NotReadable, match="tidak dapat dibaca"):
        read_doc(photo(1))
