"""The whole database as one file, and back: by SQLite's own backup, or by PostgreSQL's programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from django.db import connection, connections

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
"""Names of the database in a backup: what it is a file of."""
PATIENCE = 60.0
"""Seconds a copy may wait for its turn."""


class DatabaseNotCopied(Exception):
    """The database could not be written out or taken in. The text says in Indonesian why."""


def dump_name() -> str:
    return POSTGRES if connection.vendor == "postgresql" else SQLITE


@contextlib.contextmanager
def dumped(scratch: Path) -> Iterator[BinaryIO]:
    """Give the database as of one moment, while others go on writing. Raises DatabaseNotCopied."""
    with _pg_dumped() if connection.vendor == "postgresql" else _sqlite_copied(scratch) as file:
        yield file


@contextlib.contextmanager
def _sqlite_copied(scratch: Path) -> Iterator[BinaryIO]:
    copy = scratch / "cadangan.sqlite3"
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    try:
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            # In one step: a reader of the write-ahead log holds up no writer, and sees one moment.
            connection.connection.backup(target, progress=_not_forever())
            target.execute("PRAGMA journal_mode=DELETE")
        with copy.open("rb") as file:
            yield file
    except sqlite3.Error as error:
        raise DatabaseNotCopied(
            f"Basis data tidak dapat disalin ({error}). Periksa ruang dan izin folder data, lalu coba lagi."
        ) from error
    finally:
        copy.unlink(missing_ok=True)


def _not_forever() -> Callable[[int, int, int], None]:
    """Return what ends a copy that gets nowhere: SQLite waits as long as somebody else writes, for ever if need be."""
    until = time.monotonic() + PATIENCE

    def look(status: int, remaining: int, total: int) -> None:
        if remaining and time.monotonic() > until:
            raise DatabaseNotCopied("Basis data sedang ditulisi terus-menerus. Coba lagi sebentar lagi.")

    return look


@contextlib.contextmanager
def _pg_dumped() -> Iterator[BinaryIO]:
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    if not shutil.which("pg_dump"):
        raise DatabaseNotCopied(
            "Program pg_dump tidak ada di komputer ini. Pasang klien PostgreSQL, lalu coba lagi."
        )
    with subprocess.Popen(command, env=_pg_environment(), stdout=subprocess.PIPE) as program:
        assert program.stdout is not None  # noqa: S101 - it was asked for
        yield program.stdout
        program.stdout.read()
        status = program.wait()
    if status:
        raise DatabaseNotCopied(f"pg_dump berhenti dengan galat {status}; keterangannya tercetak di atas.")


def restore(dump: Path) -> None:
    """Make the database what the file says. Raises DatabaseNotCopied."""
    connections.close_all()
    if (dump.name == POSTGRES) != (connection.vendor == "postgresql"):
        raise DatabaseNotCopied(
            "Cadangan ini dari basis data jenis lain. Pulihkan ke kantor dengan database yang sejenis "
            "(SQLite atau PostgreSQL) dengan yang dicadangkan."
        )
    if dump.name == POSTGRES:
        _pg_restore(dump)
        return
    if faults := check(dump):
        raise DatabaseNotCopied(f"Basis data dalam cadangan rusak: {faults}")
    place = Path(connection.settings_dict["NAME"])
    for name in (f"{place.name}-wal", f"{place.name}-shm", f"{place.name}-journal"):
        place.with_name(name).unlink(missing_ok=True)
    dump.replace(place)


def _pg_restore(dump: Path) -> None:
    command = ["pg_restore", "--no-owner", "--no-privileges", "--no-password", "--clean", "--if-exists"]
    database = str(connection.settings_dict["NAME"])
    if not shutil.which("pg_restore"):
        raise DatabaseNotCopied("Program pg_restore tidak ada di komputer ini. Pasang klien PostgreSQL.")
    command += ["--single-transaction", "--exit-on-error", f"--dbname={database}", str(dump)]
    done = subprocess.run(command, env=_pg_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseNotCopied(f"pg_restore gagal: {done.stderr.strip()[:500]}")


def check(dump: Path) -> str:
    """Say what SQLite finds wrong with a file; empty when nothing."""
    try:
        with closing(sqlite3.connect(f"{dump.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(5)")]
            broken = database.execute("PRAGMA foreign_key_check").fetchmany(5)
    except sqlite3.Error as error:
        return str(error)
    told = [] if found == ["ok"] else found
    return "; ".join(
        [*told, *(f"baris {row[0]} {row[1]} menunjuk ke {row[2]} yang tidak ada" for row in broken)]
    )


def _pg_environment() -> dict[str, str]:
    known = connection.settings_dict
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    told = {name: str(known[key]) for name, key in names.items() if known.get(key)}
    if mode := known.get("OPTIONS", {}).get("sslmode"):
        told["PGSSLMODE"] = str(mode)
    return {**os.environ, **told}
