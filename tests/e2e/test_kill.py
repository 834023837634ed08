"""`kill -9` under load: what was acknowledged, or told to anybody, is there once and in order; clients go on by
themselves."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import trio

from nvserver.testing.note_client import NoteClient
from tests.e2e.characters import Typist, unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import Team, found_team
from tests.support.server import ServerProcess

KILLS = 20
WORKSPACES = 4
STEPS_BEFORE_A_KILL = (1, 400)
PATIENCE_SECONDS = 420


@dataclass(frozen=True, slots=True)
class Worker:
    """A client, who types in it, and where."""

    client: NoteClient
    typist: Typist
    team: Team


class Countdown:
    """Lets a test wait for the moment after so many steps of all clients."""

    def __init__(self) -> None:
        self._left = 0
        self._is_over = trio.Event()

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._is_over.set()

    async def wait(self, steps: int) -> None:
        self._left, self._is_over = steps, trio.Event()
        await self._is_over.wait()


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_nothing_that_was_told_is_lost_and_clients_go_on(own_server: ServerProcess, rng: random.Random) -> None:
    countdown = Countdown()
    workers = await _workers(own_server, rng, countdown.step)
    is_over = False
    with trio.fail_after(PATIENCE_SECONDS):
        async with trio.open_nursery() as nursery:
            for worker in workers:
                nursery.start_soon(worker.client.run, lambda: is_over)
            for _ in range(KILLS):
                await countdown.wait(rng.randint(*STEPS_BEFORE_A_KILL))
                await trio.to_thread.run_sync(own_server.kill)
                await trio.to_thread.run_sync(own_server.start)
            await countdown.wait(STEPS_BEFORE_A_KILL[1])
            is_over = True
        for team, colleagues in _by_team(workers):
            newest = max(worker.client.seq for worker in colleagues)
            for worker in colleagues:
                await worker.client.follow(newest)
            await _check(own_server, team, colleagues)
    acknowledged = sum(len(worker.client.acknowledged) for worker in workers)
    resends = sum(worker.client.resends for worker in workers)
    duplicates = sum(worker.client.duplicates for worker in workers)
    print(f"{own_server.kills} kills, {acknowledged} acknowledged, {resends} resends, {duplicates} duplicates")
    assert own_server.kills == KILLS
    assert acknowledged > KILLS
    assert resends > 0
    assert all(worker.client.connections > 1 for worker in workers)


async def _workers(server: ServerProcess, rng: random.Random, on_progress: Callable[[], None]) -> list[Worker]:
    """Two clients for each workspace."""
    characters = unlike_characters()
    workers = []
    for _ in range(WORKSPACES):
        team = await found_team(server, bob="member")
        for name in ("ada", "bob"):
            typist = Typist(random.Random(rng.random()), characters)
            token = team[name].token
            assert token is not None
            client = NoteClient(server.url, token, team.workspace_id, team.note_id, typist.next_edit, on_progress)
            workers.append(Worker(client, typist, team))
    return workers


def _by_team(workers: list[Worker]) -> Iterator[tuple[Team, list[Worker]]]:
    for _, group in itertools.groupby(workers, lambda worker: worker.team.workspace_id):
        colleagues = list(group)
        yield colleagues[0].team, colleagues


async def _check(server: ServerProcess, team: Team, workers: list[Worker]) -> None:
    """Hold what the clients were told, and what they show, against the log."""
    log = await trio.to_thread.run_sync(read_log, server.database, team.workspace_id)
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    assert all(earlier.epoch <= later.epoch for earlier, later in itertools.pairwise(log))
    logged = {(entry.client_id, entry.client_seq): entry.seq for entry in log if entry.client_id is not None}
    assert len(logged) == sum(entry.client_id is not None for entry in log)
    for worker in workers:
        client = worker.client
        assert {seq: logged.get((client.client_id, seq)) for seq in client.acknowledged} == client.acknowledged
        for seq, told in client.broadcast.items():
            entry = log[seq - 1]
            assert told == (entry.client_id, entry.client_seq, entry.wire_op)
    text = fold(log, team.note_id)
    assert (await team.note())["content"] == text
    assert {worker.client.replica.text for worker in workers} == {text}
    typed = set().union(*(worker.typist.typed for worker in workers))
    deleted = set().union(*(worker.typist.deleted for worker in workers))
    assert len(text) == len(set(text))
    assert set(text) == typed - deleted
