"""A mail's pictures: originals and renditions kept, and which of them come with many mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings

import ingest
import photos
from newsroom.models import Disposition, PictureSighting, Submission
from pipeline.stores import PUBLISHED, THUMBNAIL, make_renditions, originals, rendition

OFTEN = 3
"""Mails of one sender, with different subjects, after which a picture is taken for part of the letterhead."""
_IGNORED = "gambar yang selalu diabaikan dari pengirim ini, atas pilihan editor"
_SAID = (
    "format",
    "camera",
    "headline",
    "description",
    "creator",
    "credit",
    "copyright",
    "city",
    "province",
    "country",
)
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
    # The small rendition says what a photo is like as well as the original, and is decoded in a fraction of the time.
    likeness = _likeness(rendition(image.sha256, THUMBNAIL).read_bytes())
    row.update(width=facts.width, height=facts.height, dhash=likeness)
    measured = photos.measures(rendition(image.sha256, PUBLISHED).read_bytes())
    row.update(sharpness=measured.sharpness, exposure=measured.exposure, facts=_said(facts, measured))
    row["caption"] = row["caption"] or facts.description
    row["credit"] = row["credit"] or (facts.credit or facts.creator)[:200]
    row["problem"] = row["problem"] or facts.problem
    if facts.taken_at:
        row["taken_at"] = facts.taken_at.replace(tzinfo=settings.REDAKSI.office.tz)
    return row


def _said(facts: photos.Facts, measured: photos.Measures) -> dict[str, Any]:
    """Return what else the file says, as its row keeps it: only what there is.

    Where it was taken (`gps`) stays in this row, for those who keep the original; no rendition holds it.
    """
    said = {name: getattr(facts, name) for name in _SAID}
    said |= {"gps": list(facts.gps or ()), "dark": measured.dark, "bright": measured.bright}
    return {name: value for name, value in said.items() if value}


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


def seen_often(address: str, submission: Submission) -> frozenset[str]:
    """Return the pictures that came with three or more earlier mails of this sender.

    Mails with one subject count as one: who sends a story three times has not made a logo of its photo.
    Nor do mails count that were not taken up, or whoever borrows an address could hide a picture.
    """
    if not address:
        return frozenset()
    earlier = PictureSighting.objects.filter(sender_address=address, submission__lt=submission.pk)
    rows = earlier.order_by("-id").values_list("sha256", "submission__subject", "submission__disposition")
    subjects: dict[str, set[str]] = {}
    for sha256, subject, disposition in rows[:_LOOKED_BACK]:
        if disposition == Disposition.ACCEPTED:
            subjects.setdefault(sha256, set()).add(subject)
    return frozenset(sha256 for sha256, found in subjects.items() if len(found) >= OFTEN)


def without(message: ingest.Message, ignored: Sequence[str]) -> ingest.Message:
    """Set aside the pictures editors want to be ignored, however much they look like photos."""
    gone = [image for image in message.images if image.sha256 in ignored]
    if not gone:
        return message
    captions = [f"Keterangan tanpa foto: {image.caption}" for image in gone if image.caption]
    return replace(
        message,
        images=tuple(image for image in message.images if image not in gone),
        aside=(*message.aside, *gone),
        note="\n\n".join(filter(None, [message.note, *captions])),
        parts=tuple(
            replace(part, fate="kept", reason=_IGNORED)
            if part.fate == "used" and part.sha256 in ignored
            else part
            for part in message.parts
        ),
    )


def _size(image: ingest.Image) -> dict[str, int]:
    try:
        facts = photos.facts(image.data)
    except photos.UnreadablePhoto:
        return {}  # listed all the same, as a picture that cannot be shown
    return {"width": facts.width, "height": facts.height}
