"""Whether a story is fit to be read: what its text and photos lack, and what they have lost since they were verified.

Each answer is a sentence in Indonesian that says what to do, and is empty when nothing stands in the way.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom import personal, records
from newsroom.likeness import questions
from newsroom.models import Photo, Story
from newsroom.photos import barred, barred_as_sealed, to_publish


def lacking(story: Story, *, sites_needed: bool) -> str:
    """Say what keeps the story, as its text stands, from being sealed for readers."""
    if not story.headline.strip():
        return _("Berita ini belum berjudul. Isi judulnya, lalu verifikasi lagi.")
    if not story.body.strip():
        return _("Berita ini belum punya isi. Lengkapi naskahnya, lalu verifikasi lagi.")
    known = {site.name for site in settings.REDAKSI.sites}
    if sites_needed and known and not known & set(story.sites):
        return _("Belum ada situs yang dipilih. Pilih sedikitnya satu situs tujuan.")
    if reason := records.objection(story):
        return reason
    photos = list(to_publish(story))
    reasons = (reason for photo in photos if (reason := barred(photo)))
    return next(reasons, "") or _unanswered(photos) or personal.objection(story)


def lost(story: Story) -> str:
    """Say what the story has lost since its text was sealed: a photo's consent, its being public information."""
    for reason in barred_as_sealed(story, story.sealed().photos).values():
        return _(
            "%(reason)s Berita ini belum ditayangkan. Batalkan verifikasinya, perbaiki fotonya, lalu verifikasi lagi."
        ) % {"reason": reason}
    return records.objection(story)


def _unanswered(photos: list[Photo]) -> str:
    """Name a photo that is like a flagged one, while nobody has said whether the flag is for it, too."""
    asked = questions(photos)
    for photo in photos:
        for question in asked.get(photo.pk, []):
            return _(
                "Foto “%(photo)s” sama atau mirip dengan foto bertanda “%(flag)s” pada berita “%(story)s”. "
                "Di bagian Foto, tandai juga foto ini atau nyatakan tandanya tidak berlaku, lalu coba lagi."
            ) % {"photo": photo, "flag": question.label, "story": question.other.story}
    return ""
