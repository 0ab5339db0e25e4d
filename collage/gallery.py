"""The page with the single photos: a folder that opens in any browser, without a network or a script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from collage.drawing import Source, read
from collage.recipe import Recipe, Shot
from photos import Label, Size, labelled, renditions
from prose.dates import long_date

PHOTO = Size(1600, 84, 500_000)
"""Of each photo on the page: longest side, quality, most bytes."""

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 76rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: 1px solid; padding-bottom: .75rem; margin-bottom: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: contain; background: #8882; }
small { opacity: .75; }
@media print { main { grid-template-columns: 1fr 1fr; } figure { break-inside: avoid; } }
"""


def write_gallery(recipe: Recipe, source: Source, folder: Path) -> None:
    """Write `index.html` and `foto/` into a new folder, which takes the place of an old one when it is whole.

    Raises UnreadablePhoto.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "foto").mkdir(parents=True)
    try:
        figures = []
        for number, shot in enumerate(recipe.shots, start=1):
            name = photo_name(number, shot)
            data, width, height = photo_file(shot, source)
            (part / "foto" / name).write_bytes(data)
            figures.append("".join(_figure(shot, f"foto/{name}", width, height)))
        (part / "index.html").write_text(_page(recipe, figures), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def photo_name(number: int, shot: Shot) -> str:
    """Return the name of the page's photo with this number, from 1 on: of letters every file system knows."""
    return f"{number:03}-{shot.sha256[:8]}.jpg"


def photo_file(shot: Shot, source: Source) -> tuple[bytes, int, int]:
    """Return a photo for the web with its edits, caption and credit inside, and its size. Raises UnreadablePhoto."""
    [made] = renditions(read(source, shot.sha256), [PHOTO], edits=shot.edits)
    label = Label(caption=shot.caption, credit=shot.credit)
    return labelled(made.data, label), made.width, made.height


def _page(recipe: Recipe, figures: list[str]) -> str:
    title = escape(recipe.title or "Kolase foto")
    return (
        f'<!doctype html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
        + (f"<p>{escape(recipe.subtitle)}</p>\n" if recipe.subtitle else "")
        + f"<p>{len(figures)} foto</p>\n</header>\n<main>\n{''.join(figures)}</main>\n</body>\n</html>\n"
    )


def _figure(shot: Shot, path: str, width: int, height: int) -> Iterator[str]:
    alt = escape(shot.caption or "Foto kegiatan", quote=True)
    yield f'<figure>\n<a href="{path}"><img src="{path}" width="{width}" height="{height}"'
    yield f' loading="lazy" alt="{alt}"></a>\n'
    yield "<figcaption>\n"
    if shot.caption:
        yield f"<p>{escape(shot.caption)}</p>\n"
    told = [long_date(shot.taken_on)] if shot.taken_on else []
    told += [shot.credit] if shot.credit else []
    if told:
        yield f"<p><small>{escape(' · '.join(told))}</small></p>\n"
    yield "</figcaption>\n</figure>\n"
