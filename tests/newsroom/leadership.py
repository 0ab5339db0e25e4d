"""An office with a leadership: what tests of approval share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsroom.models import Person, Story, Term
from newsroom.workflow import move
from tests.newsroom.screens import make_story
from tests.office import SETTINGS, Office

CHAIN = "chain: [section_head, division_head]"


def with_chain(use: Callable[[str], None], rules: str = CHAIN) -> None:
    use(f"{SETTINGS}approval: {{{rules}}}\n")


def leader(office: Office, username: str, role: str, name: str = "") -> Person:
    """Make somebody of the leadership who can be reached by mail and by phone."""
    person: Person = office.person(username, role, name or username.title())
    Person.objects.filter(pk=person.pk).update(
        email=f"{username}@contoh.example", phone=f"62812000{person.pk:04d}"
    )
    return Person.objects.get(pk=person.pk)


def deputy(person: Person, role: str, instead_of: Person | None = None, **fields: Any) -> Term:
    today = timezone.localdate()
    given = {"starts": today, "ends": today + timedelta(days=3), "acting": "plh", **fields}
    return Term.objects.create(person=person, role=role, instead_of=instead_of, **given)


def verified(office: Office, by: Person, number: int = 1, **fields: Any) -> Story:
    """Put a story through verification; the chain is next."""
    story = make_story(office, number, **fields)
    move(story, "verify", by)
    return Story.objects.get(pk=story.pk)
