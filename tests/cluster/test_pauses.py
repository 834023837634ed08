"""Owners hang, sockets open, longer than their lease lasts: the others go on, and what they do when they wake is
refused."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import LEASE_SECONDS, Cluster, ClusterCrew, fences, past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)

PAUSES = size(20, 100)
POINTS = (
    *("activate_before_load", "activate_after_load", "take_message", "before_append", "after_append_before_answer"),
    *("after_commit_before_ack", "after_ack", "before_snapshot", "mid_snapshot", "after_snapshot"),
    *("unload_begin", "unload_end"),
)
"""Those that a node on PostgreSQL comes by. One that hangs there has the most to say when it wakes."""
TIMES_EACH = size(1, 10)


async def test_owners_hang_and_come_back(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A4: the others take over while it still hangs."""
    takeover_seconds = []
    async with running_cluster(pg_store, redis_url, tmp_path) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 2) as crew:
            for _ in range(PAUSES):
                team = rng.choice(crew.teams)
                owner = cluster.owner_of(team.workspace_id)
                others = [one for one in crew.workers if one.team is team and one not in crew.workers_on(owner)]
                began = trio.current_time()
                owner.pause()
                crew.injected["pause"] += 1
                await crew.wait(past(others, 2))
                takeover_seconds.append(trio.current_time() - began)
                owner.resume()
                await crew.wait(past(crew.workers, 1))
        takeovers = len(cluster.events("workspace taken over"))
        takeover_seconds.sort()
        median, longest = (round(takeover_seconds[place] * 1_000) for place in (PAUSES // 2, -1))
        report(
            "A4",
            pg_store,
            crew.injected,
            **seen(crew),
            takeovers=takeovers,
            fence_hits=fences(cluster),
            leases_lost=len(cluster.events("lease was gone")),
            median_takeover_milliseconds=median,
            longest_takeover_milliseconds=longest,
        )


def _points(rng: random.Random) -> str:
    """Where a node hangs, again and again: often at what is rare, seldom at what each edit comes by."""
    rare = {"activate_before_load": 5, "activate_after_load": 7, "unload_begin": 4, "unload_end": 5}
    every = {
        point: rare.get(point, rng.randrange(4, 9) if "snapshot" in point else rng.randrange(120, 240))
        for point in POINTS
    }
    return ",".join(f"{point}=sigstop@/{hits}" for point, hits in every.items())


async def test_owners_hang_at_every_point(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    """A5: nodes stop themselves wherever they have decided, stored or told something and not done the next thing."""
    async with running_cluster(pg_store, redis_url, tmp_path) as cluster:
        async with people_at_work(cluster, tmp_path, rng, 2) as crew:
            await _restart(cluster, crew, [_points(rng) for _ in cluster.nodes])
            while min(struck := _struck(cluster).values()) < TIMES_EACH:
                await _wake_who_hangs(cluster, crew)
            crew.injected["pause"] = sum(struck)
            crew.injected["points"] = len(POINTS)
            await _restart(cluster, crew, ["" for _ in cluster.nodes])
            await crew.wait(past(crew.workers, 1))
        report("A5", pg_store, crew.injected, **seen(crew), fence_hits=fences(cluster))


async def _restart(cluster: Cluster, crew: ClusterCrew, failpoints: Sequence[str]) -> None:
    for node, points in zip(cluster.nodes, failpoints, strict=True):
        await trio.to_thread.run_sync(node.kill)
        await trio.to_thread.run_sync(node.start, points)
        crew.injected["kill"] += 1


def _struck(cluster: Cluster) -> Mapping[str, int]:
    times = Counter(str(event["point"]) for event in cluster.events("failpoint acts"))
    return {point: times[point] for point in POINTS}


async def _wake_who_hangs(cluster: Cluster, crew: ClusterCrew) -> None:
    """Once the others have gone on without him; one at a time, for somebody has to go on."""
    hung = [node for node in cluster.nodes if node.is_hung]
    for node in hung[1:]:
        node.resume()
    with trio.move_on_after(3 * LEASE_SECONDS):
        if hung:
            await crew.wait(past([worker for worker in crew.workers if worker not in crew.workers_on(hung[0])], 2))
        else:
            await crew.wait_steps(1)
    if hung:
        hung[0].resume()
