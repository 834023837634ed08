"""A13: a server is told to stop, with people at work and with readers who no longer read, and started again."""

import random
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime
from tests.e2e.teams import Team
from tests.faults.crew import at_work
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

CYCLES = size(2, 20)
STUCK_READERS = 100


@asynccontextmanager
async def stuck_readers(team: Team) -> AsyncIterator[None]:
    """Connections that have the note open, take almost nothing and read nothing any more."""
    token = team["ada"].token
    assert token is not None
    async with AsyncExitStack() as stack:
        for _ in range(STUCK_READERS):
            connection = await stack.enter_async_context(open_realtime(team.server.url, token))
            connection._websocket._stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            await connection.call("workspace:join", {"workspaceId": team.workspace_id})
            await connection.call("note:open", {"workspaceId": team.workspace_id, "noteId": team.note_id})
        yield


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_restart_loses_nothing_and_waits_for_nobody(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    slowest = 0.0
    async with at_work(real_store, tmp_path, rng, 2) as crew:
        for _ in range(CYCLES):
            async with stuck_readers(crew.teams[0]):
                await crew.wait_acknowledged(20)
                began = trio.current_time()
                assert await trio.to_thread.run_sync(crew.server.stop) == 0
                slowest = max(slowest, trio.current_time() - began)
                crew.injected["SIGTERM"] += 1
                crew.injected["stuck readers"] += STUCK_READERS
            await trio.to_thread.run_sync(crew.server.start)
            await crew.wait_acknowledged(10)
        assert len(crew.server.events("stopped")) == CYCLES
    report("A13", real_store, crew.injected, **crew.seen, slowest_stop_milliseconds=round(slowest * 1000))
