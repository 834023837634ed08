"""How a cluster grows and how long a move takes: `.venv/bin/python -m bench.cluster [RESULTS]`.

*Growth*: the same people in the same workspaces on 1, 2, 4 and 8 node processes of one machine. Everybody types the
next character when the last one is durable, at most once a round of 16 ms; counted are edits a second and the CPU of
all nodes and Redis an edit. The first grows until nobody waits for a process but for the round; the second shows what
spreading costs.

*Moves*: a workspace goes to and fro between two nodes while its people type, their sockets open. The pause of a move is
the longest time to an acknowledgement of an edit that was under way then.
"""

import json
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import trio
import trio_asyncio

from bench.core.plots import Series, line_chart
from bench.core.results import Summary
from bench.foreign import cpu_seconds, join
from nvserver.adapters.redis import open_redis
from nvserver.adapters.redis.settings import RedisSettings
from nvserver.cluster.order import order_move
from nvserver.cluster.settings import NodeSettings
from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import Team, found_team
from tests.faults.stores import SECRET_KEY, RealStore
from tests.support.postgres import running_postgres
from tests.support.redis import RedisServer, running_redis

NODES = (1, 2, 4, 8)
WORKSPACES = 64
SECONDS = 5.0
MOVES = 200


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one size. `shares` is how many workspaces each node had."""

    nodes: int
    edits_per_second: float
    cpu_ms_per_edit: float
    p50_ms: float
    p99_ms: float
    shares: Sequence[int]


@dataclass(frozen=True, slots=True)
class Moves:
    """The pauses in milliseconds."""

    moves: int
    p50_ms: float
    p99_ms: float
    longest_ms: float


class Typist:
    """One who types in a workspace, over a connection to some node, each character when the one before is durable."""

    def __init__(self, team: Team, url: str) -> None:
        self.waits: list[tuple[float, float]] = []
        """When each edit was sent, and the seconds until it was acknowledged."""
        self._team = team
        self._url = url

    async def run(self, *, task_status: trio.TaskStatus[None]) -> None:
        """Until cancelled."""
        token = self._team["ada"].token
        assert token is not None
        async with open_realtime(self._url, token) as connection:
            client_id = await join(connection, self._team)
            where = {"workspaceId": self._team.workspace_id, "noteId": self._team.note_id, "clientId": client_id}
            seq, number = await self._team.seq(), 0
            task_status.started()
            while True:
                number += 1
                sent = trio.current_time()
                edit = {"clientSeq": number, "baseSeq": seq, "op": ["x"]}
                seq = (await connection.call("collaboration:edit", where | edit))["seq"]
                connection.take_kept()
                self.waits.append((sent, trio.current_time() - sent))


def percentile(values: Sequence[float], share: float) -> float:
    """In milliseconds."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000, 2)


async def grow(cluster: Cluster, redis_pid: int) -> Growth:
    """Measure a cluster as it is."""
    teams = [await found_team(cluster, bob="member") for _ in range(WORKSPACES)]  # type: ignore[arg-type]
    pids = [*(node.pid for node in cluster.nodes), redis_pid]
    typists = [Typist(team, cluster.owner_of(team.workspace_id).url) for team in teams]
    async with trio.open_nursery() as nursery:
        for typist in typists:
            await nursery.start(typist.run)
        await trio.sleep(2)
        began, spent = trio.current_time(), sum(map(cpu_seconds, pids))
        await trio.sleep(SECONDS)
        ended, spent = trio.current_time(), sum(map(cpu_seconds, pids)) - spent
        nursery.cancel_scope.cancel()
    waits = [wait for typist in typists for sent, wait in typist.waits if began <= sent and sent + wait <= ended]
    owners = [cluster.owner_of(team.workspace_id).name for team in teams]
    return Growth(
        len(cluster.nodes),
        round(len(waits) / (ended - began)),
        round(spent / len(waits) * 1000, 3),
        percentile(waits, 0.5),
        percentile(waits, 0.99),
        [owners.count(node.name) for node in cluster.nodes],
    )


async def move(cluster: Cluster, redis: RedisServer) -> Moves:
    """Move one workspace to and fro."""
    team = await found_team(cluster, bob="member")  # type: ignore[arg-type]
    typists = [Typist(team, node.url) for node in cluster.nodes]
    times: list[tuple[float, float]] = []
    chance = random.Random(1)
    async with trio.open_nursery() as nursery, trio_asyncio.open_loop():
        for typist in typists:
            await nursery.start(typist.run)
        for _ in range(MOVES):
            await trio.sleep(0.1 + chance.random() * 0.1)
            owner = cluster.owner_of(team.workspace_id)
            other = next(node for node in cluster.nodes if node is not owner)
            async with open_redis(RedisSettings(redis.url)) as opened:
                began = trio.current_time()
                key = SECRET_KEY.encode()
                await order_move(opened.directory, opened.bus, [key], team.workspace_id, other.name, NodeSettings())
                times.append((began, trio.current_time()))
        await trio.sleep(1)
        nursery.cancel_scope.cancel()
    waits = [one for typist in typists for one in typist.waits]
    pauses = [max(wait for sent, wait in waits if sent <= end and sent + wait >= begin) for begin, end in times]
    return Moves(len(pauses), percentile(pauses, 0.5), percentile(pauses, 0.99), round(max(pauses) * 1000, 2))


@asynccontextmanager
async def fresh_cluster(count: int) -> AsyncIterator[tuple[Cluster, RedisServer]]:
    """On a PostgreSQL and a Redis of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres())
        redis = stack.enter_context(running_redis())
        (folder / "data").mkdir()
        store = RealStore(folder / "data", stack.enter_context(postgres.fresh_database()), postgres)
        calm = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10"}
        async with running_cluster(store, redis.url, folder, count=count, own_settings=[calm] * count) as cluster:
            yield cluster, redis


async def main(results: Path) -> None:
    """Measure, print, write `cluster-growth.json` and the plot beside it."""
    sizes = []
    for count in NODES:
        async with fresh_cluster(count) as (cluster, redis):
            assert redis.process is not None
            sizes.append(await grow(cluster, redis.process.pid))
        print(sizes[-1], flush=True)
    async with fresh_cluster(2) as (cluster, redis):
        moves = await move(cluster, redis)
    print(moves, flush=True)
    write(results, sizes, moves)


def write(results: Path, sizes: Sequence[Growth], moves: Moves) -> None:
    """`cluster-growth.json` and `.svg`."""
    kept = {"cores": os.cpu_count(), "growth": [asdict(one) for one in sizes], "moves": asdict(moves)}
    results.mkdir(parents=True, exist_ok=True)
    (results / "cluster-growth.json").write_text(json.dumps(kept, indent=1) + "\n")
    lines: dict[str, Series] = {
        "edits a second": {one.nodes: _only(one.edits_per_second) for one in sizes},
        "CPU ms an edit": {one.nodes: _only(one.cpu_ms_per_edit) for one in sizes},
        "p99 ms": {one.nodes: _only(one.p99_ms) for one in sizes},
    }
    title = f"Node processes on {os.cpu_count()} cores, {WORKSPACES} workspaces"
    (results / "cluster-growth.svg").write_text(line_chart(title, "node processes", "", lines))


def _only(value: float) -> Summary:
    return Summary(value, value, value)


if __name__ == "__main__":
    trio.run(main, Path(sys.argv[1] if len(sys.argv) > 1 else "bench/results"))
