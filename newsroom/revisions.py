"""An earlier text put back: as a new revision, so that the one it replaces stays to be put back in turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from newsroom.editing import EditRefused, PhotoChange, edit, may_edit
from newsroom.models import Person, Photo, Revision, Story

RESTORE = "restore_revision"
"""The verb of the revision and of its log line."""


def put_back(story: Story, old: Revision, by: Person, *, seen: int | None, why: str = RESTORE) -> Revision:
    """Save the text, the choice and order of photos and their words as `old` has them, as a new revision.

    Flags, consent, crop and blur stay as they are now: what protects people is not undone by a look back.
    Raises EditRefused, Overtaken.
    """
    if not may_edit(story, by):
        raise EditRefused(
            _("Berita ini sedang “%(state)s”, jadi revisi lama tidak dapat dikembalikan sekarang.")
            % {"state": story.get_state_display()}
        )
    text = {name: getattr(old, name) for name in Revision.TEXT}
    # Which photos are shown is an editor's choice.
    saved = edit(story, by, text, _photos(story, old) if by.edits else (), seen=seen, why=why)
    if saved is None:
        raise EditRefused(_("Revisi itu sama dengan naskah yang sekarang, jadi tidak ada yang diubah."))
    return saved


def lost_photos(story: Story, old: Revision) -> list[str]:
    """Name the photos of a revision that the story holds no more: they cannot be put back."""
    held = set(story.photos.values_list("sha256", flat=True))
    return [photo["filename"] or photo["sha256"][:12] for photo in old.photos if photo["sha256"] not in held]


def _photos(story: Story, old: Revision) -> list[PhotoChange]:
    then: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for place, photo in enumerate(old.photos):
        then.setdefault(photo["sha256"], []).append((place, photo))
    rows = list(story.photos.all())
    return list(_changes(rows, then, len(old.photos)))


def _changes(
    rows: Iterable[Photo], then: dict[str, list[tuple[int, dict[str, Any]]]], after: int
) -> Iterable[PhotoChange]:
    for row in rows:
        place, words = then[row.sha256].pop(0) if then.get(row.sha256) else (None, {})
        order = after if place is None else place
        after += place is None
        yield PhotoChange(
            pk=row.pk,
            caption=words.get("caption", row.caption),
            credit=words.get("credit", row.credit),
            alt=words.get("alt", row.alt),
            order=order,
            left_out=row.left_out if not row.readable else place is None,
            child=row.child,
            victim=row.victim,
            document=row.document,
            consent=row.consent,
            consent_from=row.consent_from,
        )
