"""The database our migrations make, kept in a file: what tests stand on, and programs under test begin with."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import allauth
import django

import prose.checks.lists

FOLDER = Path(__file__).parents[1] / ".cache" / "test-database"


def kept_file() -> Path:
    """Name the file; another set of migrations is another file. It is made by the first session that needs it."""
    told = hashlib.sha256(f"{django.__version__} {allauth.__version__}".encode())
    written = Path(__file__).parents[1] / "newsroom" / "migrations"
    for file in (Path(prose.checks.lists.__file__), *sorted(written.glob("*.py"))):
        told.update(file.name.encode() + file.read_bytes())
    return FOLDER / f"{told.hexdigest()}.sqlite3"


def lay(data: Path) -> bool:
    """Give a data folder that has no database the kept one; say whether it has one now."""
    file = data / "redaksi.sqlite3"
    kept = kept_file()
    if file.exists() or not kept.exists():
        return file.exists()
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, file)
    return True
