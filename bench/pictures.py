"""The rows of renditions: ours beside libvips, the fastest there is, doing the same work in the same run."""

from __future__ import annotations

import importlib.util
import io
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageChops

from bench.measure import Row, side_by_side
from bench.samples import photos_in
from photos import Label, Size, labelled, renditions
from tests.photos.pictures import display_p3

SIZES = (Size(1600, 82, 500_000), Size(400, 80))
LABEL = Label("Wali Kota membuka Musrenbang Kecamatan Contoh.", "MC. Contoh/nala", "(c) MC. Contoh", "nala")
COUNT = 6
INSTALL = "Pillow alone: draft, resize, save, nothing checked, turned or converted (libvips: pip install pyvips pyvips-binary)"
VIPS = "libvips {}: turned, to sRGB where there is a profile, nothing kept; no label, no ceiling"


def photo_sizes(folder: Path) -> list[Row]:
    """12 megapixels to 1600 and 400 px, with no profile and in Display P3, on one thread and on two."""
    work, floor_is = _floor()
    rows = []
    for kind, some in (
        ("no profile", _painted(folder, 1, p3=False)),
        ("Display P3", _painted(folder, 1, p3=True)),
    ):
        for threads in (1, 2):
            ours, floor = side_by_side(_on_threads(_ours, some, threads), _on_threads(work, some, threads))
            what = f"photo of 12 MP, {kind} → 1600 + 400 px, {threads} thread{'s' if threads > 1 else ''}"
            rows.append(_row(what, ours / len(some), floor / len(some), floor_is))
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
    ours, floor = side_by_side(_on_threads(_ours, some, 1), _on_threads(work, some, 1), rounds=2)
    what = f"photo of {12 * times * times} MP → 1600 + 400 px, 1 thread"
    return [_row(what, ours, floor, floor_is)]


def _row(what: str, ours: float, floor: float, floor_is: str) -> Row:
    return Row(
        what=what,
        ours=f"{ours * 1000:.0f} ms",
        floor=f"{floor * 1000:.0f} ms",
        floor_is=floor_is,
        ratio=ours / floor,
    )


def _on_threads(work: Callable[[bytes], object], some: Sequence[bytes], threads: int) -> Callable[[], object]:
    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, some))

    return run


def _ours(data: bytes) -> object:
    large, small = renditions(data, SIZES)
    return labelled(large.data, LABEL), small.data


def _floor() -> tuple[Callable[[bytes], object], str]:
    """Return libvips' way and what it does; without libvips Pillow's barest."""
    if importlib.util.find_spec("pyvips") is None:
        return _bare_pillow, INSTALL
    os.environ["VIPS_CONCURRENCY"] = "1"  # a thread of ours is one thread; must be set before the import
    import pyvips  # type: ignore[import-not-found, unused-ignore]

    pyvips.cache_set_max(0)  # nothing is remembered from round to round

    def vips(data: bytes) -> object:
        head = pyvips.Image.new_from_buffer(data, "")
        profile = {"export_profile": "srgb"} if head.get_typeof("icc-profile-data") else {}
        large = pyvips.Image.thumbnail_buffer(data, 1600, height=1600, size="down", **profile).copy_memory()
        small = large.thumbnail_image(400, height=400, size="down")
        how = {"optimize_coding": True, "interlace": True, "keep": "none"}
        return large.jpegsave_buffer(Q=82, **how), small.jpegsave_buffer(Q=80, **how)

    return vips, VIPS.format(".".join(str(pyvips.version(part)) for part in range(3)))


def _bare_pillow(data: bytes) -> object:
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
    return made


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
