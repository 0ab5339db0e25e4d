"""Pictures of every page, made by a real browser in the furnished office with the sample office's photos.

python -m tests.real.screens                        the pictures of docs/screens/, at 360 and 1440 px
python -m tests.real.screens --all FOLDER           whole pages, light and dark, to look through
python -m tests.real.screens --only queue,story …   some of them
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.real.chromium import ROOT, chromium
from tests.real.looking import Office, opened

HEIGHTS = {360: 780, 1440: 900}
COLOURS = 96
"""They hold a page of text and small photos well, in a quarter of the bytes."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    django.setup()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    only = set(filter(None, wanted.only.split(",")))
    if not only and not wanted.all:
        for old in wanted.folder.glob("*.png"):
            old.unlink()
    home = tempfile.TemporaryDirectory(prefix="redaksi-screens-")
    with home as folder, Office(Path(folder), "--sample") as office, chromium() as browser:
        for scheme in ("light", "dark") if wanted.all else ("light",):
            for name, width, data in taken(office, browser, scheme, only, whole=wanted.all):
                end = f"-{scheme}" if wanted.all else ""
                picture = Image.open(io.BytesIO(data)).convert("RGB")
                small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
                small.save(wanted.folder / f"{name}-{width}{end}.png", optimize=True)


def taken(
    office: Office, browser: Browser, scheme: str, only: set[str], *, whole: bool
) -> Iterator[tuple[str, int, bytes]]:
    """Yield the name, width and picture of every page."""
    from tests.real.pages import sheets

    windows: dict[str, Page] = {}
    for sheet in sheets(office.rows):
        if only and sheet.name not in only:
            continue
        if sheet.who not in windows:
            window = office.window(browser, sheet.who, color_scheme=scheme, reduced_motion="reduce")
            windows[sheet.who] = window.new_page()
        page = windows[sheet.who]
        for width, height in HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            opened(page, office, sheet.address)
            page.wait_for_load_state("networkidle")
            yield sheet.name, width, page.screenshot(full_page=whole)


if __name__ == "__main__":
    main()
