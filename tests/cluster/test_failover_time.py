"""A21: how soon edits flow again after the owner's end, at the default lease."""

import random
from pathlib import Path

import pytest
import trio

from nvserver.cluster.settings import NodeSettings
from tests.cluster.nodes import past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import FULL_SHARE, PATIENCE_SECONDS
from tests.faults.stores import RealStore

KILLS = 20 if FULL_SHARE >= 1 else 3


@pytest.mark.faults
@pytest.mark.timeout(PATIENCE_SECONDS * 2)
async def test_edits_flow_again_soon(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    lease = NodeSettings().lease_seconds
    settings = {"NV_LEASE_SECONDS": str(lease), "NV_NODE__LINK_SECONDS": str(lease)}
    pauses: list[float] = []
    async with (
        running_cluster(pg_store, redis_url, tmp_path, **settings) as cluster,
        people_at_work(cluster, tmp_path, rng, 1) as crew,
    ):
        for _ in range(KILLS):
            owner = cluster.owner_of(crew.teams[0].workspace_id)
            others = [worker for worker in crew.workers if worker not in crew.workers_on(owner)]
            await crew.wait_steps(rng.randrange(60))  # anywhere between two renewals
            await trio.to_thread.run_sync(owner.kill)
            crew.injected["kill"] += 1
            began = trio.current_time()
            await crew.wait(past(others, 2))
            pauses.append(trio.current_time() - began)
            await trio.to_thread.run_sync(owner.start)
            await crew.wait(past(crew.workers, 1))
    pauses.sort()
    print("failover seconds:", *(f"{pause:.2f}" for pause in pauses))
    report(
        "A21",
        pg_store,
        crew.injected,
        **seen(crew),
        median_ms=round(pauses[len(pauses) // 2] * 1000),
        slowest_ms=round(pauses[-1] * 1000),
    )
