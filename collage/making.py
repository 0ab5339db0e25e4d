"""A collage in one call, without a recipe: A3 in rows, lying or standing, whichever crops less."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from collage.drawing import read
from collage.geometry import Point
from collage.planning import plan
from collage.recipe import Recipe, Shot
from collage.rendering import WEB_BYTES, check_count, render
from photos import UnreadablePhoto, facts


@dataclass(frozen=True)
class Tile:
    """One photo and what is written under it."""

    data: bytes | Path = field(repr=False)
    caption: str = ""
    taken_on: date | None = None
    credit: str = ""
    focus: Point | None = None
    """What a crop must keep, from the left and the top edge as fractions; None where nobody said."""


@dataclass(frozen=True)
class Made:
    """A finished collage."""

    print_jpeg: bytes = field(repr=False)
    """A3 at 300 dpi unless asked otherwise."""
    web_jpeg: bytes = field(repr=False)
    left_out: tuple[tuple[int, str], ...] = ()
    """Place among the tiles, and why, in Indonesian."""


def make(
    tiles: Sequence[Tile], title: str, subtitle: str = "", *, dpi: int = 300, web_bytes: int = WEB_BYTES
) -> Made:
    """Make one collage, in the order of `tiles`: a page of A3 and a JPEG of at most `web_bytes` for the web.

    A photo that cannot be read is left out and named. The same tiles give the same bytes. Raises
    PhotosRefused when there are fewer than 6 or more than 120 photos to show.
    """
    left_out: dict[int, str] = {}
    shots = {}
    for place, tile in enumerate(tiles):
        try:
            shots[place] = _shot(place, tile)
        except UnreadablePhoto as error:
            left_out[place] = str(error)
    check_count(len(shots), len(left_out))
    recipes = [
        Recipe(tuple(shots.values()), page=page, title=title, subtitle=subtitle, bleed=0.0)
        for page in ("a3-landscape", "a3-portrait")
    ]
    with tempfile.TemporaryDirectory(prefix="kolase-") as folder:
        made = render(
            max(recipes, key=_used),
            lambda sha256: tiles[int(sha256, 16)].data,
            Path(folder),
            ("print_jpeg", "web_jpeg"),
            dpi=dpi,
            web_bytes=web_bytes,
        )
        places = list(shots)
        left_out |= {places[one.place]: one.why for one in made.left_out}
        return Made(
            print_jpeg=made.files["print_jpeg"].read_bytes(),
            web_jpeg=made.files["web_jpeg"].read_bytes(),
            left_out=tuple(sorted(left_out.items())),
        )


def _shot(place: int, tile: Tile) -> Shot:
    """Return the tile as a photo of a recipe; its place stands for its checksum. Raises UnreadablePhoto."""
    known = facts(read(lambda _: tile.data, ""))
    if known.problem:
        raise UnreadablePhoto(known.problem)
    return Shot(
        sha256=f"{place:064x}",
        width=known.width,
        height=known.height,
        focus=tile.focus,
        caption=tile.caption,
        taken_on=tile.taken_on,
        credit=tile.credit,
    )


def _used(recipe: Recipe) -> float:
    """Return how much of its photos a page shows, in square millimetres of print."""
    return sum(
        box.width * box.height * (box.crop[2] - box.crop[0]) * (box.crop[3] - box.crop[1])
        for box in plan(recipe).boxes
    )
