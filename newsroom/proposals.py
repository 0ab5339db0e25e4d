"""What editors do with a mail that is about an earlier story: take up its changes, or not; put two of one together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.editing import EditRefused, Overtaken, PhotoChange, edit, may_edit, rewrite
from newsroom.likeness import is_among
from newsroom.models import (
    PUBLIC,
    Disposition,
    Person,
    Photo,
    Proposal,
    Revision,
    State,
    Story,
    Submission,
    log,
)
from newsroom.workflow import MOVES, MoveRefused, move

Answer = Proposal.Answer
_PHOTO = ("sha256", "dhash", "filename", "caption", "credit", "problem", "readable", "width", "height")


def take(
    proposal: Proposal,
    by: Person,
    text: Mapping[str, str],
    photos: Sequence[PhotoChange],
    chosen: Sequence[str],
    *,
    seen: int | None,
    settings: Mapping[str, Any] | None = None,
    put_back: bool = False,
) -> Revision:
    """Save what the editor made of a proposal, with its `chosen` photos (SHA-256), and mark it taken.

    With `put_back` a story that was returned goes back into the queue. Raises EditRefused, Overtaken,
    MoveRefused; then nothing was saved.
    """
    story = proposal.story
    if not by.edits:
        raise EditRefused(_("Hanya editor yang dapat memakai usulan."))
    with transaction.atomic():
        if not _answer(proposal, Answer.OPEN, Answer.TAKEN, by):
            raise EditRefused(_("Usulan ini sudah ditangani orang lain. Muat ulang halaman."))
        _add_photos(
            story,
            [(photo, proposal.submission) for photo in proposal.photos if photo["sha256"] in set(chosen)],
        )
        revision = edit(story, by, text, photos, seen=seen, settings=settings, why="take")
        # The photos are new, or the editor has seen that nothing else needs to be.
        revision = revision or rewrite(story, by, "take", seen=seen)
        log("take", by=by, submission=proposal.submission)
        if put_back and story.state == State.RETURNED:
            move(story, "resubmit", by)
    return revision


def decline(proposal: Proposal, by: Person) -> None:
    """Leave the story as it is. Raises ActRefused."""
    with transaction.atomic():
        _settle(proposal, Answer.OPEN, Answer.DECLINED, by)
        log("decline", by=by, story=proposal.story, submission=proposal.submission)


def reconsider(proposal: Proposal, by: Person) -> None:
    """Put a declined proposal before the editors again. Raises ActRefused."""
    with transaction.atomic():
        _settle(proposal, Answer.DECLINED, Answer.OPEN, by)
        log("reconsider", by=by, story=proposal.story, submission=proposal.submission)


def separate(proposal: Proposal, by: Person) -> None:
    """Send the mail down the road again, as a story of its own. Raises ActRefused."""
    with transaction.atomic():
        _settle(proposal, Answer.OPEN, Answer.SEPARATE, by)
        waiting = Submission.objects.filter(pk=proposal.submission_id, disposition=Disposition.PROPOSED)
        if not waiting.update(
            disposition=Disposition.UNREAD,
            story=None,
            reason="",
            attempts=0,
            next_attempt_at=None,
            error="",
            parked=False,
        ):
            raise ActRefused(_gone())
        log("separate", by=by, story=proposal.story, submission=proposal.submission)


def join(mail: Submission, by: Person, *, seen: int | None, seen_other: int | None) -> int:
    """Give the photos of a repeated story to the one that came first, and spike it; return how many went.

    `seen` and `seen_other` are the revisions the editor has in front of them. Raises ActRefused.
    """
    _need_editor(by)
    story, other = mail.story, first_story(mail)
    if story is None or other is None or other == story:
        raise ActRefused(_gone())
    spikable = story.state in MOVES["spike"].sources
    if not spikable or not may_edit(other, by):
        fixed = other if spikable else story
        raise ActRefused(
            _("“%(story)s” berstatus %(state)s, jadi kedua berita tidak dapat digabungkan sekarang.")
            % {"story": fixed, "state": State(fixed.state).label.lower()}
        )
    if (story.revision_id, other.revision_id) != (seen, seen_other):
        raise ActRefused(_changed())
    try:
        with transaction.atomic():
            return _joined(mail, story, other, by)
    except (Overtaken, MoveRefused) as error:
        raise ActRefused(f"{error} {_changed()}") from error


def differ(mail: Submission, by: Person) -> None:
    """Note that a story is no repetition after all. Raises ActRefused."""
    _need_editor(by)
    with transaction.atomic():
        if not Submission.objects.filter(pk=mail.pk).exclude(duplicate_of=None).update(duplicate_of=None):
            raise ActRefused(_gone())
        log("differ", by=by, story=mail.story, submission=mail, note=str(mail.duplicate_of))


def alike(mail: Submission, by: Person) -> None:
    """Take `differ` back. Raises ActRefused."""
    _need_editor(by)
    first = Submission.objects.filter(pk=mail.likeness.get("mail")).first()
    with transaction.atomic():
        if first is None or not Submission.objects.filter(pk=mail.pk, duplicate_of=None).update(
            duplicate_of=first
        ):
            raise ActRefused(_gone())
        log("alike", by=by, story=mail.story, submission=mail, note=str(first))


def first_story(mail: Submission) -> Story | None:
    """Return the story that a mail repeats; when it was joined to another, that one."""
    story = mail.duplicate_of.story if mail.duplicate_of else None
    return story.merged_into if story and story.state == State.SPIKED and story.merged_into else story


def _joined(mail: Submission, story: Story, other: Story, by: Person) -> int:
    held = list(other.photos.values_list("sha256", "dhash"))
    new = [
        photo
        for photo in story.photos.all()
        if not is_among({"sha256": photo.sha256, "dhash": photo.dhash}, held)
    ]
    for photo in new:
        photo.pk, photo.story, photo.order = None, other, _next_place(other)
        photo.left_out = photo.left_out or other.state in PUBLIC  # readers see it once an editor wants it
        photo.save(force_insert=True)
    if new:
        rewrite(other, by, "add_photos", seen=other.revision_id)
    elif not Story.objects.filter(pk=other.pk, revision=other.revision_id, state=other.state).exists():
        raise Overtaken(_gone())
    move(story, "spike", by, _("Digabungkan dengan “%(story)s”.") % {"story": other})
    Story.objects.filter(pk=story.pk).update(merged_into=other)
    log("join", by=by, story=other, submission=mail, version=other.version, note=str(story))
    return len(new)


def _add_photos(story: Story, rows: Sequence[tuple[Mapping[str, Any], Submission]]) -> None:
    held = set(story.photos.values_list("sha256", flat=True))
    for row, mail in rows:
        if row["sha256"] in held:
            continue
        values = {name: row[name] for name in _PHOTO if name in row}
        taken_at = parse_datetime(row["taken_at"]) if row.get("taken_at") else None
        Photo.objects.create(
            story=story, submission=mail, order=_next_place(story), taken_at=taken_at,
            left_out=not row.get("readable", True), **values,
        )  # fmt: skip


def _next_place(story: Story) -> int:
    last: int | None = story.photos.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _settle(proposal: Proposal, now: str, answer: str, by: Person) -> None:
    _need_editor(by)
    if not _answer(proposal, now, answer, by):
        raise ActRefused(_gone())


def _answer(proposal: Proposal, now: str, answer: str, by: Person) -> int:
    """Answer a proposal if it still stands as `now`; of two who answer at once, one is told."""
    count: int = Proposal.objects.filter(pk=proposal.pk, story=proposal.story_id, answer=now).update(
        answer=answer,
        answered_by=by if answer else None,
        answered_at=timezone.now() if answer else None,
    )
    return count


def _need_editor(by: Person) -> None:
    if not by.edits:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


def _gone() -> str:
    return _("Ini sudah ditangani orang lain. Muat ulang halaman.")


def _changed() -> str:
    return _("Salah satu berita berubah sejak Anda membukanya. Baca lagi keduanya, lalu putuskan.")
