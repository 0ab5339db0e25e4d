"""Words typed and not saved yet: kept field by field, so that a person's windows do not undo each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsroom.models import Draft, Person, Story

Value = str | bool | None
"""What a field holds; None: again what is saved."""


@dataclass(frozen=True)
class Sent:
    """What one window sends."""

    page: str
    seen: int | None
    words: Mapping[str, Value]
    turns: Mapping[str, int]
    """How far it knows the draft: the turn of each word it has read."""


@dataclass(frozen=True)
class Kept:
    """What became of it."""

    stale: bool = False
    """Nothing was kept: a later text of the same person is being written on."""
    turns: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Words another window wrote since, not touched by this one."""
    gone: list[str] = field(default_factory=list)
    clashes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Words both windows wrote: the other's stand until the person has chosen."""


def keep(story: Story, person: Person, sent: Sent) -> Kept:
    """Add what a window sends to the person's draft."""
    with transaction.atomic():
        if sent.words:
            Draft.objects.get_or_create(story=story, person=person)
        draft = Draft.objects.select_for_update().filter(story=story, person=person).first()
        if draft is None:
            return Kept()
        if sent.page == draft.done:
            return Kept(turns=dict.fromkeys(sent.words, 0))
        if draft.words and draft.seen != sent.seen:
            if not sent.words or sent.seen != story.revision_id:
                return Kept(stale=True)
            draft.words = _unknown(draft.words, "", sent.turns)
        kept = _put(draft, sent)
        if sent.words:
            draft.seen, draft.at = sent.seen, timezone.now()
            draft.save()
    return kept


def settle(story: Story, person: Person, page: str, turns: Mapping[str, int]) -> None:
    """Drop the words a window has saved or discarded; those it never saw stay."""
    with transaction.atomic():
        Draft.objects.get_or_create(story=story, person=person)
        draft = Draft.objects.select_for_update().get(story=story, person=person)
        draft.words = _unknown(draft.words, page, turns)
        draft.done = page
        draft.save()


def _put(draft: Draft, sent: Sent) -> Kept:
    kept = Kept(
        elsewhere={
            name: word
            for name, word in _unknown(draft.words, "", sent.turns).items()
            if name not in sent.words
        },
        gone=[name for name in sent.turns if name not in draft.words and name not in sent.words],
    )
    for name, value in sent.words.items():
        there, known = draft.words.get(name), sent.turns.get(name, 0)
        if there and there["page"] != sent.page and there["turn"] > known and there["value"] != value:
            kept.clashes[name] = there
        elif value is None:
            draft.words.pop(name, None)
            kept.turns[name] = 0
        else:
            kept.turns[name] = max(there["turn"] if there else 0, known) + 1
            draft.words[name] = {"value": value, "page": sent.page, "turn": kept.turns[name]}
    return kept


def _unknown(words: Mapping[str, Any], page: str, turns: Mapping[str, int]) -> dict[str, Any]:
    return {
        name: word
        for name, word in words.items()
        if word["page"] != page and word["turn"] > turns.get(name, 0)
    }
