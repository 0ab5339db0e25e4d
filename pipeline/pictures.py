"""A mail's pictures: originals and renditions kept, and which of them come with many mails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count

import ingest
import photos
from newsroom.models import Disposition, Habit, PictureSighting, Submission
from pipeline.stores import make_renditions, originals

OFTEN = 3
"""Mails of one sender, with different subjects, after which a picture is taken for part of the letterhead."""
_LOOKED_BACK = 2_000
"""A sender's latest sightings that are counted, so that the count stays quick in any archive."""


def kept_photo(image: ingest.Image) -> dict[str, Any]:
    """Keep one original and its renditions; a broken picture is kept and flagged, the others pass."""
    originals().keep(image.data)
    row: dict[str, Any] = {
        "sha256": image.sha256,
        "filename": image.filename[:255],
        "caption": image.caption,
        "credit": image.credit[:200],
        "problem": image.problem,
    }
    try:
        facts = photos.facts(image.data)
        make_renditions(image.sha256, image.data)
    except photos.UnreadablePhoto as error:
        return {**row, "problem": str(error), "readable": False, "left_out": True}
    row.update(width=facts.width, height=facts.height, dhash=_likeness(image.data))
    row["caption"] = row["caption"] or facts.description
    row["credit"] = row["credit"] or (facts.credit or facts.creator)[:200]
    row["problem"] = row["problem"] or facts.problem
    if facts.taken_at:
        row["taken_at"] = facts.taken_at.replace(tzinfo=settings.REDAKSI.office.tz)
    return row


def _likeness(data: bytes) -> str:
    """Return a photo's likeness as its row keeps it; empty for a plain surface, which is like any other."""
    bits = photos.dhash(data)
    return f"{bits:016x}" if 4 <= bits.bit_count() <= 60 else ""


def keep_aside(message: ingest.Message) -> None:
    """Keep the pictures that are no photos, too: an editor may want to see or use one."""
    for image in message.aside:
        originals().keep(image.data)


def note_pictures(submission: Submission, message: ingest.Message) -> None:
    """Write down which pictures came with this mail; doing it twice is doing it once."""
    PictureSighting.objects.bulk_create(
        [
            PictureSighting(
                submission=submission,
                sender_address=message.sender.address[:254],
                sha256=image.sha256,
                **_size(image),
            )
            for image in (*message.images, *message.aside)
        ],
        ignore_conflicts=True,
    )


def no_photos(address: str, submission: Submission) -> frozenset[str]:
    """Return the pictures that are never photos in this sender's mails.

    They came with three or more earlier mails, or an editor said so. Mails with one subject count as one:
    who sends a story three times has not made a logo of its photo.
    """
    if not address:
        return frozenset()
    habit = Habit.objects.filter(address=address).first()
    earlier = PictureSighting.objects.filter(sender_address=address, submission__lt=submission.pk)
    latest = earlier.order_by("-id").values("pk")[:_LOOKED_BACK]
    often = (
        PictureSighting.objects.filter(pk__in=latest, submission__disposition=Disposition.ACCEPTED)
        .values("sha256")
        .annotate(mails=Count("submission__subject", distinct=True))
        .filter(mails__gte=OFTEN)
        .values_list("sha256", flat=True)
    )
    if habit is None:
        return frozenset(often)
    return (frozenset(often) - frozenset(habit.uses)) | frozenset(habit.ignores)


def _size(image: ingest.Image) -> dict[str, int]:
    try:
        facts = photos.facts(image.data)
    except photos.UnreadablePhoto:
        return {}  # listed all the same, as a picture that cannot be shown
    return {"width": facts.width, "height": facts.height}
