"""A15: `kill -9` while what is told of purged notes leaves the log, with people at work beside."""

import random
from contextlib import suppress
from pathlib import Path

import h11
import pytest
import trio

from tests.faults.crew import at_work
from tests.faults.faulty_server import BRISK
from tests.faults.reporting import Report, tally
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

POINTS = ("mid_purge", "purge_before_states")
EAGER = {
    **BRISK,
    "NV_COMPACTION__INTERVAL_SECONDS": "0.1",
    "NV_COMPACTION__KEEP_DAYS": "0",
    "NV_COMPACTION__KEEP_ENTRIES": "150",
    "NV_COMPACTION__MIN_ENTRIES": "20",
    "NV_PURGING__INTERVAL_SECONDS": "0.1",
    "NV_PURGING__SETTLE_SECONDS": "0.2",
    "NV_PURGING__SLICE_ENTRIES": "5",
}
SECRET = "nobody may read this"


@pytest.mark.faults
@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_log_is_whole_and_the_note_gone_wherever_its_purging_was_killed(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    kills = list(POINTS) * size(2, 10)
    rng.shuffle(kills)
    async with at_work(real_store, tmp_path, rng, 2, EAGER) as crew:
        server, team = crew.server, crew.teams[0]
        ada, workspace = team["ada"], f"/api/workspaces/{team.workspace_id}"
        for point in kills:
            await crew.wait_acknowledged(20)
            note = (await ada.post(f"{workspace}/notes", {"title": SECRET, "content": SECRET}))["note"]["id"]
            for times in range(12):
                await ada.put(f"/api/notes/{note}", {"content": f"{SECRET}\n" * times})
            assert (await ada("DELETE", f"/api/notes/{note}")).status == 204
            await trio.to_thread.run_sync(server.kill)
            await trio.to_thread.run_sync(server.start, f"{point}=sigkill@1")
            with suppress(OSError, h11.RemoteProtocolError):  # killed before it could answer
                await ada("DELETE", f"{workspace}/trash/{note}")
            await trio.to_thread.run_sync(server.wait_killed)
            await trio.to_thread.run_sync(server.start)
            assert (await ada("DELETE", f"{workspace}/trash/{note}")).code == "NOTE_NOT_FOUND"
            while note not in [event["note"] for event in server.events("note purged")]:
                await crew.wait_steps(10)
        crew.injected.update(tally(kills))
    async with real_store.open() as store:
        entries = await store.audit.entries(team.workspace_id, 0, limit=1_000_000)
        states = await store.oplog.snapshots(team.workspace_id)
        assert states
        for body in (*(one.entry.body for one in entries), *(state.body for state in states)):
            assert SECRET.encode() not in body
        assert await store.purging.pending(limit=1) == []
    report("A15", real_store, tally(kills), purges=len(kills), claims=crew.claims)
