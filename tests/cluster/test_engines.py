"""Redis hangs, dies, comes back empty, is full, says no, or jumps in time; the nodes' clocks are wrong."""

import random
from itertools import cycle, islice
from pathlib import Path

import pytest
import redis
import trio

from nvserver.testing.fault_proxy import CLEAN, Toxics
from tests.cluster.lines import Lines, cluster_on_lines
from tests.cluster.nodes import LEASE_SECONDS, Cluster, ClusterCrew, past, people_at_work, running_cluster, seen
from tests.faults.crew import Worker
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore
from tests.support.redis import RedisServer, running_redis

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)

LOSSES = size(10, 100)
SPELLS = size(5, 50)
JUMPS = size(3, 30)
JUMP_SECONDS = (60, -60, 3_600, -3_600)


def locals_of(crew: ClusterCrew) -> list[Worker]:
    """Who works on the very node that has his workspace."""
    owners = {team.workspace_id: crew.cluster.owner_of(team.workspace_id) for team in crew.teams}
    return [worker for worker in crew.workers if worker in crew.workers_on(owners[worker.team.workspace_id])]


async def test_redis_forgets_everything(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A6: the owners keep what they have, and nobody's connection is lost."""
    with running_redis() as server:
        async with running_cluster(pg_store, server.url, tmp_path) as cluster:
            async with people_at_work(cluster, tmp_path, rng, 2) as crew:
                losses = crew.lost
                for fault in islice(cycle(("emptied", "killed")), LOSSES):
                    if fault == "emptied":
                        await trio.to_thread.run_sync(server.flush)
                    else:
                        await trio.to_thread.run_sync(server.stop)
                        await trio.to_thread.run_sync(server.start)
                    crew.injected[fault] += 1
                    await crew.wait(past(crew.workers, 2))
                assert crew.lost == losses, "somebody had to connect again"
            report("A6", pg_store, crew.injected, **seen(crew))


async def test_redis_hangs_is_slow_full_and_read_only(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A7: the owners go on under the fence, for those who are on their node; all the others when it is over."""
    with running_redis() as server:
        async with (
            cluster_on_lines(pg_store, server.url, tmp_path, rng) as (cluster, lines),
            people_at_work(cluster, tmp_path, rng, 2) as crew,
        ):
            meanwhile = 0
            for spell in islice(cycle(("hangs", "is full", "is read-only", "is slow", "hangs")), SPELLS):
                local = locals_of(crew)
                crew.injected[spell] += 1
                before = crew.acknowledged
                if spell == "is slow":
                    set_toxics(lines, Toxics(latency_seconds=2))
                else:
                    await trio.to_thread.run_sync(_begin, server, spell)
                with trio.move_on_after(3 * LEASE_SECONDS):
                    while True:
                        await crew.wait(past(local, 3))
                meanwhile += crew.acknowledged - before
                if spell == "is slow":
                    set_toxics(lines, CLEAN)
                else:
                    await trio.to_thread.run_sync(_end, server, spell)
                await crew.wait(past(crew.workers, 2))
        report("A7", pg_store, crew.injected, **seen(crew), acknowledged_meanwhile=meanwhile)


def set_toxics(lines: Lines, toxics: Toxics) -> None:
    """On every node's line to Redis."""
    for (_, peer), proxy in lines.proxies.items():
        if peer == "redis":
            proxy.toxics = toxics


def _begin(server: RedisServer, spell: str) -> None:
    if spell == "hangs":
        server.pause()
        return
    with redis.Redis.from_url(server.url) as client:
        if spell == "is full":
            client.config_set("maxmemory", "1")
        else:
            client.execute_command("REPLICAOF", "127.0.0.1", "1")


def _end(server: RedisServer, spell: str) -> None:
    if spell == "hangs":
        server.resume()
        return
    with redis.Redis.from_url(server.url) as client:
        if spell == "is full":
            client.config_set("maxmemory", "0")
        else:
            client.execute_command("REPLICAOF", "NO", "ONE")


_JUMP = """
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local ends, rest = string.match(all[i + 1], '^(%d+)(.*)$')
    redis.call('HSET', KEYS[1], all[i], string.format('%.0f', ends - ARGV[1] * 1000) .. rest)
end
return #all
"""
"""Leases are ends on Redis's clock: when it jumps by so many seconds, that is as if they all moved the other way."""


async def test_clocks_are_wrong_and_jump(
    pg_store: RealStore, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A8: one node is a minute ahead, one a minute behind, and Redis jumps to and fro."""
    plants = ("", "clock-ahead", "clock-behind")
    with running_redis() as server:
        async with (
            running_cluster(pg_store, server.url, tmp_path, plants=plants) as cluster,
            people_at_work(cluster, tmp_path, rng, 2) as crew,
        ):
            crew.injected["wrong clocks"] = 2
            for seconds in islice(cycle(rng.sample(JUMP_SECONDS, 4)), JUMPS):
                assert await trio.to_thread.run_sync(_jump, server, seconds) > 0
                crew.injected["jumps"] += 1
                await crew.wait(past(crew.workers, 3))
                await _kill_an_owner(cluster, crew, rng)
        report("A8", pg_store, crew.injected, **seen(crew))


def _jump(server: RedisServer, seconds: int) -> int:
    with redis.Redis.from_url(server.url) as client:
        return int(client.eval(_JUMP, 1, "nv:nodes", seconds))  # type: ignore[arg-type]


async def _kill_an_owner(cluster: Cluster, crew: ClusterCrew, rng: random.Random) -> None:
    """Failover works by those clocks too."""
    team = rng.choice(crew.teams)
    owner = cluster.owner_of(team.workspace_id)
    others = [worker for worker in crew.workers if worker not in crew.workers_on(owner)]
    await trio.to_thread.run_sync(owner.kill)
    crew.injected["kill"] += 1
    await crew.wait(past(others, 1))
    await trio.to_thread.run_sync(owner.start)
    await crew.wait(past(crew.workers, 1))
