"""Connects to PostgreSQL. An asyncio function: called from inside the bridge."""

import asyncpg

from nvserver.adapters.postgres.settings import PostgresSettings


async def connect(url: str, settings: PostgresSettings) -> asyncpg.Connection:
    """A connection whose server ends on its own whatever takes too long."""
    connection = await asyncpg.connect(
        url,
        timeout=settings.connect_seconds,
        server_settings={
            "application_name": "notevault",
            "statement_timeout": _milliseconds(settings.statement_seconds),
            "lock_timeout": _milliseconds(settings.lock_seconds),
            "idle_in_transaction_session_timeout": _milliseconds(settings.idle_in_transaction_seconds),
            "tcp_user_timeout": _milliseconds(settings.dead_peer_seconds),
            "jit": "off",  # our statements are short: compiling one takes longer than it
        },
    )
    # Bounds also the time between the parts of a statement that arrives slowly. PostgreSQL knows it since 17.
    await connection.execute(
        "SELECT set_config('transaction_timeout', $1, false)"
        " WHERE current_setting('server_version_num')::int >= 170000",
        _milliseconds(settings.statement_seconds),
    )
    # A commit that is answered is on disk, whatever the database's own default; stronger ones than `on` stay.
    await connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    return connection


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
