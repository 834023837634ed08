"""Nodes and their Redis hang, die and come back empty."""

import random
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import LEASE_SECONDS, past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore
from tests.support.redis import running_redis

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)


async def test_owners_hang_and_come_back(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A4: the others take over while it still hangs; what it does when it wakes is refused by the store."""
    async with running_cluster(pg_store, redis_url, tmp_path) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 2) as crew:
            for _ in range(3):
                owner = cluster.owner_of(crew.teams[0].workspace_id)
                others = [worker for worker in crew.workers if worker not in crew.workers_on(owner)]
                owner.pause()
                crew.injected["pause"] += 1
                await crew.wait(past(others, 4))
                owner.resume()
                await crew.wait(past(crew.workers, 2))
        takeovers = len(cluster.events("workspace taken over"))
        report("A4 A5", pg_store, crew.injected, **seen(crew), takeovers=takeovers)


async def test_redis_dies_hangs_and_forgets(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A6, A7: owners go on; everybody does when it is back."""
    with running_redis() as redis:
        async with running_cluster(pg_store, redis.url, tmp_path) as cluster:
            async with people_at_work(cluster, tmp_path, rng, 2) as crew:
                for fault in ("forgets", "dies", "hangs", "forgets"):
                    if fault == "forgets":
                        await trio.to_thread.run_sync(redis.flush)
                    else:
                        await trio.to_thread.run_sync(redis.stop if fault == "dies" else redis.pause)
                        locals_ = [
                            worker
                            for worker in crew.workers
                            if worker in crew.workers_on(cluster.owner_of(worker.team.workspace_id))
                        ]
                        await crew.wait(past(locals_, 3))
                        await trio.sleep(1.5 * LEASE_SECONDS)
                        await trio.to_thread.run_sync(redis.start if fault == "dies" else redis.resume)
                    crew.injected[fault] += 1
                    await crew.wait(past(crew.workers, 3))
            report("A6 A7", pg_store, crew.injected, **seen(crew))
