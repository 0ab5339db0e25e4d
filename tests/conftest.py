"""What every test session shares: a migrated database that is made once for each set of migrations."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.kept import FOLDER, kept_file

ELSEWHERE = bool(os.environ.get("REDAKSI_TEST_DATABASE"))
"""The tests run on PostgreSQL, whose database is made each time."""
MEMORY = "file:memorydb_default?mode=memory&cache=shared"
"""Where Django makes a test database; it lives as long as somebody has it open."""


def pytest_collection_finish() -> None:
    """Spare the garbage collector thousands of tests and modules that stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def kept_database() -> Path:
    """Name the file of the database our migrations make."""
    return kept_file()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    kept_database: Path, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """Fill the database before Django migrates it: migrating two seconds each time proves nothing new."""
    with closing(sqlite3.connect(MEMORY, uri=True)) as memory:
        if kept_database.exists() and not ELSEWHERE:
            with closing(sqlite3.connect(kept_database)) as kept:
                kept.backup(memory)
        yield


@pytest.fixture(scope="session")
def django_db_setup(kept_database: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep what the migrations have made, for the next session; the office has run before, and has its shelves."""
    from pipeline.fixity import open_shelves

    with django_db_blocker.unblock():
        if not kept_database.exists() and not ELSEWHERE:
            _keep(kept_database)
        open_shelves()


def _keep(kept_database: Path) -> None:
    from django.db import connection

    FOLDER.mkdir(parents=True, exist_ok=True)
    fresh = kept_database.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(fresh)) as target:
        connection.ensure_connection()
        connection.connection.backup(target)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    fresh.replace(kept_database)
