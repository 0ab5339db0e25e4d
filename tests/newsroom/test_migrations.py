"""The migrations: they make what the models say, from nothing, and tests stand on what they make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.before import (
    SQUASHED,
    UNTIL,
    a_file,
    as_default,
    awaited,
    begun_with,
    migrate_as_before,
    written_after,
)


def test_the_models_need_no_migration_that_is_not_written(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.sqlite
def test_an_empty_database_becomes_the_one_the_tests_stand_on(
    db: None, kept_database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kosong.sqlite3"
    with as_default(a_file(file)):
        assert SQUASHED in awaited()
        call_command("migrate", verbosity=0)
    made, kept = content(file), content(kept_database)
    assert made == kept
    assert {"newsroom_story", "newsroom_words", "newsroom_entry", "newsroom_spelling"} <= {
        name for _, name, *_ in made["schema"]
    }
    assert made["newsroom_spelling"]
    assert made["newsroom_abbreviation"]


@pytest.mark.real  # walks forty migrations one by one
def test_an_office_of_before_comes_to_the_same_database_as_an_empty_one(
    db: None, kept_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lama.sqlite3"
    with as_default(a_file(file)):
        migrate_as_before(tmp_path, monkeypatch)
        assert awaited() == written_after(UNTIL)
        call_command("migrate", verbosity=0)
        assert content(file) == content(kept_database)
        # An office that came to the end by the old files has heard nothing of the squashed one.
        MigrationRecorder(connection).record_unapplied("newsroom", SQUASHED)
        assert awaited() == []
        call_command("migrate", verbosity=0)
    assert content(file) == content(kept_database)


def content(file: Path) -> dict[str, set[tuple[Any, ...]]]:
    """Return how a database is built and what was put into it, but for when."""
    with closing(sqlite3.connect(file)) as database:

        def ask(words: str) -> list[tuple[Any, ...]]:
            return database.execute(words).fetchall()

        schema = ask("SELECT type, name, sql FROM sqlite_master")
        tables = [name for kind, name, _ in schema if kind == "table" and name != "sqlite_sequence"]
        return {
            "schema": {(kind, name, *parts(sql or "")) for kind, name, sql in schema},
            "counts": {(name, *ask(f'SELECT count(*) FROM "{name}"')[0]) for name in tables},  # noqa: S608
            **begun_with(ask),
        }


def parts(sql: str) -> list[str]:
    """Split CREATE TABLE into its columns and constraints, put in order.

    SQLite cannot alter a column: Django copies the table, and what was altered is its last column from then on.
    """
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    head, _, body = sql.partition("(")
    found, depth = [""], 0
    for sign in body.rpartition(")")[0]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [head, *sorted(part.strip() for part in found)]
