"""Brings the schema of a PostgreSQL database up to date."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, cast

import asyncpg
from trio_asyncio import aio_as_trio

from nvserver.adapters.postgres.connection import connect
from nvserver.adapters.postgres.errors import is_trouble, unavailable
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.sql.migrations import Migration, load_migrations, pending

_PACKAGE: Final = "nvserver.adapters.postgres"

_LOCK: Final = 0x6E6F_7465_7661_756C
"""The key of the advisory lock that all migrating programs take; its bytes spell a part of our name."""


async def migrate(url: str, settings: PostgresSettings | None = None) -> Sequence[Migration]:
    """Bring the database to our schema; the migrations that were applied.

    Each is one transaction together with the row that says so: killed half way, the next start goes on. Two programs
    that start at once wait for each other. Raises `StoreRefused` for a newer or foreign store, `Unavailable`.
    """
    return await _connected(url, settings, _migrate, "migrate")


async def check(url: str, settings: PostgresSettings | None = None) -> Sequence[Migration]:
    """The migrations that the database lacks. Changes nothing. Raises as `migrate` does."""
    return await _connected(url, settings, _check, "check")


async def _connected(
    url: str,
    settings: PostgresSettings | None,
    use: Callable[[asyncpg.Connection], Awaitable[Sequence[Migration]]],
    doing: str,
) -> Sequence[Migration]:
    async def in_asyncio() -> Sequence[Migration]:
        connection = await connect(url, settings or PostgresSettings())
        try:
            return await use(connection)
        finally:
            connection.terminate()

    try:
        return cast("Sequence[Migration]", await aio_as_trio(in_asyncio)())
    except (asyncpg.PostgresError, asyncpg.InternalClientError, OSError) as error:
        if is_trouble(error):
            raise unavailable(error, doing) from error
        raise


async def _migrate(connection: asyncpg.Connection) -> Sequence[Migration]:
    # A migration of a big table takes its time, and so may another program that migrates.
    for limit in ("statement_timeout", "lock_timeout", "transaction_timeout"):
        await connection.execute("SELECT set_config(name, '0', false) FROM pg_settings WHERE name = $1", limit)
    return await apply_missing(connection, load_migrations(_PACKAGE))


async def apply_missing(connection: asyncpg.Connection, known: Sequence[Migration]) -> Sequence[Migration]:
    """Apply those of `known` that the store lacks, each in a transaction; those that were applied. (asyncio)"""
    done = []
    while (migration := await _apply_next(connection, known)) is not None:
        done.append(migration)
    return done


async def _apply_next(connection: asyncpg.Connection, known: Sequence[Migration]) -> Migration | None:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        missing = pending(known, await _applied(connection))
        if not missing:
            return None
        await _apply(connection, missing[0])
        return missing[0]


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (version bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL)"
    )
    for statement in migration.statements:
        await connection.execute(statement)
    await connection.execute(
        "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
        migration.version,
        migration.name,
        migration.checksum,
    )
    await connection.execute(
        "INSERT INTO meta (key, value) VALUES ('cluster_id', $1) ON CONFLICT (key) DO NOTHING", str(uuid.uuid4())
    )


async def _applied(connection: asyncpg.Connection) -> dict[int, str]:
    if await connection.fetchval("SELECT to_regclass('schema_migrations') IS NULL"):
        return {}
    return dict(await connection.fetch("SELECT version, checksum FROM schema_migrations"))


async def _check(connection: asyncpg.Connection) -> Sequence[Migration]:
    return pending(load_migrations(_PACKAGE), await _applied(connection))
