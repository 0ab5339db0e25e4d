"""What was changed on a portal's pages, as far as a reader can see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config import Site
from publishers import Held, Seen, Unreachable, build
from publishers.assisted import AssistedPublisher
from tests.publishers.portal import ByHand, Portal, portal
from tests.publishers.samples import post


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as one:
        yield one


def assisted(held: Portal) -> AssistedPublisher:
    made = build(Site.model_validate({"name": "ip", "kind": "assisted", "title": "Portal", "url": held.url}))
    assert isinstance(made, AssistedPublisher)
    return made


def shown(held: Portal) -> Held:
    """Have a story on the portal, proven."""
    ledger: dict[str, Any] = {}
    made = ByHand(assisted(held), held).create(post(), ledger)
    return Held(
        "1", made.remote_id, made.url, shown=True, ledger=ledger, headline=post().headline,
        lead=post().text_lead, html=post().html, paragraphs=made.detail["paragraphs"][0],
    )  # fmt: skip


def only(held: Portal, one: Held) -> Seen:
    (seen,) = assisted(held).compare([one])
    return seen


def test_a_page_that_shows_all_it_did_is_as_it_was(held: Portal) -> None:
    assert only(held, shown(held)).drift == ""


def test_a_page_that_lacks_what_it_had_is_named_and_may_be_let_be(held: Portal) -> None:
    one = shown(held)
    other = replace(one, headline="Judul yang tidak ada di halaman itu")
    seen = only(held, other)
    assert (seen.drift, "pasar murah" in seen.text.lower()) == ("edited", True)
    assert only(held, replace(other, ledger={**one.ledger, **seen.record})).drift == ""


def test_a_page_that_is_gone_is_deleted_and_one_withdrawn_that_stands_is_shown(held: Portal) -> None:
    one = shown(held)
    assert only(held, replace(one, shown=False)).drift == "shown"
    held.remove(one.url)
    assert only(held, one).drift == "deleted"
    assert only(held, replace(one, shown=False)).drift == ""


def test_what_was_only_ever_a_persons_word_is_left_out(held: Portal) -> None:
    one = shown(held)
    assert list(assisted(held).compare([replace(one, paragraphs=0)])) == []


def test_a_portal_that_is_away_is_no_drift() -> None:
    with portal() as gone:
        publisher, one = assisted(gone), shown(gone)
    with pytest.raises(Unreachable):
        list(publisher.compare([one]))
