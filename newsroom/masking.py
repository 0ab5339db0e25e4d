"""Personal data in a story masked by one tap: an ordinary revision, which is undone like others."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.editing import EditRefused, may_edit, rewrite
from newsroom.models import Person, Photo, Revision, Story
from newsroom.personal import WORDS_OF_A_PHOTO, Concern, concerns, places
from prose.personal import find

MASK = "mask"
"""The verb of the revision and of its log line."""


def mask(story: Story, by: Person, *, seen: int | None, token: str = "") -> Revision:
    """Mask one finding wherever it stands in the story, or all that bar it. Raises EditRefused, Overtaken.

    What the log keeps is the kinds and the places.
    """
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    wanted = [one for one in concerns(story) if (one.token == token if token else one.bars)]
    if not wanted:
        raise EditRefused(_("Data ini sudah tidak ada di berita. Muat ulang halaman."))
    text: dict[str, str] = {}
    with transaction.atomic():
        for place in places(story):
            masked = _masked(place.text, wanted)
            if masked == place.text:
                continue
            if place.photo is None:
                text[place.name] = masked
            else:
                Photo.objects.filter(pk=place.photo).update(**{place.name: masked})
        note = "; ".join(dict.fromkeys(f"{one.label} ({one.where})" for one in wanted))
        return rewrite(story, by, MASK, seen=seen, text=text, note=note)


def unmask(story: Story, before: Revision, by: Person, *, seen: int | None) -> Revision:
    """Put back the words as they stood before they were masked. Raises EditRefused, Overtaken."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    with transaction.atomic():
        for kept in before.photos:
            words = {name: kept[name] for name in WORDS_OF_A_PHOTO if name in kept}
            story.photos.filter(sha256=kept["sha256"]).update(**words)
        return rewrite(
            story, by, "undo_text", seen=seen, text={name: getattr(before, name) for name in Revision.TEXT}
        )


def _masked(text: str, wanted: list[Concern]) -> str:
    """Return a text with each of these masked; a child's name wherever it stands, not only beside the age."""
    keys = {(one.kind, one.value) for one in wanted}
    for finding in reversed(find(text)):
        if (finding.kind, finding.value) in keys:
            text = text[: finding.start] + finding.masked + text[finding.end :]
    for one in wanted:
        if one.kind == "child":
            text = re.sub(rf"(?<!\w){re.escape(one.first.finding.found)}(?!\w)", one.masked, text)
    return text
