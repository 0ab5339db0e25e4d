"""make_collage: the photos of a period become one picture, and the picture a story in the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import archive
import collage
import photos
from newsroom import candidates
from newsroom.candidates import Candidate, Field
from newsroom.editing import first_revision
from newsroom.models import Collage, Person, Photo, Story, log
from photos import Edits
from pipeline import collage_outputs
from pipeline.prepare import queue_story
from pipeline.stores import make_renditions, originals
from prose import dates

FEWEST = collage.FEWEST
"""A collage of fewer photos is none; with fewer the period simply passes."""


class CollageRefused(Exception):
    """No collage was made. The text says in Indonesian why."""


def make_collage(row: Collage) -> None:
    """Make what a collage's recipe says, and its story where one is wanted. Raises CollageRefused."""
    recipe, seen = recipe_of(row), row.revision
    check_open(row, recipe)
    try:
        made = collage_outputs.make(recipe, lambda done, of: _note(row, done, of))
    except collage.CollageError as error:
        raise CollageRefused(str(error)) from error
    picture = _keep_picture(made.told["key"]) if row.to_queue else ""
    with transaction.atomic():
        check_open(row, recipe)
        mine = Collage.objects.select_for_update().filter(
            pk=row.pk, state=Collage.State.WANTED, revision=seen
        )
        if not mine.exists():  # it was changed meanwhile: what was made is not what is wanted
            row.let_go()
            return
        left_out = [[one.place, f"“{one.name}”: {one.why}"] for one in made.left_out]
        row.done(state=Collage.State.MADE, outputs=made.told, progress=100, left_out=left_out)
        log("collage", by=row.asked_by, note=str(row))
        if row.to_queue:
            _queue(row, recipe, picture, row.asked_by)


