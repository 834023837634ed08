"""A22: a workspace whose actor crashes in a loop is closed for repair alone; its neighbours never notice."""

import random
from pathlib import Path

import pytest
import trio

from nvserver.core.supervision import RestartIntensity
from nvserver.testing.realtime_client import ConnectionLost, open_realtime
from tests.e2e.teams import Team, found_team
from tests.faults.crew import at_work
from tests.faults.faulty_server import FaultyServer
from tests.faults.planted import POISON
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore
from tests.test_cli import nvserver

SINGLE_CRASHES = size(4, 40)
TIMES_SENT = 5
CRASHES_OF_POISON = 2
"""From then on the edit is known and not tried again."""
CRASHES_OF_A_LIFE = 4
"""Fewer than the restart intensity allows."""
APART = 40
"""Messages. An edit that comes again right after a crash must not meet the next one: it would be taken for poison, put
aside for good, and its author would never come to rest."""


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_crash_loop_ends_in_quarantine_of_that_workspace_alone(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    async with at_work(real_store, tmp_path, rng, 2) as crew:
        server = crew.server
        broken = await found_team(server, "kept")
        await trio.to_thread.run_sync(server.kill)
        await trio.to_thread.run_sync(server.start, f"take_message[{broken.workspace_id}]=raise@*")
        await crew.wait_acknowledged(20)
        losses = crew.lost
        for worker in crew.workers:
            worker.client.waits.clear()
        refused = await _knock_until_quarantined(broken, server)
        await crew.wait_acknowledged(20)
        waits = sorted(wait for worker in crew.workers for wait in worker.client.waits)
        assert crew.lost == losses
        assert (await broken["ada"]("GET", broken.note_path)).code == "UNAVAILABLE"
        crashes = [event for event in server.events("child crashed") if broken.workspace_id in str(event["child"])]
        assert len(crashes) == RestartIntensity().max_restarts + 1
        assert len(server.events("child crashed")) == len(crashes)
        assert [event["workspace"] for event in server.events("workspace quarantined")] == [broken.workspace_id]
        await trio.to_thread.run_sync(server.kill)
        await trio.to_thread.run_sync(server.start)
        assert (await broken["ada"]("GET", broken.note_path)).code == "UNAVAILABLE", "a restart opens nothing again"
        told = await trio.to_thread.run_sync(_admin, real_store, "quarantined")
        assert f"{broken.workspace_id}  since " in told
        assert "crashes on" in told
        poison = await trio.to_thread.run_sync(_admin, real_store, "poison", broken.workspace_id)
        assert "FailpointHit" in poison
        await trio.to_thread.run_sync(_admin, real_store, "release", broken.workspace_id)
        while (await broken["ada"]("GET", broken.note_path)).status == 503:
            await crew.wait_steps(1)
        assert (await broken.note())["content"] == "kept"
        crew.injected["crash"] = len(crashes)
    p99 = round(1_000 * waits[len(waits) * 99 // 100])
    report("A22", real_store, crew.injected, **crew.seen, refused=refused, neighbours_wait_p99_milliseconds=p99)


async def _knock_until_quarantined(team: Team, server: FaultyServer) -> int:
    """How often a visitor was told that the workspace cannot be had."""
    token = team["ada"].token
    assert token is not None
    refused = 0
    while not server.events("workspace quarantined"):
        try:
            async with open_realtime(server.url, token) as connection:
                answer = await connection.call("workspace:join", {"workspaceId": team.workspace_id})
                assert answer["error"]["code"] in ("INTERNAL", "UNAVAILABLE"), answer
                refused += 1
        except ConnectionLost as lost:
            raise AssertionError("the connection was lost with the workspace") from lost
    return refused


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_people_go_on_through_single_crashes(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    async with at_work(real_store, tmp_path, rng, 1) as crew:
        server = crew.server
        for _ in range(SINGLE_CRASHES // CRASHES_OF_A_LIFE):
            crashes = len(server.events("child crashed"))
            await trio.to_thread.run_sync(server.kill)
            hits = [APART * life + rng.randrange(10) for life in range(1, CRASHES_OF_A_LIFE + 1)]
            await trio.to_thread.run_sync(server.start, ",".join(f"take_message=raise@{hit}" for hit in hits))
            while len(server.events("child crashed")) < crashes + len(hits):
                await crew.wait_steps(5)
            await crew.wait_acknowledged(10)
        crew.injected["crash"] = len(server.events("child crashed"))
        assert not server.events("workspace quarantined")
    report("A22", real_store, crew.injected, **crew.seen)


def _admin(store: RealStore, *arguments: str) -> str:
    done = nvserver("admin", *arguments, "--data-dir", str(store.data_dir), **store.variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_an_edit_that_always_fails_is_put_aside_and_the_others_go_on(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    async with at_work(real_store, tmp_path, rng, 2) as crew:
        server, team = crew.server, crew.teams[0]
        neighbours = [worker.client for worker in crew.workers if worker.team is not team]
        await trio.to_thread.run_sync(server.kill)
        server.module = ("tests.faults.planted", "fail-at-a-word")
        await trio.to_thread.run_sync(server.start)
        await crew.wait_acknowledged(20)
        losses = sum(client.losses for client in neighbours)
        client_id, base_seq = None, await team.seq()
        for time in range(TIMES_SENT):
            async with team.connect("bob", client_id) as desk:
                client_id = desk.client_id
                answer = await desk.edit([POISON], base_seq)
            expected = "UNAVAILABLE" if time < CRASHES_OF_POISON else "INTERNAL"  # unknown, then refused for good
            assert answer["error"]["code"] == expected, answer
            await crew.wait_acknowledged(20)
        crew.injected["crash"] = len(server.events("child crashed"))
        assert crew.injected["crash"] == CRASHES_OF_POISON
        assert sum(client.losses for client in neighbours) == losses
        poison = await trio.to_thread.run_sync(_admin, real_store, "poison", team.workspace_id)
        assert "Submit EditNote" in poison
    report("A22 A23", real_store, crew.injected, **crew.seen, refused=TIMES_SENT)
