"""What may happen to a story, who may do it, and the one function that does it.

Nothing else assigns `Story.state`, but for what was public before Redaksi (importing.py). Each move is one
conditional UPDATE and one log line, in one transaction: of two people who decide at once, the second is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom import approval, clocks, fitness, indexing, personal, records
from newsroom.approval import Signature
from newsroom.letters import write_back
from newsroom.models import (
    PUBLIC,
    Approval,
    LogEntry,
    Package,
    Person,
    Revision,
    Right,
    State,
    Story,
    log,
)
from newsroom.photos import look_again, photos_to_publish

EDITABLE = (State.QUEUED, State.RETURNED, State.RELEASED, State.RETRACTED)
"""Where the text may be written on. What sites hold is the sealed revision, so a correction can be
written while the released text stays as it was verified."""


DUE_AGAIN: dict[str, Any] = {"attempts": 0, "next_attempt_at": None, "parked": False, "error": ""}


REASON_WITHIN = timedelta(hours=24)
"""How long after an emergency withdrawal readers may wait for its reason."""


class MoveRefused(Exception):
    """The story was not moved. The text says in Indonesian why and what to do."""


class Overtaken(MoveRefused):
    """Somebody decided or wrote in the meantime."""


@dataclass(frozen=True)
class Move:
    label: str
    """On the button: a verb."""
    sources: tuple[State, ...]
    target: State
    right: Right = Right.EDIT
    """Who may do it: see newsroom/roles.py."""
    own: bool = False
    """The story's contributor may do it too."""
    four_eyes: bool = False
    seals: bool = False
    """The text as it stands becomes what sites and the archive receive."""
    new_version: bool = False
    note: str = ""
    """What the note is called, when one must be given."""
    public_note: bool = False
    """Readers see the note."""
    says: str = ""
    """What readers are told when no note is asked for."""
    unexplained: bool = False
    """Only while the reason of an emergency withdrawal is still owed."""
    answers: str = ""
    """What it says to the step of the leadership's chain whose turn it is: see newsroom/approval.py."""
    by_worker: bool = False
    primary: bool = False
    grave: bool = False


MOVES: dict[str, Move] = {
    "spike": Move(
        gettext_lazy("Tolak"),
        (State.QUEUED, State.RETURNED, State.VERIFIED),
        State.SPIKED,
        note=gettext_lazy("Alasan penolakan"),
        grave=True,
    ),
    "send_back": Move(
        gettext_lazy("Kembalikan"),
        (State.QUEUED,),
        State.RETURNED,
        note=gettext_lazy("Catatan untuk kontributor"),
    ),
    "resubmit": Move(gettext_lazy("Kirim ulang"), (State.RETURNED,), State.QUEUED, own=True, primary=True),
    "verify": Move(
        gettext_lazy("Layak, tayangkan"),
        (State.QUEUED,),
        State.VERIFIED,
        four_eyes=True,
        seals=True,
        primary=True,
    ),
    "reopen": Move(gettext_lazy("Batalkan verifikasi"), (State.VERIFIED,), State.QUEUED),
    "approve": Move(
        gettext_lazy("Setujui"),
        (State.VERIFIED,),
        State.VERIFIED,
        Right.APPROVE,
        answers=Approval.Answer.APPROVED,
        primary=True,
    ),
    "ask_changes": Move(
        gettext_lazy("Minta perubahan"),
        (State.VERIFIED,),
        State.QUEUED,
        Right.APPROVE,
        answers=Approval.Answer.CHANGES,
        note=gettext_lazy("Catatan untuk editor"),
    ),
    "refuse": Move(
        gettext_lazy("Tidak setuju"),
        (State.VERIFIED,),
        State.SPIKED,
        Right.APPROVE,
        answers=Approval.Answer.REFUSED,
        note=gettext_lazy("Alasan tidak setuju"),
        grave=True,
    ),
    "skip_approval": Move(
        gettext_lazy("Lewati tahap ini"),
        (State.VERIFIED,),
        State.VERIFIED,
        Right.APPROVE,
        answers=Approval.Answer.SKIPPED,
        note=gettext_lazy("Alasan melewati tahap"),
    ),
    "unspike": Move(gettext_lazy("Kembalikan ke antrean"), (State.SPIKED,), State.QUEUED),
    "release": Move(gettext_lazy("Tayangkan"), (State.VERIFIED,), State.RELEASED, by_worker=True),
    "retract": Move(
        gettext_lazy("Tarik berita"),
        (State.RELEASED,),
        State.RETRACTED,
        new_version=True,
        seals=True,
        note=gettext_lazy("Alasan penarikan, tampil bagi pembaca"),
        public_note=True,
        grave=True,
    ),
    "withdraw": Move(
        gettext_lazy("Tarik darurat"),
        (State.RELEASED,),
        State.RETRACTED,
        new_version=True,
        seals=True,
        says="Berita ini ditarik. Alasannya menyusul.",
        grave=True,
    ),
    "explain": Move(
        gettext_lazy("Umumkan alasan penarikan"),
        (State.RETRACTED,),
        State.RETRACTED,
        new_version=True,
        seals=True,
        note=gettext_lazy("Alasan penarikan, tampil bagi pembaca"),
        public_note=True,
        unexplained=True,
        primary=True,
    ),
    "correct": Move(
        gettext_lazy("Tayangkan ralat"),
        (State.RELEASED,),
        State.RELEASED,
        four_eyes=True,
        seals=True,
        new_version=True,
        note=gettext_lazy("Isi ralat, tampil bagi pembaca"),
        public_note=True,
        primary=True,
    ),
    "restore": Move(
        gettext_lazy("Tayangkan kembali"),
        (State.RETRACTED,),
        State.RELEASED,
        four_eyes=True,
        seals=True,
        new_version=True,
        note=gettext_lazy("Alasan penayangan kembali, tampil bagi pembaca"),
        public_note=True,
    ),
}


