"""What a mail makes us write, or not: an acknowledgement to its sender, and what came back of our letters.

RFC 3834 says who may be answered by a machine; where it leaves room, we keep silent.
"""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

import ingest
from newsroom.letters import answer, greeting, reply_subject
from newsroom.models import Contributor, Disposition, Letter, Proposal, Story, Submission, Trust, log
from newsroom.tickets import ticket
from pipeline.receipt import missing, quoted, understood

BETWEEN = timedelta(hours=1)
"""One address is answered once in this time, whatever it sends."""
FRESH = timedelta(days=3)
"""Older mail is not answered: on a first look, or read again after an upgrade, it is history."""

_LISTS = re.compile(r"(?i)^(?:owner-.*|.*-(?:owner|request|bounces?))@")


def respond(submission: Submission, message: ingest.Message) -> None:
    """Do what a mail that was just read asks of us; called in the transaction that says what became of it."""
    if message.bounce is not None:
        came_back(submission, message.bounce)
    elif submission.disposition in (Disposition.ACCEPTED, Disposition.PROPOSED):
        acknowledge(submission, message)


def ours(message: ingest.Message, contributor: Contributor | None) -> str:
    """Say why this mail is our own, in Indonesian; empty for others'. It never becomes a story.

    The header our letters carry is known to `ingest`; here are the letters that have lost it on their way,
    and what people of the office send from its own address, as a watched Sent folder holds. An office that
    sends itself coverage says so by putting that very address on the list of contributors.
    """
    if message.message_id and Letter.objects.filter(message_id=message.message_id).exists():
        return "Surel ini surat Redaksi sendiri yang kembali."
    address = message.sender.address
    listed = contributor is not None and contributor.address == address
    if address and address in own_addresses() and not listed:
        return f"Surel ini dikirim dari alamat kantor sendiri ({address})."
    return ""


def own_addresses() -> set[str]:
    """Return the addresses that are the office's own, lower-cased."""
    named = [settings.REDAKSI.outgoing.sender, settings.REDAKSI.office.address or ""]
    named += [mailbox.user for mailbox in settings.REDAKSI.mailboxes if mailbox.kind == "imap"]
    return {address.lower() for address in (parseaddr(name)[1] for name in named) if "@" in address}


def acknowledge(submission: Submission, message: ingest.Message) -> Letter | None:
    """Write the acknowledgement of an accepted mail; None where a machine had better keep silent."""
    story = _story(submission)
    if story is None or not _may_answer(submission, message):
        return None
    subject = reply_subject(submission.subject or story.headline)
    number = ticket(story.pk)
    return answer(
        submission,
        story=story,
        kind=Letter.Kind.ACKNOWLEDGEMENT,
        subject=subject if number in subject else f"{subject} [{number}]",
        body=_body(submission, story),
    )


def came_back(report: Submission, bounce: ingest.Bounce) -> None:
    """Put a letter that a mail server could not deliver in front of the editors, on its story too."""
    for letter in Letter.objects.filter(message_id__in=bounce.message_ids, error=""):
        said = f" Server surelnya menjawab: “{bounce.said}”." if bounce.said else ""
        sentence = f"Surat ke {letter.to} tidak sampai.{said} Periksa alamatnya, atau hubungi lewat telepon."
        Letter.objects.filter(pk=letter.pk).update(
            error=sentence,
            parked=True,
            sent_at=Coalesce(F("sent_at"), F("leaving_at"), timezone.now()),
        )
        log("undelivered", story=letter.story, submission=report, note=sentence)


def _story(submission: Submission) -> Story | None:
    if submission.disposition == Disposition.PROPOSED:
        proposal = Proposal.objects.filter(submission=submission).first()
        return proposal.story if proposal else None
    return submission.story


def _may_answer(submission: Submission, message: ingest.Message) -> bool:
    """Say whether a machine may answer this mail (RFC 3834 §2), and has not just done so."""
    now = timezone.now()
    address = submission.sender_address
    silent = (
        not settings.REDAKSI.outgoing.acknowledge
        or not address
        or submission.trust not in (Trust.VERIFIED, Trust.KNOWN)
        or submission.contributor is None
        or submission.contributor.blocked
        or bool(message.automatic or message.sender.problem)
        or _LISTS.search(address) is not None
        or address in own_addresses()
        or submission.received_at < now - FRESH
    )
    if silent or Letter.objects.filter(submission=submission, kind=Letter.Kind.ACKNOWLEDGEMENT).exists():
        return False
    lately = Letter.objects.filter(kind=Letter.Kind.ACKNOWLEDGEMENT, created_at__gt=now - BETWEEN)
    return not lately.filter(to__iexact=address).exists()


def _body(submission: Submission, story: Story) -> str:
    office = settings.REDAKSI.office
    if submission.disposition == Disposition.PROPOSED:
        opening = (
            f"Terima kasih. Perbaikan Anda untuk kiriman nomor {ticket(story.pk)} kami terima sebagai usulan; "
            "editor memeriksanya dahulu."
        )
    else:
        opening = (
            f"Terima kasih. Kiriman Anda sudah kami terima dengan nomor {ticket(story.pk)}. "
            "Sebutkan nomor ini bila menghubungi kami. Editor memeriksanya dahulu sebelum tayang."
        )
    paragraphs = [f"Yth. {quoted(greeting(submission))},", opening]
    if read := understood(submission, story):
        paragraphs.append(_listed("Yang kami baca:", read))
    if wanted := missing(submission, story):
        paragraphs.append(_listed("Mohon dilengkapi dengan membalas surel ini:", wanted))
    limit = f"Satu surel paling besar {office.largest_mail_mb} MB, termasuk lampirannya."
    paragraphs += [f"{limit} {_guide()}".strip(), f"Salam,\n{office.name}", "Surel ini dikirim otomatis."]
    return "\n\n".join(paragraphs) + "\n"


def _listed(heading: str, lines: list[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])


def _guide() -> str:
    """Name the guide's address, where the settings say one that others can open."""
    url = settings.REDAKSI.web.public_url
    if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1", None):
        return ""
    return f"Panduan mengirim liputan: {url}{reverse('guide')}"
