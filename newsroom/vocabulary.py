"""The office's lists for describing what is kept: leaders and tags, added to, renamed, merged and retired by editors."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.describing import tags_named
from newsroom.indexing import stale
from newsroom.models import Leader, Person, Story, Tag, log

Row = Leader | Tag
LONGEST_NAME = 150


def add_leader(by: Person, name: str, title: str, starts: date | None, ends: date | None) -> Leader:
    """Put a leader on the list. Raises ActRefused."""
    _editor(by)
    given = _leader(name, title, starts, ends)
    try:
        with transaction.atomic():
            made: Leader = Leader.objects.create(**given, order=Leader.objects.count())
            log("leader", by=by, note=str(made))
    except IntegrityError as error:
        raise ActRefused(_("“%(name)s” sudah ada di daftar.") % {"name": name}) from error
    return made


def change_leader(
    row: Leader, by: Person, name: str, title: str, starts: date | None, ends: date | None
) -> None:
    """Rename a leader, or set the term. A last day in the past retires them. Raises ActRefused."""
    _editor(by)
    given = _leader(name, title, starts, ends)
    before = str(row)
    try:
        with transaction.atomic():
            Leader.objects.filter(pk=row.pk).update(**given)
            row.refresh_from_db()
            log("leader", by=by, note=f"{before} → {row}" if before != str(row) else str(row))
            stale(stories_of(row))
    except IntegrityError as error:
        raise ActRefused(
            _("“%(name)s” sudah ada di daftar. Bila keduanya sama, gabungkan.") % {"name": name}
        ) from error


def _leader(name: str, title: str, starts: date | None, ends: date | None) -> dict[str, Any]:
    name, title = " ".join(name.split()), " ".join(title.split())
    if not name:
        raise ActRefused(_("Tulis namanya lebih dahulu."))
    if max(len(name), len(title)) > LONGEST_NAME:
        raise ActRefused(_("Nama dan jabatan paling panjang %(most)d huruf.") % {"most": LONGEST_NAME})
    if starts and ends and ends < starts:
        raise ActRefused(_("Hari terakhirnya lebih awal daripada hari pertamanya."))
    return {"name": name, "title": title, "starts": starts, "ends": ends}


def add_tag(by: Person, name: str) -> Tag:
    """Put a tag on the list, or back into use. Raises ActRefused."""
    _editor(by)
    with transaction.atomic():
        made = tags_named([name])
        if not made:
            raise ActRefused(_("Tulis tagnya lebih dahulu."))
        Tag.objects.filter(pk=made[0].pk).update(retired=False)
        log("tag", by=by, note=str(made[0]))
    return made[0]


def change_tag(row: Tag, by: Person, name: str, *, retired: bool) -> None:
    """Rename a tag, retire it or put it back into use. Raises ActRefused."""
    _editor(by)
    before = str(row)
    with transaction.atomic():
        if name.strip() != row.name:
            found = tags_named([name])
            if not found:
                raise ActRefused(_("Tulis tagnya lebih dahulu."))
            fresh = found[0]
            if fresh.pk != row.pk and (fresh.stories.exists() or fresh.photos.exists()):
                raise ActRefused(
                    _("“%(name)s” sudah ada di daftar. Bila keduanya sama, gabungkan.") % {"name": fresh}
                )
            slug = fresh.slug
            if fresh.pk != row.pk:
                fresh.delete()  # made just now, or borne by nothing
            Tag.objects.filter(pk=row.pk).update(name=" ".join(name.replace("#", " ").split()), slug=slug)
        Tag.objects.filter(pk=row.pk).update(retired=retired)
        row.refresh_from_db()
        if before != row.name:
            stale(stories_of(row))
        log("tag", by=by, note=f"{before} → {row}" + (" (tidak dipakai)" if retired else ""))


def merge(row: Row, into: Row, by: Person) -> int:
    """Give all that `row` describes to `into`, and take `row` off the list; return how much it was. Raises ActRefused."""
    _editor(by)
    if row.pk == into.pk:
        raise ActRefused(_("Pilih yang lain untuk digabungkan."))
    verb = "leader" if isinstance(row, Leader) else "tag"
    try:
        with transaction.atomic():
            touched = list(stories_of(row).values_list("pk", flat=True))
            count = row.stories.count() + row.photos.count()
            into.stories.add(*row.stories.all())
            into.photos.add(*row.photos.all())
            log(verb, by=by, note=f"{row} → {into} (digabungkan)")
            row.delete()
            stale(touched)
    except ProtectedError as error:
        raise ActRefused(
            _("“%(name)s” masih dipakai di tempat lain, jadi belum dapat digabungkan.") % {"name": row}
        ) from error
    return count


def stories_of(row: Row) -> QuerySet[Story]:
    """Return the stories a leader or tag describes, by themselves or by a photo."""
    kind = "leaders" if isinstance(row, Leader) else "tags"
    found: QuerySet[Story] = Story.objects.filter(Q(**{kind: row}) | Q(**{f"photos__{kind}": row})).distinct()
    return found


def counted(kind: type[Row]) -> QuerySet[Any]:
    """Return the list with how many stories and photos each describes."""
    return kind._default_manager.annotate(
        story_count=Count("stories", distinct=True), photo_count=Count("photos", distinct=True)
    )


def _editor(by: Person) -> None:
    if not by.edits:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
