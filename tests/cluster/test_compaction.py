"""Logs are shortened by all nodes at once, while people write in them from nodes that do not have them, while somebody
only reads, and while they move: nobody is sent away, and what is left proves itself."""

import random
from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import Event
from tests.cluster.nodes import Cluster, ClusterCrew, past, people_at_work, running_cluster, seen
from tests.cluster.test_moving import move
from tests.e2e.teams import Desk
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)

EAGER = {
    "NV_COMPACTION__INTERVAL_SECONDS": "0.1",
    "NV_COMPACTION__KEEP_DAYS": "0",
    "NV_COMPACTION__KEEP_ENTRIES": "60",
    "NV_COMPACTION__MIN_ENTRIES": "20",
    "NV_COMPACTION__SLICE_ENTRIES": "10",
    "NV_SEARCH__SETTLE_SECONDS": "0.05",
    "NV_WORKSPACE__READ_SECONDS": "0.5",
    "NV_LEASE_SECONDS": "10",
    "NV_NODE__LINK_SECONDS": "10",
}
ROUNDS = 3


def horizon_of(cluster: Cluster) -> int:
    return max((int(str(event["horizon"])) for event in cluster.events("log compacted")), default=0)


async def read(desk: Desk, told: list[str]) -> None:
    """Until cancelled; `told` are the names of the events that came."""
    while True:
        if isinstance(one := await desk.connection.receive(), Event):
            told.append(one.name)


async def until_shortened(cluster: Cluster, crew: ClusterCrew, behind: int = 0) -> None:
    """While everybody writes on and nobody comes or goes, the horizon moves on, to behind that seq at least."""
    before = max(horizon_of(cluster), behind)
    while horizon_of(cluster) <= before:
        await crew.wait(past(crew.workers, 20))


async def test_logs_are_shortened_under_people_on_other_nodes(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **EAGER) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 1) as crew:
            (team,) = crew.teams
            losses = crew.lost
            async with team.connect("bob") as reader, trio.open_nursery() as nursery:
                told: list[str] = []
                nursery.start_soon(read, reader, told)
                for _ in range(ROUNDS):
                    await until_shortened(cluster, crew, reader.joined["seq"])
                    owner = cluster.owner_of(team.workspace_id)
                    receiver = next(node for node in cluster.nodes if node is not owner)
                    ended = await trio.to_thread.run_sync(move, owner, team.workspace_id, receiver.name)
                    assert ended.returncode == 0, ended.stderr
                    crew.injected["move"] += 1
                    await until_shortened(cluster, crew)
                nursery.cancel_scope.cancel()
            assert told.count("collaboration:edit") > ROUNDS
            assert "workspace:resync" not in told
            assert crew.lost == losses, "somebody had to join again"
        report("A15 cluster", pg_store, crew.injected, **seen(crew), compactions=len(cluster.events("log compacted")))
