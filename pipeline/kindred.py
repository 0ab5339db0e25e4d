"""The rows a mail is compared with: its thread, its sender's stories, the stories of the last days.

What is looked at is bounded by time and by the sender, never by reading a file: photos are compared by what
their rows say of them, texts by sketches of 256 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q

import ingest
from newsroom.contributors import FREE_MAIL
from newsroom.likeness import count_same
from newsroom.models import Contributor, Letter, Photo, Revision, State, Story, Submission
from newsroom.tickets import ticket_in
from prose import likeness

REPEATED_WITHIN = timedelta(hours=72)
REVISED_WITHIN = timedelta(days=30)
MOST = 3_000
"""Mails compared with one: more do not come in three days to any office we know of."""
CLOSEST = 20
"""Of those, the ones whose texts and photos are looked at."""
_THREAD = 50


@dataclass(frozen=True)
class Earlier:
    """A story that came earlier, and the mail it came by."""

    story: Story
    mail: Submission
    first: Revision | None
    """Its text as it came."""

    @property
    def open(self) -> bool:
        """Whether something can still be proposed for it."""
        return self.story.state != State.SPIKED

    @property
    def first_headline(self) -> str:
        return self.first.headline if self.first else self.story.headline


@dataclass(frozen=True)
class Repetition:
    """A mail that holds the same story."""

    mail: Submission
    root: int
    """The earliest mail of that story."""
    photos: int
    """How many of our photos it has, too."""


# A thread


def in_thread(
    submission: Submission, message: ingest.Message, contributor: Contributor | None
) -> Earlier | None:
    """Return the story a mail answers, when its sender may speak for it.

    Its thread is told by In-Reply-To and References (RFC 5322 §3.6.4), which name mails of theirs and letters
    of ours, or by the ticket in its subject.
    """
    wanted = list(dict.fromkeys([message.in_reply_to, *reversed(message.references)]))[:_THREAD]
    for story in _named([name for name in wanted if name], submission, message.subject):
        earlier = _earlier(_standing(story))
        if earlier and may_speak(message.sender.address, contributor, story):
            return earlier
    return None


def _named(ids: Sequence[str], submission: Submission, subject: str) -> Iterable[Story]:
    """Yield the stories of a thread, the mail that was answered first."""
    found: dict[str, Story] = {}
    if ids:
        mails = Submission.objects.filter(message_id__in=ids).exclude(pk=submission.pk).exclude(story=None)
        found = {mail.message_id: mail.story for mail in mails.select_related("story").order_by("id")}
        letters = Letter.objects.filter(message_id__in=ids).select_related("story", "submission__story")
        for letter in letters:
            story = letter.story or (letter.submission.story if letter.submission else None)
            if story:
                found[letter.message_id] = story
    yield from (found[name] for name in ids if name in found)
    number = ticket_in(subject)
    if number:
        yield from Story.objects.filter(pk=number)


def may_speak(address: str, contributor: Contributor | None, story: Story) -> bool:
    """Say whether a sender may propose changes to a story: it is theirs, or their office's."""
    return Story.objects.filter(_spoken_for(address, contributor), pk=story.pk).exists()


def _spoken_for(address: str, contributor: Contributor | None) -> Q:
    """Return the condition for stories of the sender, of their line of the allow-list, outlet or domain."""
    theirs = Q(submissions__sender_address=address) if address else Q(pk=None)
    if contributor is None:
        return theirs
    theirs |= Q(contributor=contributor)
    if contributor.outlet:
        theirs |= Q(contributor__outlet__iexact=contributor.outlet)
    domain = address.rpartition("@")[2]
    if domain and domain not in FREE_MAIL:
        theirs |= Q(contributor__address__endswith=f"@{domain}")
    return theirs


def _standing(story: Story) -> Story:
    """Return the story that took this one's photos, when both were the same coverage."""
    return story.merged_into if story.state == State.SPIKED and story.merged_into else story


def _earlier(story: Story) -> Earlier | None:
    mail = story.mails.first()
    if mail is None:
        return None
    return Earlier(story, mail, story.revisions.order_by("id").first())


# A revision


def to_revise(
    submission: Submission,
    contributor: Contributor | None,
    address: str,
    *,
    headline: str,
    text: str,
    photos: set[str],
    sure: bool,
) -> Earlier | None:
    """Return the story of this sender or office that a mail replaces, the likest one.

    A mail that is not `sure` to be a revision must be the same story, nearly word for word.
    """
    at = submission.received_at
    since = Story.objects.filter(
        _spoken_for(address, contributor), received_at__gte=at - REVISED_WITHIN, received_at__lte=at
    )
    mails = Submission.objects.filter(story__in=since).exclude(pk=submission.pk).exclude(sketch=b"")
    fields = ("story_id", "story__headline", "sketch", "sender_address")
    rows = list(mails.order_by("-id").values_list(*fields)[:MOST])
    sketch, named = likeness.sketch(text), set(likeness.words(text)[:80])
    same = set(Photo.objects.filter(story__in=since, sha256__in=photos).values_list("story_id", flat=True))
    best: tuple[float, int] = (0.0, 0)
    for story, title, other, sender in rows:
        alike = likeness.resemblance(sketch, other)
        by_name = likeness.headline_likeness(headline, title)
        score = alike + by_name
        near = alike >= 0.5 or by_name >= 0.9
        if sure:
            near = near or alike >= 0.2 or by_name >= 0.75 or story in same or _is_named(title, named)
            score += (story in same) + _is_named(title, named)
        score += 0.5 * (sender == address)  # their own before a colleague's
        if near and (score, -story) > best:  # of two that are the same, the one that came first
            best = (score, -story)
    if not best[1]:
        return None
    return _earlier(_standing(Story.objects.select_related("merged_into").get(pk=-best[1])))


