"""Brings the schema of a SQLite file up to date."""

import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import trio

from nvserver.adapters.sql.migrations import Migration, StoreRefused, load_migrations, pending
from nvserver.adapters.sqlite.connection import is_trouble, open_writer, unavailable
from nvserver.adapters.sqlite.settings import SqliteSettings

_PACKAGE = "nvserver.adapters.sqlite"

_OLDEST_SQLITE = (3, 37)
"""The first that knows STRICT tables."""


async def migrate(path: Path, settings: SqliteSettings | None = None) -> Sequence[Migration]:
    """Make the file if need be and bring it to our schema; the migrations that were applied.

    Each is one transaction together with the row that says so: killed half way, the next start goes on. Two programs
    that start at once wait for each other. Raises `StoreRefused` for a newer or foreign store, `Unavailable`.
    """
    return await trio.to_thread.run_sync(partial(_migrate, path, settings or SqliteSettings()))


async def check(path: Path, settings: SqliteSettings | None = None) -> Sequence[Migration]:
    """The migrations that the file lacks (all, where there is no file). Changes nothing. Raises as `migrate` does."""
    return await trio.to_thread.run_sync(partial(_check, path, settings or SqliteSettings()))


def _migrate(path: Path, settings: SqliteSettings) -> Sequence[Migration]:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreRefused(
            f"SQLite {sqlite3.sqlite_version} is too old: use a Python that was built with 3.37 or newer"
        )
    known = load_migrations(_PACKAGE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with closing(open_writer(path, settings)) as connection:
            return apply_missing(connection, known)
    except sqlite3.Error as error:
        if is_trouble(error):
            raise unavailable(error, "migrate") from error
        raise


def apply_missing(connection: sqlite3.Connection, known: Sequence[Migration]) -> Sequence[Migration]:
    """Apply those of `known` that the store lacks, each in a transaction; those that were applied."""
    done = []
    while (migration := _apply_next(connection, known)) is not None:
        done.append(migration)
    return done


def _apply_next(connection: sqlite3.Connection, known: Sequence[Migration]) -> Migration | None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        missing = pending(known, _applied(connection))
        if missing:
            _apply(connection, missing[0])
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return missing[0] if missing else None


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT"
    )
    for statement in migration.statements:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO schema_migrations (version, name, checksum) VALUES (?, ?, ?)",
        (migration.version, migration.name, migration.checksum),
    )
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('cluster_id', ?) ON CONFLICT (key) DO NOTHING", (str(uuid.uuid4()),)
    )


def _applied(connection: sqlite3.Connection) -> dict[int, str]:
    query = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
    if connection.execute(query).fetchone() == (0,):
        return {}
    return dict(connection.execute("SELECT version, checksum FROM schema_migrations").fetchall())


def _check(path: Path, settings: SqliteSettings) -> Sequence[Migration]:
    known = load_migrations(_PACKAGE)
    if not path.exists():
        return known
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=settings.busy_seconds)
        ) as connection:
            return pending(known, _applied(connection))
    except sqlite3.Error as error:
        if is_trouble(error):
            raise unavailable(error, "check") from error
        raise
