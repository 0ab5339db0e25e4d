"""What editors do to one photo: crop it, blur areas, say where crops look; and undo all of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.editing import EditRefused, may_edit, rewrite, settle_flags
from newsroom.likeness import Question, bursts, questions
from newsroom.models import Person, Photo, Story, log
from newsroom.photos import FLAGS, barred, mask_of, masked
from photos import Edits


def may_retouch(story: Story, person: Person) -> bool:
    """Say whether `person` may change the story's photos now."""
    return person.edits and may_edit(story, person)


def retouch(
    story: Story,
    photo_pk: int,
    edits: Edits,
    by: Person,
    *,
    flags: Collection[str],
    confirmed: bool,
    seen: int | None,
) -> bool:
    """Save a photo's edits and flags; False when nothing changed. The original stays.

    `confirmed` is the editor's word that what is flagged cannot be recognised any more.
    Raises EditRefused, Overtaken.
    """
    photo = _photo(story, photo_pk, by)
    before = (photo.edits, photo.masked, *(getattr(photo, flag) for flag in FLAGS))
    flagged = {flag: getattr(photo, flag) for flag in FLAGS}
    photo.edits = edits.to_json()
    for flag in FLAGS:
        setattr(photo, flag, flag in flags)
    photo.masked = mask_of(photo) if confirmed else {}
    if confirmed and not photo.masked:
        raise EditRefused(
            _("Belum ada bagian yang dikaburkan atau dipotong. Tandai dahulu bagiannya, lalu simpan lagi.")
        )
    if before == (photo.edits, photo.masked, *(getattr(photo, flag) for flag in FLAGS)):
        return False
    with transaction.atomic():
        photo.save(update_fields=["edits", "masked", *FLAGS])
        settle_flags(photo, flagged, by)
        rewrite(story, by, "edit_photo", seen=seen)
        if photo.masked and photo.masked != before[1]:
            log("mask_photo", by=by, story=story, version=story.version, note=str(photo))
    return True


def to_original(story: Story, photo_pk: int, by: Person, *, seen: int | None) -> None:
    """Take every edit of a photo back; its flags stay. Raises EditRefused, Overtaken."""
    photo = _photo(story, photo_pk, by)
    if not photo.edits:
        raise EditRefused(_("Foto ini sudah seperti aslinya."))
    with transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(edits={}, masked={})
        rewrite(story, by, "reset_photo", seen=seen)


def flag_too(story: Story, photo_pk: int, by: Person, *, seen: int | None) -> list[str]:
    """Give a photo the flags of those it is like; return them. Raises EditRefused, Overtaken."""
    photo, asked = _questioned(story, photo_pk, by)
    before = {flag: getattr(photo, flag) for flag in FLAGS}
    for question in asked:
        setattr(photo, question.flag, True)
    photo.flagged_in = asked[0].other.story if asked[0].other.story_id != story.pk else photo.flagged_in
    with transaction.atomic():
        photo.save(update_fields=["flagged_in", *FLAGS])
        settle_flags(photo, before, by)
        rewrite(story, by, "flag_too", seen=seen, note=str(photo))
    return sorted({question.flag for question in asked})


def tell_apart(story: Story, photo_pk: int, by: Person) -> None:
    """Keep an editor's word that the flags of like photos are not for this one. Raises EditRefused."""
    photo, asked = _questioned(story, photo_pk, by)
    with transaction.atomic():
        names = sorted({*photo.told_apart, *(question.name for question in asked)})
        Photo.objects.filter(pk=photo.pk).update(told_apart=names)
        told = ", ".join(sorted({f"{question.label} (“{question.other.story}”)" for question in asked}))
        log("tell_apart", by=by, story=story, version=story.version, note=f"{photo}: {told}")


def _questioned(story: Story, photo_pk: int, by: Person) -> tuple[Photo, list[Question]]:
    photo = _photo(story, photo_pk, by)
    asked = questions([photo]).get(photo.pk, [])
    if not asked:
        raise EditRefused(_("Pertanyaan itu sudah dijawab atau tidak berlaku lagi."))
    return photo, asked


def leave_others_out(story: Story, best_pk: int, by: Person, *, seen: int | None) -> int:
    """Leave out the photos of a burst but the best one; return how many. Raises EditRefused, Overtaken."""
    best = _photo(story, best_pk, by)
    burst = next((found for found in bursts(list(story.photos.all())) if found.best.pk == best.pk), None)
    if burst is None:
        raise EditRefused(_("Usulan itu tidak berlaku lagi: fotonya sudah berubah."))
    with transaction.atomic():
        Photo.objects.filter(pk__in=[row.pk for row in burst.others]).update(left_out=True)
        rewrite(story, by, "leave_out", seen=seen)
    return len(burst.others)


def can_put_back(story: Story) -> bool:
    """Say whether the last thing done to the story was to leave out the others of a burst."""
    return story.revision is not None and story.revision.why == "leave_out"


def put_back(story: Story, by: Person, *, seen: int | None) -> None:
    """Take back the photos that were just left out. Raises EditRefused, Overtaken."""
    now = story.revision
    before = story.revisions.filter(pk__lt=now.pk).last() if now else None
    if not may_retouch(story, by) or not can_put_back(story) or now is None or before is None:
        raise EditRefused(_("Tidak ada yang dapat diurungkan: beritanya sudah berubah lagi."))
    gone = {photo["sha256"] for photo in before.photos} - {photo["sha256"] for photo in now.photos}
    with transaction.atomic():
        story.photos.filter(sha256__in=gone, readable=True).update(left_out=False)
        rewrite(story, by, "put_back", seen=seen)


def still_masked(photo: Photo) -> bool:
    """Say whether an editor's word covers all that is flagged now."""
    flagged = {flag for flag in FLAGS if getattr(photo, flag)}
    return bool(photo.masked) and flagged <= masked(photo) and (not photo.drawn_from or not barred(photo))


def _photo(story: Story, pk: int, by: Person) -> Photo:
    if not may_retouch(story, by):
        raise EditRefused(_("Foto berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    photo: Photo | None = story.photos.filter(pk=pk, readable=True).first()
    if photo is None:
        raise EditRefused(_("Foto itu sudah tidak ada pada berita ini. Muat ulang halaman."))
    return photo
