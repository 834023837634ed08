"""The stores that every contract is asked of: memory, SQLite on a real file, a real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.adapters.memory import open_memory
from nvserver.ports.store import Store

STORES = ("memory", "sqlite", "postgres")


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    if request.param == "memory":
        async with open_memory() as opened:
            yield opened
    elif request.param == "sqlite":
        async with sqlite.open_sqlite(tmp_path / "notevault.sqlite3") as opened:
            yield opened
    else:
        url = request.getfixturevalue("postgres_url")
        async with trio_asyncio.open_loop():
            await postgres.migrate(url)
            async with postgres.open_postgres(url) as opened:
                yield opened
