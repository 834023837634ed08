"""Tells a PostgreSQL in trouble from a wrong program."""

from typing import Final

import asyncpg
import structlog

from nvserver.errors import Unavailable

_log = structlog.get_logger(__name__)

_TROUBLE_CLASSES: Final = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58", "XX"})
"""Classes of SQLSTATE that are the world's fault: connection, login, no such database, rollback (deadlock), resources,
object state (lock timeout), operator (shutdown, statement timeout), system, internal. The others (data, constraint,
syntax…) are ours and propagate."""

_TROUBLE_STATES: Final = frozenset({"25006", "25P03", "25P04"})
"""Read-only server; transaction idle, or open, for too long."""


def is_trouble(error: BaseException) -> bool:
    """Whether the database or the way to it is in trouble (else the program is wrong)."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _TROUBLE_CLASSES or state in _TROUBLE_STATES
    return isinstance(error, OSError | asyncpg.InternalClientError)  # TimeoutError is an OSError


def unavailable(error: BaseException, doing: str) -> Unavailable:
    """The error for the caller; what happened goes to the log, by code: a message may quote values."""
    reason = getattr(error, "sqlstate", None) or getattr(error, "strerror", None)
    _log.error("store.unavailable", store="postgres", doing=doing, error=type(error).__name__, reason=reason)
    return Unavailable("The database cannot answer right now; try again")
