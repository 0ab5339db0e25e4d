"""The rows of the archive: how fast packages are made and re-read, beside `sha256sum` over the same files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from archive import SIP, Originals, Problem, Reading, check_package, make_package
from bench.measure import Row, side_by_side

PACKAGES = 4
PHOTOS = 12
PHOTO = 3_000_000
MAIL = 12_000_000


def archive(folder: Path) -> list[Row]:
    """Four packages of a mail of 12 MB and twelve photos of 3 MB: made, and re-read from the disk."""
    place = folder / "archive"
    sips = [_sip(number, place) for number in range(PACKAGES)]
    made = [make_package(sip, place / "packages") for sip in sips]
    files = [path for package in made for path in package.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    try:
        return [_reread(made, files, size), _originals(place), _packaging(sips, place)]
    finally:
        shutil.rmtree(place)


def _reread(packages: list[Path], files: list[Path], size: int) -> Row:
    def ours() -> None:
        _need_whole([problem for package in packages for problem in check_package(package)])

    took, floor = side_by_side(ours, lambda: _sha256sum(files))
    return Row(
        what=f"fixity of {len(packages)} packages, {size / 1e6:.0f} MB",
        ours=f"{size / took / 1e6:.0f} MB/s",
        floor=f"{size / floor / 1e6:.0f} MB/s",
        floor_is="sha256sum over the same files, each let go by the system first, as ours are; one process",
        ratio=took / floor,
    )


def _originals(place: Path) -> Row:
    store = Originals(place / "originals")
    files = [path for path in store.root.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)

    def ours() -> None:
        _need_whole(list(store.check(reading=Reading())))

    took, floor = side_by_side(ours, lambda: _sha256sum(files))
    return Row(
        what=f"fixity of {len(files)} originals, {size / 1e6:.0f} MB",
        ours=f"{size / took / 1e6:.0f} MB/s",
        floor=f"{size / floor / 1e6:.0f} MB/s",
        floor_is="sha256sum over the same files, each let go by the system first, as ours are; one process",
        ratio=took / floor,
    )


def _packaging(sips: list[SIP], place: Path) -> Row:
    """Make packages beside copying and flushing the same files, which is the least that can be done."""

    def ours() -> None:
        shutil.rmtree(place / "made", ignore_errors=True)
        for sip in sips:
            make_package(sip, place / "made")

    def floor() -> None:
        shutil.rmtree(place / "copied", ignore_errors=True)
        for sip in sips:
            for name, source in sip.files.items():
                target = place / "copied" / sip.identifier / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(source), target)
                handle = os.open(target, os.O_RDONLY)
                os.fsync(handle)
                os.close(handle)

    took, bare = side_by_side(ours, floor)
    return Row(
        what=f"{len(sips)} packages made, {(MAIL + PHOTOS * PHOTO) / 1e6:.0f} MB each",
        ours=f"{len(sips) / took:.1f} packages/s",
        floor=f"{len(sips) / bare:.1f} copies/s",
        floor_is="copying the same files and flushing each; ours compares them with their names, and bagit reads all back",
        ratio=took / bare,
    )


def _sip(number: int, place: Path) -> SIP:
    store = Originals(place / "originals")
    files: dict[str, bytes | Path] = {"mail/01.eml": store.path(store.keep(os.urandom(MAIL)))}
    for photo in range(PHOTOS):
        files[f"photos/{photo:02d}.jpg"] = store.path(store.keep(os.urandom(PHOTO)))
    return SIP(f"bench{number:04d}", 1, "Judul", files, {"key": number})


def _need_whole(problems: list[Problem]) -> None:
    if problems:
        raise SystemExit(f"the bench's own files are broken: {problems[0].sentence}")


def _sha256sum(files: list[Path]) -> None:
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    subprocess.run(["sha256sum", *files], stdout=subprocess.DEVNULL, check=True)
