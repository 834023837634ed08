"""Nodes die, hang and leave while people write on all of them: nothing is lost, doubled or reordered."""

import random
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import past, people_at_work, running_cluster
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)


async def test_owners_are_killed(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 2) as crew:
            for _ in range(size(3, 20)):
                owner = cluster.owner_of(crew.teams[0].workspace_id)
                await trio.to_thread.run_sync(owner.kill)
                crew.injected["kill"] += 1
                others = [worker for worker in crew.workers if worker not in crew.workers_on(owner)]
                await crew.wait(past(others, 4))
                await trio.to_thread.run_sync(owner.start)
        takeovers = len(cluster.events("workspace taken over"))
        report("A19 A21", pg_store, crew.injected, takeovers=takeovers, acknowledged=crew.acknowledged)
