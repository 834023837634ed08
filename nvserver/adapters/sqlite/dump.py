"""A SQLite store as rows, for backups."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import trio

from nvserver.adapters.sql.dump import (
    PAGE_ROWS,
    check_columns,
    count_text,
    delete_text,
    insert_text,
    is_dumped,
    select_text,
)
from nvserver.adapters.sqlite.connection import is_trouble, open_reader, open_writer, unavailable
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.ports.dump import Rows, StoreDump, StoreLoad, Table

T = TypeVar("T")


@asynccontextmanager
async def open_dump(path: Path, settings: SqliteSettings) -> AsyncIterator[StoreDump]:
    """The file as it is now, until the block ends: a reading transaction, which hinders no writer."""
    async with _transaction(lambda: open_reader(path, settings), "BEGIN") as store:
        await store.schema()  # the first reading fixes the moment
        yield store


@asynccontextmanager
async def open_load(path: Path, settings: SqliteSettings) -> AsyncIterator[StoreLoad]:
    """Fills the file; all is kept when the block ends well, nothing when it does not."""
    async with _transaction(lambda: open_writer(path, settings), "BEGIN IMMEDIATE") as store:
        yield store
        await store.run(lambda connection: connection.execute("COMMIT"))


@asynccontextmanager
async def _transaction(open_connection: Callable[[], sqlite3.Connection], begin: str) -> AsyncIterator["_SqliteRows"]:
    with _troubles_told():
        connection = await trio.to_thread.run_sync(open_connection)
    try:
        store = _SqliteRows(connection)
        await store.run(lambda connection: connection.execute(begin))
        yield store
    finally:
        connection.close()  # what was not committed is rolled back


@contextmanager
def _troubles_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if is_trouble(error):
            raise unavailable(error, "dump") from error
        raise


class _SqliteRows:
    """Fills the ports `StoreDump` and `StoreLoad`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do it in a thread. Not cut off: the connection serves one call at a time."""
        with _troubles_told():
            return await trio.to_thread.run_sync(work, self._connection)

    async def schema(self) -> int:
        """See `StoreDump.schema`."""
        rows = await self.run(lambda c: c.execute("SELECT max(version) FROM schema_migrations").fetchall())
        return int(rows[0][0])

    async def tables(self) -> Sequence[Table]:
        """See `StoreDump.tables`."""

        def work(connection: sqlite3.Connection) -> list[Table]:
            names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").fetchall()
            return [_table(connection, name) for (name,) in names if is_dumped(name)]

        return await self.run(work)

    async def rows(self, table: Table) -> AsyncIterator[Rows]:
        """See `StoreDump.rows`."""
        cursor = await self.run(lambda connection: connection.execute(select_text(table.name, table.columns)))
        while page := await self.run(lambda _: cursor.fetchmany(PAGE_ROWS)):
            yield page

    async def has_people(self) -> bool:
        """See `StoreLoad.has_people`."""
        return bool(await self.run(lambda connection: connection.execute("SELECT 1 FROM users LIMIT 1").fetchall()))

    async def clear(self, table: Table) -> None:
        """See `StoreLoad.clear`."""

        def work(connection: sqlite3.Connection) -> None:
            check_columns(table, _columns(connection, table.name))
            connection.execute(delete_text(table.name))

        await self.run(work)

    async def add(self, table: Table, rows: Rows) -> None:
        """See `StoreLoad.add`."""
        await self.run(lambda connection: connection.executemany(insert_text(table), rows))


def _table(connection: sqlite3.Connection, name: str) -> Table:
    ((count,),) = connection.execute(count_text(name)).fetchall()
    return Table(name, _columns(connection, name), count)


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,)).fetchall()
    return tuple(name for (name,) in rows)
