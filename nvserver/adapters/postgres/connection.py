"""Connects to PostgreSQL. These are asyncio functions: called from inside the bridge."""

import asyncio
from typing import Any

import asyncpg

from nvserver.adapters.postgres.settings import PostgresSettings


def connect_options(settings: PostgresSettings) -> dict[str, Any]:
    """What asyncpg's `connect` and `create_pool` are given beside the address."""
    return {
        "timeout": settings.connect_seconds,
        "server_settings": {
            "application_name": "notevault",
            "statement_timeout": _milliseconds(settings.statement_seconds),
            "lock_timeout": _milliseconds(settings.lock_seconds),
            "idle_in_transaction_session_timeout": _milliseconds(settings.idle_in_transaction_seconds),
            "tcp_user_timeout": _milliseconds(settings.dead_peer_seconds),
        },
    }


async def open_pool(url: str, settings: PostgresSettings, *, size: int) -> asyncpg.Pool:
    """A pool that connects when it is first used, and again when a connection is lost."""

    async def bound_transactions(connection: asyncpg.Connection) -> None:
        # Bounds also the time between the parts of a statement that arrives slowly. PostgreSQL knows it since 17.
        await connection.execute(
            "SELECT set_config('transaction_timeout', $1, false)"
            " WHERE current_setting('server_version_num')::int >= 170000",
            _milliseconds(settings.statement_seconds),
        )

    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        max_inactive_connection_lifetime=0,
        init=bound_transactions,
        reset=_nothing_to_reset,
        **connect_options(settings),
    )


async def close_pool(pool: asyncpg.Pool, seconds: float) -> None:
    """Close its connections; by force what does not close in time."""
    try:
        async with asyncio.timeout(seconds):
            await pool.close()
    except TimeoutError:
        pool.terminate()


async def _nothing_to_reset(_connection: asyncpg.Connection) -> None:
    """We set nothing in a session after its start and leave no transaction open: saves asyncpg's round trip a call."""


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
