"""reread: a kept mail is read again, by a reader that has learned since. What a person touched stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

import ingest
from newsroom.editing import Overtaken, rewrite
from newsroom.models import Disposition, Photo, State, Story, Submission, log
from newsroom.photos import photos_to_publish
from pipeline.pictures import kept_photo
from pipeline.prepare import prepare
from pipeline.reading import facts_of, keep_files, list_files, read_mail, text_of

_WHO = ("sender_address", "sender_name", "reply_to")
"""Who wrote a mail was judged when it came, with keys that may be gone by now: it is not judged again."""
_PHOTO_FACTS = (
    "caption",
    "credit",
    "problem",
    "width",
    "height",
    "taken_at",
    "readable",
    "filename",
    "dhash",
)


class Unreadable(Exception):
    """The mail cannot be read by this reader. The text says so in Indonesian; nothing was changed."""


class Outcome(StrEnum):
    RENEWED = "renewed"
    """Its story has the new text or photos."""
    SAME = "same"
    """Its story reads as before."""
    TOUCHED = "touched"
    """Its story is a person's by now, and was left alone."""
    FACTS = "facts"
    """It has no story; what the mail holds was renewed."""
    DECIDED = "decided"
    """It could not be read before, and went the road again."""


SENTENCES = {
    Outcome.RENEWED: "Naskah dan foto diperbarui.",
    Outcome.SAME: "Naskahnya terbaca sama seperti sebelumnya.",
    Outcome.TOUCHED: "Beritanya sudah ditangani orang, jadi dibiarkan apa adanya.",
    Outcome.FACTS: "Isi surel dibaca ulang; penilaiannya tetap.",
    Outcome.DECIDED: "Surel yang dulu gagal dibaca sudah dinilai lagi.",
}


@dataclass(frozen=True)
class Read:
    outcome: Outcome
    story: Story | None = None


def reread(submission: Submission) -> None:
    """Read a mail again as a person asked; one that cannot be read waits for a person. Raises archive.ArchiveError."""
    try:
        read_again(submission)
    except Unreadable as error:
        submission.failed(str(error), again_at=None)
        return
    Submission.objects.filter(pk=submission.pk).update(reread_at=None)


def read_again(submission: Submission) -> Read:
    """Read a mail again under our claim, and renew what nobody has touched. Raises Unreadable and what reads raise.

    Doing it twice is doing it once. A worker that dies in the middle has changed nothing.
    """
    if submission.disposition in (Disposition.FAILED, Disposition.UNREAD):
        prepare(submission)
        return Read(Outcome.DECIDED, submission.story)
    message = _message(submission)
    keep_files(message)
    story = submission.story
    pictures = [kept_photo(image) for image in message.images] if _is_ours(submission) else []
    try:
        with transaction.atomic():
            renewed = bool(story) and _is_ours(submission) and _renew(story, message, pictures)
            return _written(submission, message, _outcome(submission, renewed=renewed))
    except Overtaken:  # a person was quicker: the story is theirs
        with transaction.atomic():
            return _written(submission, message, Outcome.TOUCHED)


def foresee(submission: Submission) -> Read:
    """Say what reading a mail again would do, changing nothing. Raises Unreadable."""
    if submission.disposition in (Disposition.FAILED, Disposition.UNREAD):
        return Read(Outcome.DECIDED, submission.story)
    message = _message(submission)
    story = submission.story
    renewed = bool(story) and _is_ours(submission) and _differs(story, message)
    return Read(_outcome(submission, renewed=renewed), story)


def _message(submission: Submission) -> ingest.Message:
    message = read_mail(submission)
    if not message.parts:  # what `ingest.read` gives for a mail it failed on
        raise Unreadable(message.defects[0] if message.defects else "Surel ini belum dapat dibaca.")
    return message


def _outcome(submission: Submission, *, renewed: bool) -> Outcome:
    if submission.story is None:
        return Outcome.FACTS
    if not _is_ours(submission) and not renewed:
        return Outcome.TOUCHED
    return Outcome.RENEWED if renewed else Outcome.SAME


def _is_ours(submission: Submission) -> bool:
    """Say whether no person has had a hand in the mail's story: its text, its photos, its state."""
    story = submission.story
    return (
        story is not None
        and story.state == State.QUEUED
        and not story.revisions.exclude(by=None).exists()
        and not story.log.exclude(by=None).exclude(verb="ask_reread").exists()
        and story.mails.count() == 1
        and not submission.split_stories.exists()
    )


def _written(submission: Submission, message: ingest.Message, outcome: Outcome) -> Read:
    facts = facts_of(message)
    for name in _WHO:
        del facts[name]
    if submission.split_stories.exists():
        del facts["others"]  # stories were made of them by their places
    list_files(submission, message)
    submission.done(**facts)
    log("reread", submission=submission, story=submission.story, note=SENTENCES[outcome])
    return Read(outcome, submission.story)


def _differs(story: Story, message: ingest.Message) -> bool:
    text = text_of(message, story.contributor)
    shown = [photo.sha256 for photo in story.photos.filter(left_out=False)]
    return any(getattr(story, name) != value for name, value in text.items()) or shown != [
        image.sha256 for image in message.images
    ]


def _renew(story: Story, message: ingest.Message, pictures: list[dict[str, Any]]) -> bool:
    """Give the story the mail's text and photos; False when they are the same. Raises Overtaken."""
    before = photos_to_publish(story)
    _renew_photos(story, message, pictures)
    text = {
        name: value
        for name, value in text_of(message, story.contributor).items()
        if value != getattr(story, name)
    }
    if not text and before == photos_to_publish(story):
        return False
    rewrite(story, None, "reread", seen=story.revision_id, text=text)
    return True


def _renew_photos(story: Story, message: ingest.Message, pictures: list[dict[str, Any]]) -> None:
    """Photos that are none any more stay with the story, but are not published."""
    known = {photo.sha256: photo for photo in story.photos.all()}
    submission = story.mails.get()
    for order, picture in enumerate(pictures):
        row = known.pop(picture["sha256"], None)
        if row is None:
            Photo.objects.create(story=story, submission=submission, order=order, **picture)
            continue
        values = {name: picture[name] for name in _PHOTO_FACTS if name in picture}
        left_out = picture.get("left_out", False)
        Photo.objects.filter(pk=row.pk).update(order=order, left_out=left_out, **values)
    Photo.objects.filter(pk__in=[photo.pk for photo in known.values()]).update(left_out=True)
