"""Opens the whole store of a PostgreSQL database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nvserver.adapters.postgres.database import open_database
from nvserver.adapters.postgres.migrate import check
from nvserver.adapters.postgres.oplog import PostgresOpLog
from nvserver.adapters.postgres.search import PostgresSearch
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.sql.migrations import StoreRefused, check_cluster, cluster_id_of
from nvserver.adapters.sql.store import sql_store
from nvserver.ports.store import Store

_SIZE = "SELECT pg_database_size(current_database())"


@asynccontextmanager
async def open_postgres(
    url: str, settings: PostgresSettings | None = None, *, cluster_id: str | None = None
) -> AsyncIterator[Store]:
    """The store in the database at `url`; closed when the block ends. Call it under `trio_asyncio.open_loop()`.

    A database whose schema is outdated, newer or, with `cluster_id`, another cluster's is refused (`StoreRefused`).
    Raises `Unavailable` when it cannot be reached.
    """
    settings = settings or PostgresSettings()
    if missing := await check(url, settings):
        raise StoreRefused(f"the schema is outdated, {len(missing)} to apply: run `nvserver migrate`")
    async with (
        open_database(url, settings, size=settings.connections) as database,
        open_database(url, settings, size=1) as appends,
    ):
        found = await cluster_id_of(database)
        check_cluster(found, cluster_id)
        yield sql_store(found, database, PostgresOpLog(database, appends), PostgresSearch(database), _SIZE)
