"""A10: somebody's line is dead and nobody says so; at the defaults the others, on another node, soon see him leave."""

import random
from pathlib import Path

import pytest
import trio

from nvserver.testing.fault_proxy import fault_proxy
from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import running_cluster
from tests.e2e.teams import found_team
from tests.faults.reporting import Report
from tests.faults.stores import RealStore

VANISHED = 20
LEAVES_SECONDS = 45.0


@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_who_vanishes_is_seen_to_leave(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    calm = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **calm) as cluster:
        team = await found_team(cluster, bob="member")  # type: ignore[arg-type]
        here, there = cluster.nodes
        token = team["ada"].token
        assert token is not None
        waits: list[float] = []
        async with trio.open_nursery() as nursery, fault_proxy(here.host, here.port, rng.randrange(2**32)) as line:
            bob = team["bob"].token
            assert bob is not None
            async with open_realtime(there.url, bob) as watcher:
                await watcher.call("workspace:join", {"workspaceId": team.workspace_id})

                async def stay(*, task_status: trio.TaskStatus[str]) -> None:
                    """Answers pings as long as they come; ends with the connection."""
                    async with open_realtime(f"http://127.0.0.1:{line.port}", token) as connection:
                        joined = await connection.call("workspace:join", {"workspaceId": team.workspace_id})
                        task_status.started(joined["clientId"])
                        await connection.wait_closed()

                vanishing = {str(await nursery.start(stay)) for _ in range(VANISHED)}
                # At once: the last of them has just been heard of, so that he is believed the longest.
                began = trio.current_time()
                line.swallow(True)
                with trio.fail_after(120):
                    while vanishing:
                        told = await watcher.event("presence:update")
                        gone = {one["clientId"] for one in told["leaves"]} & vanishing
                        vanishing -= gone
                        waits += [trio.current_time() - began] * len(gone)
            nursery.cancel_scope.cancel()
    assert len(waits) == VANISHED
    assert max(waits) <= LEAVES_SECONDS, sorted(waits)
    report("A10", pg_store, {"vanished": VANISHED}, slowest_leave_ms=round(max(waits) * 1000))
