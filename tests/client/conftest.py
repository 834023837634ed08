"""A server for the client of programs."""

from collections.abc import AsyncIterator

import pytest

from tests.edge.http.running import Api, open_api


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api() as running:
        yield running
