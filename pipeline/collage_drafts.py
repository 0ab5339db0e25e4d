"""What people do to a collage's draft: each act is saved at once, can be undone, and knows what it was decided on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import collage
from collage import Recipe, Shot
from newsroom import candidates
from newsroom.acts import ActRefused
from newsroom.candidates import Field
from newsroom.models import Collage, Person, log
from pipeline.collages import (
    FEWEST,
    begin,
    check_open,
    closed,
    office_mark,
    recipe_of,
    shot_of,
    to_queue,
)

KEPT = 30
"""Earlier recipes kept to go back to."""
State = Collage.State


class Overtaken(ActRefused):
    """Somebody else has changed the draft since it was looked at."""


@dataclass(frozen=True)
class Act:
    """What is to be done, as a form said it."""

    row: Collage
    recipe: Recipe
    given: Mapping[str, str]
    found: Field

    def place(self, name: str = "tempat") -> int:
        """Return the place of a photo. Raises ActRefused."""
        number = self.given.get(name, "")
        if not number.isascii() or not number.isdigit() or not 0 <= int(number) < len(self.recipe.shots):
            raise ActRefused(_("Foto itu tidak ada di kolase ini. Muat ulang halaman."))
        return int(number)

    def share(self, name: str) -> float:
        """Return a point on a photo, 0 to 1, from per cent. Raises ActRefused."""
        try:
            return min(1.0, max(0.0, float(self.given.get(name, "").replace(",", ".")) / 100))
        except ValueError as error:
            raise ActRefused(_("Ketuk bagian foto yang harus tetap terlihat.")) from error

    def newcomer(self) -> Shot:
        """Return a photo that may be shown and is not in the collage yet. Raises ActRefused."""
        sha256 = self.given.get("foto", "")
        one = self.found.by_sha256().get(sha256)
        if one is None:
            raise ActRefused(_("Foto itu tidak boleh dimuat, atau bukan dari periode ini. Pilih yang lain."))
        if any(shot.sha256 == sha256 for shot in self.recipe.shots):
            raise ActRefused(_("Foto itu sudah ada di kolase ini."))
        return shot_of(one)

    def with_shot(self, place: int, **changes: Any) -> Recipe:
        shots = list(self.recipe.shots)
        shots[place] = replace(shots[place], **changes)
        return replace(self.recipe, shots=tuple(shots))


def change(row: Collage, by: Person, seen: int, verb: str, given: Mapping[str, str]) -> Recipe:
    """Do one act to a draft and save it. Raises ActRefused, Overtaken, CollageRefused."""
    _may(by)
    if verb == "undo":
        return _undo(row, by, seen)
    if verb not in ACTS:
        raise ActRefused(_("Perubahan ini tidak dikenal. Muat ulang halaman."))
    before = recipe_of(row)
    what, make = ACTS[verb]
    act = Act(row, before, given, candidates.of(row))
    try:
        # Read once more as whatever a browser sends: nothing is saved that cannot be made.
        after = Recipe.from_json(make(act).to_json())
    except (collage.CollageError, ValueError) as error:
        raise ActRefused(str(error)) from error
    if after != before:
        past = [*row.past, row.recipe][-KEPT:]
        _save(row, after, past, by, seen, what)
    return after


def _undo(row: Collage, by: Person, seen: int) -> Recipe:
    if not row.past:
        raise ActRefused(_("Tidak ada yang dapat diurungkan."))
    before = Recipe.from_json(row.past[-1])
    _save(row, before, row.past[:-1], by, seen, "diurungkan")
    return before


def _save(row: Collage, recipe: Recipe, past: list[Any], by: Person, seen: int, what: str) -> None:
    with transaction.atomic():
        mine = Collage.objects.filter(pk=row.pk, revision=seen, story=None).exclude(state=State.DROPPED)
        changed = mine.update(
            recipe=recipe.to_json(),
            past=past,
            revision=seen + 1,
            changed_at=timezone.now(),
            changed_by=by,
            state=State.DRAFT,
            to_queue=False,
            progress=0,
            **_FORGIVEN,
        )
        if not changed:
            raise _overtaken(row)
        log("collage_edit", by=by, note=f"{recipe.title}: {what}")
    row.refresh_from_db()


_FORGIVEN: dict[str, Any] = {"error": "", "parked": False, "attempts": 0, "next_attempt_at": None}


def _overtaken(row: Collage) -> ActRefused:
    row.refresh_from_db()
    if row.story is not None:
        return ActRefused(_("Kolase ini sudah menjadi berita. Gandakan resepnya untuk membuat yang lain."))
    if row.state == State.DROPPED:
        return ActRefused(_("Kolase ini sudah disisihkan. Gandakan resepnya untuk membuat yang lain."))
    return Overtaken(
        _("Kolase ini baru saja diubah %(who)s. Perubahan Anda belum disimpan; inilah susunan yang terbaru.")
        % {"who": row.changed_by or _("orang lain")}
    )


# Acts


def _swap(act: Act) -> Recipe:
    return act.recipe.swapped(act.place(), act.place("dengan"))


def _move(act: Act) -> Recipe:
    """Move a photo one place, past those that are locked."""
    at, step = act.place(), -1 if act.given.get("arah") == "maju" else 1
    to = at + step
    while 0 <= to < len(act.recipe.shots) and act.recipe.shots[to].locked:
        to += step
    if act.recipe.shots[at].locked:
        raise ActRefused(_("Foto ini dikunci. Lepas kuncinya dahulu."))
    if not 0 <= to < len(act.recipe.shots):
        raise ActRefused(_("Foto ini sudah di ujung."))
    return act.recipe.swapped(at, to)


def _lock(act: Act) -> Recipe:
    place = act.place()
    return act.with_shot(place, locked=not act.recipe.shots[place].locked)


def _focus(act: Act) -> Recipe:
    place = act.place()
    point = (act.share("x"), act.share("y"))
    crop = act.recipe.shots[place].edits.crop
    if crop:  # what was tapped is the photo as its edits leave it
        left, top, right, bottom = crop
        point = (left + point[0] * (right - left), top + point[1] * (bottom - top))
    return act.with_shot(place, focus=point)


def _unfocus(act: Act) -> Recipe:
    return act.with_shot(act.place(), focus=None, zoom=1.0)


def _zoom(act: Act) -> Recipe:
    try:
        zoom = float(act.given.get("dekat", "1"))
    except ValueError as error:
        raise ActRefused(_("Pilih seberapa dekat fotonya diperlihatkan.")) from error
    return act.with_shot(act.place(), zoom=zoom)


def _caption(act: Act) -> Recipe:
    words = " ".join(act.given.get("keterangan", "").split())
    return act.with_shot(act.place(), caption=words, credit=act.given.get("kredit", "").strip())


def _remove(act: Act) -> Recipe:
    return act.recipe.without({act.place()})


def _add(act: Act) -> Recipe:
    if len(act.recipe.shots) >= collage.MOST:
        raise ActRefused(_("Kolase memuat paling banyak %(most)d foto.") % {"most": collage.MOST})
    return replace(act.recipe, shots=(*act.recipe.shots, act.newcomer()))


def _put(act: Act) -> Recipe:
    """Put another photo into a place."""
    place = act.place()
    if act.recipe.shots[place].locked:
        raise ActRefused(_("Foto ini dikunci. Lepas kuncinya dahulu."))
    shots = list(act.recipe.shots)
    shots[place] = act.newcomer()
    return replace(act.recipe, shots=tuple(shots))


def _settings(act: Act) -> Recipe:
    """Take layout, page and words, whichever the form has; the rest stays."""
    told = act.recipe.to_json()
    names = {"susunan": "layout", "halaman": "page", "judul": "title", "anak_judul": "subtitle"}
    names["teks"] = "captions"
    for name, field in names.items():
        if name in act.given:
            told[field] = " ".join(act.given[name].split())
    if "jarak" in act.given:
        told["spacing"] = float(act.given["jarak"] or 1)
    if "logo" in act.given:
        told["mark"] = office_mark() if act.given["logo"] == "ya" else ""
    if "tanda" in act.given:
        told["marks"] = act.given["tanda"] == "ya"
    return Recipe.from_json(told)


def _propose(act: Act) -> Recipe:
    """Choose anew; locked photos stay where they are."""
    kept = {shot.sha256 for shot in act.recipe.shots if shot.locked}
    count = act.given.get("jumlah", "")
    wanted = int(count) if count.isascii() and count.isdigit() else len(act.recipe.shots)
    wanted = min(max(wanted, FEWEST), collage.MOST)
    chosen = candidates.propose(act.found, wanted, FEWEST, keep=kept).chosen
    return act.recipe.reordered([shot_of(one) for one in chosen])


def _refresh(act: Act) -> Recipe:
    """Take out what may not be shown, and take the others' crops and blurs as they are now."""
    known = candidates.gather(act.row.start, act.row.end).by_sha256()
    shots = []
    for shot in act.recipe.shots:
        if one := known.get(shot.sha256):
            shots.append(replace(shot, edits=shot_of(one).edits))
    return replace(act.recipe, shots=tuple(shots))


