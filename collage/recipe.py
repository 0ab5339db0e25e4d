"""A collage as it was decided: what is in it and how it looks. Saved as JSON, it gives the same bytes again."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypeVar, get_args

from collage.arranging import KINDS, Kind
from collage.geometry import MOST_ZOOM, Point, Subject
from collage.pages import PAGES, Page
from collage.period import RecipeRefused
from photos import Edits, focus_in_crop

VERSION = 1
FEWEST = 6
MOST = 120
MOST_BLEED = 10.0

Captions = Literal["auto", "full", "short", "none"]
CAPTIONS: tuple[Captions, ...] = get_args(Captions)

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_LONGEST = 2_000
T = TypeVar("T")


@dataclass(frozen=True)
class Shot:
    """One photo of a collage, and what is said of it."""

    sha256: str
    width: int
    """Of the upright original, in pixels, before any edits."""
    height: int
    name: str = ""
    """What people know it by, for sentences about it."""
    edits: Edits = field(default_factory=Edits)
    """As readers may see it: crop and blurs are drawn from the original, at whatever size."""
    focus: Point | None = None
    """What this collage's crop must keep, in fractions of the original; None for the edits' own focus."""
    zoom: float = 1.0
    caption: str = ""
    taken_on: date | None = None
    credit: str = ""
    weight: float = 1.0
    locked: bool = False
    """Stays at its place when the others are put in another order (`Recipe.reordered`)."""

    def subject(self) -> Subject:
        """Return the photo as geometry sees it."""
        width, height = float(self.width), float(self.height)
        if self.edits.crop:
            left, top, right, bottom = self.edits.crop
            width, height = width * (right - left), height * (bottom - top)
        return Subject(
            ratio=width / height,
            weight=self.weight,
            focus=self.focus_shown(),
            month=f"{self.taken_on:%Y-%m}" if self.taken_on else "",
            zoom=self.zoom,
        )

    def focus_shown(self) -> Point | None:
        """Return the focus in fractions of what the edits leave."""
        return focus_in_crop(replace(self.edits, focus=self.focus or self.edits.focus))


@dataclass(frozen=True)
class Colours:
    """`#rrggbb`, small letters."""

    paper: str = "#ffffff"
    ink: str = "#1c2329"
    soft: str = "#5b6670"
    rule: str = "#c9d0d6"


@dataclass(frozen=True)
class Recipe:
    """All that decides how a collage looks."""

    shots: tuple[Shot, ...] = ()
    """In their order; the first is the cover of a cover layout."""
    layout: Kind = "rows"
    page: str = "a3-landscape"
    title: str = ""
    subtitle: str = ""
    start: date | None = None
    end: date | None = None
    """The period's last day, itself included."""
    captions: Captions = "auto"
    mark: str = ""
    """SHA-256 of the office's mark, empty for none."""
    colours: Colours = field(default_factory=Colours)
    spacing: float = 1.0
    """1 for the usual gaps, 0 for none, at most 3."""
    bleed: float = 3.0
    """Millimetres of paper colour around the page in print, for the cutter; 0 for none."""
    marks: bool = False
    """Crop marks around the page of the PDF."""

    @property
    def sheet(self) -> Page:
        return PAGES[self.page]

    def without(self, places: Sequence[int] | set[int]) -> Recipe:
        """Return the recipe without the photos at these places."""
        left = tuple(shot for place, shot in enumerate(self.shots) if place not in places)
        return replace(self, shots=left)

    def swapped(self, one: int, other: int) -> Recipe:
        """Return the recipe with two photos in each other's places; their locks stay with the places."""
        shots = list(self.shots)
        shots[one], shots[other] = (
            replace(shots[other], locked=shots[one].locked),
            replace(shots[one], locked=shots[other].locked),
        )
        return replace(self, shots=tuple(shots))

    def reordered(self, wanted: Sequence[Shot]) -> Recipe:
        """Return the recipe with these photos, each locked one at the place it had, the others around them.

        Locked photos stay even where `wanted` does not name them.
        """
        kept = {place: shot for place, shot in enumerate(self.shots) if shot.locked}
        held = {shot.sha256 for shot in kept.values()}
        others = iter([shot for shot in wanted if shot.sha256 not in held])
        shots: list[Shot] = []
        for shot in others:
            while len(shots) in kept:
                shots.append(kept.pop(len(shots)))
            shots.append(shot)
        shots.extend(kept[place] for place in sorted(kept))
        return replace(self, shots=tuple(shots))

    def to_json(self) -> dict[str, Any]:
        """Return JSON values that `from_json` reads; what is not set is not named."""
        told: dict[str, Any] = {"version": VERSION, "layout": self.layout, "page": self.page}
        plain = Recipe()
        for name in ("title", "subtitle", "captions", "mark", "marks"):
            if getattr(self, name) != getattr(plain, name):
                told[name] = getattr(self, name)
        for name in ("spacing", "bleed"):
            if getattr(self, name) != getattr(plain, name):
                told[name] = float(getattr(self, name))
        for name in ("start", "end"):
            if getattr(self, name):
                told[name] = getattr(self, name).isoformat()
        colours = {key: value for key, value in vars(self.colours).items() if value != getattr(Colours, key)}
        if colours:
            told["colours"] = colours
        told["photos"] = [_shot_to_json(shot) for shot in self.shots]
        return told

    @classmethod
    def from_json(cls, told: object) -> Recipe:
        """Read what `to_json` returned, or a browser sent. Raises RecipeRefused, in Indonesian."""
        fields = _Fields(told, "Resep kolase")
        if fields.take("version", _whole, None) != VERSION:
            raise RecipeRefused(
                f"Resep kolase ini dari versi lain (yang dikenal: {VERSION}). Buat kolasenya lagi."
            )
        recipe = cls(
            layout=fields.take("layout", _one_of(KINDS), "rows"),
            page=fields.take("page", _one_of(tuple(PAGES)), "a3-landscape"),
            title=fields.take("title", _text, ""),
            subtitle=fields.take("subtitle", _text, ""),
            start=fields.take("start", _day, None),
            end=fields.take("end", _day, None),
            captions=fields.take("captions", _one_of(CAPTIONS), "auto"),
            mark=fields.take("mark", lambda value: _sha256(value) if value else "", ""),
            colours=fields.take("colours", _colours, Colours()),
            spacing=fields.take("spacing", _between(0, 3), 1.0),
            bleed=fields.take("bleed", _between(0, MOST_BLEED), 3.0),
            marks=fields.take("marks", _yes_or_no, False),
            shots=fields.take("photos", _shots, ()),
        )
        fields.nothing_left()
        return recipe

    def dumps(self) -> str:
        """Return the recipe as JSON text, always the same for the same recipe."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def key(self) -> str:
        """Return sixteen letters that name this recipe among all others."""
        return hashlib.sha256(self.dumps().encode()).hexdigest()[:16]


def loads(text: str) -> Recipe:
    """Read a recipe from JSON text. Raises RecipeRefused."""
    try:
        return Recipe.from_json(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise RecipeRefused(
            "Resep kolase bukan JSON yang utuh. Unduh ulang berkasnya, lalu coba lagi."
        ) from error


def _shot_to_json(shot: Shot) -> dict[str, Any]:
    told: dict[str, Any] = {"sha256": shot.sha256, "width": shot.width, "height": shot.height}
    plain = Shot("", 1, 1)
    for name in ("name", "caption", "credit", "locked"):
        if getattr(shot, name) != getattr(plain, name):
            told[name] = getattr(shot, name)
    for name in ("zoom", "weight"):
        if getattr(shot, name) != getattr(plain, name):
            told[name] = float(getattr(shot, name))
    if shot.edits != Edits():
        told["edits"] = shot.edits.to_json()
    if shot.focus:
        told["focus"] = list(shot.focus)
    if shot.taken_on:
        told["taken_on"] = shot.taken_on.isoformat()
    return told


def _shots(told: object) -> tuple[Shot, ...]:
    if not isinstance(told, list) or len(told) > MOST:
        raise ValueError(f"harus daftar, paling banyak {MOST} foto")
    return tuple(_shot(one, f"Resep kolase, foto ke-{number}") for number, one in enumerate(told, start=1))


def _shot(told: object, where: str) -> Shot:
    fields = _Fields(told, where)
    shot = Shot(
        sha256=fields.take("sha256", _sha256, None),
        width=fields.take("width", _whole, None),
        height=fields.take("height", _whole, None),
        name=fields.take("name", _text, ""),
        edits=fields.take("edits", Edits.from_json, Edits()),
        focus=fields.take("focus", _point, None, or_none=True),
        zoom=fields.take("zoom", _between(1, MOST_ZOOM), 1.0),
        caption=fields.take("caption", _text, ""),
        taken_on=fields.take("taken_on", _day, None, or_none=True),
        credit=fields.take("credit", _text, ""),
        weight=fields.take("weight", _between(0.01, 100), 1.0),
        locked=fields.take("locked", _yes_or_no, False),
    )
    fields.nothing_left()
    return shot


class _Fields:
    """The members of a JSON object, taken one by one; what nobody took is a mistake."""

    def __init__(self, told: object, where: str) -> None:
        if not isinstance(told, Mapping):
            raise RecipeRefused(f"{where} tidak dapat dibaca: bukan objek JSON. Muat ulang halaman.")
        self._left = dict(told)
        self._where = where

    def take(self, name: str, read: Callable[[Any], T], default: Any, *, or_none: bool = False) -> T | Any:
        if name not in self._left:
            optional = or_none or default is not None or name in ("start", "end")
            if not optional:
                raise RecipeRefused(f"{self._where}: `{name}` tidak ada. Buat ulang resepnya.")
            return default
        value = self._left.pop(name)
        try:
            return read(value)
        except ValueError as error:
            raise RecipeRefused(f"{self._where}: `{name}` {error}.".replace("..", ".")) from error

    def nothing_left(self) -> None:
        if self._left:
            names = ", ".join(f"`{str(name)[:40]}`" for name in sorted(map(str, self._left)))
            raise RecipeRefused(f"{self._where}: {names} tidak dikenal. Hapus bagian itu dari resep.")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError(f"harus teks, paling panjang {_LONGEST} huruf")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise ValueError("harus bilangan bulat positif")
    return value


def _between(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError("harus bilangan")
        if not least <= value <= most:
            raise ValueError(f"harus antara {least} dan {most}")
        return float(value)

    return read


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("harus true atau false")
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("harus tanggal, misalnya 2026-06-30")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("adalah tanggal yang tidak ada") from error


def _sha256(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.match(value):
        raise ValueError("harus SHA-256: 64 huruf heksadesimal kecil")
    return value


def _point(value: object) -> Point:
    return Edits.from_json({"focus": value}).focus or (0.5, 0.5)


def _one_of(choices: Sequence[T]) -> Callable[[object], T]:
    def read(value: object) -> T:
        for choice in choices:
            if value == choice and isinstance(value, str):
                return choice
        raise ValueError(f"harus salah satu dari {', '.join(map(str, choices))}")

    return read


def _colours(value: object) -> Colours:
    if not isinstance(value, Mapping) or not set(value) <= set(vars(Colours())):
        raise ValueError(f"harus objek dengan {', '.join(vars(Colours()))}")
    for colour in value.values():
        if not isinstance(colour, str) or not _COLOUR.match(colour):
            raise ValueError("harus warna seperti #1c2329")
    return Colours(**value)
