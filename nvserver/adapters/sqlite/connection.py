"""Opens connections to a SQLite file and tells a database in trouble from a wrong program."""

import re
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Final

import structlog

from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.errors import Unavailable

_log = structlog.get_logger(__name__)

_PAGE_BYTES: Final = 4096

_TROUBLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Primary result codes that are the world's fault. The others (SQL, constraint, misuse) are ours and propagate."""


def open_writer(path: Path, settings: SqliteSettings) -> sqlite3.Connection:
    """A connection that syncs the write-ahead log (WAL) at each commit: what is committed, a power cut cannot take.

    SQLite's automatic copy of the WAL into the database runs inside the commit that passes its threshold and syncs
    more; so the threshold is a back-stop here, `wal_bytes`, and `WalUpkeep` copies before it is reached.
    """
    connection = _open(path, settings)
    connection.execute(f"PRAGMA cache_size = -{settings.cache_bytes // 1024}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {settings.wal_bytes // _PAGE_BYTES}")
    connection.execute(f"PRAGMA journal_size_limit = {settings.wal_bytes}")
    return connection


def open_reader(path: Path, settings: SqliteSettings) -> sqlite3.Connection:
    """A connection that cannot change anything."""
    connection = _open(path, settings)
    connection.execute(f"PRAGMA cache_size = -{settings.cache_bytes // 4096}")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _open(path: Path, settings: SqliteSettings) -> sqlite3.Connection:
    # isolation_level None: transactions are begun by us, never by the module. The connection stays with one
    # thread at a time, not with one thread: it is closed where the store is closed.
    connection = sqlite3.connect(
        path, timeout=settings.busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        # Else every statement that may fail midway writes what it would take back into a temporary file.
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


@lru_cache(256)
def sqlite_text(sql: str) -> str:
    """A shared text (`$1`, `$2::type`) as SQLite understands it: `$1` is a *name* to SQLite, `?1` a number."""
    return re.sub(r"\$(\d+)(::\w+)?", r"?\1", sql)


def is_trouble(error: sqlite3.Error) -> bool:
    """Whether the database is in trouble (else the program is wrong)."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _TROUBLE


def unavailable(error: sqlite3.Error, doing: str) -> Unavailable:
    """The error for the caller; what happened goes to the log. SQLite's messages hold no values."""
    _log.error("store.unavailable", store="sqlite", doing=doing, reason=error.sqlite_errorname, message=str(error))
    return Unavailable("The database cannot answer right now; try again")
