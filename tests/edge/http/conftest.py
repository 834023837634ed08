"""One server a test, on each of the two databases: what the API answers must not depend on where it is kept."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import trio_asyncio

from nvserver.adapters.postgres import open_postgres
from nvserver.adapters.sqlite import open_sqlite
from nvserver.client import NoteVault
from nvserver.ports.store import Store
from tests.edge.http.people import Join
from tests.edge.http.running import PASSWORD, Api, ApiOptions, OpenStore, open_api


@asynccontextmanager
async def opened_postgres(url: str) -> AsyncIterator[Store]:
    """The store at the address, which has the schema."""
    async with trio_asyncio.open_loop(), open_postgres(url) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgres"])
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    """Opens an empty store."""
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("tmp_path")
        return lambda: open_sqlite(path / "notevault.sqlite3")
    url = request.getfixturevalue("migrated_postgres_url")
    return lambda: opened_postgres(url)


@pytest.fixture
async def api(open_store: OpenStore) -> AsyncIterator[Api]:
    async with open_api(ApiOptions(open_store=open_store)) as running:
        yield running


@pytest.fixture
async def join(api: Api) -> AsyncIterator[Join]:
    """Brings people who use the client for programs: by their name, their address is `name@notes.test`."""
    async with AsyncExitStack() as stack:

        async def register(name: str) -> NoteVault:
            vault = await stack.enter_async_context(NoteVault(f"http://127.0.0.1:{api.port}"))
            await vault.register(f"{name.lower()}@notes.test", PASSWORD, name)
            return vault

        yield register
