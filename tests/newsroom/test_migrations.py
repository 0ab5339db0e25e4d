"""The migrations: they make what the models say, from nothing, and tests stand on what they make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections


def test_the_models_need_no_migration_that_is_not_written(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_an_empty_database_becomes_the_one_the_tests_stand_on(
    django_db_setup: None, django_db_blocker: Any, kept_database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kosong.sqlite3"
    connections.settings["kosong"] = {**connections.settings["default"], "NAME": str(file)}
    try:
        with django_db_blocker.unblock():
            call_command("migrate", database="kosong", verbosity=0)
    finally:
        connections["kosong"].close()
        del connections["kosong"], connections.settings["kosong"]
    made, kept = content(file), content(kept_database)
    assert made == kept
    assert {"newsroom_story", "newsroom_words", "newsroom_entry", "newsroom_spelling"} <= {
        name for _, name, _ in made["schema"]
    }
    assert made["newsroom_spelling"]
    assert made["newsroom_abbreviation"]


def content(file: Path) -> dict[str, set[tuple[Any, ...]]]:
    """Return how a database is built and what was put into it, but for when."""
    with closing(sqlite3.connect(file)) as database:
        return {
            "schema": set(database.execute("SELECT type, name, sql FROM sqlite_master")),
            "django_migrations": set(database.execute("SELECT app, name FROM django_migrations")),
            "newsroom_spelling": set(database.execute('SELECT wrong, "right" FROM newsroom_spelling')),
            "newsroom_abbreviation": set(database.execute('SELECT short, "long" FROM newsroom_abbreviation')),
        }
