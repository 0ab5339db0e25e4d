"""People at their screens."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from newsroom.models import Contributor, Person
from tests.office import Office


@pytest.fixture(autouse=True)
def _forgotten_attempts() -> None:
    """Let no test be refused for how often another has signed in."""
    cache.clear()


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    return person


@pytest.fixture
def second_editor(office: Office) -> Person:
    person: Person = office.person("sulastri", "chief", "Sulastri")
    return person


@pytest.fixture
def writer(office: Office) -> Person:
    """The contributor of the office's stories, with an account."""
    person: Person = office.person("nala", "contributor", "Nala")
    Contributor.objects.filter(address="nala@contoh.example").update(person=person)
    return person
