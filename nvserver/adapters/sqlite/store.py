"""Opens the whole store of a SQLite file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nvserver.adapters.sql.migrations import check_cluster, cluster_id_of
from nvserver.adapters.sql.store import sql_store
from nvserver.adapters.sqlite.database import open_database
from nvserver.adapters.sqlite.migrate import migrate
from nvserver.adapters.sqlite.oplog import SqliteOpLog
from nvserver.adapters.sqlite.search import SqliteSearch
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.ports.store import Store

_SIZE = "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s"


@asynccontextmanager
async def open_sqlite(
    path: Path, settings: SqliteSettings | None = None, *, cluster_id: str | None = None
) -> AsyncIterator[Store]:
    """The store in the file at `path`, made and migrated where need be; closed when the block ends.

    With `cluster_id`, a store of another cluster is refused (`StoreRefused`). Raises as `migrate` does.
    """
    settings = settings or SqliteSettings()
    await migrate(path, settings)
    async with open_database(path, settings) as database:
        found = await cluster_id_of(database)
        check_cluster(found, cluster_id)
        yield sql_store(found, database, SqliteOpLog(database), SqliteSearch(database), _SIZE)
