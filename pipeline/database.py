"""The whole database as one file, and back: by SQLite's own backup, or by PostgreSQL's programs.

PostgreSQL's are called with what settings.yaml says of the server; a drill's scratch database lies beside the office's own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode

from django.db import DatabaseError, connection, connections

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
"""Names of the database in a backup: what it is a file of."""
PATIENCE = 60.0
"""Seconds a copy may wait for its turn."""
DRILL = 0x4C415449
"""The number of the lock that one drill at a time holds on a server: LATI."""
DRILL_PASSWORD = "REDAKSI_LATIHAN_DATABASE"  # noqa: S105 - the variable's name


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
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, env=_pg_environment(), stdout=subprocess.PIPE, stderr=said) as program:
            assert program.stdout is not None  # noqa: S101 - it was asked for
            yield program.stdout
            program.stdout.read()
            status = program.wait()
        if status:
            said.seek(0)
            raise DatabaseNotCopied(_complaint("pg_dump", said.read().decode("utf-8", "replace")))


def _program(name: str) -> str:
    """Return where one of PostgreSQL's programs is. Raises DatabaseNotCopied."""
    found = shutil.which(name)
    if found is None:
        raise DatabaseNotCopied(
            f"Program {name} tidak ada di komputer ini. Pasang klien PostgreSQL versi server itu, lalu ulangi."
        )
    return found


def _complaint(name: str, said: str) -> str:
    """Say what one of PostgreSQL's programs has stumbled over, and what to do."""
    if "version mismatch" in said or "unsupported version" in said:
        return (
            f"{name} di komputer ini lebih tua dari server PostgreSQL atau dari yang menulis cadangan ini. "
            "Pasang klien PostgreSQL versi server itu atau yang lebih baru, lalu ulangi."
        )
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "tanpa keterangan")
    return f"{name} berhenti ({last.strip()[:300]}). Periksa server PostgreSQL dan database.url, lalu ulangi."


def need_fitting(name: str) -> None:
    """Raise DatabaseNotCopied unless the database of this office can be made what a backup's file of this name says."""
    if (name == POSTGRES) != (connection.vendor == "postgresql"):
        raise DatabaseNotCopied(
            "Cadangan ini dari basis data jenis lain. Pulihkan ke kantor dengan database yang sejenis "
            "(SQLite atau PostgreSQL) dengan yang dicadangkan."
        )
    if name == POSTGRES:
        _program("pg_restore")


def restore(dump: Path) -> None:
    """Make the database what the file says. Raises DatabaseNotCopied."""
    connections.close_all()
    need_fitting(dump.name)
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
    _drop_tables()
    command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--no-password", "--clean"]
    database = str(connection.settings_dict["NAME"])
    command += ["--if-exists", "--single-transaction", "--exit-on-error", f"--dbname={database}", str(dump)]
    done = subprocess.run(command, env=_pg_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseNotCopied(_complaint("pg_restore", done.stderr))


def _drop_tables() -> None:
    """Drop what `migrate` has made in the empty office: tables an older backup does not know would stand in its way."""
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = ", ".join(connection.ops.quote_name(name) for name in (*known, "django_migrations"))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {names} CASCADE")
    connection.close()


@contextlib.contextmanager
def scratch() -> Iterator[tuple[str, dict[str, str]]]:
    """Give an empty database for a drill: its line for settings.yaml, and what the environment must hold besides.

    With SQLite there is nothing to say: a new data folder has a new database. Raises DatabaseNotCopied.
    """
    if connection.vendor != "postgresql":
        yield "", {}
        return
    name = f"{str(connection.settings_dict['NAME'])[:50]}_latihan"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [DRILL])
        if not cursor.fetchone()[0]:
            raise DatabaseNotCopied("Latihan pemulihan lain sedang berjalan. Tunggu selesai, lalu ulangi.")
    try:
        _create(name)
        try:
            yield _settings_line(name), {DRILL_PASSWORD: str(connection.settings_dict["PASSWORD"])}
        finally:
            _drop(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [DRILL])


def _create(name: str) -> None:
    """Make an empty database beside ours; one that a drill cut short has left is dropped first."""
    quoted = connection.ops.quote_name(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
            cursor.execute(
                f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
    except DatabaseError as error:
        if "permission denied" in str(error):
            user = connection.settings_dict["USER"]
            raise DatabaseNotCopied(
                f"Pengguna {user} tidak boleh membuat basis data untuk latihan. Minta pengelola server PostgreSQL "
                f"menjalankan ALTER ROLE {user} CREATEDB, lalu ulangi."
            ) from error
        raise DatabaseNotCopied(f"Basis data untuk latihan tidak dapat dibuat ({error}).") from error


def _drop(name: str) -> None:
    if not connection.is_usable():  # a drill may take hours, and the line was idle
        connection.close()
    # What cannot be dropped now is dropped by the next drill.
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def _settings_line(name: str) -> str:
    known = connection.settings_dict
    host, options = str(known["HOST"]), {}
    if host.startswith("/"):
        host, options = "", {"host": host}
    options |= {key: str(known["OPTIONS"][key]) for key in TLS if key in known["OPTIONS"]}
    port = f":{known['PORT']}" if known["PORT"] else ""
    url = f"postgresql://{quote(str(known['USER']), safe='')}@{host}{port}/{quote(name, safe='')}"
    url += f"?{urlencode(options)}" if options else ""
    password = f", password_env: {DRILL_PASSWORD}" if known["PASSWORD"] else ""
    return f'database: {{url: "{url}"{password}}}\n'


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


TLS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
"""How the line to the server is kept secret, and what PostgreSQL's programs call it."""


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
    options = known.get("OPTIONS", {})
    told |= {name: str(options[key]) for key, name in TLS.items() if options.get(key)}
    return {**os.environ, **told}
