"""Databases beside the tests' own, and the migrations as they were before they were squashed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

import newsroom.migrations

WRITTEN = Path(newsroom.migrations.__file__).parent
SQUASHED = "0001_squashed_0040_package_trouble"
UNTIL = "0035_tag_retired"
Ask = Callable[[str], list[tuple[Any, ...]]]


class as_default:
    """Let everything speak to another database for a while."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._described = described

    def __enter__(self) -> None:
        self._before = connections["default"], connections.settings["default"]
        connections.settings["default"] = self._described
        del connections["default"]

    def __exit__(self, *_: object) -> None:
        connections["default"].close()
        connections["default"], connections.settings["default"] = self._before


def a_file(path: Path) -> dict[str, Any]:
    """Say how Django reaches another file of SQLite."""
    return {**connections.settings["default"], "NAME": str(path)}


def migrate_as_before(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make an office's database with the files of the time of UNTIL, when nothing was squashed yet."""
    package = folder / "newsroom_before"
    package.mkdir()
    for file in WRITTEN.glob("[0-9]*.py"):
        if "_squashed_" not in file.name and file.stem <= UNTIL:
            shutil.copy(file, package)
    (package / "__init__.py").touch()
    patch.syspath_prepend(folder)
    with override_settings(MIGRATION_MODULES={"newsroom": package.name}):
        call_command("migrate", verbosity=0)


def awaited() -> list[str]:
    """Name the migrations that `migrate` would run."""
    executor = MigrationExecutor(connection)
    return [found.name for found, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def written_after(name: str) -> list[str]:
    return sorted(file.stem for file in WRITTEN.glob("[0-9]*.py") if file.stem > name)


def begun_with(ask: Ask) -> dict[str, set[tuple[Any, ...]]]:
    """Return the rows that migrations have put in, but for when and under which number."""
    return {
        "django_migrations": set(ask("SELECT app, name FROM django_migrations")),
        "newsroom_spelling": set(ask('SELECT wrong, "right", active, changed_by_id FROM newsroom_spelling')),
        "newsroom_abbreviation": set(
            ask('SELECT short, "long", active, changed_by_id FROM newsroom_abbreviation')
        ),
        "auth_permission": set(
            ask(
                "SELECT app_label, model, codename FROM django_content_type AS type "
                "LEFT JOIN auth_permission AS permission ON permission.content_type_id = type.id"
            )
        ),
    }
