"""Opens the store that the settings name, for commands that look into it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.config import Settings
from nvserver.errors import OperatorError
from nvserver.ports.store import Store


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store as it is; a server may be using it. Raises `OperatorError` for one that is not there or outdated, and
    `Unavailable`."""
    path = settings.sqlite_path
    if path is None:
        async with trio_asyncio.open_loop(), postgres.open_postgres(settings.database_url, settings.postgres) as store:
            yield store
        return
    await check_sqlite(path, settings)
    async with sqlite.open_sqlite(path, settings.sqlite) as store:
        yield store


async def check_sqlite(path: Path, settings: Settings) -> None:
    """Raises `OperatorError` for a file that is not there or outdated."""
    if not await trio.Path(path).exists():
        raise OperatorError(f"there is no database at {path}: name its folder with --data-dir")
    if missing := await sqlite.check(path, settings.sqlite):
        raise OperatorError(f"the schema is outdated, {len(missing)} to apply: run `nvserver migrate`")
