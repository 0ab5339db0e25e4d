"""prepare: one mail becomes a story in the editors' queue, or waits with a reason a person understands."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import ingest
import photos
from newsroom.editing import first_revision
from newsroom.models import Attachment, Contributor, Disposition, Photo, Story, Submission, log
from pipeline.stores import make_renditions, originals


def prepare(submission: Submission) -> None:
    """Read a kept mail and decide what becomes of it."""
    raw = ingest.RawMessage(
        data=originals().read(submission.sha256),
        mailbox=submission.mailbox,
        received_at=submission.received_at,
    )
    message = ingest.read(
        raw, own_outlets=_outlets(), trusted_authserv_ids=settings.REDAKSI.trusted_authserv_ids
    )
    contributor = _contributor(message.sender.address)
    disposition, reason = _decide(submission, message, contributor)
    facts: dict[str, Any] = {
        "message_id": message.message_id[:998],
        "references": " ".join(message.references),
        "sender_address": message.sender.address[:254],
        "sender_name": message.sender.name[:300],
        "subject": message.subject,
        "source_text": message.source_text,
        "note": message.note,
        "parts": [asdict(part) for part in message.parts],
        "defects": list(message.defects),
        "contributor": contributor,
        "disposition": disposition,
        "reason": reason,
    }
    pictures = [_picture(image) for image in message.images] if disposition == Disposition.ACCEPTED else []
    for document in message.documents:
        originals().keep(document.data)
    with transaction.atomic():
        _attach(submission, message)
        if disposition == Disposition.ACCEPTED:
            facts["story"] = _story(submission, message, contributor, pictures)
        submission.done(**facts)
        log(disposition, submission=submission, story=facts.get("story"), note=reason)


def give_up(submission: Submission, sentence: str) -> None:
    """Put a mail that cannot be read in front of the editors."""
    submission.hold(disposition=Disposition.FAILED, reason=sentence)
    log(Disposition.FAILED, submission=submission, note=sentence)


def _contributor(address: str) -> Contributor | None:
    if not address:
        return None
    domain = "@" + address.rpartition("@")[2]
    known = {row.address: row for row in Contributor.objects.filter(address__in=(address, domain))}
    return known.get(address) or known.get(domain)


def _outlets() -> tuple[str, ...]:
    """Return the outlets we know, by which a byline code is told from other brackets."""
    known = Contributor.objects.exclude(outlet="").values_list("outlet", flat=True)
    return tuple(sorted(set(known)))


def _decide(
    submission: Submission, message: ingest.Message, contributor: Contributor | None
) -> tuple[Disposition, str]:
    if submission.admitted_by:
        return Disposition.ACCEPTED, f"Diterima atas keputusan {submission.admitted_by}."
    if message.automatic:
        return Disposition.IGNORED, message.automatic
    if message.sender.problem:
        return Disposition.HELD, message.sender.problem
    if contributor is None:
        who = message.sender.address or "tanpa alamat"
        return (
            Disposition.HELD,
            f"Pengirim belum dikenal ({who}). Terima kirimannya bila memang dari kontributor.",
        )
    if not message.body.strip() and not message.images and not message.documents:
        refused = next((part.reason for part in message.parts if part.fate == "refused"), "")
        if refused:
            return Disposition.HELD, f"Tidak ada yang dapat dipakai dari surel ini: {refused}"
        return Disposition.HELD, "Surel ini kosong: tidak ada naskah, foto, atau berkas di dalamnya."
    return Disposition.ACCEPTED, f"Pengirim dikenal: {contributor.name}."


def _picture(image: ingest.Image) -> dict[str, Any]:
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
    row.update(width=facts.width, height=facts.height)
    row["caption"] = row["caption"] or facts.description
    row["credit"] = row["credit"] or (facts.credit or facts.creator)[:200]
    row["problem"] = row["problem"] or facts.problem
    if facts.taken_at:
        row["taken_at"] = facts.taken_at.replace(tzinfo=settings.REDAKSI.office.tz)
    return row


def _attach(submission: Submission, message: ingest.Message) -> None:
    submission.attachments.all().delete()
    for document in message.documents:
        Attachment.objects.create(
            submission=submission,
            sha256=document.sha256,
            filename=document.filename[:255],
            content_type=document.content_type[:120],
            size=len(document.data),
        )


def _story(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    pictures: list[dict[str, Any]],
) -> Story:
    story = Story.objects.create(
        key=story_key(submission.sha256),
        headline=message.headline,
        dateline_city=message.dateline_city[:120],
        byline_outlet=(message.byline_outlet or (contributor.outlet if contributor else ""))[:150],
        byline_writer=(message.byline_writer or (contributor.initials if contributor else ""))[:150],
        byline_editor=message.byline_editor[:150],
        photographer=message.photographer[:150],
        body=message.body,
        contributor=contributor,
        sites=[site.name for site in settings.REDAKSI.sites],
        received_at=submission.received_at,
    )
    for order, picture in enumerate(pictures):
        Photo.objects.create(story=story, submission=submission, order=order, **picture)
    first_revision(story, "receive")
    log("queue", story=story, submission=submission, version=story.version)
    return story


def story_key(identity: str) -> str:
    """Make a story's key from what it came from.

    Derived, not drawn: a database made anew from the kept mails finds its stories on the sites again.
    """
    return hashlib.sha256(f"redaksi story {identity}".encode()).hexdigest()[:24]


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
