"""What the people in a photo are owed: the one place that says whether readers may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.models import Consent, Photo, Revision, State, Story
from photos import Edits

FLAGS = {
    "child": gettext_lazy("Terlihat anak"),
    "victim": gettext_lazy("Korban atau pasien dikenali"),
    "document": gettext_lazy("KTP atau pelat nomor terbaca"),
}
"""The flags of PHOTO_FLAGS, in words."""
GIVEN = {
    "child": (Consent.VERBAL, Consent.WRITTEN),
    "victim": (Consent.WRITTEN,),
    "document": (),
}
"""Which consent lets a flagged photo out (UU 27/2022 article 25); an identity document has none."""
LOOKED_AFTER = (State.VERIFIED, State.RELEASED)
WRITTEN_ON = (State.QUEUED, State.RETURNED)
"""States in which a collage is named, too: what is drawn into it cannot be flagged in its own story."""


def barred(photo: Photo, shown: Mapping[str, Any] | None = None) -> str:
    """Say in Indonesian why readers must not see the photo, and what to do; empty when they may.

    `shown` is the photo as a sealed revision has it: then its blur counts and not that of a draft, while
    flags and consent are those known now.
    """
    edits = photo.edits if shown is None else shown.get("edits") or {}
    words = [photo.masked, *([shown.get("masked") or {}] if shown is not None else [])]
    words = [word for word in words if _speaks_of(word, edits)]
    for flag in _open_flags(photo, words):
        return _why(photo, flag)
    seen = {part for word in words for part in word.get("parts", [])}
    for part, row, flag in _open_parts(photo):
        if _part_name(part, flag) not in seen:
            return _why_drawn(part, row, flag)
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
    return set(photo.masked["flags"]) if _speaks_of(photo.masked, photo.edits) else set()


def mask_of(photo: Photo) -> dict[str, Any]:
    """Return an editor's word that what is flagged now is hidden by the edits as they are now."""
    edits = Edits.from_json(photo.edits)
    if not edits.changes:
        return {}
    word: dict[str, Any] = {
        "edits": edits.key(),
        "flags": [flag for flag in FLAGS if getattr(photo, flag)],
    }
    if photo.drawn_from:
        word["parts"] = sorted({_part_name(part, flag) for part, _row, flag in _open_parts(photo)})
    return word


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
        **({"drawn_from": photo.drawn_from} if photo.drawn_from else {}),
    }


def to_publish(story: Story) -> QuerySet[Photo]:
    """Return the story's photos that readers are to see, in order."""
    return story.photos.filter(left_out=False, readable=True)


def photos_to_publish(story: Story) -> list[dict[str, Any]]:
    """Return the story's photos as a revision keeps them, in order."""
    return [as_sealed(photo) for photo in to_publish(story)]


def look_again(story: Story) -> None:
    """Note on each photo whether what readers have, or are about to get, must not be shown; in collages, too."""
    with translation.override("id"):  # a stored reason is read by whoever comes
        for one in (story, *_collages_of(story)):
            _note_exposed(one)


def _note_exposed(story: Story) -> None:
    reasons: dict[str, str] = {}
    if story.state in LOOKED_AFTER:
        try:
            reasons = barred_as_sealed(story, story.sealed().photos)
        except Revision.DoesNotExist:
            return
    elif story.state in WRITTEN_ON:
        drawn = [row for row in story.photos.filter(left_out=False) if row.drawn_from]
        reasons = {row.sha256: barred(row) for row in drawn}
    for row in story.photos.all():
        reason = reasons.get(row.sha256, "")
        if row.exposed != reason:
            Photo.objects.filter(pk=row.pk).update(exposed=reason)


def _collages_of(story: Story) -> list[Story]:
    """Return the stories that hold a collage into which a photo of `story` is drawn."""
    collages = Photo.objects.filter(story__collage__isnull=False).values("sha256")
    rows = Photo.objects.filter(sha256__in=collages).exclude(story=story).select_related("story")
    return list(
        {
            row.story_id: row.story
            for row in rows
            if any(part["story"] == story.pk for part in row.drawn_from)
        }.values()
    )


def _open_parts(photo: Photo) -> Iterator[tuple[Mapping[str, Any], Photo, str]]:
    """Yield what is drawn into a collage and must not be shown: the part, the photo's row now, the flag.

    A part is judged as it was drawn, by what the story it was taken from says of it now.
    """
    if not photo.drawn_from:
        return
    hashes = [part["sha256"] for part in photo.drawn_from]
    known: dict[str, list[Photo]] = {}
    for row in Photo.objects.filter(sha256__in=hashes).select_related("story"):
        known.setdefault(row.sha256, []).append(row)
    for part in photo.drawn_from:
        rows = known.get(part["sha256"], [])
        for row in [row for row in rows if row.story_id == part["story"]] or rows:
            words = [word for word in (row.masked, part["masked"]) if _speaks_of(word, part["edits"])]
            for flag in _open_flags(row, words):
                yield part, row, flag


def _open_flags(photo: Photo, words: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the flags that neither consent nor an editor's word (`words`, on these edits) opens."""
    hidden = {flag for word in words for flag in word["flags"]}
    return [
        flag for flag in FLAGS if getattr(photo, flag) and flag not in hidden and not _consented(photo, flag)
    ]


def _speaks_of(word: Mapping[str, Any], edits: Mapping[str, Any]) -> bool:
    """Say whether an editor's word was given on these very edits."""
    return bool(word and edits) and word.get("edits") == Edits.from_json(edits).key()


def _part_name(part: Mapping[str, Any], flag: str) -> str:
    return f"{part['sha256']}:{flag}"


def _consented(photo: Photo, flag: str) -> bool:
    return photo.consent in GIVEN[flag] and bool(photo.consent_from.strip())


def _as_row(shown: Mapping[str, Any]) -> Photo:
    names = ("filename", "caption", "consent", "consent_from", "drawn_from", *FLAGS)
    return Photo(sha256=shown["sha256"], **{name: shown[name] for name in names if name in shown})


def _why_drawn(part: Mapping[str, Any], row: Photo, flag: str) -> str:
    return _(
        "Kolase ini memuat foto dari berita “%(story)s” yang tidak boleh dilihat pembaca. %(why)s "
        "Pada kolase yang sudah jadi: kaburkan bagiannya, keluarkan kolasenya, atau tarik beritanya."
    ) % {"story": row.story, "why": _why(Photo(caption=part["name"], consent=row.consent), flag)}


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
