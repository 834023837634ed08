"""Two nodes that both believe to own a workspace: the op log decides, and each edit is there once."""

import random
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import trio

from nvserver.core.changes import Author
from nvserver.core.client_history import Acked
from nvserver.core.commands import CreateNote, EditNote, UpdateWorkspace
from nvserver.errors import Unavailable, ValidationFailed
from nvserver.ports.store import Store
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.faulty_oplog import FaultRates, FaultyOpLog
from nvserver.testing.history import HistoryFile
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.messages import Accepted, GetNote, GetWorkspace, Message, PutNote, Submit
from tests.faults.checking import findings_of
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

EDITS = size(200, 5_000)
CALLERS = 4
NODES = ("one", "other")


async def insist(node: Catalog, workspace_id: str, message: Message) -> Any:
    """Ask until it is answered."""
    while True:
        with suppress(Unavailable):
            return await node.call(workspace_id, message)


async def found_note(store: Store, node: Catalog, rng: random.Random) -> tuple[str, str, str, int]:
    """A workspace's id, its owner's, its note's, and the seq of the note."""

    def new_id() -> str:
        return str(UUID(int=rng.getrandbits(128)))

    owner, note = new_id(), new_id()
    service = WorkspaceService(store.oplog, lambda: 1_000, new_id)
    workspace_id = (await service.create(owner, "Plans", "", None, None, "private")).info.id
    made = await node.call(workspace_id, Submit(Author(owner), CreateNote(note, "First", "")))
    assert isinstance(made, Accepted)
    return workspace_id, owner, note, made.seq


class Caller:
    """Sends each edit to either node as chance has it, until one of them tells that it is durable."""

    def __init__(
        self, nodes: dict[str, Catalog], place: tuple[str, str, int], author: Author, rng: random.Random
    ) -> None:
        self.refusals = 0
        self._nodes = nodes
        self._workspace_id, self._note_id, self._seq = place
        self._author = author
        self._rng = rng

    async def write(self, edits: int, file: HistoryFile) -> None:
        for number in range(1, edits + 1):
            author = Author(self._author.user_id, self._author.client_id, number, bytes(16))
            submit = Submit(author, EditNote(self._note_id, self._seq, ("x",)))
            name, accepted = await self._insist(submit)
            self._seq = accepted.seq
            node = None if accepted.is_duplicate else name
            told = (self._workspace_id, str(author.client_id), number, accepted.seq)
            file.write(Acked(*told, bytes(16).hex(), "x", "", node))

    async def _insist(self, submit: Submit) -> tuple[str, Accepted]:
        while True:
            name = self._rng.choice(NODES)
            try:
                accepted = await self._nodes[name].call(self._workspace_id, submit)
            except Unavailable:
                self.refusals += 1
            else:
                assert isinstance(accepted, Accepted)
                return name, accepted


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_the_log_decides_between_two_owners(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    path = tmp_path / "acks.jsonl"
    async with real_store.open() as store:
        oplog = FaultyOpLog(store.oplog, FaultRates(max_delay_seconds=0.002), rng)
        async with sim_node(oplog, name="one") as one, sim_node(oplog, name="other") as other:
            workspace_id, owner, note, seq = await found_note(store, one, rng)
            nodes, place = {"one": one, "other": other}, (workspace_id, note, seq)
            authors = [Author(owner, str(UUID(int=rng.getrandbits(128)))) for _ in range(CALLERS)]
            callers = [Caller(nodes, place, author, random.Random(rng.random())) for author in authors]
            with HistoryFile(path) as file, trio.fail_after(PATIENCE_SECONDS):
                async with trio.open_nursery() as nursery:
                    for caller in callers:
                        nursery.start_soon(caller.write, EDITS // CALLERS, file)
        found, counts, totals = await findings_of(store, path)
    assert found == []
    assert counts.entries == EDITS + seq
    refused = sum(caller.refusals for caller in callers)
    fenced = {"fence hits": oplog.counts.fenced}
    report("two owners", real_store, fenced, acknowledged=totals.acknowledgements, refused=refused)


async def test_who_has_seen_more_is_not_judged_by_an_owner_who_was_overtaken(
    real_store: RealStore, rng: random.Random
) -> None:
    async with real_store.open() as store, sim_node(store.oplog) as one, sim_node(store.oplog) as other:
        workspace_id, owner, note, _ = await found_note(store, one, rng)
        author = Author(owner)
        for number in range(2):
            await insist(one, workspace_id, GetWorkspace(owner))
            seq = (await insist(other, workspace_id, Submit(author, UpdateWorkspace(name=f"Plan {number}")))).seq
            late = PutNote(author, note, content="y", base_seq=seq)
            edit = Submit(author, EditNote(note, seq, ("x",)))
            message: Message = edit if number else late
            with pytest.raises(Unavailable):
                await one.call(workspace_id, message)
            await insist(one, workspace_id, message)
        with pytest.raises(ValidationFailed, match="baseSeq"):
            await one.call(workspace_id, Submit(author, EditNote(note, 10**9, ("x",))))
        assert (await one.call(workspace_id, GetNote(owner, note))).content == "xy"
