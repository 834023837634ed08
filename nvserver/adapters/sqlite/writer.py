"""The one thread that writes to a SQLite file.

SQLite takes one writer at a time, so one connection on one thread of ours does all writing. Measured on two cores: a
hop there and back costs 100 µs of CPU with a queue and `run_sync_soon`, 190 µs with `trio.to_thread.run_sync`.
"""

import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

import structlog
import trio

from nvserver import failpoints
from nvserver.adapters.sqlite.connection import is_trouble, unavailable
from nvserver.errors import Unavailable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Runs on the writer's thread inside a transaction; what it raises rolls the transaction back."""

_log = structlog.get_logger(__name__)


class _Job(Generic[T]):
    """One work and the task that waits for it."""

    __slots__ = ("error", "is_abandoned", "result", "task", "work")

    def __init__(self, work: Work[T], task: trio.lowlevel.Task) -> None:
        self.work: Final = work
        self.task: Final = task
        self.is_abandoned = False
        self.result: T | None = None
        self.error: BaseException | None = None


class Writer:
    """Runs works one after another, each in a transaction that is synced to disk before `run` returns.

    At most `max_waiting` works wait or are under way, those given up included; a further one is refused with
    `Unavailable`. A caller that is cancelled, or whose `deadline_seconds` pass, leaves: work not yet begun is then
    never done, work begun ends on its own, outcome unknown. After trouble the connection is closed and the next work
    opens another: nothing of a failed transaction stays.
    """

    def __init__(
        self,
        open_connection: Callable[[], sqlite3.Connection],
        *,
        on_written: Callable[[], None],
        max_waiting: int,
        deadline_seconds: float,
    ) -> None:
        self._open_connection = open_connection
        self._connection: sqlite3.Connection | None = None
        self._max_waiting = max_waiting
        self._deadline_seconds = deadline_seconds
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._waiting = 0
        self._token = trio.lowlevel.current_trio_token()
        self._on_written = on_written
        self._is_open = True
        # A daemon, so that a hung disk does not keep the process alive; what is not committed was never promised.
        self._thread = threading.Thread(target=self._work, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work[T]) -> T:
        """Do the work in a transaction of its own; its result, when it is durable."""
        if not self._is_open or self._waiting >= self._max_waiting:
            await trio.lowlevel.checkpoint()  # one who tries again at once must let others run
            raise Unavailable("The database has too much to do; try again")
        job = _Job(work, trio.lowlevel.current_task())

        def abandon(_raise_cancel: object) -> trio.lowlevel.Abort:
            job.is_abandoned = True
            return trio.lowlevel.Abort.SUCCEEDED

        self._waiting += 1
        self._jobs.put(job)
        try:
            with trio.fail_after(self._deadline_seconds):
                await trio.lowlevel.wait_task_rescheduled(abandon)
        except trio.TooSlowError:
            _log.error("store.unavailable", store="sqlite", doing="write", reason="deadline")
            raise Unavailable("The database did not answer in time; try again") from None
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[return-value]  # set by the thread when there is no error

    def stop(self) -> None:
        """Take no more work; the thread ends when it has done what it was given. `join` waits for it."""
        self._is_open = False
        self._jobs.put(None)

    def join(self) -> None:
        """Wait until the thread has closed its connection. Blocks: call it on a worker thread."""
        self._thread.join()

    def _finish(self, job: _Job[Any]) -> None:
        self._waiting -= 1
        if not job.is_abandoned:
            trio.lowlevel.reschedule(job.task)

    # --- on the thread ---

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                if not job.is_abandoned:
                    try:
                        job.result = self._transact(job.work)
                    except BaseException as error:  # noqa: BLE001  # it is raised where the work was asked for
                        job.error = error
                self._token.run_sync_soon(self._finish, job)
        except trio.RunFinishedError:
            pass  # The program ended without waiting for us.
        finally:
            self._close_connection()

    def _transact(self, work: Work[T]) -> T:
        try:
            if self._connection is None:
                self._connection = self._open_connection()
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            failpoints.hit("before_commit")
            connection.execute("COMMIT")
            failpoints.hit("after_commit")
        except sqlite3.Error as error:
            if is_trouble(error):
                self._close_connection()
                raise unavailable(error, "write") from error
            self._roll_back()
            raise
        except BaseException:
            self._roll_back()
            raise
        self._on_written()
        return result

    def _roll_back(self) -> None:
        connection = self._connection
        if connection is not None and connection.in_transaction:
            try:
                connection.execute("ROLLBACK")
            except sqlite3.Error:
                self._close_connection()

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except sqlite3.Error as error:
                _log.warning("store.close_failed", store="sqlite", message=str(error))
