"""A kept mail read, and what of it goes into the rows: shared by preparing it and by reading it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings

import ingest
from newsroom.models import Attachment, Contributor, Habit, Submission
from pipeline.pictures import keep_aside, note_pictures, seen_often, without
from pipeline.stores import originals


def read_mail(submission: Submission) -> ingest.Message:
    """Read a kept mail, as editors have taught us to read its sender's. Raises archive.ArchiveError."""
    raw = ingest.RawMessage(
        data=originals().read(submission.sha256),
        mailbox=submission.mailbox,
        received_at=submission.received_at,
    )
    address = ingest.sender_address(raw.data)
    habit = Habit.objects.filter(address=address).first() if address else None
    message = ingest.read(
        raw,
        own_outlets=_outlets(),
        trusted_authserv_ids=settings.REDAKSI.trusted_authserv_ids,
        seen_often=seen_often(address, submission) - frozenset(habit.uses if habit else ()),
        keep_kinds=frozenset(habit.keeps if habit else ()),
    )
    return without(message, habit.ignores) if habit else message


def keep_files(message: ingest.Message) -> None:
    """Keep the mail's documents and the pictures that are no photos."""
    for document in message.documents:
        originals().keep(document.data)
    keep_aside(message)


def facts_of(message: ingest.Message) -> dict[str, Any]:
    """Return what a submission's row says of a mail: what it holds, not what becomes of it."""
    return {
        "message_id": message.message_id[:998],
        "references": " ".join(message.references),
        "sender_address": message.sender.address[:254],
        "sender_name": message.sender.name[:300],
        "reply_to": message.reply_to[:254],
        "subject": message.subject,
        "source_text": message.source_text,
        "segments": [_segment(segment) for segment in message.segments],
        "others": [asdict(other) for other in message.others],
        "links": list(message.links),
        "note": message.note,
        "parts": [asdict(part) for part in message.parts],
        "defects": list(message.defects),
        "reader": ingest.VERSION,
    }


def list_files(submission: Submission, message: ingest.Message) -> None:
    """Write down the mail's documents and pictures; doing it twice is doing it once."""
    submission.attachments.all().delete()
    for document in message.documents:
        Attachment.objects.create(
            submission=submission,
            sha256=document.sha256,
            filename=document.filename[:255],
            content_type=document.content_type[:120],
            size=len(document.data),
        )
    note_pictures(submission, message)


def text_of(message: ingest.Message, contributor: Contributor | None) -> dict[str, str]:
    """Return the fields of a story's text as the mail gives them."""
    return {
        "headline": message.headline,
        "dateline_city": message.dateline_city[:120],
        "byline_outlet": (message.byline_outlet or (contributor.outlet if contributor else ""))[:150],
        "byline_writer": (message.byline_writer or (contributor.initials if contributor else ""))[:150],
        "byline_editor": message.byline_editor[:150],
        "photographer": message.photographer[:150],
        "body": message.body,
    }


def _segment(segment: ingest.Segment) -> dict[str, str]:
    row = {"kind": segment.kind, "text": segment.text}
    if segment.kind == "story":
        return row
    # As it would stand in the story, should an editor put it back; a signature without its delimiter.
    body = ingest.as_markdown(segment).removeprefix("--").lstrip()
    return {**row, "reason": segment.reason, "body": body}


def _outlets() -> tuple[str, ...]:
    """Return the outlets we know, by which a byline code is told from other brackets."""
    known = Contributor.objects.exclude(outlet="").values_list("outlet", flat=True)
    return tuple(sorted(set(known)))
