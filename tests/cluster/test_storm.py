"""A20: after all nodes have died, everybody comes at once, to one workspace and then to all of them: each is opened
once, on one node."""

import random
from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import found_team
from tests.edge.http.client import Client
from tests.edge.test_metrics import samples_of
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)

WORKSPACES = size(40, 200)
CALLERS = size(30, 100)
JOINS = size(60, 1_000)


def epochs(cluster: Cluster) -> dict[str, int]:
    """How often each workspace was opened, by its id as the store writes it."""
    assert cluster.store.server is not None and cluster.store.url is not None
    database = cluster.store.url.rsplit("/", 1)[1]
    rows = cluster.store.server.sql("SELECT workspace_id, epoch FROM logs", database).splitlines()
    return {name: int(epoch) for name, epoch in (row.split("|") for row in rows)}


async def test_all_come_at_once(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    # Nobody is to be taken for dead, however busy the machine is: a node without CPU for a lease is, and rightly.
    calm = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10", "NV_WORKSPACE__IDLE_SECONDS": "600"}
    async with running_cluster(pg_store, redis_url, tmp_path, own_settings=[calm] * 3) as cluster:
        team = await found_team(cluster, "kept")  # type: ignore[arg-type]
        ada = team["ada"]
        made = [await ada.post("/api/workspaces", {"name": f"W{number}"}) for number in range(WORKSPACES)]
        ids = [one["workspace"]["id"] for one in made]
        for node in cluster.nodes:
            await trio.to_thread.run_sync(node.kill)
        for node in cluster.nodes:
            await trio.to_thread.run_sync(node.start)
        for node in cluster.nodes:  # the leases of the dead have ended, and all know each other
            while (await samples_of(node))["notevault_nodes"] != len(cluster.nodes):
                await trio.lowlevel.checkpoint()
        before = epochs(cluster)
        waits: list[float] = []
        told_to_try_again = 0

        async def join() -> None:
            nonlocal told_to_try_again
            await trio.sleep(rng.random())
            began = trio.current_time()
            assert ada.token is not None
            async with open_realtime(rng.choice(cluster.nodes).url, ada.token) as connection:
                while "error" in (
                    joined := await connection.call("workspace:join", {"workspaceId": team.workspace_id})
                ):
                    assert joined["error"]["code"] == "UNAVAILABLE"
                    told_to_try_again += 1
                assert joined["role"] == "owner"
                waits.append(trio.current_time() - began)

        barrier = trio.Event()

        async def call(workspace_ids: list[str]) -> None:
            await barrier.wait()
            for workspace_id in workspace_ids:
                node = rng.choice(cluster.nodes)
                await Client(node.port, ada.token, ada.user, node.host).get(f"/api/workspaces/{workspace_id}")

        with trio.fail_after(PATIENCE_SECONDS / 2):
            async with trio.open_nursery() as nursery:
                for _ in range(JOINS):
                    nursery.start_soon(join)
            async with trio.open_nursery() as nursery:
                for _ in range(CALLERS):
                    nursery.start_soon(call, rng.sample(ids, len(ids)))
                barrier.set()
        after = epochs(cluster)
        often = {name: epoch - before[name] for name, epoch in after.items() if epoch - before[name] != 1}
        assert not often
    waits.sort()
    p99 = round(waits[len(waits) * 99 // 100] * 1_000)
    print(f"{told_to_try_again} were told to try again")
    report("A20", pg_store, {"joins": JOINS, "callers": CALLERS}, workspaces=WORKSPACES, join_p99_milliseconds=p99)
