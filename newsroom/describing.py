"""What a story or a photo is about, said by archivists: when and where it took place, whom it shows, its tags.

It is no part of the verified text: it may be said at any time, makes no version and goes to no site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

import prose
from newsroom.acts import ActRefused
from newsroom.indexing import index, stale
from newsroom.models import Leader, Person, Photo, Story, Tag, log

Subject = Story | Photo
LONGEST_PLACE = 150
LONGEST_TAG = 60
AT_ONCE = 25
"""Stories that are found anew at once when many are described; the worker takes in the others."""
MOST_TAGS = 30
"""Tags one story or photo bears: more describe nothing."""


@dataclass(frozen=True)
class Description:
    """What is said of a story or a photo; a photo's day and place are those of its story."""

    event_on: date | None = None
    event_place: str = ""
    leaders: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()

    def stamp(self) -> str:
        """Name what stands there, for a second writer to be told."""
        told = (self.event_on, self.event_place, sorted(self.leaders), sorted(self.tags))
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def description_of(subject: Subject) -> Description:
    """Return what is said of it now."""
    leaders = tuple(row.pk for row in subject.leaders.all())
    tags = tuple(row.name for row in subject.tags.all())
    if isinstance(subject, Photo):
        return Description(leaders=leaders, tags=tags)
    return Description(subject.event_on, subject.event_place, leaders, tags)


def describe(subject: Subject, by: Person, wanted: Description, *, seen: str) -> bool:
    """Say this of it, if what stands there is as `seen` (its stamp); say whether anything changed. Raises ActRefused."""
    need_archivist(by)
    place = _tidy(wanted.event_place)
    if len(place) > LONGEST_PLACE:
        raise ActRefused(
            _("Nama tempat itu terlalu panjang: paling banyak %(most)d huruf.") % {"most": LONGEST_PLACE}
        )
    with transaction.atomic():
        before = description_of(type(subject)._default_manager.get(pk=subject.pk))
        if before.stamp() != seen:
            raise ActRefused(
                _("Orang lain baru saja mengubah keterangan ini. Lihat isinya sekarang, lalu simpan lagi.")
            )
        tags = tags_named(wanted.tags)
        if isinstance(subject, Story):
            Story.objects.filter(pk=subject.pk).update(event_on=wanted.event_on, event_place=place)
        subject.leaders.set(Leader.objects.filter(pk__in=wanted.leaders))
        subject.tags.set(tags)
        fresh = type(subject)._default_manager.get(pk=subject.pk)
        after = description_of(fresh)
        if after == before:
            return False
        story = fresh.story if isinstance(fresh, Photo) else fresh
        log("describe", by=by, story=story, note=told(fresh))
        index(story)
    return True


def told(subject: Subject) -> str:
    """Write in one line what is said of a story or a photo, as the log keeps it."""
    said = description_of(subject)
    parts = [f"foto {subject.sha256[:12]}"] if isinstance(subject, Photo) else []
    if said.event_on:
        parts.append(said.event_on.isoformat())
    parts += [said.event_place, ", ".join(str(row) for row in subject.leaders.all())]
    parts.append(", ".join(f"#{name}" for name in said.tags))
    return " · ".join(part for part in parts if part) or "–"


