"""The rows of renditions: ours beside libvips, the fastest there is, doing the same work in the same run."""

from __future__ import annotations

import importlib.util
import io
import math
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageStat

from bench.measure import Row
from bench.samples import photos_in
from photos import Label, Size, labelled, renditions
from tests.photos.pictures import display_p3

Work = Callable[[bytes], tuple[bytes, bytes]]

SIZES = (Size(1600, 82, 500_000), Size(400, 80))
LABEL = Label("Wali Kota membuka Musrenbang Kecamatan Contoh.", "MC. Contoh/nala", "(c) MC. Contoh", "nala")
COUNT = 6
ROUNDS = 7
INSTALL = (
    "Pillow alone: draft, resize, save, nothing checked, turned or converted "
    "(for libvips install the extra `bench`: .venv/bin/pip install pyvips pyvips-binary)"
)
VIPS = "libvips {}, thumbnail: turned, to sRGB where there is a profile, nothing kept; no label, no ceiling"


def photo_sizes(folder: Path) -> list[Row]:
    """12 megapixels to 1600 and 400 px, with no profile and in Display P3, on one thread and on two."""
    work, floor_is = _floor()
    rows = []
    for kind, some in (
        ("no profile", _painted(folder, 1, p3=False)),
        ("Display P3", _painted(folder, 1, p3=True)),
    ):
        for threads in (1, 2):
            what = f"photo of 12 MP, {kind} → 1600 + 400 px, {threads} thread{'s' if threads > 1 else ''}"
            ours, floor = _in_turns(
                _on_threads(_ours, some, threads), _on_threads(work, some, threads), ROUNDS
            )
            rows.append(_row(what, ours.each(len(some)), floor.each(len(some)), floor_is))
    return rows


def photo_sizes_48(folder: Path) -> list[Row]:
    """48 megapixels, as phones make them."""
    return _large(folder, 2)


def photo_sizes_200(folder: Path) -> list[Row]:
    """192 megapixels: the largest phones make."""
    return _large(folder, 4)


def _large(folder: Path, times: int) -> list[Row]:
    work, floor_is = _floor()
    some = _painted(folder, times, p3=False)
    what = f"photo of {12 * times * times} MP → 1600 + 400 px, 1 thread"
    return [_row(what, *_in_turns(_on_threads(_ours, some, 1), _on_threads(work, some, 1), 3), floor_is)]


class Took(NamedTuple):
    """Seconds by the clock, and of all cores together."""

    wall: float
    cpu: float

    def each(self, count: int) -> Took:
        return Took(self.wall / count, self.cpu / count)

    def __str__(self) -> str:
        return f"{self.wall * 1000:.0f} ms (CPU {self.cpu * 1000:.0f})"


def _in_turns(ours: Callable[[], object], floor: Callable[[], object], rounds: int) -> tuple[Took, Took]:
    """Return the best of each, wall and CPU by themselves, taken in turns so that noise meets both alike."""
    took: tuple[list[Took], list[Took]] = ([], [])
    for _ in range(rounds):
        for work, mine in zip((ours, floor), took, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            mine.append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    one, other = (Took(min(each.wall for each in mine), min(each.cpu for each in mine)) for mine in took)
    return one, other


def _row(what: str, ours: Took, floor: Took, floor_is: str) -> Row:
    told = f"{floor_is}; of CPU time {ours.cpu / floor.cpu:.2f}"
    return Row(what=what, ours=str(ours), floor=str(floor), floor_is=told, ratio=ours.wall / floor.wall)


def photo_nearness(folder: Path) -> list[Row]:
    """How near both come to the whole photo shrunk with care: speed is not bought with sight."""
    work, floor_is = _floor()
    data = _painted(folder, 1, p3=False)[0]
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    rows = []
    for size, ours, floor in zip(SIZES, _ours(data), work(data), strict=True):
        shown = Image.open(io.BytesIO(ours)).convert("RGB")
        best = whole.resize(shown.size, Image.Resampling.LANCZOS)
        errors = [_error(best, Image.open(io.BytesIO(made)).convert("RGB")) for made in (ours, floor)]
        rows.append(
            Row(
                what=f"how far {size.longest} px are from the whole photo shrunk by Lanczos (RMS)",
                ours=f"{errors[0]:.2f} ({_decibels(errors[0])})",
                floor=f"{errors[1]:.2f} ({_decibels(errors[1])})",
                floor_is=floor_is,
                ratio=errors[0] / errors[1],
            )
        )
    return rows


def _error(one: Image.Image, other: Image.Image) -> float:
    squares = [rms * rms for rms in ImageStat.Stat(ImageChops.difference(one, other)).rms]
    return math.sqrt(sum(squares) / len(squares))


def _decibels(error: float) -> str:
    return f"{20 * math.log10(255 / error):.2f} dB"


def _on_threads(work: Work, some: Sequence[bytes], threads: int) -> Callable[[], object]:
    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, some))

    return run