ACTS: dict[str, tuple[str, Callable[[Act], Recipe]]] = {
    "swap": ("dua foto ditukar", _swap),
    "move": ("foto digeser", _move),
    "lock": ("foto dikunci atau dilepas", _lock),
    "focus": ("titik fokus foto dipindah", _focus),
    "unfocus": ("titik fokus foto dikembalikan", _unfocus),
    "zoom": ("foto didekatkan", _zoom),
    "caption": ("keterangan foto diubah", _caption),
    "remove": ("foto dikeluarkan", _remove),
    "add": ("foto dimasukkan", _add),
    "put": ("foto diganti", _put),
    "settings": ("tata letak atau judul diubah", _settings),
    "propose": ("foto diusulkan ulang", _propose),
    "refresh": ("foto disegarkan", _refresh),
}
"""What each act is called in the log, and what it makes of a recipe."""


# The whole draft


def start(row: Collage, by: Person) -> Collage:
    """Save a new draft. Raises ActRefused, CollageRefused."""
    _may(by)
    if row.count < FEWEST or row.count > collage.MOST:
        raise ActRefused(
            _("Jumlah foto harus %(least)d sampai %(most)d.") % {"least": FEWEST, "most": collage.MOST}
        )
    made = begin(row, by)
    log("collage_start", by=by, note=str(made))
    return made


