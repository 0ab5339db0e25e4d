"""Writing on a story: every save is a revision, and a second writer is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.findings import tally
from newsroom.models import Person, Photo, Revision, State, Story, log
from newsroom.photos import FLAGS, look_again, photos_to_publish
from newsroom.workflow import EDITABLE


class EditRefused(Exception):
    """Nothing was saved. The text says in Indonesian why and what to do."""


class Overtaken(EditRefused):
    """Somebody saved since the writer began."""


@dataclass(frozen=True)
class PhotoChange:
    pk: int
    caption: str
    credit: str
    alt: str
    order: int
    left_out: bool
    child: bool = False
    victim: bool = False
    document: bool = False
    consent: str = ""
    consent_from: str = ""


def may_edit(story: Story, person: Person) -> bool:
    """Say whether `person` may write on the story now."""
    if story.state not in EDITABLE:
        return False
    own = person.pk in story.written_by and story.state == State.RETURNED
    return person.edits or own


def edit(
    story: Story,
    by: Person,
    text: Mapping[str, str],
    photos: Sequence[PhotoChange] = (),
    *,
    seen: int | None,
    settings: Mapping[str, Any] | None = None,
    why: str = "edit",
) -> Revision | None:
    """Save `text`, `photos` and `settings` (sites, embargo) as a revision, unless nothing changed.

    `seen` is the revision the writer began from, `why` the verb that is noted. Raises Overtaken when somebody saved meanwhile,
    EditRefused when `by` may not write.
    """
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    if not str(text.get("headline", story.headline)).strip():
        raise EditRefused(_("Judul wajib diisi. Tulis judulnya, lalu simpan lagi."))
    fresh = {
        name: text[name] for name in Revision.TEXT if name in text and text[name] != getattr(story, name)
    }
    other = {name: value for name, value in (settings or {}).items() if value != getattr(story, name)}
    with transaction.atomic():
        changed = [change for change in photos if _apply(story, change, by)]
        if not fresh and not changed and not other:
            return None
        return _save(story, by, fresh, other, seen, why)


def rewrite(
    story: Story,
    by: Person | None,
    why: str,
    *,
    seen: int | None,
    text: Mapping[str, str] | None = None,
    note: str = "",
) -> Revision:
    """Save `text` and the story's photos as they are now as a revision, whoever may write. Raises Overtaken."""
    return _save(story, by, dict(text or {}), {}, seen, why, note)


def first_revision(story: Story, why: str, by: Person | None = None) -> Revision:
    """Give a story that was just made its first revision."""
    revision = Revision.objects.create(
        story=story,
        version=story.version,
        by=by,
        why=why,
        photos=photos_to_publish(story),
        **{name: getattr(story, name) for name in Revision.TEXT},
    )
    Story.objects.filter(pk=story.pk).update(revision=revision)
    story.revision = revision
    tally(story)
    return revision


def _save(
    story: Story,
    by: Person | None,
    fresh: dict[str, str],
    other: dict[str, Any],
    seen: int | None,
    why: str,
    note: str = "",
) -> Revision:
    for name, value in {**fresh, **other}.items():
        setattr(story, name, value)
    revision = Revision.objects.create(
        story=story,
        version=story.version,
        by=by,
        why=why,
        photos=photos_to_publish(story),
        **{name: getattr(story, name) for name in Revision.TEXT},
    )
    kept = Story.objects.filter(pk=story.pk, revision=seen, state__in=EDITABLE)
    if not kept.update(revision=revision, **fresh, **other):
        raise Overtaken(_overtaken(story, revision))
    story.revision = revision
    look_again(story)
    tally(story)
    log(why, by=by, story=story, version=story.version, note=note)
    return revision


def settle_flags(photo: Photo, before: Mapping[str, bool], by: Person | None) -> None:
    """Log the flags an editor took off a photo; carry those just raised to every story with the same file.

    To be called within the transaction that saves the photo. A story that is being written on gets a
    revision, so that a form opened before does not take the flag away unseen. Taking a flag off is a
    judgement of one story: in others it stays until it is judged there.
    """
    lowered = [flag for flag in FLAGS if before[flag] and not getattr(photo, flag)]
    if lowered:
        log(
            "unflag_photo", by=by, story=photo.story, version=photo.story.version, note=_noted(photo, lowered)
        )
    raised = [flag for flag in FLAGS if getattr(photo, flag) and not before[flag]]
    if not raised:
        return
    same = Photo.objects.filter(sha256=photo.sha256).exclude(pk=photo.pk).order_by("story_id", "id")
    for row in same.select_related("story"):
        new = [flag for flag in raised if not getattr(row, flag)]
        if new:
            _carry(row, new, photo.story, by)


def _carry(row: Photo, flags: Sequence[str], source: Story, by: Person | None) -> None:
    origin = row.flagged_in or (source if source.pk != row.story_id else None)
    Photo.objects.filter(pk=row.pk).update(**dict.fromkeys(flags, True), flagged_in=origin)
    story = Story.objects.select_for_update().get(pk=row.story_id)
    if story.pk == source.pk:
        return  # the save that is under way covers it
    note = _("%(photo)s, dari “%(story)s”") % {"photo": _noted(row, flags), "story": source}
    if story.state in EDITABLE:
        rewrite(story, by, "carry_flags", seen=story.revision_id, note=note)
    else:
        look_again(story)
        log("carry_flags", by=by, story=story, version=story.version, note=note)


def _noted(photo: Photo, flags: Sequence[str]) -> str:
    return f"{photo}: {', '.join(str(FLAGS[flag]) for flag in flags)}"


def _apply(story: Story, change: PhotoChange, by: Person) -> bool:
    values = {
        "caption": change.caption,
        "credit": change.credit,
        "alt": change.alt,
        "order": change.order,
        "left_out": change.left_out,
        "child": change.child,
        "victim": change.victim,
        "document": change.document,
        "consent": change.consent,
        "consent_from": change.consent_from,
    }
    photo = Photo.objects.filter(pk=change.pk, story=story).first()
    if photo is None:
        raise EditRefused(_("Salah satu foto sudah tidak ada pada berita ini. Muat ulang halaman."))
    if all(getattr(photo, name) == value for name, value in values.items()):
        return False
    before = {flag: getattr(photo, flag) for flag in FLAGS}
    Photo.objects.filter(pk=photo.pk).update(**values)
    for name, value in values.items():
        setattr(photo, name, value)
    photo.story = story
    settle_flags(photo, before, by)
    return True


def _overtaken(story: Story, ours: Revision) -> str:
    latest = story.revisions.exclude(pk=ours.pk).select_related("by").last()
    who = latest.by if latest and latest.by else _("Orang lain")
    return _("%(who)s menyimpan berita ini lebih dulu.") % {"who": who}
