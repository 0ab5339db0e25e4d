"""What is made of a collage's recipe: files under the key of the recipe, which make the same bytes whenever made."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

import collage
from pipeline.stores import need_room, originals

PRINT = "kolase.jpg"
WEB = "kolase-web.jpg"
PAGE = "kolase-foto.zip"
KINDS = {
    PRINT: "image/jpeg",
    "kolase.pdf": "application/pdf",
    WEB: "image/jpeg",
    "kolase-web.webp": "image/webp",
    PAGE: "application/zip",
}
"""Every file there is, and what it is."""
ROOM = 300_000_000
"""What the largest page with the most photos may need."""
_THEN = (1980, 1, 1, 0, 0, 0)
"""Of every file in an archive, so that it has the same bytes whenever it is made."""


class Unmade(Exception):
    """A file that was made is not there any more. The text says in Indonesian what to do."""


@dataclass(frozen=True)
class Made:
    told: dict[str, Any]
    """What the collage's row keeps of it."""
    left_out: tuple[collage.LeftOut, ...] = ()


def make(recipe: collage.Recipe, progress: Callable[[int, int], None]) -> Made:
    """Make every file of a recipe. Raises collage.CollageError, DiskFull."""
    need_room(ROOM)
    folder = folder_of(recipe.key())
    folder.mkdir(parents=True, exist_ok=True)
    # Edits are drawn from the original: what was blurred is blurred as readers saw it.
    made = collage.render(recipe, originals().path, folder, progress=progress)
    _pack(made.files["page"], folder / PAGE)
    files = [_told(folder / name) for name in KINDS]
    return Made({"key": recipe.key(), "files": files}, made.left_out)


def _pack(page: Path, into: Path) -> None:
    """Put the page with the single photos into one file."""
    draft = into.with_suffix(".part")
    with zipfile.ZipFile(draft, "w") as packed:  # photos do not become smaller
        for path in sorted(one for one in page.rglob("*") if one.is_file()):
            packed.writestr(zipfile.ZipInfo(path.relative_to(page).as_posix(), _THEN), path.read_bytes())
    draft.replace(into)


def _told(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "sha256": sha256, "size": path.stat().st_size}


def folder_of(key: str) -> Path:
    return Path(settings.REDAKSI.data / "collages" / key)


def path_of(key: str, name: str) -> Path:
    """Return where a file made of the recipe `key` lies. Raises Unmade."""
    path = folder_of(key) / name
    if name not in KINDS or not key.isalnum() or not path.is_file():
        raise Unmade("Berkas ini tidak ada lagi di disk. Tekan “Buat ulang”; hasilnya sama persis.")
    return path


def read(key: str, name: str) -> bytes:
    """Return a made file. Raises Unmade."""
    return path_of(key, name).read_bytes()
