"""Redis may be one server, a master that a sentinel replaces, or many shards: nodes work on all of them."""

import random
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore
from tests.support.redis import SentinelRedis, ShardedRedis, running_redis_of

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)


async def test_a_sentinel_replaces_the_master(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    with running_redis_of(SentinelRedis) as redis:
        async with (
            running_cluster(pg_store, redis.url, tmp_path, count=2) as cluster,
            people_at_work(cluster, tmp_path, rng, 2) as crew,
        ):
            await trio.to_thread.run_sync(redis.master.stop)
            crew.injected["master killed"] += 1
            await crew.wait(past(crew.workers, 3))
            owner = cluster.owner_of(crew.teams[0].workspace_id)
            await trio.to_thread.run_sync(owner.kill)
            crew.injected["kill"] += 1
            await crew.wait(past([one for one in crew.workers if one not in crew.workers_on(owner)], 3))
            await trio.to_thread.run_sync(owner.start)
        report("A6", pg_store, crew.injected, **seen(crew))


async def test_shards_share_the_work_and_one_comes_back_empty(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    with running_redis_of(ShardedRedis) as redis:
        async with (
            running_cluster(pg_store, redis.url, tmp_path, count=2) as cluster,
            people_at_work(cluster, tmp_path, rng, 2) as crew,
        ):
            for shard in redis.shards:
                await trio.to_thread.run_sync(shard.stop)
                await trio.to_thread.run_sync(shard.start)
                crew.injected["shard killed"] += 1
                await crew.wait(past(crew.workers, 2))
            owner = cluster.owner_of(crew.teams[0].workspace_id)
            await trio.to_thread.run_sync(owner.kill)
            crew.injected["kill"] += 1
            await crew.wait(past([one for one in crew.workers if one not in crew.workers_on(owner)], 3))
            await trio.to_thread.run_sync(owner.start)
        report("A6", pg_store, crew.injected, **seen(crew))
