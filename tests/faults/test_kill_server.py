"""A1, A15: `kill -9` of the server at every failpoint and at moments of chance, with people at work."""

import os
import random
from pathlib import Path

import pytest
import trio

from tests.faults.stores import RealStore
from tests.faults.workload import PATIENCE_SECONDS, Crew, faulty_server, report, tally

KILLS = int(os.environ.get("NV_KILLS", "20"))
WORKSPACES = 3
POINTS = (
    "before_append",
    "after_append_before_answer",
    "after_commit_before_ack",
    "after_ack",
    "take_message",
    "activate_before_load",
    "activate_after_load",
    "before_snapshot",
    "mid_snapshot",
    "after_snapshot",
)
SQLITE_POINTS = ("before_commit", "after_commit")
AT_ONCE = frozenset({"activate_before_load", "activate_after_load"})
"""Points that the first few hits must be enough for: a workspace is opened once in a life."""


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_nothing_acknowledged_is_lost_or_doubled(
    real_store: RealStore, rng: random.Random, tmp_path: Path
) -> None:
    points = POINTS + (SQLITE_POINTS if real_store.url is None else ())
    kills = [*points, *("chance" for _ in range(KILLS - len(points)))] * max(1, KILLS // 20)
    rng.shuffle(kills)
    async with real_store.open():
        pass  # the schema, which a server on PostgreSQL does not make by itself
    with faulty_server(real_store) as server, trio.fail_after(PATIENCE_SECONDS):
        await trio.to_thread.run_sync(server.start)
        crew = Crew(server, tmp_path, rng)
        await crew.hire(WORKSPACES)
        async with trio.open_nursery() as nursery:
            crew.start(nursery)
            await crew.wait_acknowledged(20)
            for point in kills:
                await trio.to_thread.run_sync(server.kill)
                await trio.to_thread.run_sync(server.start, _failpoints(point, rng))
                if point == "chance":
                    await crew.wait_steps(rng.randint(1, 300))
                else:
                    await trio.to_thread.run_sync(server.wait_killed)
            await trio.to_thread.run_sync(server.kill)
            await trio.to_thread.run_sync(server.start)
            await crew.wait_acknowledged(20)
            crew.is_over = True
        await crew.come_to_rest()
        await trio.to_thread.run_sync(server.kill)
        claims = await crew.judge(real_store)
    activations = len(server.events("workspace opened"))
    report(
        real_store,
        tally(kills),
        acknowledged=crew.acknowledged,
        resends=crew.resends,
        activations=activations - WORKSPACES,
        claims=claims,
    )


def _failpoints(point: str, rng: random.Random) -> str:
    """Where the next life ends; nothing when the test ends it."""
    if point == "chance":
        return ""
    hit = rng.randint(1, 2 if point in AT_ONCE or point.endswith("snapshot") else 30)
    return f"{point}=sigkill@{hit}"
