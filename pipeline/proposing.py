"""What a mail would change on a story: the fields it has differently, and the photos that are new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ingest
import prose
from ingest import headline as headlines
from ingest import revised
from newsroom.likeness import is_among
from newsroom.models import Revision, Story
from newsroom.tickets import ticket_in
from prose import likeness

_LARGER = 1.3
"""How much wider a photo must be to replace the same photo that the story has."""
_LENGTH = {
    "dateline_city": 120,
    "byline_outlet": 150,
    "byline_writer": 150,
    "byline_editor": 150,
    "photographer": 150,
}


def proposed_text(
    message: ingest.Message, headline: str, body: str, story: Story, first: Revision | None
) -> dict[str, str]:
    """Return the fields the mail has, and has otherwise than the story as it came; none when nothing differs.

    A text that only speaks about the story (`paragraf dua: 120, bukan 100`) is no text for it: the editor
    reads it beside the story.
    """
    if not _is_whole(body, story, first):
        return {}
    came: Any = first or story
    parts = prose.take_apart(body)  # a line above it may have hidden its dateline
    fields = {
        "headline": "" if _names_nothing(headline) else headline,
        "body": parts.body,
        **{
            name: (getattr(message, name) or getattr(parts, name, ""))[:longest]
            for name, longest in _LENGTH.items()
        },
    }
    return {
        name: value
        for name, value in fields.items()
        if value.strip() and value.split() != getattr(came, name).split()
    }


def new_photos(story: Story, pictures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the photos the story has not, as a row of JSON can keep them.

    One that the story has smaller is told as `like`: the editor chooses between them.
    """
    held = list(story.photos.values_list("sha256", "dhash", "width"))
    originals = {sha256 for sha256, _dhash, _width in held}
    found = []
    for picture in pictures:
        like = [row for row in held if is_among(picture, [row[:2]])]
        if picture["sha256"] in originals or any(picture.get("width", 0) < _LARGER * row[2] for row in like):
            continue
        row = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in picture.items()
        }
        found.append({**row, "like": bool(like)})
    return found


def _names_nothing(headline: str) -> bool:
    """Say whether a headline is about the mail: `Perbaikan berita`, `Rilis`, `MC-000012 jumlah peserta`."""
    title = revised.bare(headline)
    return (
        headline == headlines.UNTITLED
        or not title
        or headlines.says_nothing(title)
        or ticket_in(headline) is not None
    )


def _is_whole(body: str, story: Story, first: Revision | None) -> bool:
    """Say whether a text is the story written anew, not words about it."""
    count = len(likeness.words(body))
    texts = [story.body, *([first.body] if first else [])]
    shared = max(likeness.overlap(body, text).shorter for text in texts)
    if count >= 15 and shared >= 0.3:
        return count >= 0.3 * len(likeness.words(story.body))
    return count >= 40 and count >= 0.5 * len(likeness.words(story.body))
