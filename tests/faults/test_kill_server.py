"""A1, A15: `kill -9` of the server at every failpoint and at moments of chance, with people at work."""

import random
from pathlib import Path

import pytest
import trio

from tests.faults.crew import at_work
from tests.faults.reporting import Report, tally
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

KILLS = size(20, 200)
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
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    points = POINTS + (SQLITE_POINTS if real_store.url is None else ())
    kills = [*points, *("chance" for _ in range(20 - len(points)))] * (KILLS // 20)
    rng.shuffle(kills)
    async with at_work(real_store, tmp_path, rng, WORKSPACES) as crew:
        server = crew.server
        crew.injected.update(tally(kills))
        for point in kills:
            await trio.to_thread.run_sync(server.kill)
            await trio.to_thread.run_sync(server.start, _failpoints(point, rng))
            if point == "chance":
                await crew.wait_steps(rng.randint(1, 300))
            else:
                await trio.to_thread.run_sync(server.wait_killed, abandon_on_cancel=True)
        await trio.to_thread.run_sync(server.kill)
        await trio.to_thread.run_sync(server.start)
    activations = len(server.events("workspace opened")) - WORKSPACES
    report("A1 A15", real_store, crew.injected, **crew.seen, activations=activations)


def _failpoints(point: str, rng: random.Random) -> str:
    """Where the next life ends; nothing when the test ends it."""
    if point == "chance":
        return ""
    hit = rng.randint(1, 2 if point in AT_ONCE or point.endswith("snapshot") else 30)
    return f"{point}=sigkill@{hit}"
