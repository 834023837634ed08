"""The store in PostgreSQL, for several nodes. Everything here runs under `trio_asyncio.open_loop()`."""

from nvserver.adapters.postgres.migrate import check, migrate
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.postgres.store import open_postgres

__all__ = ["PostgresSettings", "check", "migrate", "open_postgres"]
