"""What an acknowledgement says of a mail: what was understood of it, and what is asked for."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import prose
from newsroom.models import Disposition, Story, Submission

LONGEST = 120
"""Characters quoted of what a sender wrote: nobody shall send a text of theirs through us to somebody else."""
MOST = 5
"""Files named one by one; the others are counted."""

_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S+")


def understood(submission: Submission, story: Story) -> list[str]:
    """Return what was read of the mail, a line each; of a correction, what it would change."""
    text = _text(submission, story)
    photos = _photos(submission, story)
    captioned = sum(bool(photo["caption"]) for photo in photos)
    writer = "/".join(filter(None, (text["byline_outlet"], text["byline_writer"])))
    lines = [f"Judul: {quoted(text['headline'])}" if text["headline"] else ""]
    lines.append(f"Kota: {quoted(text['dateline_city'])}" if text["dateline_city"] else "")
    lines.append(f"Penulis: {quoted(writer)}" if writer else "")
    if _proposed(submission):
        lines.append("Naskah: diperbaiki" if text["body"] else "")
        lines.append(_photo_line("Foto baru", len(photos), captioned) if photos else "")
    else:
        lines.append(_photo_line("Foto", len(photos), captioned))
    documents = [quoted(file.filename) for file in submission.attachments.order_by("id")]
    lines.append(f"Berkas: {_named(documents)}" if documents else "")
    return [line for line in lines if line]


def missing(submission: Submission, story: Story) -> list[str]:
    """Return what is asked for, a polite line each; nothing when the mail has all it needs."""
    text = _text(submission, story)
    photos = _photos(submission, story)
    bare = sum(not photo["caption"] for photo in photos)
    wanted = []
    if not text["body"].strip() and not _proposed(submission):
        wanted.append("Naskahnya belum kami temukan. Tuliskan di badan surel atau lampirkan sebagai .docx.")
    if not photos and not _proposed(submission):
        wanted.append(
            "Foto kegiatannya belum ada. Lampirkan foto asli (dari WhatsApp: kirim sebagai dokumen)."
        )
    if bare:
        which = (
            "Foto itu" if len(photos) == 1 else f"{prose.number(bare)} dari {prose.number(len(photos))} foto"
        )
        wanted.append(
            f"{which} belum punya keterangan. Tuliskan siapa saja (nama lengkap dan jabatan), sedang apa, "
            "di mana, dan kapan; misalnya “Foto 1: …”."
        )
    broken = [quoted(photo["filename"] or "tanpa nama") for photo in photos if photo["problem"]]
    if broken:
        wanted.append(f"Foto ini tidak utuh atau tidak dapat dibuka, mohon dikirim ulang: {_named(broken)}.")
    if shut := _unopened(submission):
        wanted.append(f"Berkas ini tidak dapat kami buka, mohon dikirim dalam bentuk lain: {_named(shut)}.")
    if hosts := sorted({urlsplit(link).hostname or "" for link in _links(submission)} - {""}):
        wanted.append(
            f"Berkas di tautan ({_named(hosts)}) tidak kami buka. Lampirkan langsung pada surel balasan."
        )
    return wanted


def _text(submission: Submission, story: Story) -> dict[str, str]:
    """Return the text as the mail has it: the story's own, or what a correction would change."""
    fields = ("headline", "body", "dateline_city", "byline_outlet", "byline_writer")
    if _proposed(submission):
        proposed = submission.proposal.text
        return {name: str(proposed.get(name) or "") for name in fields}
    return {name: getattr(story, name) for name in fields}


def _photos(submission: Submission, story: Story) -> list[dict[str, Any]]:
    names = ("filename", "caption", "problem")
    if _proposed(submission):
        rows = submission.proposal.photos
        return [{name: str(row.get(name) or "") for name in names} for row in rows]
    return list(story.photos.filter(submission=submission).values(*names))


def _proposed(submission: Submission) -> bool:
    return submission.disposition == Disposition.PROPOSED


def _photo_line(label: str, count: int, captioned: int) -> str:
    if not count:
        return f"{label}: tidak ada"
    return f"{label}: {prose.number(count)}, {prose.number(captioned)} di antaranya dengan keterangan"


def _unopened(submission: Submission) -> list[str]:
    """Name the files that were refused; parts without a name are nothing their sender knows of."""
    return [
        quoted(part["filename"])
        for part in submission.parts
        if part["fate"] == "refused" and part["filename"]
    ]


def _links(submission: Submission) -> list[str]:
    """Return the links' addresses."""
    return [link if isinstance(link, str) else str(link.get("url", "")) for link in submission.links]


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:MOST])
    return shown if len(names) <= MOST else f"{shown}, dan {prose.number(len(names) - MOST)} lagi"


def quoted(text: str) -> str:
    """Return a sender's words on one line, without addresses to click, not too long."""
    line = " ".join(_ADDRESS.sub("…", text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
