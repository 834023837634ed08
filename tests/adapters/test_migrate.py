"""Migrating a real SQLite file and a real PostgreSQL: again, at the same time, failing half way, in vain."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest
import trio
import trio_asyncio
from trio_asyncio import aio_as_trio

from nvserver.adapters import postgres, sqlite
from nvserver.adapters.postgres.migrate import apply_missing as apply_to_postgres
from nvserver.adapters.sql.migrations import Migration, StoreRefused, load_migrations
from nvserver.adapters.sqlite.migrate import apply_missing as apply_to_sqlite
from nvserver.errors import Unavailable
from nvserver.ports.store import Store

SQLITE, POSTGRES = load_migrations("nvserver.adapters.sqlite"), load_migrations("nvserver.adapters.postgres")
BROKEN = Migration(2, "broken", "CREATE TABLE half (x bigint);\nINSERT INTO no_such_table VALUES (1);\n", "2")
MENDED = Migration(2, "broken", "CREATE TABLE half (x bigint);\n", "2")


@dataclass(frozen=True)
class Database:
    """One kind of database, empty, and how it is handled."""

    known: Sequence[Migration]
    migrate: Callable[[], Awaitable[Sequence[Migration]]]
    check: Callable[[], Awaitable[Sequence[Migration]]]
    apply: Callable[[Sequence[Migration]], Awaitable[None]]
    execute: Callable[[str], Awaitable[None]]
    open: Callable[..., AbstractAsyncContextManager[Store]]
    errors: type[Exception]


def sqlite_database(path: Path) -> Database:
    async def apply(migrations: Sequence[Migration]) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            apply_to_sqlite(connection, migrations)

    async def execute(sql: str) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(sql)

    return Database(
        SQLITE,
        partial(sqlite.migrate, path),
        partial(sqlite.check, path),
        apply,
        execute,
        partial(sqlite.open_sqlite, path),
        sqlite3.OperationalError,
    )


def postgres_database(url: str) -> Database:
    async def with_connection(use: Callable[[asyncpg.Connection], Awaitable[object]]) -> None:
        connection = await asyncpg.connect(url)
        try:
            await use(connection)
        finally:
            await connection.close()

    async def apply(migrations: Sequence[Migration]) -> None:
        await aio_as_trio(with_connection)(lambda connection: apply_to_postgres(connection, migrations))

    async def execute(sql: str) -> None:
        await aio_as_trio(with_connection)(lambda connection: connection.execute(sql))

    return Database(
        POSTGRES,
        partial(postgres.migrate, url),
        partial(postgres.check, url),
        apply,
        execute,
        partial(postgres.open_postgres, url),
        asyncpg.UndefinedTableError,
    )


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        yield sqlite_database(tmp_path / "store")
    else:
        async with trio_asyncio.open_loop():
            yield postgres_database(request.getfixturevalue("postgres_url"))


async def test_migrating_again_does_nothing(database: Database) -> None:
    assert list(await database.check()) == list(database.known)
    assert list(await database.migrate()) == list(database.known)
    assert list(await database.migrate()) == []
    assert list(await database.check()) == []


async def test_of_programs_that_migrate_at_once_each_step_is_done_by_one(database: Database) -> None:
    done: list[Migration] = []

    async def migrate() -> None:
        done.extend(await database.migrate())

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(migrate)
    assert sorted(done, key=lambda one: one.version) == list(database.known)


async def test_a_step_that_fails_leaves_nothing_and_can_be_done_again(database: Database) -> None:
    first = database.known[0]
    with pytest.raises(database.errors):
        await database.apply([first, BROKEN])
    assert list(await database.check()) == list(database.known[1:])
    await database.apply([first, MENDED])
    await database.execute("INSERT INTO half VALUES (1)")


async def test_a_newer_store_is_refused(database: Database) -> None:
    await database.migrate()
    await database.execute("INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, 'later', '?')")
    for refused in (database.migrate, database.check):
        with pytest.raises(StoreRefused, match="newer NoteVault"):
            await refused()
    with pytest.raises(StoreRefused):
        async with database.open():
            pass


async def test_a_store_migrated_by_other_texts_is_refused(database: Database) -> None:
    await database.migrate()
    await database.execute("UPDATE schema_migrations SET checksum = 'another' WHERE version = 1")
    with pytest.raises(StoreRefused, match="another text"):
        await database.migrate()


async def test_a_store_keeps_its_cluster_and_refuses_another(database: Database) -> None:
    await database.migrate()
    async with database.open() as store:
        cluster_id = store.cluster_id
    async with database.open(cluster_id=cluster_id) as store:
        assert store.cluster_id == cluster_id
    with pytest.raises(StoreRefused, match=f"belongs to cluster {cluster_id}"):
        async with database.open(cluster_id="c0ffee00-0000-4000-8000-000000000000"):
            pass


async def test_an_outdated_postgres_is_refused(postgres_url: str) -> None:
    async with trio_asyncio.open_loop():
        with pytest.raises(StoreRefused, match="nvserver migrate"):
            async with postgres.open_postgres(postgres_url):
                pass


async def test_a_database_that_is_not_there_is_unavailable(postgres_url: str) -> None:
    async with trio_asyncio.open_loop():
        for call in (postgres.migrate, postgres.check):
            with pytest.raises(Unavailable):
                await call(f"{postgres_url}_elsewhere")


def test_checking_makes_no_file(tmp_path: Path) -> None:
    assert trio.run(sqlite.check, tmp_path / "store") == SQLITE
    assert list(tmp_path.iterdir()) == []
