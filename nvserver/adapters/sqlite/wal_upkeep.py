"""Copies the write-ahead log into the database file, away from the commits."""

import sqlite3
import threading
from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)


class WalUpkeep:
    """A thread that copies what is in the WAL, `interval_seconds` after something was written.

    A passive copy waits for nobody and nobody waits for it. One that fails is logged and tried again after the next
    write; the writer's own threshold keeps the WAL bounded meanwhile. Not a trio task: one more nursery around the
    store's user would wrap his errors in groups.
    """

    def __init__(self, open_connection: Callable[[], sqlite3.Connection], *, interval_seconds: float) -> None:
        self._open_connection = open_connection
        self._interval_seconds = interval_seconds
        self._written = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sqlite-wal-upkeep", daemon=True)
        self._thread.start()

    def note_write(self) -> None:
        """Something was committed. Called from any thread."""
        self._written.set()

    def stop(self) -> None:
        """Tell the thread to end; `join` waits for it."""
        self._stopping.set()
        self._written.set()

    def join(self) -> None:
        """Wait until the thread has closed its connection. Blocks: call it on a worker thread."""
        self._thread.join()

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        while self._written.wait():
            if self._stopping.wait(self._interval_seconds):
                break
            self._written.clear()
            try:
                if connection is None:
                    connection = self._open_connection()
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            except sqlite3.Error as error:
                _log.warning("store.wal_upkeep_failed", store="sqlite", message=str(error))
        if connection is not None:
            connection.close()
