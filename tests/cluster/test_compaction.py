"""Logs are shortened by all nodes at once, while people write in them from nodes that do not have them, and while they
move: nobody is sent away, and what is left proves itself."""

import random
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import past, people_at_work, running_cluster, seen
from tests.cluster.test_moving import move
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
    "NV_LEASE_SECONDS": "10",
    "NV_NODE__LINK_SECONDS": "10",
}
ROUNDS = 4


async def test_logs_are_shortened_under_people_on_other_nodes(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **EAGER) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 1) as crew:
            (team,) = crew.teams
            losses = crew.lost
            for _ in range(ROUNDS):
                await crew.wait(past(crew.workers, 40))
                shortened = len(cluster.events("log compacted"))
                owner = cluster.owner_of(team.workspace_id)
                receiver = next(node for node in cluster.nodes if node is not owner)
                ended = await trio.to_thread.run_sync(move, owner, team.workspace_id, receiver.name)
                assert ended.returncode == 0, ended.stderr
                crew.injected["move"] += 1
                # The new owner hears how far everybody is; the one before knew only where each began.
                while len(cluster.events("log compacted")) == shortened:
                    await crew.wait(past(crew.workers, 20))
            await crew.wait(past(crew.workers, 20))
            assert crew.lost == losses, "somebody had to join again"
        report("A15 cluster", pg_store, crew.injected, **seen(crew), compactions=len(cluster.events("log compacted")))
