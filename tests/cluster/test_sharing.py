"""Nodes share the work, and one that comes later takes its part of it, slowly."""

import urllib.request
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import register
from tests.faults.reporting import Report
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(200)

WORKSPACES = 100
CALM = {"NV_WORKSPACE__IDLE_SECONDS": "600", "NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10"}
"""Nobody is taken for dead, nothing is closed for idleness, however busy the machine is."""


def shares(cluster: Cluster) -> dict[str, int]:
    """How many workspaces each node was the last to open, as the store knows."""
    assert cluster.store.server is not None and cluster.store.url is not None
    database = cluster.store.url.rsplit("/", 1)[1]
    query = "SELECT split_part(owner, '~', 1), count(*) FROM logs WHERE owner IS NOT NULL GROUP BY 1"
    rows = cluster.store.server.sql(query, database).splitlines()
    return {name: int(count) for name, count in (row.split("|") for row in rows)}


def _metrics(url: str) -> dict[str, float]:
    """Those without labels."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return {
        name: float(value) for name, value in (line.split(" ") for line in lines if line[0] != "#" and "{" not in line)
    }


async def test_a_hundred_workspaces_are_shared_by_two_nodes(
    pg_store: RealStore, redis_url: str, tmp_path: Path, report: Report
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **CALM) as cluster:
        ada = await register(cluster.nodes[0], "ada")
        for _ in range(WORKSPACES):
            made = await ada.post("/api/workspaces", {"name": "Shared"})
            await ada.get(f"/api/workspaces/{made['workspace']['id']}")
        found = shares(cluster)
        assert sum(found.values()) == WORKSPACES
        assert max(found.values()) <= WORKSPACES / 2 * 1.2
        for node in cluster.nodes:
            metrics = await trio.to_thread.run_sync(_metrics, node.url)
            assert metrics["notevault_nodes"] == 2 and metrics["notevault_lease_left_seconds"] > 0
            assert metrics["notevault_links"] > 0
        report("sharing", pg_store, {"workspaces": WORKSPACES}, most=max(found.values()), least=min(found.values()))


async def test_a_node_that_comes_later_takes_its_part(
    pg_store: RealStore, redis_url: str, tmp_path: Path, report: Report
) -> None:
    settings = {**CALM, "NV_NODE__REBALANCE_SECONDS": "0.1"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **settings) as cluster:
        first, second = cluster.nodes
        await trio.to_thread.run_sync(second.stop)
        ada = await register(first, "ada")
        ids = []
        for _ in range(12):
            ids.append((await ada.post("/api/workspaces", {"name": "Shared"}))["workspace"]["id"])
            await ada.get(f"/api/workspaces/{ids[-1]}")
        assert shares(cluster) == {first.name: 12}
        await trio.to_thread.run_sync(second.start)
        with trio.fail_after(60):
            while shares(cluster).get(second.name, 0) < 5:
                for workspace_id in ids:
                    await ada.get(f"/api/workspaces/{workspace_id}")
        moves = len(cluster.events("handed over"))
        report("rebalancing", pg_store, {"node added": 1}, moves=moves)