def allowed(story: Story, person: Person) -> dict[str, Move]:
    """Return the moves `person` may make now, by verb, in the order of their buttons; the chain's are not among them."""
    return {
        verb: move
        for verb, move in MOVES.items()
        if story.state in move.sources
        and not move.answers
        and _in_season(story, move)
        and not _objection(story, move, person)
    }


def why_not(story: Story, verb: str, person: Person) -> str:
    """Say why `person` cannot make this move now; empty when they can."""
    move = MOVES[verb]
    if story.state not in move.sources:
        return _("Berita ini berstatus “%(state)s”, jadi langkah “%(label)s” tidak tersedia.") % {
            "state": State(story.state).label,
            "label": move.label,
        }
    if not _in_season(story, move):
        return _("Alasan penarikan berita ini sudah diumumkan. Muat ulang halaman.")
    return _objection(story, move, person)


def move(
    story: Story, verb: str, by: Person | None, note: str = "", signature: Signature | None = None
) -> LogEntry:
    """Move `story`, as the caller last saw it (state, version and text). Raises MoveRefused.

    `by` None is the program itself, for the moves that are the worker's; `signature` is the leadership's.
    """
    rule = MOVES.get(verb)
    if rule is None:
        raise MoveRefused(_("Langkah “%(verb)s” tidak dikenal.") % {"verb": verb})
    note = note.strip()
    if by is None and not rule.by_worker:
        raise MoveRefused(_("Langkah ini hanya dapat diambil oleh orang yang masuk."))
    if by is not None and (reason := why_not(story, verb, by)):
        raise MoveRefused(reason)
    if rule.note and not note:
        raise MoveRefused(_("%(what)s wajib diisi.") % {"what": rule.note})
    if rule.public_note and (reason := personal.objection_to_note(note)):
        raise MoveRefused(reason)
    if reason := _unfit(story, verb, rule):
        raise MoveRefused(reason)
    note = personal.without(story, note)
    with transaction.atomic():
        return _moved(story, verb, rule, by, note, signature or Signature())


def _unfit(story: Story, verb: str, rule: Move) -> str:
    """Say what keeps the text from readers, where the move would bring it to them."""
    if verb == "release":
        return fitness.lost(story)
    if rule.seals and rule.target != State.RETRACTED:
        return fitness.lacking(story, sites_needed=verb == "verify")
    return ""


def _moved(
    story: Story, verb: str, rule: Move, by: Person | None, note: str, signature: Signature
) -> LogEntry:
    now = timezone.now()
    version = story.version + 1 if rule.new_version else story.version
    changes: dict[str, Any] = {"state": rule.target, "version": version}
    changes |= clocks.after(story, verb, rule.target, now)
    if rule.seals:
        changes["sealed_at"] = now
    if by is not None:  # a person has acted: what waited for one is due again
        changes |= DUE_AGAIN
        changes["reason_due_at"] = now + REASON_WITHIN if verb == "withdraw" else None
    as_seen = Story.objects.filter(
        pk=story.pk, state=story.state, version=story.version, revision=story.revision_id
    )
    if verb == "release":
        changes["released_at"] = now
        as_seen = as_seen.open().approved()  # a time set later in this very moment holds
    if story.state not in rule.sources or not as_seen.update(**changes):
        raise Overtaken(_overtaken(story))
    title = _answered(story, rule, by, note, signature, now)
    if changes.get("paused_at", now) is None:
        clocks.end_pause(story, by, now)
    seen = story.state
    for name, value in changes.items():
        setattr(story, name, value)
    if rule.seals:
        _seal(story, verb, by, note if rule.public_note else rule.says)
    if verb == "verify":
        approval.begin(story)
    if rule.new_version:
        story.deliveries.exclude(error="").update(**DUE_AGAIN)
    look_again(story)
    if rule.target in PUBLIC:
        indexing.index(story)
        records.closed(story)
    if verb == "send_back":
        write_back(story, note, by)
    note = ". ".join(part for part in (title, note, signature.where) if part)
    entry_note = note or (f"{State(seen).label} → {State(rule.target).label}" if seen != rule.target else "")
    return log(verb, by=by, story=story, version=version, note=entry_note)


