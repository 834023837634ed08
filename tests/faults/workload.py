"""People at work while things break: clients that write down what they are told, and the judgement at the end."""

import json
import random
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trio

from nvserver.core.client_history import Activated
from nvserver.testing.history import HistoryFile, Witness
from nvserver.testing.note_client import NoteClient
from tests.e2e.characters import Typist, unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import Team, found_team
from tests.faults.checking import findings_of
from tests.faults.stores import RealStore
from tests.support.server import CHEAP, ServerProcess

PATIENCE_SECONDS = 400
BRISK: Mapping[str, str] = {**CHEAP, "NV_LOG__FORMAT": "json", "NV_WORKSPACE__SNAPSHOT_ENTRIES": "25"}
"""Snapshots are so frequent that every run sees some."""


class FaultyServer(ServerProcess):
    """A server whose next life can be given failpoints."""

    def start(self, failpoints: str = "") -> None:
        self._environment["NV_FAILPOINTS"] = failpoints
        super().start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def wait_killed(self) -> None:
        """Returns when a failpoint has killed it."""
        assert self._process is not None
        code = self._process.wait(PATIENCE_SECONDS)
        assert code == -signal.SIGKILL, f"the server ended with {code}:\n{self.log_text[-4000:]}"
        self.kill()

    def events(self, name: str) -> list[dict[str, object]]:
        """The log's lines of that event, of all lives."""
        lines = (json.loads(line) for line in self.log_text.splitlines() if line.startswith("{"))
        return [line for line in lines if line.get("event") == name]


@contextmanager
def faulty_server(store: RealStore, settings: Mapping[str, str] = BRISK) -> Iterator[FaultyServer]:
    """Not started yet; killed when the block is left."""
    server = FaultyServer(store.data_dir, {**settings, **store.variables})
    try:
        yield server
    finally:
        server.kill()


@dataclass(frozen=True, slots=True)
class Worker:
    """A client, who types in it, and where."""

    client: NoteClient
    typist: Typist
    team: Team


class Crew:
    """Clients in some workspaces, two in each. `steps` counts what they were told. To be entered, for its files."""

    def __init__(self, server: ServerProcess, folder: Path, rng: random.Random) -> None:
        self.workers: list[Worker] = []
        self.steps = 0
        self.is_over = False
        self._server = server
        self._folder = folder
        self._rng = rng
        self._files = ExitStack()
        self._paths: list[Path] = []
        self._moved = trio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._files.close()

    async def hire(self, workspaces: int, url: str | None = None) -> None:
        """Found so many workspaces on the running server, with two clients each, who connect to `url`."""
        characters = unlike_characters()
        for _ in range(workspaces):
            team = await found_team(self._server, bob="member")
            for name in ("ada", "bob"):
                typist = Typist(random.Random(self._rng.random()), characters)
                person = team[name]
                assert person.token is not None
                path = self._folder / f"client-{len(self._paths)}.jsonl"
                self._paths.append(path)
                file = self._files.enter_context(HistoryFile(path))
                witness = Witness(file, person.user["id"], team.workspace_id, team.note_id)
                client = NoteClient(
                    *(url or self._server.url, person.token, team.workspace_id, team.note_id),
                    *(typist.next_edit, self._step, witness),
                )
                self.workers.append(Worker(client, typist, team))

    @property
    def acknowledged(self) -> int:
        return sum(len(worker.client.acknowledged) for worker in self.workers)

    @property
    def lost(self) -> int:
        """How often a connection was lost, or a request answered `UNAVAILABLE`."""
        return sum(worker.client.losses for worker in self.workers)

    @property
    def resends(self) -> int:
        return sum(worker.client.resends for worker in self.workers)

    def start(self, nursery: trio.Nursery) -> None:
        """Let them write until `is_over`."""
        for worker in self.workers:
            nursery.start_soon(worker.client.run, lambda: self.is_over)

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

    async def come_to_rest(self) -> None:
        """Everybody reads what there is, then writes down what he shows. The clients' `run` must have ended."""
        for team in {id(worker.team): worker.team for worker in self.workers}.values():
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

    async def judge(self, store: RealStore) -> int:
        """Hold everything against the log; the number of lines that were held against it."""
        self._files.close()
        nodes = self._folder / "nodes.jsonl"
        if isinstance(self._server, FaultyServer):
            with HistoryFile(nodes) as file:
                for event in self._server.events("workspace opened"):
                    file.write(Activated(str(event["workspace"]), int(str(event["epoch"])), str(event["node"])))
            self._paths.append(nodes)
        async with store.open() as opened:
            found, counts = await findings_of(opened, *self._paths)
        assert found == []
        assert counts.claims > 0
        if store.url is None:  # and once more, by code of the tests' own
            for worker in self.workers:
                log = await trio.to_thread.run_sync(read_log, store.database, worker.team.workspace_id)
                assert fold(log, worker.team.note_id) == worker.client.replica.text
        return counts.claims


def report(store: RealStore, injected: Mapping[str, int], **seen: int) -> None:
    """One line of what the run did; a run in which one of it never happened proved nothing."""
    numbers = {**injected, **seen}
    print(f"FAULTS {store.name}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in numbers.items()))
    assert all(numbers.values()), f"the run proved nothing: {numbers}"


def tally(names: Sequence[str]) -> dict[str, int]:
    """How often each name occurs."""
    return {name: names.count(name) for name in dict.fromkeys(names)}
