"""What editors do with a mail's pictures: use one, ignore one, move photos between the stories of a mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.editing import EditRefused, may_edit, rewrite
from newsroom.models import Habit, Person, Photo, PictureSighting, State, Story, Submission, log

MOVABLE = (State.QUEUED, State.RETURNED)
"""States of a story whose photos may go over to another; what was verified stays as it was seen."""


def use_picture(story: Story, mail: Submission, sha256: str, by: Person, *, seen: int | None) -> Photo:
    """Make a picture that was set aside a photo of the story; it is a photo from now on, however often it comes.

    Raises EditRefused, Overtaken.
    """
    _need_editor(story, by)
    sighting = PictureSighting.objects.filter(submission=mail, sha256=sha256).first()
    if sighting is None:
        raise EditRefused(_("Gambar itu tidak ada pada surel ini. Muat ulang halaman."))
    if story.photos.filter(sha256=sha256).exists():
        raise EditRefused(_("Gambar ini sudah ada di antara foto berita."))
    filename = next((part["filename"] for part in mail.parts if part.get("sha256") == sha256), "")
    with transaction.atomic():
        photo = Photo.objects.create(
            story=story,
            submission=mail,
            sha256=sha256,
            filename=filename[:255],
            order=_next_place(story),
            width=sighting.width,
            height=sighting.height,
            readable=bool(sighting.width),
            left_out=not sighting.width,
        )
        rewrite(story, by, "use_picture", seen=seen)
        _teach(mail, sha256, use=True)
    return photo


def ignore_picture(mail: Submission, sha256: str, by: Person, *, ignore: bool = True) -> None:
    """Take a picture for no photo in all later mails of this sender, or end that. Raises EditRefused."""
    if not by.edits:
        raise EditRefused(_("Hanya editor yang dapat melakukan ini."))
    if not mail.sender_address:
        raise EditRefused(_("Surel ini tidak punya alamat pengirim, jadi tidak ada yang dapat diingat."))
    if not PictureSighting.objects.filter(submission=mail, sha256=sha256).exists():
        raise EditRefused(_("Gambar itu tidak ada pada surel ini. Muat ulang halaman."))
    with transaction.atomic():
        _teach(mail, sha256, ignore=ignore)
        log("ignore_picture" if ignore else "heed_picture", by=by, submission=mail, note=sha256[:12])


def siblings(story: Story) -> QuerySet[Story]:
    """Return the other stories of the mails this story came by, whose photos may still be moved."""
    mails = [mail.pk for mail in story.mails.only("pk")]
    others = Story.objects.filter(Q(submissions__in=mails) | Q(split_from__in=mails))
    return others.filter(state__in=MOVABLE).exclude(pk=story.pk).distinct().order_by("id")


def move_photo(story: Story, photo_pk: int, target: Story, by: Person) -> None:
    """Move a photo to another story of the same mail, behind its photos. Raises EditRefused, Overtaken."""
    _need_editor(story, by)
    if story.state not in MOVABLE or not may_edit(target, by) or target not in siblings(story):
        raise EditRefused(
            _("Foto hanya dapat dipindahkan antara berita dari satu surel yang belum diverifikasi.")
        )
    with transaction.atomic():
        _take(story, target, [photo_pk], by)


def take_along(story: Story, made: Story, photos: Sequence[int], by: Person) -> None:
    """Give photos of `story` to the story just made from the same mail; verified ones stay there, too."""
    if not photos:
        return
    if story.state in MOVABLE:
        moved = story.photos.filter(pk__in=photos)
        if moved.update(story=made):
            rewrite(story, by, "move_photo", seen=story.revision_id)
        return
    for order, photo in enumerate(story.photos.filter(pk__in=photos)):
        photo.pk, photo.story, photo.order, photo.exposed = None, made, order, ""
        photo.save(force_insert=True)


def _take(story: Story, target: Story, photos: Sequence[int], by: Person) -> None:
    place = _next_place(target)
    if not Photo.objects.filter(pk__in=photos, story=story).update(story=target, order=place):
        raise EditRefused(_("Foto itu sudah tidak ada pada berita ini. Muat ulang halaman."))
    for changed in (story, target):
        rewrite(changed, by, "move_photo", seen=changed.revision_id)


def _teach(mail: Submission, sha256: str, *, use: bool = False, ignore: bool = False) -> None:
    if not mail.sender_address:
        return
    Habit.objects.get_or_create(address=mail.sender_address)
    habit = Habit.objects.select_for_update().get(address=mail.sender_address)
    uses, ignores = set(habit.uses) - {sha256}, set(habit.ignores) - {sha256}
    if use:
        uses.add(sha256)
    if ignore:
        ignores.add(sha256)
    Habit.objects.filter(pk=habit.pk).update(uses=sorted(uses), ignores=sorted(ignores))


def _next_place(story: Story) -> int:
    last = story.photos.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _need_editor(story: Story, by: Person) -> None:
    if not by.edits or not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
