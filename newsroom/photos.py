"""What the people in a photo are owed: the one place that says whether readers may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.models import Consent, Photo, Revision, State, Story
from photos import Edits

FLAGS = ("child", "victim", "document")
GIVEN = {
    "child": (Consent.VERBAL, Consent.WRITTEN),
    "victim": (Consent.WRITTEN,),
    "document": (),
}
"""Which consent lets a flagged photo out (UU 27/2022 article 25); an identity document has none."""
LOOKED_AFTER = (State.VERIFIED, State.RELEASED)


def barred(photo: Photo, shown: Mapping[str, Any] | None = None) -> str:
    """Say in Indonesian why readers must not see the photo, and what to do; empty when they may.

    `shown` is the photo as a sealed revision has it: then its blur counts and not that of a draft, while
    flags and consent are those known now.
    """
    edits = photo.edits if shown is None else shown.get("edits") or {}
    masks = [photo.masked, *([shown.get("masked") or {}] if shown is not None else [])]
    hidden = {flag for word in masks for flag in _hides(word, edits)}
    for flag in FLAGS:
        if getattr(photo, flag) and flag not in hidden and not _consented(photo, flag):
            return _why(photo, flag)
    return ""


def barred_as_sealed(story: Story, shown: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return why photos of a sealed revision must not be shown, by SHA-256, with what is known of them now."""
    rows: dict[str, list[Photo]] = {}
    for row in story.photos.all():
        rows.setdefault(row.sha256, []).append(row)
    found = {}
    for photo in shown:
        known = rows.get(photo["sha256"]) or [_as_row(photo)]
        if reason := next((why for row in known if (why := barred(row, photo))), ""):
            found[photo["sha256"]] = reason
    return found


def masked(photo: Photo) -> set[str]:
    """Return the flags whose people or papers an editor has seen hidden, by the edits as they are now."""
    return _hides(photo.masked, photo.edits)


def mask_of(photo: Photo) -> dict[str, Any]:
    """Return an editor's word that what is flagged now is hidden by the edits as they are now."""
    edits = Edits.from_json(photo.edits)
    if not edits.changes:
        return {}
    return {"edits": edits.key(), "flags": [flag for flag in FLAGS if getattr(photo, flag)]}


def as_sealed(photo: Photo) -> dict[str, Any]:
    """Return the photo as a revision keeps it."""
    return {
        "sha256": photo.sha256,
        "filename": photo.filename,
        "caption": photo.caption,
        "credit": photo.credit,
        "alt": photo.alt,
        "edits": photo.edits,
        "masked": photo.masked,
        "consent": photo.consent,
        "consent_from": photo.consent_from,
        **{flag: getattr(photo, flag) for flag in FLAGS},
    }


def look_again(story: Story) -> None:
    """Note on each photo whether what readers have, or are about to get, must not be shown."""
    if story.state not in LOOKED_AFTER:
        story.photos.exclude(exposed="").update(exposed="")
        return
    try:
        sealed = story.sealed()
    except Revision.DoesNotExist:
        return
    with translation.override("id"):  # a stored reason is read by whoever comes
        reasons = barred_as_sealed(story, sealed.photos)
    for row in story.photos.all():
        reason = reasons.get(row.sha256, "")
        if row.exposed != reason:
            Photo.objects.filter(pk=row.pk).update(exposed=reason)


def _hides(word: Mapping[str, Any], edits: Mapping[str, Any]) -> set[str]:
    if not word or not edits or word.get("edits") != Edits.from_json(edits).key():
        return set()
    return set(word["flags"])


def _consented(photo: Photo, flag: str) -> bool:
    return photo.consent in GIVEN[flag] and bool(photo.consent_from.strip())


def _as_row(shown: Mapping[str, Any]) -> Photo:
    names = ("filename", "caption", "consent", "consent_from", *FLAGS)
    return Photo(sha256=shown["sha256"], **{name: shown[name] for name in names if name in shown})


def _why(photo: Photo, flag: str) -> str:
    if photo.consent in GIVEN[flag]:
        return _(
            "Foto “%(photo)s” memerlukan nama pemberi izin. Tulis siapa yang memberi izin atau nomor formulirnya."
        ) % {"photo": photo}
    sentences = {
        "child": _(
            "Foto “%(photo)s” memperlihatkan anak tanpa izin orang tua atau wali. "
            "Catat izinnya, kaburkan wajahnya, atau keluarkan fotonya."
        ),
        "victim": _(
            "Foto “%(photo)s” memperlihatkan korban atau pasien tanpa izin tertulis. "
            "Catat izin tertulisnya, kaburkan wajahnya, atau keluarkan fotonya."
        ),
        "document": _(
            "Pada foto “%(photo)s” terbaca kartu identitas atau pelat nomor. "
            "Kaburkan, potong, atau keluarkan fotonya; izin tidak cukup."
        ),
    }
    return sentences[flag] % {"photo": photo}
