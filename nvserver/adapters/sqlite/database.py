"""A SQLite file as the shared SQL sees it: one writer, some readers."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
import trio

from nvserver.adapters.sql.database import Row, Statement
from nvserver.adapters.sqlite.connection import open_reader, open_writer, sqlite_text
from nvserver.adapters.sqlite.readers import Readers
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.adapters.sqlite.wal_upkeep import WalUpkeep
from nvserver.adapters.sqlite.writer import Work, Writer

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class SqliteDatabase:
    """Fills the protocol `Database`."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def read(self, statement: Statement) -> Sequence[Row]:
        """See `Database.read`."""
        return await self._readers.read(statement)

    async def write(self, *statements: Statement) -> Sequence[Sequence[Row]]:
        """See `Database.write`."""

        def work(connection: sqlite3.Connection) -> Sequence[Sequence[Row]]:
            return [
                connection.execute(sqlite_text(statement.sql), statement.arguments).fetchall()
                for statement in statements
            ]

        return await self._writer.run(work)

    async def transact(self, work: Work[T]) -> T:
        """Run `work` on the writer's thread in a transaction (see `Writer.run`)."""
        return await self._writer.run(work)


@asynccontextmanager
async def open_database(path: Path, settings: SqliteSettings) -> AsyncIterator[SqliteDatabase]:
    """The database of a file whose schema is up to date; closed when the block ends."""
    open_for_writing = partial(open_writer, path, settings)
    readers = Readers(
        partial(open_reader, path, settings),
        size=settings.readers,
        max_waiting=settings.max_waiting,
        deadline_seconds=settings.deadline_seconds,
    )
    upkeep = WalUpkeep(open_for_writing, interval_seconds=settings.wal_upkeep_seconds)
    writer = Writer(
        open_for_writing,
        on_written=upkeep.note_write,
        max_waiting=settings.max_waiting,
        deadline_seconds=settings.deadline_seconds,
    )
    try:
        yield SqliteDatabase(writer, readers)
    finally:
        await _close(upkeep, readers, writer, deadline_seconds=settings.deadline_seconds)


async def _close(upkeep: WalUpkeep, readers: Readers, writer: Writer, *, deadline_seconds: float) -> None:
    """Close all connections, also when we are cancelled: the writer's last, because of two that close at the same time
    neither would clear the WAL away. A hung disk is left behind."""
    with trio.move_on_after(deadline_seconds, shield=True) as scope:
        readers.stop()
        for thread in (upkeep, writer):
            thread.stop()
            await trio.to_thread.run_sync(thread.join, abandon_on_cancel=True)
    if scope.cancelled_caught:
        _log.error("store.close_timed_out", store="sqlite")
