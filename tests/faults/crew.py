"""People at work while things break: clients that write down what they are told, and the judgement at the end."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trio

from nvserver.commands.verify import describe, describe_totals
from nvserver.core.client_history import Activated, Fenced, Injected
from nvserver.testing.history import HistoryFile, Witness
from nvserver.testing.note_client import NoteClient
from tests.e2e.characters import Typist, unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import Team, found_team
from tests.faults.checking import findings_of
from tests.faults.faulty_server import BRISK, FaultyServer, faulty_server
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore

RIVAL = "rival"
"""The name of the node that takes workspaces over for a moment."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A client, who types in it, and where."""

    client: NoteClient
    typist: Typist
    team: Team


class Crew:
    """Clients in some workspaces, two in each. `steps` counts what they were told. To be entered, for its files."""

    def __init__(self, server: FaultyServer, folder: Path, rng: random.Random) -> None:
        self.server = server
        self.workers: list[Worker] = []
        self.steps = 0
        self.is_over = False
        self.injected: Counter[str] = Counter()
        """The faults that struck, by name."""
        self.claims = 0
        """How many lines of the clients were held against the log; known when it was judged."""
        self._folder = folder
        self._rng = rng
        self._files = ExitStack()
        self._paths: list[Path] = []
        self._node_lines = self._new_file("nodes")
        self._moved = trio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._files.close()

    def _new_file(self, name: str) -> HistoryFile:
        self._paths.append(self._folder / f"{name}.jsonl")
        return self._files.enter_context(HistoryFile(self._paths[-1]))

    async def hire(self, workspaces: int, url: str | None = None) -> None:
        """Found so many workspaces on the running server, with two clients each, who connect to `url`."""
        characters = unlike_characters()
        for _ in range(workspaces):
            team = await found_team(self.server, bob="member")
            for name in ("ada", "bob"):
                typist = Typist(random.Random(self._rng.random()), characters)
                person = team[name]
                assert person.token is not None
                file = self._new_file(f"client-{len(self.workers)}")
                witness = Witness(file, person.user["id"], team.workspace_id, team.note_id)
                client = NoteClient(
                    *(url or self.server.url, person.token, team.workspace_id, team.note_id),
                    *(typist.next_edit, self._step, witness),
                )
                self.workers.append(Worker(client, typist, team))

    @property
    def teams(self) -> Sequence[Team]:
        return list({worker.team.workspace_id: worker.team for worker in self.workers}.values())

    @property
    def acknowledged(self) -> int:
        return sum(len(worker.client.acknowledged) for worker in self.workers)

    @property
    def lost(self) -> int:
        """How often a connection was lost, or a request could not be answered."""
        return sum(worker.client.losses for worker in self.workers)

    @property
    def resends(self) -> int:
        return sum(worker.client.resends for worker in self.workers)

    @property
    def fenced(self) -> int:
        """How often an append of the server's was refused because of a newer activation."""
        return self._fences().total()

    def _fences(self) -> Counter[str]:
        """By workspace."""
        lost = self.server.events("workspace lost")
        return Counter(str(event["workspace"]) for event in lost if event["outcome"] == "fenced")

    @property
    def seen(self) -> dict[str, int]:
        """What a report tells of every run."""
        seen = {"acknowledged": self.acknowledged, "fence hits": self.fenced, "resends": self.resends}
        return {**seen, "claims checked": self.claims}

    def start(self, nursery: trio.Nursery, visit_pause_seconds: float | None = None) -> None:
        """Let them write until `is_over`; with a pause they come for one edit each time, and stay away in between for a
        time of chance, at most so long."""
        for worker in self.workers:
            if visit_pause_seconds is None:
                nursery.start_soon(worker.client.run, lambda: self.is_over)
            else:
                nursery.start_soon(self._visit, worker.client, visit_pause_seconds)

    async def _visit(self, client: NoteClient, pause_seconds: float) -> None:
        chance = random.Random(self._rng.random())
        while not self.is_over:
            goal = len(client.acknowledged) + 1
            await client.run(lambda: self.is_over or len(client.acknowledged) >= goal)  # noqa: B023 - awaited at once
            self._step()
            await trio.sleep(chance.random() * pause_seconds)

    def _step(self) -> None:
        self.steps += 1
        self._moved.set()
        self._moved = trio.Event()

    async def wait(self, is_reached: Callable[[], bool]) -> None:
        """Until it is so; asked whenever a client is told something."""
        while not is_reached():
            await self._moved.wait()

    async def wait_steps(self, steps: int) -> None:
        """Until so many more things were told."""
        goal = self.steps + steps
        await self.wait(lambda: self.steps >= goal)

    async def wait_acknowledged(self, count: int) -> None:
        """Until so many more edits were acknowledged."""
        goal = self.acknowledged + count
        await self.wait(lambda: self.acknowledged >= goal)

    async def wait_all_lost(self, times: int = 1) -> None:
        """Until every client has lost its connection, or been refused, so often more."""
        goals = [(worker.client, worker.client.losses + times) for worker in self.workers]
        await self.wait(lambda: all(client.losses >= goal for client, goal in goals))

    async def meet_rival(self, store: RealStore) -> None:
        """Somebody else takes every workspace over while it is written to, until the server was told so; one that was
        not open at that moment is taken over again."""
        before = self._fences()
        async with store.open() as opened:
            while missing := [
                team for team in self.teams if self._fences()[team.workspace_id] == before[team.workspace_id]
            ]:
                for team in missing:
                    activation = await opened.oplog.activate(team.workspace_id, RIVAL)
                    self._node_lines.write(Activated(team.workspace_id, activation.epoch, RIVAL, activation.head))
                await self.wait_steps(20)

    async def come_to_rest(self) -> None:
        """Everybody reads what there is, then writes down what he shows. The clients' `run` must have ended."""
        for team in self.teams:
            colleagues = [worker for worker in self.workers if worker.team is team]
            newest = max(worker.client.seq for worker in colleagues)
            for worker in colleagues:
                await worker.client.follow(newest)
                worker.client.quiesce()
            texts = {worker.client.replica.text for worker in colleagues}
            texts.add((await team.note())["content"])
            assert len(texts) == 1, "the clients and the server show different texts"
            (text,) = texts
            typed = set[str]().union(*(worker.typist.typed for worker in colleagues))
            deleted = set[str]().union(*(worker.typist.deleted for worker in colleagues))
            assert len(text) == len(set(text))
            assert set(text) == typed - deleted

    def write_down_nodes(self) -> Sequence[Path]:
        """Write down what the server's log tells; all files there are. The server must have stopped."""
        for event in self.server.events("workspace opened"):
            epoch, seq = int(str(event["epoch"])), int(str(event["seq"]))
            self._node_lines.write(Activated(str(event["workspace"]), epoch, str(event["node"]), seq))
        for workspace_id in self._fences().elements():
            self._node_lines.write(Fenced(workspace_id))
        for name, times in self.injected.items():
            self._node_lines.write(Injected(name, times))
        self._files.close()
        return self._paths

    async def judge(self, store: RealStore) -> None:
        """Hold everything against the log."""
        paths = self.write_down_nodes()
        async with store.open() as opened:
            found, counts, totals = await findings_of(opened, *paths)
        print(describe_totals(totals), describe(counts), sep="; ")
        assert found == []
        assert totals.faults and totals.acknowledgements and totals.fence_hits
        self.claims = counts.claims
        if store.url is None:  # and once more, by code of the tests' own
            for worker in self.workers:
                log = await trio.to_thread.run_sync(read_log, store.database, worker.team.workspace_id)
                assert log[0].seq > 1 or fold(log, worker.team.note_id) == worker.client.replica.text


