"""Which photos are one photo, by what their rows say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

import photos
from newsroom.models import Person, Photo, Story
from newsroom.photos import FLAGS

SAME_PHOTO = 5
"""Bits of 64 in which two likenesses of one photo may differ, resized and compressed again by WhatsApp."""

SAME_SCENE = 10
"""Bits in which neighbours of a burst may differ: the same scene a moment later."""
WITHIN = timedelta(seconds=10)
"""Between one photo of a burst and the next."""
LOOKED_AT = 5_000
"""Newest photos of the archive that share a quarter of a likeness and are compared, so that a page stays quick."""
SHOWN = 3


@dataclass(frozen=True)
class Burst:
    """Photos of one story that show one moment; the best is proposed, nothing is done by itself."""

    best: Photo
    others: tuple[Photo, ...]


@dataclass(frozen=True)
class Question:
    """A photo is like one that is flagged: is the flag for it, too? An editor answers; nothing is done by itself."""

    other: Photo
    flag: str
    same: bool
    """It is the same file, not only one like it."""

    @property
    def label(self) -> str:
        """Return the flag in words."""
        return str(FLAGS[self.flag])

    @property
    def name(self) -> str:
        """Return what `Photo.told_apart` keeps when the answer is no."""
        return f"{self.other.sha256}:{self.flag}"


def is_among(picture: Mapping[str, Any], held: Sequence[tuple[str, str]]) -> bool:
    """Say whether a picture is among `held` (SHA-256 and likeness), be it smaller or compressed again."""
    mine = picture.get("dhash", "")
    return any(
        picture["sha256"] == sha256
        or bool(mine and dhash and photos.distance(int(mine, 16), int(dhash, 16)) <= SAME_PHOTO)
        for sha256, dhash in held
    )


def count_same(pictures: Sequence[Mapping[str, Any]], held: Sequence[tuple[str, str]]) -> int:
    return sum(is_among(picture, held) for picture in pictures)


def mark_alike(story: Story, rows: Sequence[Photo]) -> None:
    """Note on each photo the like ones (`alike`): of this story, its mails and the whole archive."""
    for row in rows:
        row.alike = [other for other in rows if other is not row and _near(row, other, SAME_SCENE)]  # type: ignore[attr-defined]
    for row, other in _in_archive(story, [row for row in rows if row.dhash]):
        if len(row.alike) < SHOWN and other.sha256 != row.sha256:
            row.alike.append(other)


def similar(photo: Photo, person: Person, most: int) -> list[Photo]:
    """Return photos like this one among those of other released stories the person may see, the newest first."""
    if not photo.dhash:
        return []
    mine = int(photo.dhash, 16)
    others = Photo.objects.filter(_in_some_band([photo]), left_out=False, readable=True)
    others = others.exclude(story=photo.story_id).order_by("-id")
    near = [
        pk
        for pk, dhash in others.values_list("pk", "dhash")[:LOOKED_AT]
        if photos.distance(mine, int(dhash, 16)) <= photos.NEAR
    ]
    seen = Story.objects.all().visible_to(person).public()
    found = Photo.objects.filter(pk__in=near[: 10 * most], story__in=seen.values("pk"))
    return list(found.select_related("story").order_by("-id")[:most])


def questions(rows: Sequence[Photo]) -> dict[int, list[Question]]:
    """Return what is to be asked of each photo, by its key: each flag of each flagged photo it is like.

    The same file is asked about, too, where an editor has taken off a flag that stands in another story.
    """
    if not rows:
        return {}
    like = Q(sha256__in=[row.sha256 for row in rows])
    if hashed := [row for row in rows if row.dhash]:
        like |= _in_some_band(hashed)
    flagged = reduce(or_, (Q(**{flag: True}) for flag in FLAGS))
    others = Photo.objects.filter(like).filter(flagged).select_related("story").order_by("-id")
    found: dict[int, list[Question]] = {}
    for other in others[:LOOKED_AT]:
        for row in rows:
            if asked := list(_asked(row, other)):
                found.setdefault(row.pk, []).extend(asked)
    return found


def _asked(row: Photo, other: Photo) -> Iterator[Question]:
    if row.pk == other.pk or not _near(row, other, photos.NEAR):
        return
    for flag in FLAGS:
        question = Question(other, flag, same=row.sha256 == other.sha256)
        if getattr(other, flag) and not getattr(row, flag) and question.name not in row.told_apart:
            yield question


def bursts(rows: Sequence[Photo]) -> list[Burst]:
    """Return the groups of a story's photos taken within seconds of one scene, the best of each first."""
    left = [row for row in rows if row.readable and not row.left_out and row.dhash]
    found = []
    while left:
        group = [left.pop(0)]
        for member in group:  # which grows as its neighbours are found
            near = [row for row in left if _one_moment(member, row)]
            group += near
            left = [row for row in left if row not in near]
        if len(group) > 1:
            best = max(group, key=lambda row, among=tuple(group): (_worth(row, among), -row.order))
            found.append(Burst(best, tuple(row for row in group if row is not best)))
    return found


