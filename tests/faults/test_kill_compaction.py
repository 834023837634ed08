"""A15: `kill -9` at each step of a compaction, with people at work in the logs that are shortened."""

import random
from pathlib import Path

import pytest
import trio

from tests.faults.crew import at_work
from tests.faults.faulty_server import BRISK
from tests.faults.reporting import Report, tally
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

POINTS = ("before_rebase", "after_rebase", "mid_sweep")
EAGER = {
    **BRISK,
    "NV_COMPACTION__INTERVAL_SECONDS": "0.1",
    "NV_COMPACTION__KEEP_DAYS": "0",
    "NV_COMPACTION__KEEP_ENTRIES": "150",
    "NV_COMPACTION__MIN_ENTRIES": "20",
    "NV_COMPACTION__SLICE_ENTRIES": "5",
    "NV_SEARCH__SETTLE_SECONDS": "0.05",
    "NV_SEARCH__SWEEP_SECONDS": "1",
}


@pytest.mark.faults
@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_log_is_whole_wherever_its_compaction_was_killed(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    kills = list(POINTS) * size(1, 10)
    rng.shuffle(kills)
    async with at_work(real_store, tmp_path, rng, 2, EAGER) as crew:
        server = crew.server
        for point in kills:
            await crew.wait_acknowledged(40)
            await trio.to_thread.run_sync(server.kill)
            await trio.to_thread.run_sync(server.start, f"{point}=sigkill@1")
            await trio.to_thread.run_sync(server.wait_killed)
            await trio.to_thread.run_sync(server.start)
        await crew.wait_acknowledged(40)
        compactions = len(server.events("log compacted"))
        crew.injected.update(tally(kills))
    report("A15", real_store, tally(kills), compactions=compactions, claims=crew.claims)
