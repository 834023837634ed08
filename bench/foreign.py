"""What an edit costs through a node that does not have its workspace, beside one through the owner.

Two clients of one note, on the owner or both on the other node: one types at a steady rate, both hear it. Counted are
the CPU of both nodes and Redis, what they need at rest too, and the author's time to his acknowledgement. He waits for
each, so no more than 60 a second can be asked for. Run: `.venv/bin/python -m bench.foreign [EDITS_A_SECOND]`.
"""

import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import trio

from nvserver.testing.realtime_client import RealtimeConnection, open_realtime
from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import Team, found_team
from tests.faults.stores import RealStore
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def join(connection: RealtimeConnection, team: Team) -> str:
    joined = await connection.call("workspace:join", {"workspaceId": team.workspace_id})
    await connection.call("note:open", {"workspaceId": team.workspace_id, "noteId": team.note_id})
    return str(joined["clientId"])


async def measure(url: str, team: Team, pids: list[int], rate: float, edits: int) -> tuple[float, float]:
    """CPU milliseconds an edit, and the median acknowledgement in milliseconds."""
    token = team["ada"].token
    assert token is not None
    times: list[float] = []
    async with open_realtime(url, token) as author, open_realtime(url, token) as reader:
        client_id = await join(author, team)
        await join(reader, team)
        is_over = trio.CancelScope()

        async def read() -> None:
            with is_over:
                while True:
                    await reader.receive()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(read)
            seq = await team.seq()
            warm = edits // 5
            begun, start = 0.0, trio.current_time()
            for number in range(1, edits + warm + 1):
                if number == warm:
                    begun = sum(map(cpu_seconds, pids))
                await trio.sleep_until(start + number / rate)
                sent = trio.current_time()
                payload = {"workspaceId": team.workspace_id, "noteId": team.note_id, "clientId": client_id}
                answer = await author.call(
                    "collaboration:edit", {**payload, "clientSeq": number, "baseSeq": seq, "op": ["x"]}
                )
                seq = answer["seq"]
                author.take_kept()
                times.append((trio.current_time() - sent) * 1000)
            spent = sum(map(cpu_seconds, pids)) - begun
            is_over.cancel()
    return spent / edits * 1000, statistics.median(times[warm:])


async def main(rate: float = 50, edits: int = 600, rounds: int = 3) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres())
        redis = stack.enter_context(running_redis())
        (folder / "data").mkdir()
        store = RealStore(folder / "data", stack.enter_context(postgres.fresh_database()), postgres)
        async with running_cluster(store, redis.url, folder, count=2) as cluster:
            await compare(cluster, [node.pid for node in cluster.nodes], redis.process.pid, rate, edits, rounds)


async def compare(cluster: Cluster, nodes: list[int], redis: int, rate: float, edits: int, rounds: int) -> None:
    for _ in range(rounds):
        team = await found_team(cluster, bob="member")  # type: ignore[arg-type]
        owner = cluster.owner_of(team.workspace_id)
        other = next(node for node in cluster.nodes if node is not owner)
        local = await measure(owner.url, team, [*nodes, redis], rate, edits)
        foreign = await measure(other.url, team, [*nodes, redis], rate, edits)
        print(
            f"{rate:.0f} edits/s: local {local[0]:.3f} ms CPU, p50 {local[1]:.2f} ms; "
            f"foreign {foreign[0]:.3f} ms CPU, p50 {foreign[1]:.2f} ms; "
            f"ratio {foreign[0] / local[0]:.2f}, p50 {foreign[1] - local[1]:+.2f} ms",
            flush=True,
        )


if __name__ == "__main__":
    trio.run(main, *map(float, sys.argv[1:2]))
