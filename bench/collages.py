"""The row of collages: ours beside libvips, the fastest there is, filling the same boxes of the same page."""

from __future__ import annotations

import importlib.util
import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from bench.measure import Row
from bench.pictures import INSTALL, Took
from bench.samples import photos_in
from collage import Recipe, Shot, plan, render
from collage.sheets import Sheet, print_sheet
from photos import facts

COUNT = 60
ROUNDS = 3
QUALITY = 90

Work = Callable[[], object]


def photo_collage(folder: Path) -> list[Row]:
    """A collage of 60 photos of 12 megapixels with a sensor's grain: a print JPEG of A3 at 300 dpi."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        paths = pool.submit(_paint, folder).result()
    recipe = _recipe(paths)
    by_name = {shot.sha256: paths[place % len(paths)] for place, shot in enumerate(recipe.shots)}
    sheet = print_sheet(recipe, plan(recipe), 300)
    floors = _floors([by_name[shot.sha256] for shot in recipe.shots], sheet)
    with tempfile.TemporaryDirectory(prefix="redaksi-collage-") as into:

        def ours() -> object:
            return render(recipe, by_name.__getitem__, Path(into), ("print_jpeg",))

        ours()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
        mine, *others = _in_turns([ours, *(work for work, _ in floors)])
    what = f"collage of {COUNT} photos of 12 MP, A3 at 300 dpi, with words (ours alone: {peak} MB)"
    return [
        Row(
            what=what,
            ours=str(mine),
            floor=str(took),
            floor_is=f"{floor_is}; of CPU time {mine.cpu / took.cpu:.2f}",
            ratio=mine.wall / took.wall,
        )
        for took, (_, floor_is) in zip(others, floors, strict=True)
    ]


def _in_turns(works: Sequence[Work]) -> list[Took]:
    """Return the best wall and CPU time of each work, taken in turns so that noise meets all alike."""
    took: list[list[Took]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, mine in zip(works, took, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            mine.append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return [Took(min(each.wall for each in mine), min(each.cpu for each in mine)) for mine in took]


def _paint(folder: Path) -> list[Path]:
    """Give painted photos grain: smooth ones are a tenth of a camera's bytes, and quick to decode."""
    made = []
    for number, data in enumerate(photos_in(folder)[:12]):
        image = Image.open(io.BytesIO(data))
        grain = Image.effect_noise(image.size, 9)
        noisy = ImageChops.add(image.convert("RGB"), Image.merge("RGB", (grain,) * 3), 1, -128)
        path = folder / f"kolase-{number}.bin"
        noisy.save(path, "JPEG", quality=90, exif=image.info["exif"])
        made.append(path)
    return made


def _recipe(paths: Sequence[Path]) -> Recipe:
    known = [facts(path.read_bytes()) for path in paths]
    return Recipe(
        tuple(
            Shot(
                sha256=f"{place:064x}",
                width=known[place % len(paths)].width,
                height=known[place % len(paths)].height,
                caption="Wali Kota membuka Musrenbang Kecamatan Contoh",
                taken_on=date(2026, 6, 1) + timedelta(days=3 * place),
                credit="Foto: nala",
            )
            for place in range(COUNT)
        ),
        title="Kolase Juni–November 2026",
        bleed=0.0,
    )


def _floors(paths: Sequence[Path], sheet: Sheet) -> list[tuple[Work, str]]:
    """Return libvips' ways and what they do; without libvips Pillow's barest."""
    sizes = [(box[2] - box[0], box[3] - box[1]) for box in sheet.boxes]
    if importlib.util.find_spec("pyvips") is None:
        return [(lambda: _bare_pillow(paths, sheet, sizes), INSTALL)]
    import pyvips  # type: ignore[import-not-found, unused-ignore]

    pyvips.cache_set_max(0)  # nothing is remembered from round to round

    def thumb(place: int) -> Any:
        width, height = sizes[place]
        return pyvips.Image.thumbnail(str(paths[place]), width, height=height, crop="centre")

    def saved(thumbs: Sequence[Any]) -> object:
        page = (pyvips.Image.black(*sheet.size, bands=3) + 255).cast("uchar")
        for shown, box in zip(thumbs, sheet.boxes, strict=True):
            page = page.insert(shown, box[0], box[1])
        return page.jpegsave_buffer(Q=QUALITY, subsample_mode="off", keep="none")

    def as_it_comes() -> object:
        return saved([thumb(place) for place in range(len(paths))])

    def two_at_once() -> object:
        with ThreadPoolExecutor(2) as pool:
            return saved(list(pool.map(lambda place: thumb(place).copy_memory(), range(len(paths)))))

    name = f"libvips {'.'.join(str(pyvips.version(part)) for part in range(3))}, the same boxes, no words, no checks"
    return [
        (as_it_comes, f"{name}; thumbnails inserted, by its own threads"),
        (two_at_once, f"{name}; two thumbnails at once by our threads"),
    ]


def _bare_pillow(paths: Sequence[Path], sheet: Sheet, sizes: Sequence[tuple[int, int]]) -> object:
    page = Image.new("RGB", sheet.size, "white")
    for path, box, size in zip(paths, sheet.boxes, sizes, strict=True):
        image: Image.Image = Image.open(path)
        image.draft("RGB", size)
        page.paste(image.resize(size, Image.Resampling.LANCZOS), box[:2])
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()
