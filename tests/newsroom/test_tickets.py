"""The number on an acknowledgement: found again however a person types it."""

from __future__ import annotations

import pytest

from newsroom.models import Letter, Person
from newsroom.search import index
from newsroom.tickets import ticket, ticket_in
from tests.newsroom.screens import enter, make_story, page, release, text_of
from tests.office import Office


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Re: Musrenbang [MC-000123]", 123),
        ("mc-123", 123),
        ("MC000045", 45),
        ("MC 000045", 45),
        ("nomor MC–000077, terima kasih", 77),
        ("MC-1234567", 1234567),
        ("Rapat MC 2026", None),
        ("MC-0", None),
        ("AMC-000123", None),
        ("MC-1234567890123", None),
        ("MC. Kota Uji/nala", None),
    ],
)
def test_a_ticket_is_read_however_it_is_typed(typed: str, number: int | None) -> None:
    assert ticket_in(typed) == number


def test_every_ticket_is_read_back() -> None:
    assert [ticket_in(f"Re: x [{ticket(pk)}]") for pk in (1, 999_999, 1_000_000)] == [1, 999_999, 1_000_000]


def test_a_ticket_leads_to_its_story_wherever_it_stands(office: Office, editor: Person) -> None:
    story = release(make_story(office), editor)
    index(story)
    client = enter(editor)
    assert client.get("/antrean/", {"q": f"mc-{story.pk}"}).headers["Location"] == page(story)
    assert story.headline in text_of(client.get("/arsip/", {"q": ticket(story.pk)}))
    assert ticket(story.pk) in text_of(client.get(page(story)))
    assert client.get("/antrean/", {"q": "MC-000999"}).status_code == 200


def test_a_ticket_opens_no_story_of_others(office: Office, editor: Person) -> None:
    story = make_story(office)
    stranger = office.person("lain", "contributor")
    assert enter(stranger).get("/antrean/", {"q": ticket(story.pk)}).status_code == 200


def test_the_storys_page_shows_what_was_written_to_its_contributor(office: Office, editor: Person) -> None:
    story = make_story(office)
    told = "Surat ke nala@contoh.example tidak sampai."
    Letter.objects.create(
        story=story, to="nala@contoh.example", subject="x", body="<b>Isi</b>", message_id="<1@x>", error=told
    )
    shown = enter(editor).get(page(story))
    assert told in text_of(shown)
    assert "&lt;b&gt;Isi&lt;/b&gt;" in shown.content.decode()
