"""Workspaces move from node to node while people write, and nobody's socket is closed."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import Cluster, NodeProcess, past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)


def move(node: NodeProcess, workspace_id: str, receiver: str) -> subprocess.CompletedProcess[str]:
    """`nvserver admin move`, as an administrator runs it."""
    command = [sys.executable, "-m", "nvserver", "admin", "move", workspace_id, receiver]
    return subprocess.run(command, env=node._environment, capture_output=True, text=True, timeout=100, check=False)


def pauses_ms(cluster: Cluster) -> list[int]:
    """How long workspaces had no owner: from the end of the old activation to the attached sessions is the clients'
    pause; the nodes log the part that is theirs."""
    return [round(float(str(event["seconds"])) * 1000) for event in cluster.events("handed over")]


async def test_moves_by_command_close_no_socket(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 1) as crew:
            workspace_id = crew.teams[0].workspace_id
            connections = [worker.client.connections for worker in crew.workers]
            for _ in range(4):
                owner = cluster.owner_of(workspace_id)
                receiver = rng.choice([node for node in cluster.nodes if node is not owner])
                ended = await trio.to_thread.run_sync(move, owner, workspace_id, receiver.name)
                assert ended.returncode == 0, ended.stderr
                crew.injected["move"] += 1
                await crew.wait(past(crew.workers, 5))
                assert cluster.owner_of(workspace_id) is receiver
            assert [worker.client.connections for worker in crew.workers] == connections
            refused = await trio.to_thread.run_sync(move, cluster.nodes[0], workspace_id, "nobody")
            assert refused.returncode == 3 and "n0" in refused.stderr and refused.stderr.count("\n") == 1
        pauses = pauses_ms(cluster)
        assert sorted(pauses)[-1] <= 5_000
        report("handoff", pg_store, crew.injected, **seen(crew), longest_handover_ms=1 + max(pauses))


async def test_a_node_that_is_told_to_stop_hands_over(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    # A lease that a busy machine does not let run out: what is asked is that nobody waits for one.
    patient = {"NV_LEASE_SECONDS": "5", "NV_NODE__LINK_SECONDS": "5"}
    async with running_cluster(pg_store, redis_url, tmp_path, **patient) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 3) as crew:
            for node in cluster.nodes[1:]:
                others = [worker for worker in crew.workers if worker not in crew.workers_on(node)]
                connections = [worker.client.connections for worker in others]
                assert await trio.to_thread.run_sync(node.stop) == 0
                crew.injected["drain"] += 1
                await crew.wait(past(others, 5))
                assert [worker.client.connections for worker in others] == connections
                await trio.to_thread.run_sync(node.start)
                await crew.wait(past(crew.workers, 2))
        moved = len(cluster.events("handed over"))
        taken = len(cluster.events("workspace taken over"))
        assert taken == 0
        report("A13 handoff", pg_store, crew.injected, **seen(crew), moved=moved)