def _note(row: Collage, done: int, of: int) -> None:
    """Write how far it is; every time it renews our claim."""
    percent = min(99, max(1, done * 100 // of))
    if percent != row.progress:
        row.hold(progress=percent)


def to_queue(row: Collage, by: Person | None) -> Story:
    """Put a finished collage into the queue, with its captions as text. Raises CollageRefused."""
    recipe = recipe_of(row)
    if row.outputs.get("key") != recipe.key():
        raise CollageRefused("Kolase ini belum dibuat sesuai susunannya yang terakhir. Tekan “Buat” dahulu.")
    picture = _keep_picture(recipe.key())
    with transaction.atomic():
        return _queue(row, recipe, picture, by)


def _keep_picture(key: str) -> str:
    try:
        data = collage_outputs.read(key, collage_outputs.PRINT)
    except collage_outputs.Unmade as error:
        raise CollageRefused(str(error)) from error
    sha256 = originals().keep(data)
    make_renditions(sha256, data)
    return sha256


def _queue(row: Collage, recipe: collage.Recipe, picture: str, by: Person | None) -> Story:
    drawn = check_open(row, recipe)
    when, title = period(row.start, row.end), recipe.title
    lines = [f"- {dates.long_date(shot.taken_on)}: {shot.caption}" for shot in _in_order(recipe)]
    body = f"{len(recipe.shots)} foto kegiatan {when} dalam satu gambar.\n\n" + "\n".join(lines)
    title = title or f"Kolase Foto {when}"
    story = queue_story(identity=f"collage {row.pk}", headline=title, body=body, author=by)
    if not story.photos.exists():
        unseen = {place for place, _why in row.left_out}
        Photo.objects.create(
            story=story,
            sha256=picture,
            filename=f"kolase_{row.start:%Y%m}_{row.end:%Y%m}.jpg",
            caption=f"{title}.",
            credit=settings.REDAKSI.office.name,
            alt=f"Kolase {len(recipe.shots)} foto kegiatan, {when}",
            # What is burned in can be called to account later.
            drawn_from=[one.as_drawn() for place, one in enumerate(drawn) if place not in unseen],
        )
        first_revision(story, "collage", by)
    Collage.objects.filter(pk=row.pk).update(story=story)
    log("collage_queue", by=by, story=story, note=when)
    row.refresh_from_db()
    return story


def _in_order(recipe: collage.Recipe) -> list[Any]:
    shots = [shot for shot in recipe.shots if shot.caption and shot.taken_on]
    return sorted(shots, key=lambda shot: shot.taken_on)


# Drafts


def recipe_of(row: Collage) -> collage.Recipe:
    """Return a collage's recipe. Raises CollageRefused."""
    try:
        return collage.Recipe.from_json(row.recipe)
    except collage.CollageError as error:
        raise CollageRefused(str(error)) from error


def begin(row: Collage, by: Person | None = None) -> Collage:
    """Save a new collage with the photos Redaksi proposes. Raises CollageRefused."""
    try:
        collage.check_period(row.start, row.end)
    except collage.PeriodRefused as error:
        raise CollageRefused(str(error)) from error
    found = candidates.of(row)
    chosen = candidates.propose(found, row.count, FEWEST).chosen
    if len(chosen) < FEWEST:
        raise CollageRefused(_too_few(row, len(chosen), len(found.shut)))
    shots = tuple(shot_of(one) for one in chosen)
    row.recipe = (replace(_first_recipe(row), shots=shots)).to_json()
    row.asked_by = row.changed_by = by
    row.save()
    return row


def _too_few(row: Collage, count: int, shut: int) -> str:
    barred = f" ({shut} foto lain tidak boleh dimuat)" if shut else ""
    return (
        f"Baru ada {count} foto tayang pada {period(row.start, row.end)}{barred}; kolase memerlukan "
        f"sedikitnya {FEWEST}. Pilih periode atau saringan lain."
    )


def _first_recipe(row: Collage) -> collage.Recipe:
    known = {"layout": "rows", "page": "a3-landscape", **row.recipe}
    whom = str(row.leader or row.tag or row.category or "")
    return collage.Recipe(
        layout=known["layout"],
        page=known["page"],
        title=" ".join(filter(None, ("Kolase Foto", whom, period(row.start, row.end)))),
        subtitle=settings.REDAKSI.office.name,
        start=row.start,
        end=row.end,
        mark=office_mark(),
    )


def office_mark() -> str:
    """Return the SHA-256 of the office's mark, kept with the originals; empty where there is none."""
    logo = settings.REDAKSI.office.logo
    try:
        return originals().keep(logo.read_bytes()) if logo else ""
    except OSError:
        return ""


def shot_of(one: Candidate) -> collage.Shot:
    """Return a candidate as a recipe has it."""
    width, height = (one.width, one.height) if one.width and one.height else _measured(one.sha256)
    return collage.Shot(
        sha256=one.sha256,
        width=width,
        height=height,
        name=one.name[:200],
        edits=Edits.from_json(dict(one.edits)),
        caption=one.caption[:2000],
        taken_on=one.day,
        credit=one.credit,
        weight=round(0.6 + one.score, 2),
    )


def _measured(sha256: str) -> tuple[int, int]:
    """Return the size of a photo whose row does not know it; of one that cannot be read, any."""
    try:
        known = photos.facts(originals().read(sha256))
    except (photos.UnreadablePhoto, archive.ArchiveError):
        return 4, 3
    return max(1, known.width), max(1, known.height)


def closed(recipe: collage.Recipe, found: Field) -> dict[int, str]:
    """Return the places of photos that may not be shown as the recipe has them, and why."""
    known = found.by_sha256()
    why: dict[int, str] = {}
    for place, shot in enumerate(recipe.shots):
        one = known.get(shot.sha256)
        if one is None:
            why[place] = "Foto ini tidak boleh dimuat lagi: ditandai, dikeluarkan, atau beritanya ditarik."
        elif Edits.from_json(dict(one.edits)) != shot.edits:
            why[place] = "Potongan atau kaburan foto ini berubah pada beritanya."
    return why


def check_open(row: Collage, recipe: collage.Recipe) -> list[Candidate]:
    """Return the recipe's photos as they are known now. Raises CollageRefused when one may not be shown."""
    found = candidates.gather(row.start, row.end)
    if why := closed(recipe, found):
        names = ", ".join(f"“{recipe.shots[place].name}”" for place in sorted(why)[:3])
        raise CollageRefused(
            f"Ada foto yang ditandai, diralat, atau ditarik sejak dipilih: {names}. "
            "Buka kolasenya, tekan “Segarkan foto”, lalu buat lagi."
        )
    known = found.by_sha256()
    return [known[shot.sha256] for shot in recipe.shots]


# Periods


def ask(start: date, end: date, by: Person | None = None) -> Collage:
    """Have Redaksi's own collage of a period made and put into the queue; there is one. Raises CollageRefused."""
    row = Collage.objects.filter(start=start, end=end, proposed=True).first()
    if row is None:
        row = begin(Collage(start=start, end=end, proposed=True), by)
    if row.story is None:
        if row.state == Collage.State.DROPPED or closed(recipe_of(row), candidates.gather(start, end)):
            begin(row, by)
        Collage.objects.filter(pk=row.pk).update(
            state=Collage.State.WANTED, to_queue=True, progress=0, asked_by=by
        )
        row.retry()
    return row


def open_period(today: date | None = None) -> None:
    """Propose a collage of the period that has ended last, once it has photos enough: a draft for an editor."""
    start, end = last_period(today or timezone.localdate(), settings.REDAKSI.collage.months)
    if Collage.objects.filter(start=start, end=end, proposed=True).exists():
        return
    try:
        row = begin(Collage(start=start, end=end, proposed=True))
    except CollageRefused:
        return  # too few photos so far: nobody need be told
    log("collage_propose", note=str(row))


def last_period(today: date, months: int) -> tuple[date, date]:
    """Return the first and last day of the latest whole period of `months` before `today`."""
    this_month = today.year * 12 + today.month - 1
    after = this_month - this_month % months
    return _first_of(after - months), _first_of(after) - timedelta(days=1)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def period(start: date, end: date) -> str:
    """Return a period in words: `Januari–Juni 2026`."""
    first, last = dates.long_date(start).split(" ", 2)[2], dates.long_date(end).split(" ", 2)[2]
    if first.split()[1] == last.split()[1]:
        first = first.split()[0]
    return f"{first}–{last}"
