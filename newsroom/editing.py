"""Writing on a story: every save is a revision, and a second writer is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Person, Photo, Revision, State, Story, log
from newsroom.photos import look_again
from newsroom.workflow import EDITABLE, photos_to_publish


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
        changed = [change for change in photos if _apply(story, change)]
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
    log(why, by=by, story=story, version=story.version, note=note)
    return revision


def _apply(story: Story, change: PhotoChange) -> bool:
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
    Photo.objects.filter(pk=photo.pk).update(**values)
    return True


def _overtaken(story: Story, ours: Revision) -> str:
    latest = story.revisions.exclude(pk=ours.pk).select_related("by").last()
    who = latest.by if latest and latest.by else _("Orang lain")
    return _("%(who)s menyimpan berita ini lebih dulu.") % {"who": who}
