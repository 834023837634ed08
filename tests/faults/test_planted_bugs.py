"""Bugs planted in the server are all found by `nvserver verify`, each by its sentence; without one it finds nothing.

Every bug goes through the same gauntlet: requests sent again and misused, two edits at the same place, people removed,
demoted and cut off, a rival node, a store that loses an answer, and `kill -9` in the middle of a commit.
"""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import trio

from nvserver.core.client_history import Acked, Activated, Failed, Injected, Line, Quiesced, Received
from nvserver.core.ot import from_wire
from nvserver.testing.history import HistoryFile, deleted_by, inserted_by, payload_hash
from nvserver.testing.note_client import NoteClient
from nvserver.testing.replica import apply_plain
from tests.e2e.teams import Desk, Team, found_team
from tests.faults.checking import findings_of
from tests.faults.crew import RIVAL, Crew
from tests.faults.faulty_server import FaultyServer, faulty_server
from tests.faults.planted import BUGS
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore

AT_ONCE = 3
"""Servers that run at the same time."""
EDIT = "collaboration:edit"
FAULTS = "before_append=drop@40,before_commit=sleep:0.2@150,before_commit=sigkill@150"
"""The sleep lets out what the server tells too early."""


class Scribe:
    """People at their desks in one workspace, who write down what they are told, whatever it is."""

    def __init__(self, team: Team, file: HistoryFile) -> None:
        self.team = team
        self.text = ""
        """As the realtime contract wants it."""
        self._file = file

    def note(self, line: Line) -> None:
        self._file.write(line)

    def payload(self, desk: Desk, number: int, base_seq: int, op: list[Any]) -> dict[str, Any]:
        return {
            "workspaceId": desk.workspace_id,
            "clientId": desk.client_id,
            "clientSeq": number,
            "noteId": desk.note_id,
            "baseSeq": base_seq,
            "op": op,
        }

    async def send(self, desk: Desk, payload: dict[str, Any]) -> int | None:
        """The seq that the edit is said to have; None when it was refused."""
        answer = await desk.connection.call(EDIT, payload)
        if "error" in answer:
            self.note(Failed(desk.workspace_id, desk.client_id, payload["clientSeq"], answer["error"]["code"]))
            return None
        op, digest = from_wire(payload["op"]), payload_hash(EDIT, payload)
        told = (inserted_by(op), deleted_by(op, self.text))
        self.note(Acked(desk.workspace_id, desk.client_id, payload["clientSeq"], answer["seq"], digest, *told))
        return int(answer["seq"])

    async def write(self, desk: Desk, number: int, base_seq: int, text: str) -> int:
        """Put the text in front; the seq."""
        seq = await self.send(desk, self.payload(desk, number, base_seq, [text]))
        assert seq is not None
        self.text = text + self.text
        return seq

    def shows(self, desk: Desk, seq: int, text: str) -> None:
        self.note(Quiesced(desk.workspace_id, desk.client_id, desk.note_id, seq, text))


async def resend_and_misuse(scribe: Scribe, ada: Desk) -> int:
    """An edit, another one, the first again, and its number for something else."""
    first = scribe.payload(ada, 1, ada.opened["seq"], ["a"])
    seq = await scribe.send(ada, first)
    assert seq is not None
    scribe.text = "a"
    newest = await scribe.write(ada, 2, seq, "b")
    await scribe.send(ada, first)
    await scribe.send(ada, scribe.payload(ada, 2, newest, ["another edit"]))
    return await scribe.team.seq()


async def write_at_one_place(scribe: Scribe, ada: Desk, bob: Desk, seq: int) -> int:
    """What was committed first stays left."""
    before = scribe.text
    await scribe.write(ada, 3, seq, "x")
    newest = await scribe.send(bob, scribe.payload(bob, 1, seq, ["y"]))
    assert newest is not None
    scribe.text = "xy" + before
    scribe.shows(ada, newest, scribe.text)
    return newest


async def remove(scribe: Scribe, ada: Desk, cleo: Desk) -> None:
    """Cleo is removed with the note open; ada writes on."""
    team = scribe.team
    cleo_id = team["cleo"].user["id"]
    await team["ada"]("DELETE", f"/api/workspaces/{team.workspace_id}/members/{cleo_id}")
    await scribe.write(ada, 5, await team.seq(), "c")
    await cleo.connection.call("workspace:join", {"workspaceId": team.workspace_id})
    for event in cleo.connection.take_kept():
        for edit in event.payload["edits"] if getattr(event, "name", "") == EDIT else ():
            told = (edit["seq"], edit["op"], edit["clientId"], edit["clientSeq"])
            scribe.note(Received(team.workspace_id, cleo_id, team.note_id, *told))


