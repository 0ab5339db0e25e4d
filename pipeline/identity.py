"""Which earlier story a mail is about: sent once more, mended, answered. Nothing is ever dropped for it.

A mail that repeats a story goes into the queue like any other, with a word for the editor. A mail that mends a
story, from somebody who may speak for it, becomes a proposal on that story. All else is a story of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ingest
from ingest import replies, revised
from newsroom.models import Contributor, Disposition, Proposal, Submission, log
from pipeline import kindred
from pipeline.kindred import Earlier
from pipeline.proposing import new_photos, proposed_text
from prose import likeness

FEW_WORDS = 20
"""A reply of so few words, without photos, files or a request, is a courtesy."""
WHOLE_STORY = 40
"""Words from which on a text can be a story of its own."""


@dataclass(frozen=True)
class Arrival:
    """A mail that was accepted, as it is compared with earlier ones."""

    submission: Submission
    message: ingest.Message
    contributor: Contributor | None
    pictures: Sequence[dict[str, Any]]
    written: str
    """The sender's own words as Markdown, without what they answered and without `mohon pakai yang ini`."""
    headline: str
    claim: revised.Claim

    @property
    def words(self) -> int:
        return len(likeness.words(self.written))


def place(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    pictures: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return what the submission's row says of its kin; with a `story` when the mail belongs to that one.

    Called in the transaction that settles the mail: two mails of one story, read at once, see each other.
    """
    arrival = _arrival(submission, message, contributor, pictures)
    sketch = {"sketch": likeness.sketch(arrival.written)}
    answered = Proposal.objects.filter(submission=submission).exclude(answer=Proposal.Answer.OPEN).first()
    if answered:  # an editor has decided: a story of its own
        return sketch
    return sketch | (_answered(arrival) or _revised(arrival) or _repeated(arrival))


def _arrival(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    pictures: Sequence[dict[str, Any]],
) -> Arrival:
    own = replies.written(message.segments)
    shorter = len(likeness.words(own)) < 0.9 * len(likeness.words(message.body))
    quoted = shorter and bool(message.in_reply_to or message.references)
    body = own if quoted else message.body
    return Arrival(
        submission,
        message,
        contributor,
        pictures,
        revised.without_claim(body),
        revised.bare(message.headline) or message.headline,
        revised.claim(message.subject, f"{message.note}\n{message.source_text}"),
    )


def _answered(arrival: Arrival) -> dict[str, Any] | None:
    """A reply in the thread of a story, from somebody who may speak for it."""
    message = arrival.message
    earlier = kindred.in_thread(arrival.submission, message, arrival.contributor)
    if earlier is None:
        return None
    if not earlier.open:
        return _follows(earlier, "Membalas surel tentang berita yang ditolak")
    new = new_photos(earlier.story, arrival.pictures)
    if not new and not message.documents and arrival.words <= FEW_WORDS and not revised.asks(arrival.written):
        reason = f"Balasan singkat tentang “{earlier.story}”; dicatat pada beritanya."
        log("reply", story=earlier.story, submission=arrival.submission, note=arrival.written[:400])
        return {"story": earlier.story, "revision_of": earlier.mail, "reason": reason}
    if arrival.claim is revised.Claim.NONE and _is_another_story(arrival, earlier):
        return None
    return _propose(arrival, earlier, new, "Balasan dalam utas surel berita ini.")


def _is_another_story(arrival: Arrival, earlier: Earlier) -> bool:
    """Contributors answer an old mail to send the next story: other headline, other words."""
    if arrival.words < WHOLE_STORY:
        return False
    first = earlier.first
    names = [earlier.story.headline, *([first.headline] if first else [])]
    if max(likeness.headline_likeness(arrival.headline, name) for name in names) >= 0.6:
        return False
    texts = [earlier.story.body, *([first.body] if first else [])]
    return max(likeness.overlap(arrival.written, text).shorter for text in texts) < 0.1


def _revised(arrival: Arrival) -> dict[str, Any] | None:
    """A mail that says it replaces another, when there is one it can replace."""
    if arrival.claim is revised.Claim.NONE:
        return None
    clear = arrival.claim is revised.Claim.CLEAR
    word = revised.claimed_word(arrival.message.subject)
    earlier = kindred.to_revise(
        arrival.submission,
        arrival.contributor,
        arrival.message.sender.address,
        headline=arrival.headline,
        text=arrival.written,
        photos={picture["sha256"] for picture in arrival.pictures},
        sure=clear,
    )
    if earlier and not clear and word in likeness.words(earlier.first_headline):
        earlier = None  # `Revisi Perda` in both headlines: that is what the story is about
    if earlier is None:
        return _repeated(arrival) | ({"remark": _UNFOUND} if clear else {})
    if not earlier.open:
        return _follows(earlier, "Memperbaiki berita yang ditolak")
    new = new_photos(earlier.story, arrival.pictures)
    return _propose(arrival, earlier, new, "Surel ini menyebut dirinya perbaikan atas berita ini.")


_UNFOUND = "Surel ini menyebut dirinya perbaikan, tetapi berita asalnya dari pengirim ini tidak ditemukan."


def _propose(arrival: Arrival, earlier: Earlier, photos: list[dict[str, Any]], why: str) -> dict[str, Any]:
    message, submission = arrival.message, arrival.submission
    text = proposed_text(message, arrival.headline, arrival.written, earlier.story, earlier.first)
    if not text and not photos and not message.documents and arrival.words >= WHOLE_STORY:
        return _repeated(arrival)  # the same once more: nothing to propose
    Proposal.objects.update_or_create(
        submission=submission,
        defaults={"story": earlier.story, "why": why, "text": text, "photos": photos},
    )
    return {
        "disposition": Disposition.PROPOSED,
        "story": earlier.story,
        "revision_of": earlier.mail,
        "reason": why,
    }


def _follows(earlier: Earlier, what: str) -> dict[str, Any]:
    return {"revision_of": earlier.mail, "remark": f"{what}: “{earlier.story}”."}


def _repeated(arrival: Arrival) -> dict[str, Any]:
    """A story that has come before, from whomever."""
    submission = arrival.submission
    if submission.likeness:  # an editor may have judged it already
        return {}
    found = kindred.repeated(
        submission,
        message_id=arrival.message.message_id,
        headline=arrival.headline,
        text=arrival.written,
        pictures=arrival.pictures,
    )
    if not found:
        return {}
    first = found[0]
    if (first.mail.received_at, first.mail.pk) < (submission.received_at, submission.pk):
        return {
            "duplicate_of_id": first.root,
            "likeness": {"mail": first.root, "photos": first.photos},
        }
    # The mails of a backlog are read newest first: those that came later are the repetitions.
    for other in found:
        Submission.objects.filter(pk=other.mail.pk, duplicate_of=None, likeness={}).update(
            duplicate_of=submission, likeness={"mail": submission.pk, "photos": other.photos}
        )
    return {}
