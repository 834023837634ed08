"""The bounded set of connections that read a SQLite file, beside the writer and never waiting for it."""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

import structlog
import trio

from nvserver.adapters.sql.database import Row, Statement
from nvserver.adapters.sqlite.connection import is_trouble, sqlite_text, unavailable
from nvserver.errors import Unavailable

_log = structlog.get_logger(__name__)


class Readers:
    """Runs single reading statements on worker threads, at most `size` at once and `max_waiting` waiting.

    A caller that is cancelled or too slow leaves at once; its statement ends on its own and keeps its place till then.
    """

    def __init__(
        self,
        open_connection: Callable[[], sqlite3.Connection],
        *,
        size: int,
        max_waiting: int,
        deadline_seconds: float,
    ) -> None:
        self._open_connection = open_connection
        self._idle: deque[sqlite3.Connection] = deque()
        self._limiter = trio.CapacityLimiter(size)
        self._max_waiting = max_waiting
        self._deadline_seconds = deadline_seconds
        self._is_open = True

    async def read(self, statement: Statement) -> Sequence[Row]:
        """The statement's rows."""
        if not self._is_open or self._limiter.statistics().tasks_waiting >= self._max_waiting:
            await trio.lowlevel.checkpoint()  # one who tries again at once must let others run
            raise Unavailable("The database has too much to do; try again")
        try:
            with trio.fail_after(self._deadline_seconds):
                return await trio.to_thread.run_sync(
                    self._read, statement, limiter=self._limiter, abandon_on_cancel=True
                )
        except trio.TooSlowError:
            _log.error("store.unavailable", store="sqlite", doing="read", reason="deadline")
            raise Unavailable("The database did not answer in time; try again") from None

    def stop(self) -> None:
        """Close what is idle; a connection still reading is closed by its own thread."""
        self._is_open = False
        self._close_idle()

    # --- on worker threads ---

    def _read(self, statement: Statement) -> Sequence[Row]:
        connection = self._take_idle()
        try:
            connection = connection or self._open_connection()
            rows: list[Row] = connection.execute(sqlite_text(statement.sql), statement.arguments).fetchall()
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            if is_trouble(error):
                raise unavailable(error, "read") from error
            raise
        self._idle.append(connection)
        if not self._is_open:
            self._close_idle()
        return rows

    def _take_idle(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _close_idle(self) -> None:
        while (connection := self._take_idle()) is not None:
            connection.close()
