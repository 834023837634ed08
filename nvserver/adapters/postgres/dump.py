"""A PostgreSQL store as rows, for backups."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar, cast

import asyncpg
from asyncpg.transaction import Transaction
from trio_asyncio import aio_as_trio

from nvserver.adapters.postgres.connection import connect
from nvserver.adapters.postgres.errors import is_trouble, unavailable
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.sql.dump import PAGE_ROWS, check_columns, count_text, delete_text, is_dumped, select_text
from nvserver.ports.dump import Rows, StoreDump, StoreLoad, Table, Value

T = TypeVar("T")

_LIMITS = ("statement_timeout", "lock_timeout", "transaction_timeout", "idle_in_transaction_session_timeout")
"""They keep the server's short transactions short; a backup is a long one."""

_COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"""

_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY oid"
)


@asynccontextmanager
async def open_dump(url: str, settings: PostgresSettings) -> AsyncIterator[StoreDump]:
    """The database as it is now, until the block ends: a reading transaction, which hinders no writer."""
    async with _connected(url, settings) as (connection, _):
        await _crossing(connection.execute)("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        store = _PostgresRows(connection)
        await store.schema()  # the first reading fixes the moment
        yield store


@asynccontextmanager
async def open_load(url: str, settings: PostgresSettings) -> AsyncIterator[StoreLoad]:
    """Fills the database; all is kept when the block ends well, nothing when it does not."""
    async with _connected(url, settings) as (connection, transaction):
        await _crossing(transaction.start)()
        yield _PostgresRows(connection)
        await _crossing(transaction.commit)()


@asynccontextmanager
async def _connected(url: str, settings: PostgresSettings) -> AsyncIterator[tuple[asyncpg.Connection, Transaction]]:
    connection = await _crossing(connect)(url, settings)
    try:
        for limit in _LIMITS:
            text = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = $1"
            await _crossing(connection.execute)(text, limit)
        yield connection, connection.transaction()
    finally:
        connection.terminate()  # what was not committed is rolled back


@contextmanager
def _troubles_told() -> Iterator[None]:
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InternalClientError, OSError) as error:
        if is_trouble(error):
            raise unavailable(error, "dump") from error
        raise


def _crossing(function: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """The asyncio function as one of trio's."""

    async def call(*arguments: object) -> T:
        with _troubles_told():
            return cast("T", await aio_as_trio(function)(*arguments))

    return call


class _PostgresRows:
    """Fills the ports `StoreDump` and `StoreLoad`."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._truths: dict[str, tuple[int, ...]] = {}
        """By table, the places of its boolean columns: PostgreSQL takes no 0 for false."""

    async def schema(self) -> int:
        """See `StoreDump.schema`."""
        rows = await self._fetch("SELECT max(version) FROM schema_migrations")
        return int(rows[0][0])

    async def tables(self) -> Sequence[Table]:
        """See `StoreDump.tables`."""
        names = [name for (name,) in await self._fetch(_TABLES) if is_dumped(name)]
        return [await self._table(name) for name in names]

    async def rows(self, table: Table) -> AsyncIterator[Rows]:
        """See `StoreDump.rows`."""
        cursor = await _crossing(self._open_cursor)(select_text(table.name, table.columns))
        while page := await _crossing(cursor.fetch)(PAGE_ROWS):
            yield [[int(value) if value is True or value is False else value for value in row] for row in page]

    async def has_people(self) -> bool:
        """See `StoreLoad.has_people`."""
        return bool(await self._fetch("SELECT 1 FROM users LIMIT 1"))

    async def clear(self, table: Table) -> None:
        """See `StoreLoad.clear`."""
        types = dict(cast("Sequence[tuple[str, str]]", await self._fetch(_COLUMNS, table.name)))
        check_columns(table, types)
        self._truths[table.name] = tuple(
            place for place, column in enumerate(table.columns) if types[column] == "boolean"
        )
        await _crossing(self._connection.execute)(delete_text(table.name))

    async def add(self, table: Table, rows: Rows) -> None:
        """See `StoreLoad.add`."""
        truths = self._truths[table.name]
        records = [_with_truths(row, truths) for row in rows]
        await _crossing(self._copy)(table, records)

    async def _fetch(self, text: str, *arguments: object) -> Sequence[Sequence[str]]:
        return cast("Sequence[Sequence[str]]", await _crossing(self._connection.fetch)(text, *arguments))

    async def _table(self, name: str) -> Table:
        columns = tuple(column for column, _ in await self._fetch(_COLUMNS, name))
        rows = await self._fetch(count_text(name))
        return Table(name, columns, int(rows[0][0]))

    async def _open_cursor(self, text: str) -> asyncpg.cursor.Cursor:
        return await self._connection.cursor(text)

    async def _copy(self, table: Table, records: Sequence[Sequence[object]]) -> None:
        await self._connection.copy_records_to_table(table.name, records=records, columns=table.columns)


def _with_truths(row: Sequence[Value], truths: tuple[int, ...]) -> tuple[object, ...]:
    values: list[object] = list(row)
    for place in truths:
        if values[place] is not None:
            values[place] = bool(values[place])
    return tuple(values)
