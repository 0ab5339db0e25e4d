"""prepare: one mail becomes a story in the editors' queue, or waits with a reason a person understands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import ingest
from newsroom import trials
from newsroom.editing import first_revision
from newsroom.mail import story_key
from newsroom.models import Contributor, Disposition, Photo, Story, Submission, Trust, log
from pipeline.acknowledgement import ours, respond
from pipeline.identity import place
from pipeline.pictures import kept_photo
from pipeline.reading import facts_of, keep_files, list_files, read_mail, text_of
from pipeline.stores import originals
from pipeline.trust import Verdict, contributor_of, flood, judge


def prepare(submission: Submission) -> None:
    """Read a kept mail and decide what becomes of it."""
    message = read_mail(submission)
    contributor = contributor_of(message.sender.address)
    verdict = judge(submission, message, contributor, lambda: originals().read(submission.sha256))
    trial = trials.code_in(message.subject)
    if trial:
        disposition, reason = Disposition.ACCEPTED, "Surel uji dari penyiapan."
    else:
        disposition, reason = _decide(submission, message, contributor, verdict)
    facts: dict[str, Any] = {
        **facts_of(message),
        "trust": verdict.trust,
        "trust_reason": verdict.reason,
        "evidence": verdict.evidence,
        "contributor": contributor,
        "disposition": disposition,
        "reason": reason,
    }
    accepted = disposition == Disposition.ACCEPTED
    pictures = [kept_photo(image) for image in message.images] if accepted and not trial else []
    keep_files(message)
    with transaction.atomic():
        list_files(submission, message)
        if trial:
            facts["story"] = _trial(submission, message, trial)
        elif accepted:
            facts |= place(submission, message, contributor, pictures)
            remark = facts.pop("remark", "")
            facts["reason"] = f"{facts['reason']} {remark}".strip()
            if "story" not in facts:
                facts["story"] = _story(submission, message, contributor, pictures)
        submission.done(**facts)
        log(facts["disposition"], submission=submission, story=facts.get("story"), note=facts["reason"])
        if not trial:
            respond(submission, message)


def give_up(submission: Submission, sentence: str) -> None:
    """Put a mail that cannot be read in front of the editors."""
    submission.hold(disposition=Disposition.FAILED, reason=sentence)
    log(Disposition.FAILED, submission=submission, note=sentence)


def _decide(
    submission: Submission, message: ingest.Message, contributor: Contributor | None, verdict: Verdict
) -> tuple[Disposition, str]:
    if submission.admitted_by:
        return Disposition.ACCEPTED, f"Diterima atas keputusan {submission.admitted_by}."
    if verdict.trust == Trust.BLOCKED:
        return Disposition.IGNORED, verdict.reason
    if own := ours(message, contributor):
        return Disposition.IGNORED, own
    through_a_list = message.automatic == ingest.LIST and contributor is not None and contributor.lists
    if message.automatic and not through_a_list:
        return Disposition.IGNORED, message.automatic
    if contributor is None or verdict.trust not in (Trust.VERIFIED, Trust.KNOWN):
        return Disposition.HELD, verdict.reason
    if not message.body.strip() and not message.images and not message.documents:
        refused = next((part.reason for part in message.parts if part.fate == "refused"), "")
        if refused:
            return Disposition.HELD, f"Tidak ada yang dapat dipakai dari surel ini: {refused}"
        return Disposition.HELD, "Surel ini kosong: tidak ada naskah, foto, atau berkas di dalamnya."
    if too_many := flood(submission, message.sender.address):
        return Disposition.HELD, too_many
    return Disposition.ACCEPTED, f"Pengirim dikenal: {contributor.name}."


def _story(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    pictures: list[dict[str, Any]],
) -> Story:
    story = Story.objects.create(
        key=story_key(submission.sha256),
        **text_of(message, contributor),
        contributor=contributor,
        sites=[site.name for site in settings.REDAKSI.sites],
        received_at=submission.received_at,
    )
    for order, picture in enumerate(pictures):
        Photo.objects.create(story=story, submission=submission, order=order, **picture)
    first_revision(story, "receive")
    log("queue", story=story, submission=submission, version=story.version)
    return story


def _trial(submission: Submission, message: ingest.Message, code: str) -> Story:
    """Put the setup's test mail into the queue: for no site, without photos, and marked for good."""
    story = Story.objects.create(
        key=story_key(submission.sha256),
        headline=f"Surel uji {code}",
        body=message.body,
        received_at=submission.received_at,
        trial=True,
    )
    first_revision(story, "receive")
    log("queue", story=story, submission=submission, version=story.version)
    log("trial", story=story, submission=submission, note=code)
    return story


def queue_story(*, identity: str, at: Any = None, **fields: Any) -> Story:
    """Put a story that came by no mail into the queue, once for each identity."""
    story, made = Story.objects.get_or_create(
        key=story_key(identity),
        defaults={
            "sites": [site.name for site in settings.REDAKSI.sites],
            "received_at": at or timezone.now(),
            **fields,
        },
    )
    if made:
        log("queue", story=story, version=story.version)
    return story