def tags_named(names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names, the new ones made now. Raises ActRefused."""
    wanted: dict[str, str] = {}
    for name in names:
        tidy = _tidy(name.replace("#", " "))
        if tidy:
            wanted.setdefault(_slug(tidy), tidy)
    if len(wanted) > MOST_TAGS:
        raise ActRefused(_("Paling banyak %(most)d tag.") % {"most": MOST_TAGS})
    known = {row.slug: row for row in Tag.objects.filter(slug__in=wanted)}
    for slug, name in wanted.items():
        if slug not in known:
            known[slug] = _called(name) or _made(slug, name)
    return [known[slug] for slug in wanted]


def tag_named(name: str) -> Tag | None:
    """Return the tag of this name that there is; none is made. Raises ActRefused."""
    tidy = _tidy(name.replace("#", " "))
    return (Tag.objects.filter(slug=_slug(tidy)).first() or _called(tidy)) if tidy else None


def _called(name: str) -> Tag | None:
    """Return a tag by its name: one that was imported may have another slug than we would give it."""
    return Tag.objects.filter(name__iexact=name).first()


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _made(slug: str, name: str) -> Tag:
    if len(name) > LONGEST_TAG:
        raise ActRefused(
            _("Tag “%(start)s…” terlalu panjang: paling banyak %(most)d huruf.")
            % {"start": name[:20], "most": LONGEST_TAG}
        )
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name, slug=slug)
    except IntegrityError:  # made by somebody else this very moment
        return Tag.objects.get(slug=slug)


def _slug(name: str) -> str:
    """Return what tags are told apart by: `Banjir Rob` and `banjir rob` are one."""
    slug = prose.slug(name)
    if not slug:
        raise ActRefused(_("Tag “%(name)s” tidak memuat huruf atau angka.") % {"name": name[:20]})
    return slug


def need_archivist(by: Person) -> None:
    """Raises ActRefused for those who may not describe what is kept."""
    if not by.archives:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


ACTS = ("add_tag", "drop_tag", "add_leader", "drop_leader", "event_on", "event_place")
"""What may be said of many at once."""


def describe_many(
    act: str, value: Any, stories: Sequence[Story], photos: Sequence[Photo], by: Person
) -> dict[str, Any]:
    """Say one thing of many stories and photos; return what undoes it. Raises ActRefused.

    `value` is a tag's or leader's key, a date or a place; dates and places are said of stories only.
    """
    need_archivist(by)
    if act == "event_place":
        value = _tidy(str(value))[
            :LONGEST_PLACE
        ].strip()  # as it is kept, so that it is found again when undone
    with transaction.atomic():
        if act in ("event_on", "event_place"):
            changed = {"stories": _set_field(act, value, stories), "photos": []}
        else:
            add, field = act.startswith("add"), "tags" if act.endswith("tag") else "leaders"
            changed = {
                "stories": _relate(Story, field, value, [row.pk for row in stories], add=add),
                "photos": _relate(Photo, field, value, [row.pk for row in photos], add=add),
            }
        undo = {"act": act, "value": _kept(value), **changed}
        _note("describe", undo, by)
    return undo


def undo_many(undo: dict[str, Any], by: Person) -> int:
    """Take back what describe_many did, where it still stands; return how many were changed. Raises ActRefused."""
    need_archivist(by)
    act, value = undo["act"], undo["value"]
    with transaction.atomic():
        if act in ("event_on", "event_place"):
            done: dict[str, Any] = {"stories": [], "photos": []}
            for pk, before in undo["stories"]:
                if Story.objects.filter(pk=pk, **{act: value}).update(**{act: before}):
                    done["stories"].append([pk, before])
        else:
            add, field = act.startswith("drop"), "tags" if act.endswith("tag") else "leaders"
            done = {
                "stories": _relate(Story, field, value, undo["stories"], add=add),
                "photos": _relate(Photo, field, value, undo["photos"], add=add),
            }
        _note("describe_undo", {**undo, **done}, by)
    return len(done["stories"]) + len(done["photos"])


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _set_field(act: str, value: Any, stories: Sequence[Story]) -> list[list[Any]]:
    changed = [[row.pk, _kept(getattr(row, act))] for row in stories if getattr(row, act) != value]
    Story.objects.filter(pk__in=[pk for pk, _before in changed]).update(**{act: value})
    return changed


def _relate(kind: type[Subject], field: str, value: int, pks: Sequence[int], *, add: bool) -> list[int]:
    """Give a tag or a leader to rows, or take it from them; return which of them had it otherwise."""
    through: Any = getattr(kind, field).through
    ours, theirs = f"{kind._meta.model_name}_id", f"{field.removesuffix('s')}_id"
    rows = through.objects.filter(**{f"{ours}__in": list(pks), theirs: value})
    having = set(rows.values_list(ours, flat=True))
    if not add:
        rows.delete()
        return [pk for pk in pks if pk in having]
    lacking = [pk for pk in pks if pk not in having]
    through.objects.bulk_create(
        (through(**{ours: pk, theirs: value}) for pk in lacking), ignore_conflicts=True
    )
    return lacking


def _note(verb: str, undo: dict[str, Any], by: Person) -> None:
    """Write a line into the log of every story that was touched, and have it found anew."""
    of_photos = Photo.objects.filter(pk__in=undo["photos"]).values_list("story_id", flat=True)
    own = [one[0] if isinstance(one, list) else one for one in undo["stories"]]
    note = f"{undo['act']}: {_name_of(undo['act'], undo['value'])}"
    touched = list(Story.objects.filter(pk__in={*own, *of_photos}).order_by("-pk"))
    for story in touched:
        log(verb, by=by, story=story, note=note)
    for story in touched[:AT_ONCE]:
        index(story)
    stale(story.pk for story in touched[AT_ONCE:])


def _name_of(act: str, value: Any) -> str:
    kind: Any = {"tag": Tag, "leader": Leader}.get(act.rpartition("_")[2])
    row = kind.objects.filter(pk=value).first() if kind else None
    return str(row or value)