def _answered(
    story: Story, rule: Move, by: Person | None, note: str, signature: Signature, now: datetime
) -> str:
    """Write down the leadership's word, and let what else was open lapse where the story goes back."""
    title = ""
    if rule.answers and by is not None:
        told = approval.answer(story, rule.answers, by, note, signature, now)
        if told is None:
            raise Overtaken(_overtaken(story))
        title = told
    if story.state == State.VERIFIED and rule.target in (State.QUEUED, State.SPIKED):
        approval.void(story, now)
    return title


def _seal(story: Story, verb: str, by: Person | None, notice: str) -> None:
    text = {name: getattr(story, name) for name in Revision.TEXT}
    photos = photos_to_publish(story)
    if MOVES[verb].target == State.RETRACTED:
        # What is withdrawn is what readers saw; a correction half written stays in the revisions.
        before = story.sealed(story.version - 1)
        text = {name: getattr(before, name) for name in Revision.TEXT}
        photos = before.photos
        Story.objects.filter(pk=story.pk).update(**text)
        for name, value in text.items():
            setattr(story, name, value)
        _photos_as(story, photos)
    sealed = Revision.objects.create(
        story=story,
        version=story.version,
        sealed=True,
        by=by,
        why=verb,
        notice=notice,
        photos=photos,
        **text,
    )
    Story.objects.filter(pk=story.pk).update(revision=sealed)
    story.revision = sealed
    Package.objects.update_or_create(
        story=story, version=story.version, revision=1, defaults={"promised_at": timezone.now()}
    )


def _photos_as(story: Story, photos: list[dict[str, Any]]) -> None:
    """Put the story's photos back to what a sealed revision says; what we know of people in them stays."""
    told = {photo["sha256"]: (order, photo) for order, photo in enumerate(photos)}
    for row in story.photos.all():
        order, photo = told.get(row.sha256, (row.order + len(told), None))
        row.order, row.left_out = order, photo is None
        if photo:
            row.caption, row.credit, row.alt = photo["caption"], photo["credit"], photo["alt"]
            row.edits, row.masked = photo.get("edits", {}), photo.get("masked", {})
        row.save(update_fields=["order", "left_out", "caption", "credit", "alt", "edits", "masked"])


def _in_season(story: Story, rule: Move) -> bool:
    return not rule.unexplained or story.reason_due_at is not None


def _objection(story: Story, rule: Move, person: Person) -> str:
    mine = person.pk in story.written_by
    if rule.by_worker:
        return _("Langkah ini dilakukan sendiri oleh Redaksi setelah berita diverifikasi.")
    if not person.is_active or not (person.may(rule.right) or (rule.own and mine)):
        return _("Akun Anda tidak berwenang untuk langkah ini. Mintalah editor melakukannya.")
    if story.trial and rule.seals:
        return _("Ini surel uji dari penyiapan, jadi tidak pernah ditayangkan. Tolak bila sudah selesai.")
    if rule.answers:
        return approval.objection(story, rule.answers, person)
    if rule.four_eyes and mine:
        return _("Penulis tidak boleh memverifikasi beritanya sendiri. Mintalah editor lain.")
    return ""


def _overtaken(story: Story) -> str:
    latest: LogEntry | None = story.log.order_by("-id").select_related("by").first()
    if latest is None:
        return _("Berita ini baru saja berubah. Muat ulang halaman, baca lagi, lalu putuskan.")
    return _("%(who)s baru saja mengubah berita ini. Muat ulang halaman, baca lagi, lalu putuskan.") % {
        "who": latest.by or "Redaksi"
    }


def sealed_versions(story: Story) -> Iterable[Revision]:
    """Return the verified texts of a story, one for each version, oldest first."""
    latest = {
        revision.version: revision for revision in story.revisions.filter(sealed=True).select_related("by")
    }
    return [latest[version] for version in sorted(latest)]
