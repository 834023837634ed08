"""A14: workspaces are opened, left, unloaded when idle and opened again, all at once; there is never a second actor."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import trio

from nvserver.adapters.memory.store import open_memory
from nvserver.core.changes import Author
from nvserver.core.commands import CreateNote, EditNote
from nvserver.errors import Unavailable
from nvserver.ports.store import Store
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.faulty_oplog import FaultRates, FaultyOpLog
from nvserver.testing.sim_node import sim_node
from nvserver.workspace import catalog
from nvserver.workspace.actor import WorkspaceActor
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.messages import Accepted, Submit
from nvserver.workspace.settings import WorkspaceSettings
from tests.faults.checking import findings_of
from tests.faults.crew import at_work
from tests.faults.faulty_server import BRISK
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

REAL_VISITS = size(50, 500)
SIMULATED_OPENINGS = size(1_000, 10_000)
CALLERS = 4
IDLE_SECONDS = 0.02


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_people_come_and_go_while_workspaces_unload(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    settings = {**BRISK, "NV_WORKSPACE__IDLE_SECONDS": str(IDLE_SECONDS)}
    async with at_work(real_store, tmp_path, rng, 3, settings, visit_pause_seconds=0.1) as crew:
        await crew.wait(lambda: sum(worker.client.connections for worker in crew.workers) >= REAL_VISITS)
        crew.injected["visits"] = sum(worker.client.connections for worker in crew.workers)
    opened = Counter(event["workspace"] for event in crew.server.events("workspace opened"))
    closed = Counter(event["workspace"] for event in crew.server.events("workspace closed"))
    assert all(0 <= opened[one] - closed[one] <= 1 for one in opened), "two actors for one workspace"
    report("A14", real_store, crew.injected, **crew.seen, openings=opened.total(), unloads=closed.total())


class CountedActor(WorkspaceActor):
    """Sees to it that there is one for a workspace."""

    running: Counter[str]
    openings = 0

    async def run(self, on_ready: Any) -> None:
        CountedActor.openings += 1
        self.running[self._id] += 1
        try:
            assert self.running[self._id] == 1, "a second actor"
            await super().run(on_ready)
        finally:
            self.running[self._id] -= 1


class Caller:
    """Puts its letter into the note, again and again with the same number until it is told that it is there."""

    def __init__(self, node: Catalog, workspace_id: str, note_id: str, author: Author, rng: random.Random) -> None:
        self.written = 0
        self.refusals = 0
        self._node = node
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._author = author
        self._rng = rng
        self._seq = 3
        """The entry that made the note."""

    async def run(self) -> None:
        while CountedActor.openings < SIMULATED_OPENINGS:
            author = Author(self._author.user_id, self._author.client_id, self.written + 1, bytes(16))
            await self._insist(Submit(author, EditNote(self._note_id, self._seq, ("x",))))
            self.written += 1
            await trio.sleep(self._rng.random() * 4 * IDLE_SECONDS)

    async def _insist(self, submit: Submit) -> None:
        while True:
            try:
                accepted = await self._node.call(self._workspace_id, submit)
                assert isinstance(accepted, Accepted)
                self._seq = accepted.seq
                return
            except Unavailable:
                self.refusals += 1


async def write_in_turns(store: Store, rng: random.Random) -> tuple[int, int, FaultyOpLog]:
    """How many edits were accepted, how many calls refused."""

    def new_id() -> str:
        return f"{rng.getrandbits(128):032x}"

    ids = [f"{one[:8]}-{one[8:12]}-4{one[13:16]}-8{one[17:20]}-{one[20:]}" for one in (new_id() for _ in range(20))]
    owner, note = ids.pop(), ids.pop()
    service = WorkspaceService(store.oplog, lambda: 1_000, ids.pop)
    workspace_id = (await service.create(owner, "Plans", "", None, None, "private")).info.id
    oplog = FaultyOpLog(store.oplog, FaultRates(0.02, 0.02, IDLE_SECONDS), rng)
    settings = WorkspaceSettings(idle_seconds=IDLE_SECONDS, snapshot_entries=50)
    async with sim_node(store.oplog) as node:  # nobody sends the note's making again: nothing may fail meanwhile
        await node.call(workspace_id, Submit(Author(owner), CreateNote(note, "First", "")))
    async with sim_node(oplog, settings=settings) as node:
        callers = [
            Caller(node, workspace_id, note, Author(owner, ids.pop()), random.Random(rng.random()))
            for _ in range(CALLERS)
        ]
        async with trio.open_nursery() as nursery:
            for caller in callers:
                nursery.start_soon(caller.run)
    return sum(caller.written for caller in callers), sum(caller.refusals for caller in callers), oplog


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_simulated_callers_never_meet_two_actors(
    rng: random.Random, autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    CountedActor.running, CountedActor.openings = Counter(), 0
    monkeypatch.setattr(catalog, "WorkspaceActor", CountedActor)
    async with open_memory() as store:
        written, refused, oplog = await write_in_turns(store, rng)
        found, counts, _ = await findings_of(store)
    assert found == []
    assert counts.entries == written + 3
    faults = {"refused by the store": oplog.counts.failed, "answers lost": oplog.counts.forgotten}
    report("A14", None, faults, openings=CountedActor.openings, written=written, refused=refused)