async def demote(scribe: Scribe, dan: Desk) -> None:
    """Dan becomes one who may only read, and writes."""
    team = scribe.team
    path = f"/api/workspaces/{team.workspace_id}/members/{team['dan'].user['id']}"
    assert (await team["ada"]("PUT", path, {"role": "viewer"})).status == 200
    await scribe.send(dan, scribe.payload(dan, 1, await team.seq(), ["d"]))


async def come_back(scribe: Scribe, client_id: str, since: int, text: str) -> None:
    """Bob was away since he showed `text`; he gets what he missed."""
    team = scribe.team
    async with team.connect("bob", client_id) as bob:
        opened = await bob.call("note:open", noteId=team.note_id, since=since)
        for edit in opened["edits"]:
            text = apply_plain(text, from_wire(edit["op"]))
        scribe.shows(bob, opened["seq"], text)


async def meet_rival(scribe: Scribe, store: RealStore) -> None:
    """Another node takes the workspace over; ada makes a note all the same."""
    team = scribe.team
    async with store.open() as opened:
        activation = await opened.oplog.activate(team.workspace_id, RIVAL)
    scribe.note(Activated(team.workspace_id, activation.epoch, RIVAL, activation.head))
    while (await team["ada"]("POST", f"/api/workspaces/{team.workspace_id}/notes", {"title": "More"})).status >= 500:
        pass


async def act(scribe: Scribe, store: RealStore) -> None:
    """What people do by hand."""
    team = scribe.team
    async with team.connect("ada") as ada, team.connect("cleo") as cleo, team.connect("dan") as dan:
        async with team.connect("bob") as bob:
            seq = await resend_and_misuse(scribe, ada)
            seq = await write_at_one_place(scribe, ada, bob, seq)
            away_since, known = seq, scribe.text
        await scribe.write(ada, 4, seq, "e")
        await remove(scribe, ada, cleo)
        await come_back(scribe, bob.client_id, away_since, known)
        await demote(scribe, dan)
        await meet_rival(scribe, store)


class Gauntlet:
    """One server with one bug, or none, and what is found in the end."""

    def __init__(self, bug: str, folder: Path, rng: random.Random) -> None:
        folder.mkdir()
        self.bug = bug
        self.found: Sequence[str] = ()
        self.is_proof = False
        self._folder = folder
        self._rng = rng
        self._store = RealStore(folder / "data")
        self._store.data_dir.mkdir()

    async def run(self) -> None:
        with ExitStack() as stack:
            server = stack.enter_context(faulty_server(self._store))
            server.module = ("tests.faults.planted", self.bug)
            crew = stack.enter_context(Crew(server, self._folder, self._rng))
            history = stack.enter_context(HistoryFile(self._folder / "scribe.jsonl"))
            await self._break(server, crew, history)
            history.write(Injected("kill in the middle of a commit"))
            paths = (*crew.write_down_nodes(), history.path)
            async with self._store.open() as store:
                self.found, _, totals = await findings_of(store, *paths)
        self.is_proof = bool(totals.faults and totals.acknowledgements and totals.fence_hits)

    async def _break(self, server: FaultyServer, crew: Crew, history: HistoryFile) -> None:
        async with self._store.open():
            pass
        if self.bug == "apply-resends-again":
            with closing(sqlite3.connect(self._store.database)) as connection:
                connection.execute("DROP INDEX ops_by_number")
        await trio.to_thread.run_sync(server.start, FAULTS)
        await crew.hire(1)
        team = await found_team(server, bob="member", cleo="member", dan="member")
        await act(Scribe(team, history), self._store)
        async with trio.open_nursery() as nursery:
            for worker in crew.workers:
                nursery.start_soon(self._work, worker.client)
            await trio.to_thread.run_sync(server.wait_killed)
            nursery.cancel_scope.cancel()

    async def _work(self, client: NoteClient) -> None:
        """A client that notices a broken contract starts over; the log has to tell of it all the same."""
        while True:
            try:
                await client.run(lambda: False)
            except (AssertionError, ValueError, KeyError) as noticed:
                print(f"{self.bug}: a client noticed: {noticed}")
                client.start_over()


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_each_planted_bug_is_found(rng: random.Random, tmp_path: Path, report: Report) -> None:
    gauntlets = [Gauntlet(bug, tmp_path / bug, random.Random(rng.random())) for bug in ("none", *BUGS)]
    places = trio.CapacityLimiter(AT_ONCE)

    async def run(gauntlet: Gauntlet) -> None:
        async with places:
            await gauntlet.run()

    with trio.fail_after(PATIENCE_SECONDS):
        async with trio.open_nursery() as nursery:
            for gauntlet in gauntlets:
                nursery.start_soon(run, gauntlet)
    none, *bugs = gauntlets
    assert (none.found, none.is_proof) == ([], True)
    missed = {g.bug: g.found for g in bugs if not any(BUGS[g.bug].finding in one for one in g.found)}
    assert missed == {}
    report("planted bugs", RealStore(tmp_path), {"bugs": len(bugs)}, found=len(bugs))
