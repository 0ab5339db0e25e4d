"""What is told beside a photo: what its file says, whence its flags are, and what is asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

import prose
from newsroom.likeness import Question, questions
from newsroom.models import Person, Photo
from newsroom.photos import FLAGS
from newsroom.templatetags.office import moment, number

SOFT, SHARP = 50, 200
"""Sharpness (photos.Measures) below which a photo looks out of focus, and from which it looks crisp."""
DARK, BRIGHT = 0.2, 0.8
"""Mean brightness below which a photo looks too dark, and from which it looks too bright."""


def sees_place(person: Person) -> bool:
    """Say whether a person may be shown where a photo was taken: those who judge what may be published.

    Where somebody was, and when, is personal data (UU 27/2022); publishing needs neither.
    """
    return person.is_active and person.edits


def sent_by(photo: Photo, person: Person) -> bool:
    """Say whether a person may have the file itself, which may tell where it was taken: the desk's people, and its sender.

    A story may hold photos of somebody else's mail, when two of one coverage were put together.
    """
    mail = photo.submission
    return person.sees or mail is None or mail.contributor is None or mail.contributor.person_id == person.pk


def facts_for(photo: Photo, person: Person) -> list[tuple[str, str]]:
    """Return what the file says of a photo, as name and words, as far as this person may know it."""
    told = photo.facts
    lines = [
        (_("Diambil (jam kamera)"), moment(photo.taken_at)),
        (_("Kamera"), told.get("camera", "")),
        (_("Ukuran"), _size(photo)),
        (_("Ketajaman"), _sharpness(photo)),
        (_("Pencahayaan"), _exposure(photo)),
        (_("Pembuat"), told.get("creator", "")),
        (_("Hak cipta"), told.get("copyright", "")),
    ]
    if sees_place(person):
        lines.append((_("Lokasi (GPS)"), _place(told.get("gps"))))
    return [(name, words) for name, words in lines if words]


def mark_asked(rows: Sequence[Photo], person: Person) -> None:
    """Note on each photo its facts (`told`) and, for editors, one question for each flag (`questions`)."""
    asked = questions(rows) if person.edits else {}
    for row in rows:
        row.told = facts_for(row, person)  # type: ignore[attr-defined]
        row.sent_by_reader = sent_by(row, person)  # type: ignore[attr-defined]
        row.questions = _first_of_each(asked.get(row.pk, []))  # type: ignore[attr-defined]
        raised = [str(FLAGS[flag]) for flag in FLAGS if getattr(row, flag)]
        row.flags_told = ", ".join(raised) if row.flagged_in_id else ""  # type: ignore[attr-defined]


def _first_of_each(asked: Sequence[Question]) -> dict[str, Question]:
    first: dict[str, Question] = {}
    for question in asked:
        first.setdefault(question.flag, question)
    return first


def _size(photo: Photo) -> str:
    if not photo.width:
        return ""
    kind = photo.facts.get("format", "")
    size = f"{number(photo.width)} × {number(photo.height)}"
    return _("%(size)s piksel%(kind)s") % {"size": size, "kind": f", {kind}" if kind else ""}


def _sharpness(photo: Photo) -> str:
    if photo.sharpness is None:
        return ""
    if photo.sharpness < SOFT:
        return _("mungkin kurang tajam")
    return _("tajam") if photo.sharpness >= SHARP else _("cukup tajam")


def _exposure(photo: Photo) -> str:
    if photo.exposure is None:
        return ""
    if photo.exposure < DARK:
        return _("terlalu gelap")
    return _("terlalu terang") if photo.exposure > BRIGHT else _("baik")


def _place(gps: Any) -> str:
    if not isinstance(gps, list) or len(gps) != 2 or not all(isinstance(part, int | float) for part in gps):
        return ""
    latitude, longitude = gps
    south, west = _("LS") if latitude < 0 else _("LU"), _("BB") if longitude < 0 else _("BT")
    return f"{prose.number(abs(latitude), 5)} {south}; {prose.number(abs(longitude), 5)} {west}"
