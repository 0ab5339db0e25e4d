"""What a story's thread of comments shows to one person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from newsroom import comments as acts
from newsroom.models import Person, Story

SHOWN = 20
"""How many comments a page of the thread holds."""


def thread(story: Story, person: Person, before: int | None = None) -> dict[str, Any]:
    """Return what the thread's template shows: up to SHOWN comments, oldest first."""
    if not person.sees:
        return {}
    rows = story.comments.select_related("by").order_by("-id")
    rows = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    desk = acts.desk()
    names, now = names_of(desk), timezone.now()
    shown = list(reversed(rows[:SHOWN]))
    for row in shown:
        row.html = acts.as_html(row.text, names)
        row.mine = row.by_id == person.pk and acts.may_comment(person)
        row.changeable = row.mine and row.at > now - acts.CHANGE_WITHIN
    return {
        "comments": shown,
        "earlier": shown[0].pk if len(rows) > SHOWN else None,
        "later": before is not None,
        "talks": acts.may_comment(person),
        "unread_calls": person.mentions.filter(read_at=None, comment__story=story).count(),
        "people": json.dumps([[one.username, str(one), one.get_role_display()] for one in desk]),
    }


def names_of(people: Iterable[Person]) -> dict[str, str]:
    """Return people's names by their lower-case account names."""
    return {person.username.lower(): str(person) for person in people}