@asynccontextmanager
async def at_work(
    store: RealStore,
    folder: Path,
    rng: random.Random,
    workspaces: int,
    settings: Mapping[str, str] = BRISK,
    *,
    line: RealStore | None = None,
    visit_pause_seconds: float | None = None,
) -> AsyncIterator[Crew]:
    """People who write on a running server while the block breaks it. At the end of the block a rival takes their
    workspaces over for a moment, then they come to rest and all is judged. `line`: the store as the server reaches it;
    `visit_pause_seconds`: see `Crew.start`."""
    async with store.open():
        pass  # the schema, which a server on PostgreSQL does not make by itself
    with (
        faulty_server(line or store, settings) as server,
        Crew(server, folder, rng) as crew,
        trio.fail_after(PATIENCE_SECONDS),
    ):
        await trio.to_thread.run_sync(server.start)
        await crew.hire(workspaces)
        async with trio.open_nursery() as nursery:
            crew.start(nursery, visit_pause_seconds)
            await crew.wait_acknowledged(10 * workspaces)
            yield crew
            await crew.meet_rival(store)
            await crew.wait_acknowledged(10 * workspaces)
            crew.is_over = True
        await crew.come_to_rest()
        await trio.to_thread.run_sync(server.kill)
        await crew.judge(store)
