"""A15: crashes at each step of a snapshot and of a compaction, and snapshots that are damaged, with people at work."""

import random
from collections import Counter
from pathlib import Path

import pytest
import trio

from tests.faults.crew import Crew, at_work
from tests.faults.faulty_server import BRISK
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

CRASHES_A_POINT = size(1, 10)
POINTS = ("before_snapshot", "mid_snapshot", "after_snapshot", "before_rebase", "after_rebase", "mid_sweep")
SHORT_LOGS = {
    **BRISK,
    "NV_COMPACTION__KEEP_DAYS": "0",
    "NV_COMPACTION__KEEP_ENTRIES": "60",
    "NV_COMPACTION__MIN_ENTRIES": "20",
    "NV_COMPACTION__SLICE_ENTRIES": "7",
    "NV_COMPACTION__INTERVAL_SECONDS": "0.05",
}
VISIT_PAUSE_SECONDS = 0.02
"""People come and go, since no horizon passes those who are there."""
DAMAGE = bytes(16)
"""A checksum that fits nothing."""


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_crashes_and_damage_leave_a_whole_log(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    points = list(POINTS * CRASHES_A_POINT)
    rng.shuffle(points)
    async with at_work(real_store, tmp_path, rng, 2, SHORT_LOGS, visit_pause_seconds=VISIT_PAUSE_SECONDS) as crew:
        server = crew.server
        for point in points:
            await trio.to_thread.run_sync(server.kill)
            if rng.random() < 0.5:
                crew.injected["damaged snapshot"] += await damage_newest(real_store, crew)
            await trio.to_thread.run_sync(server.start, f"{point}=sigkill")
            await trio.to_thread.run_sync(server.wait_killed)
            crew.injected[point] += 1
        crew.injected["damaged snapshot"] += await damage_newest(real_store, crew)
        await trio.to_thread.run_sync(server.start)
        while await damaged(real_store):  # newer ones take their place
            await crew.wait_acknowledged(50)
    survived = len(server.events("snapshot damaged"))
    report(
        "A15",
        real_store,
        crew.injected,
        **crew.seen,
        survived=survived,
        compactions=len(server.events("log compacted")),
    )


async def damage_newest(store: RealStore, crew: Crew) -> int:
    """Flip bits in the newest snapshot of each workspace that has at least two; how many that were."""
    ids = [team.workspace_id for team in crew.teams]
    counts = Counter[str]()
    for one in ids:
        counts[one] = int(
            await trio.to_thread.run_sync(store.ask, f"SELECT count(*) FROM snapshots WHERE {_of(store, one)}")
        )
    for one in (one for one in ids if counts[one] >= 2):
        newest = f"(SELECT max(seq) FROM snapshots WHERE {_of(store, one)})"
        statement = f"UPDATE snapshots SET checksum = {store.blob(DAMAGE)} WHERE {_of(store, one)} AND seq = {newest}"
        await trio.to_thread.run_sync(store.damage, statement)
    return sum(1 for one in ids if counts[one] >= 2)


async def damaged(store: RealStore) -> bool:
    """Whether a damaged snapshot is still kept."""
    question = f"SELECT count(*) FROM snapshots WHERE checksum = {store.blob(DAMAGE)}"
    return int(await trio.to_thread.run_sync(store.ask, question)) > 0


def _of(store: RealStore, workspace_id: str) -> str:
    return f"workspace_id = {store.id(workspace_id)}"