def _is_named(headline: str, text: set[str]) -> bool:
    """Say whether a text names a story by its headline."""
    words = {word for word in likeness.words(headline) if len(word) > 2}
    return len(words) >= 4 and len(words & text) >= 0.85 * len(words)


# A repetition


def repeated(
    submission: Submission,
    *,
    message_id: str,
    headline: str,
    text: str,
    pictures: Sequence[Mapping[str, Any]],
) -> list[Repetition]:
    """Return the mails that hold the same story, the earliest first.

    They came within 72 hours of it, from whomever, or carry its Message-ID; that alone is no proof, because
    careless programs use one for all they send.
    """
    rows = _recent(submission, message_id)
    sketch = likeness.sketch(text)
    names = likeness.like_headlines(headline, {pk: row[1] for pk, row in rows.items()}, 0.75)
    scores = {
        pk: names.get(pk, 0.0)
        + likeness.resemblance(sketch, row[2])
        + (bool(row[3]) and row[3] == message_id)
        for pk, row in rows.items()
    }
    shared = _stories_with(submission, pictures)
    for pk, row in rows.items():
        scores[pk] += row[0] in shared
    close = sorted((pk for pk in rows if scores[pk] >= 0.25), key=lambda pk: -scores[pk])[:CLOSEST]
    if not close:
        return []
    mails = {mail.pk: mail for mail in Submission.objects.filter(pk__in=close).defer("source_text", "parts")}
    stories = {mail.story_id for mail in mails.values()}
    firsts = _first_texts(stories)
    held = _photos_of(stories)
    found = []
    for pk, mail in mails.items():
        same = count_same(pictures, held.get(mail.story_id, []))
        by_name = names.get(pk, likeness.headline_likeness(headline, rows[pk][1]))
        if _is_the_same(text, firsts.get(mail.story_id, ""), by_name, same, mail.message_id == message_id):
            found.append(Repetition(mail, mail.duplicate_of_id or pk, same))
    return sorted(found, key=lambda one: (one.mail.received_at, one.mail.pk))


def _recent(submission: Submission, message_id: str) -> dict[int, tuple[int, str, bytes, str]]:
    at = submission.received_at
    mails = Submission.objects.exclude(pk=submission.pk).exclude(disposition="proposed")
    near = mails.filter(
        story__received_at__gte=at - REPEATED_WITHIN, story__received_at__lte=at + REPEATED_WITHIN
    )
    fields = ("pk", "story_id", "story__headline", "sketch", "message_id")
    rows = list(near.order_by("-story__received_at").values_list(*fields)[:MOST])
    if message_id:
        named = mails.filter(message_id=message_id).exclude(story=None)
        rows += named.order_by("-id").values_list(*fields)[:CLOSEST]
    return {pk: (story, headline, bytes(packed), name) for pk, story, headline, packed, name in rows}


def _stories_with(submission: Submission, pictures: Sequence[Mapping[str, Any]]) -> set[int]:
    """Return the recent stories that have one of these very pictures."""
    at = submission.received_at
    held = Photo.objects.filter(
        sha256__in=[picture["sha256"] for picture in pictures],
        story__received_at__gte=at - REPEATED_WITHIN,
        story__received_at__lte=at + REPEATED_WITHIN,
    )
    return set(held.values_list("story_id", flat=True))


def _first_texts(stories: Iterable[int | None]) -> dict[int, str]:
    """Return the texts of stories as they came."""
    rows = Revision.objects.filter(story__in=stories).order_by("-id").values_list("story_id", "body")
    return {story: body for story, body in rows if story}


def _photos_of(stories: Iterable[int | None]) -> dict[int, list[tuple[str, str]]]:
    held: dict[int, list[tuple[str, str]]] = {}
    for story, sha256, dhash in Photo.objects.filter(story__in=stories).values_list(
        "story_id", "sha256", "dhash"
    ):
        held.setdefault(story, []).append((sha256, dhash))
    return held


def _is_the_same(text: str, other: str, by_name: float, same_photos: int, same_id: bool) -> bool:
    shared = likeness.overlap(text, other)
    fewest = min(len(likeness.words(text)), len(likeness.words(other)))
    if fewest >= 30 and (shared.shorter >= 0.8 or shared.whole >= 0.5):
        return True
    if same_id and (by_name >= 0.75 or shared.whole >= 0.2 or same_photos):
        return True
    if fewest < 30 and shared.whole >= 0.8:
        return True
    return by_name >= 0.85 and (shared.whole >= 0.25 or same_photos > 0 or fewest < 12)