def _ours(data: bytes) -> tuple[bytes, bytes]:
    large, small = renditions(data, SIZES)
    return labelled(large.data, LABEL), small.data


def _floor() -> tuple[Work, str]:
    """Return libvips' way and what it does; without libvips Pillow's barest."""
    if importlib.util.find_spec("pyvips") is None:
        return _bare_pillow, INSTALL
    os.environ["VIPS_CONCURRENCY"] = "1"  # a thread of ours is one thread; must be set before the import
    import pyvips  # type: ignore[import-not-found, unused-ignore]

    pyvips.cache_set_max(0)  # nothing is remembered from round to round

    def vips(data: bytes) -> tuple[bytes, bytes]:
        head = pyvips.Image.new_from_buffer(data, "")
        profile = {"export_profile": "srgb"} if head.get_typeof("icc-profile-data") else {}
        large = pyvips.Image.thumbnail_buffer(data, 1600, height=1600, size="down", **profile).copy_memory()
        small = large.thumbnail_image(400, height=400, size="down")
        how = {"optimize_coding": True, "interlace": True, "keep": "none"}
        return large.jpegsave_buffer(Q=82, **how), small.jpegsave_buffer(Q=80, **how)

    return vips, VIPS.format(".".join(str(pyvips.version(part)) for part in range(3)))


def _bare_pillow(data: bytes) -> tuple[bytes, bytes]:
    image: Image.Image = Image.open(io.BytesIO(data))
    made = []
    for size in SIZES:
        scale = size.longest / max(image.size)
        fit = round(image.width * scale), round(image.height * scale)
        image.draft("RGB", fit)
        image = image.resize(fit, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=size.quality, optimize=True, progressive=True)
        made.append(out.getvalue())
    return made[0], made[1]


def _painted(folder: Path, times: int, *, p3: bool) -> list[bytes]:
    """Return photos with a sensor's grain, painted in another process so that the peak memory is not theirs."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_paint, folder, times, p3).result()


def _paint(folder: Path, times: int, p3: bool) -> list[bytes]:
    """Give painted photos grain: smooth ones are a tenth of a camera's bytes, and quick to decode."""
    made = []
    for data in photos_in(folder)[: COUNT if times == 1 else 1]:
        image = Image.open(io.BytesIO(data))
        exif = image.info["exif"]
        grain = Image.effect_noise(image.size, 9)
        image = ImageChops.add(image.convert("RGB"), Image.merge("RGB", (grain,) * 3), 1, -128)
        if times > 1:
            size = image.width * times, image.height * times
            sheet = Image.new("RGB", size)
            for place in range(times * times):
                sheet.paste(image, (place % times * image.width, place // times * image.height))
            image = sheet
        out = io.BytesIO()
        profile = {"icc_profile": display_p3()} if p3 else {}
        image.save(out, "JPEG", quality=90, exif=exif, **profile)
        made.append(out.getvalue())
    return made
