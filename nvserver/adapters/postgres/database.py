"""Some PostgreSQL connections as the shared SQL sees them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import asyncpg
import trio
from trio_asyncio import aio_as_trio

from nvserver.adapters.postgres.connection import connect
from nvserver.adapters.postgres.errors import is_trouble, unavailable
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.sql.database import Row, Statement
from nvserver.errors import Unavailable


class PostgresDatabase:
    """Fills the protocol `Database`. Each call crosses to asyncio once, which is what the bridge's cost asks for.

    Connections are made at the first need and again when one was lost. They are kept here and not in asyncpg's pool,
    whose further tasks took as much CPU a call as a small statement. Waiting for a connection can be cancelled. A call
    that has one cannot: it is short, bounded by the deadline, and cutting it off would cost the connection. A call
    that misses the deadline throws its connection away.
    """

    def __init__(self, url: str, settings: PostgresSettings, *, size: int) -> None:
        self._url = url
        self._settings = settings
        self._connections = trio.CapacityLimiter(size)
        self._idle: deque[asyncpg.Connection] = deque()

    async def read(self, statement: Statement) -> Sequence[Row]:
        """See `Database.read`."""
        return (await self._run((statement,), "read"))[0]

    async def write(self, *statements: Statement) -> Sequence[Sequence[Row]]:
        """See `Database.write`. One statement is a transaction of its own: its locks end with it, wherever we are."""
        return await self._run(statements, "write")

    async def _run(self, statements: Sequence[Statement], doing: str) -> Sequence[Sequence[Row]]:
        if self._connections.statistics().tasks_waiting >= self._settings.max_waiting:
            await trio.lowlevel.checkpoint()  # one who tries again at once must let others run
            raise Unavailable("The database has too much to do; try again")
        with trio.move_on_after(self._settings.deadline_seconds):
            await self._connections.acquire()
            try:
                with trio.CancelScope(shield=True):
                    return cast("Sequence[Sequence[Row]]", await aio_as_trio(self._run_in_asyncio)(statements))
            except (asyncpg.PostgresError, asyncpg.InternalClientError, OSError) as error:
                if is_trouble(error):
                    raise unavailable(error, doing) from error
                raise
            finally:
                self._connections.release()
        raise unavailable(TimeoutError(), doing)

    async def _run_in_asyncio(self, statements: Sequence[Statement]) -> Sequence[Sequence[Row]]:
        async with asyncio.timeout(self._settings.deadline_seconds):
            connection = await self._take_connection()
            try:
                if len(statements) == 1:
                    return [await _fetch(connection, statements[0])]
                async with connection.transaction():
                    return [await _fetch(connection, statement) for statement in statements]
            except asyncpg.InterfaceError as error:
                # asyncpg raises it for wrong use too: bad arguments, for one.
                if connection.is_closed():
                    raise ConnectionResetError from error
                raise
            except asyncio.CancelledError:
                connection.terminate()
                raise
            finally:
                if not connection.is_closed():
                    self._idle.append(connection)

    async def _take_connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await connect(self._url, self._settings)

    def close(self) -> None:
        """Drop the connections. Nobody may be using one."""
        while self._idle:
            self._idle.pop().terminate()


async def _fetch(connection: asyncpg.Connection, statement: Statement) -> Sequence[Row]:
    return cast("Sequence[Row]", await connection.fetch(statement.sql, *statement.arguments))


@asynccontextmanager
async def open_database(url: str, settings: PostgresSettings, *, size: int) -> AsyncIterator[PostgresDatabase]:
    """A database reached by up to `size` connections; closed when the block ends."""
    database = PostgresDatabase(url, settings, size=size)
    try:
        yield database
    finally:
        database.close()
