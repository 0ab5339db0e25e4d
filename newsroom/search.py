"""Finding released stories by their words, on SQLite's FTS5."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import QuerySet

from newsroom.models import Story
from newsroom.tickets import ticket_in


def index(story: Story) -> None:
    """Take the story's verified words and captions into the index, replacing what stood there."""
    sealed = story.sealed()
    captions = "\n".join(f"{photo['caption']} {photo['credit']}" for photo in sealed.photos)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsroom_words WHERE rowid = %s", [story.pk])
        cursor.execute(
            "INSERT INTO newsroom_words (rowid, headline, body, captions) VALUES (%s, %s, %s, %s)",
            [story.pk, sealed.headline, sealed.body, captions],
        )


def find(stories: QuerySet[Story], words: str) -> QuerySet[Story]:
    """Keep the stories that hold every one of `words`, or words that begin so; or the one whose ticket it is."""
    if (number := ticket_in(words)) is not None:
        return stories.filter(pk=number)
    terms = re.findall(r"\w+", words, re.UNICODE)
    if not terms:
        return stories
    match = " ".join(f'"{term}"*' for term in terms)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM newsroom_words WHERE newsroom_words MATCH %s ORDER BY rowid DESC LIMIT 5000",
            [match],
        )
        found = [row[0] for row in cursor.fetchall()]
    return stories.filter(pk__in=found)