def want(row: Collage, by: Person, seen: int) -> None:
    """Have the files made. Raises ActRefused, Overtaken, CollageRefused."""
    _may(by)
    recipe = recipe_of(row)
    if len(recipe.shots) < FEWEST:
        raise ActRefused(
            _(
                "Kolase memerlukan sedikitnya %(least)d foto; sekarang %(count)d. Masukkan foto dari daftar calon."
            )
            % {"least": FEWEST, "count": len(recipe.shots)}
        )
    check_open(row, recipe)
    mine = Collage.objects.filter(pk=row.pk, revision=seen).exclude(state=State.DROPPED)
    with transaction.atomic():
        if not mine.update(
            state=State.WANTED,
            progress=0,
            to_queue=False,
            asked_by=by,
            claim="",
            claimed_until=None,
            **_FORGIVEN,
        ):
            raise _overtaken(row)
        log("collage_make", by=by, note=str(row))
    row.refresh_from_db()


def send(row: Collage, by: Person) -> None:
    """Put what was made into the queue as a story. Raises ActRefused, CollageRefused."""
    _may(by)
    if row.story is not None:
        raise ActRefused(_("Kolase ini sudah menjadi berita."))
    if row.state != State.MADE:
        raise ActRefused(_("Kolase ini belum dibuat. Tekan “Buat” dahulu."))
    to_queue(row, by)


def duplicate(row: Collage, by: Person) -> Collage:
    """Begin another draft with the same recipe. Raises ActRefused."""
    _may(by)
    other = Collage(
        start=row.start,
        end=row.end,
        leader=row.leader,
        tag=row.tag,
        category=row.category,
        count=row.count,
        recipe=row.recipe,
        asked_by=by,
        changed_by=by,
    )
    with transaction.atomic():
        other.save()
        log("collage_copy", by=by, note=str(row))
    return other


def drop(row: Collage, by: Person) -> None:
    """Lay a draft aside; Redaksi does not propose its period again. Raises ActRefused."""
    _may(by)
    with transaction.atomic():
        mine = Collage.objects.filter(pk=row.pk, story=None)
        if not mine.update(state=State.DROPPED, to_queue=False, **_FORGIVEN):
            raise ActRefused(_("Kolase ini sudah menjadi berita. Tarik beritanya bila perlu."))
        log("collage_drop", by=by, note=str(row))


def unshown(recipe: Recipe, row: Collage) -> dict[int, str]:
    """Return the places of photos that may not be shown, whatever the draft was filtered by."""
    return closed(recipe, candidates.gather(row.start, row.end))


def _may(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Kolase hanya disusun oleh meja redaksi."))
