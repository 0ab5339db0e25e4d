"""When two people have written on one story: whose words stand in which field."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from newsroom.editing import may_edit
from newsroom.models import Person, Photo, Revision, Story
from newsroom.photos import FLAGS
from newsroom.views.diff import Difference, compare, labels, shortened

PHOTO_TEXT = ("caption", "credit", "alt")


def merge(story: Story, posted: QueryDict, base: Revision | None) -> tuple[QueryDict, list[Difference]]:
    """Lay what was `posted` over the story as another has saved it meanwhile; nothing is saved.

    Words only one of the two changed are taken from that one. Where both wrote, the poster's words stand,
    and the difference from the saved ones is returned for them to judge. Choices (sites, embargo, which
    photos) are the saved ones: undoing another's unseen choice could put a child's picture on the web.
    """
    merged = posted.copy()
    conflicts = []
    names = labels()
    for name in Revision.TEXT:
        ours, theirs = _plain(posted.get(name, "")), getattr(story, name)
        began = getattr(base, name) if base else theirs
        merged[name], both = _settled(ours, theirs, began)
        if both:
            conflicts.append(Difference(names[name], shortened(compare(theirs, ours))))
    began_photos = {photo["sha256"]: photo for photo in base.photos} if base else {}
    for place, photo in enumerate(story.photos.all(), start=1):
        conflicts += _merge_photo(merged, photo, place, began_photos.get(photo.sha256, {}))
    merged.setlist("sites", story.sites)
    merged.pop("embargo_until", None)
    if story.embargo_until:
        local = timezone.localtime(story.embargo_until)
        merged["embargo_until"] = local.strftime("%Y-%m-%dT%H:%M")
    merged["seen"], merged["seen_state"] = str(story.revision_id), story.state
    return merged, conflicts


def beside(
    story: Story, person: Person, posted: QueryDict, base: Revision | None
) -> tuple[QueryDict, dict[str, Any]]:
    """Merge as `merge` does; return the form, and what the second of two writers is told above it."""
    merged, conflicts = merge(story, posted, base)
    latest = story.log.select_related("by").order_by("-id").first()
    second = {
        "latest": latest,
        "mine": latest is not None and latest.by == person,
        "conflicts": conflicts,
        "unsaved": [] if may_edit(story, person) else unsaved(story, merged),
    }
    return merged, second


def unsaved(story: Story, merged: QueryDict) -> list[tuple[str, str]]:
    """Return the words that stand nowhere but on the poster's screen, for them to copy."""
    names = labels()
    lost = [
        (names[name], merged[name])
        for name in Revision.TEXT
        if merged[name].strip() != getattr(story, name).strip()
    ]
    for place, photo in enumerate(story.photos.all(), start=1):
        for name in PHOTO_TEXT:
            words = merged[f"foto-{photo.pk}-{name}"]
            if words.strip() != getattr(photo, name).strip():
                lost.append((f"{names['photos']} {place}", words))
    return lost


def _merge_photo(merged: QueryDict, photo: Photo, place: int, began: dict[str, Any]) -> list[Difference]:
    conflicts = []
    for name in PHOTO_TEXT:
        key = f"foto-{photo.pk}-{name}"
        theirs = getattr(photo, name)
        merged[key], both = _settled(_plain(merged.get(key, "")), theirs, began.get(name, theirs))
        if both:
            conflicts.append(
                Difference(f"{labels()['photos']} {place}", compare(theirs, _plain(merged[key])))
            )
    for name in ("consent", "consent_from"):
        merged[f"foto-{photo.pk}-{name}"] = getattr(photo, name)
    merged[f"foto-{photo.pk}-place"] = str(place)
    for name in ("left_out", *FLAGS):
        merged.pop(f"foto-{photo.pk}-{name}", None)
        if getattr(photo, name):
            merged[f"foto-{photo.pk}-{name}"] = "on"
    return conflicts


def _settled(ours: str, theirs: str, began: str) -> tuple[str, bool]:
    """Return the words to show, and whether both had changed them."""
    if ours.strip() in (began.strip(), theirs.strip()):
        return theirs, False
    return ours, theirs != began


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
