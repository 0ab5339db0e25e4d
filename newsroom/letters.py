"""Letters to contributors: written with the move that causes them, sent by the road."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from newsroom.models import Letter, Person, Story, Submission
from prose.personal import hide


def write_back(story: Story, note: str, by: Person | None) -> Letter | None:
    """Write the editors' note to the story's contributor, in the thread of their mail.

    None when nobody is there to write to: a story that came by no mail, or a sender without an address.
    """
    mail: Submission | None = story.mails.exclude(sender_address="").order_by("-id").first()
    if mail is None:
        return None
    office = settings.REDAKSI.office.name
    body = (
        f"Yth. {greeting(mail)},\n\n"
        f"Terima kasih atas kiriman “{story.headline}”. Sebelum tayang, mohon dilengkapi dahulu:\n\n"
        f"{note}\n\n"
        "Balas surel ini dengan perbaikannya.\n\n"
        f"Salam,\n{by or office}\n{office}\n"
    )
    return answer(mail, story=story, subject=reply_subject(mail.subject or story.headline), body=body)


def answer(mail: Submission, *, body: str, subject: str, **fields: Any) -> Letter:
    """Write a letter to the sender of `mail`, in its thread; the road sends it. Identity numbers are masked."""
    host = urlsplit(settings.REDAKSI.web.public_url).hostname or "redaksi.invalid"
    return Letter.objects.create(
        submission=mail,
        to=mail.sender_address,
        subject=hide(subject),
        body=hide(body),
        message_id=f"<{uuid.uuid4().hex}@{host}>",
        in_reply_to=mail.message_id,
        references=f"{mail.references} {mail.message_id}".strip(),
        **fields,
    )


def greeting(mail: Submission) -> str:
    return mail.sender_name or mail.sender_address


def reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