def _in_archive(story: Story, rows: Sequence[Photo]) -> list[tuple[Photo, Photo]]:
    """Return pairs of a photo and a like one of another story, newest first."""
    if not rows:
        return []
    ours = [(row, int(row.dhash, 16)) for row in rows]
    others = Photo.objects.filter(_in_some_band(rows)).exclude(story=story).order_by("-id")
    pairs = [
        (row, pk)
        for pk, theirs in (
            (pk, int(dhash, 16)) for pk, dhash in others.values_list("pk", "dhash")[:LOOKED_AT]
        )
        for row, mine in ours
        if photos.distance(mine, theirs) <= photos.NEAR
    ]
    wanted_pks = {pk for _row, pk in pairs[: SHOWN * 10 * len(rows)]}
    by_pk = (
        Photo.objects.select_related("story").only("sha256", "dhash", "story__headline").in_bulk(wanted_pks)
    )
    return [(row, by_pk[pk]) for row, pk in pairs if pk in by_pk]


def _in_some_band(rows: Sequence[Photo]) -> Q:
    """Return what finds every photo within photos.NEAR bits of one of `rows`, and some others."""
    wanted = [photos.probes(int(row.dhash, 16)) for row in rows]
    bands = [
        Q(**{f"band_{number}__in": sorted(frozenset().union(*(probe[number] for probe in wanted)))})
        for number in range(4)
    ]
    return reduce(or_, bands)


def _near(one: Photo, other: Photo, bits: int) -> bool:
    if one.sha256 == other.sha256:
        return True
    if not one.dhash or not other.dhash:
        return False
    return photos.distance(int(one.dhash, 16), int(other.dhash, 16)) <= bits


def _one_moment(one: Photo, other: Photo) -> bool:
    """Say whether two like photos were taken within seconds; without times they must be nearly the same."""
    if one.taken_at is None or other.taken_at is None:
        return one.taken_at is other.taken_at and _near(one, other, SAME_PHOTO)
    return abs(one.taken_at - other.taken_at) <= WITHIN and _near(one, other, SAME_SCENE)


def _worth(photo: Photo, among: Sequence[Photo]) -> float:
    """Weigh sharpness most, then exposure, then size, each against the best of the group."""
    sharpest = max((row.sharpness or 0 for row in among), default=0)
    largest = max((row.width * row.height for row in among), default=0)
    sharp = (photo.sharpness or 0) / sharpest if sharpest else 0
    large = photo.width * photo.height / largest if largest else 0
    exposed = 0.5 if photo.exposure is None else 1 - min(1, abs(photo.exposure - 0.475) / 0.475)
    return 0.6 * sharp + 0.2 * exposed + 0.2 * large
