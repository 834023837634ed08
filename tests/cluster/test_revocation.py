"""Rights that end at one node end at the other, with Redis and without (C11).

Bob sits at the second node. Whatever takes his right away is asked of the first. Without Redis nobody tells anybody: a
node then learns from the database that a sign-in has ended.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
import trio

from nvserver.testing.realtime_client import ConnectionLost, Event
from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import PASSWORD, Desk, Team, found_team, register
from tests.edge.http.client import Client, Reply
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, lengths
from tests.faults.stores import RealStore
from tests.support.redis import running_redis

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)

SECRET = "nobody who is gone may read this"

Deed: TypeAlias = Callable[[Client, Team], Awaitable[Reply]]


def member(team: Team) -> str:
    return f"/api/workspaces/{team.workspace_id}/members/{team['bob'].user['id']}"


async def sign_out(_root: Client, team: Team) -> Reply:
    return await team["bob"]("POST", "/api/auth/logout")


async def suspend(root: Client, team: Team) -> Reply:
    return await root("PUT", f"/api/admin/users/{team['bob'].user['id']}", {"suspended": True})


async def change_password(_root: Client, team: Team) -> Reply:
    """By another sign-in of his, as somebody does whose laptop was stolen."""
    login = {"email": team["bob"].user["email"], "password": PASSWORD, "delivery": "body"}
    elsewhere = replace(
        team["bob"], token=(await Client(team["bob"].port).post("/api/auth/login", login))["accessToken"]
    )
    body = {"currentPassword": PASSWORD, "newPassword": f"{PASSWORD} and new"}
    return await elsewhere("POST", "/api/auth/password", body)


async def remove(_root: Client, team: Team) -> Reply:
    return await team["ada"]("DELETE", member(team))


async def demote(_root: Client, team: Team) -> Reply:
    return await team["ada"]("PUT", member(team), {"role": "viewer"})


async def delete(_root: Client, team: Team) -> Reply:
    return await team["ada"]("DELETE", f"/api/workspaces/{team.workspace_id}")


async def delete_account(_root: Client, team: Team) -> Reply:
    return await team["bob"]("DELETE", "/api/auth/me", {"password": PASSWORD})


SIGN_INS: Mapping[str, Deed] = {"sign out": sign_out, "suspend": suspend, "change the password": change_password}
MEMBERSHIPS: Mapping[str, Deed] = {"remove": remove, "demote": demote, "delete": delete}
BOTH: Mapping[str, Deed] = {"delete the account": delete_account}


async def refused(bob: Desk, seq: int) -> str:
    """How Bob's next writing ends: the code of the refusal, or that he is sent off."""
    try:
        answer = await bob.edit(["x"], seq)
    except ConnectionLost as lost:
        return str(lost.code)
    return str(answer["error"]["code"]) if "error" in answer else "accepted"


async def ends(cluster: Cluster, root: Client, deed: Deed) -> str:
    """Bob writes, loses his right, and writes again; how that ended. What Ada writes then he does not get."""
    here, there = cluster.nodes
    team = await found_team(here, "text", bob="member")
    async with team.connect("ada") as ada, replace(team, server=there).connect("bob") as bob:
        seq = (await bob.edit(["1"], bob.opened["seq"]))["seq"]
        reply = await deed(root, team)
        assert reply.status in (200, 204), reply.body
        while (outcome := await refused(bob, seq)) == "accepted":
            pass  # what was sent before the word came
        if deed is delete:
            return outcome
        bob.connection.take_kept()
        assert "error" not in await ada.edit([SECRET], seq)
        if deed is not demote:  # who only reads from now on goes on reading
            told: list[object] = []
            with trio.move_on_after(0.2):
                try:
                    while True:
                        told.append(await bob.connection.receive())
                except ConnectionLost:
                    pass
            assert not [one for one in told if isinstance(one, Event) and SECRET in str(one.payload)]
            if deed is delete_account and outcome == "WORKSPACE_NOT_FOUND":  # he has left first, and is sent off next
                return str((await bob.connection.wait_closed()).code)
        return outcome


@pytest.fixture
def settings() -> dict[str, str]:
    return {"NV_TOKENS__RECHECK_SECONDS": "1"}


@lengths("trials", 3, 100)
async def test_what_ends_at_one_node_ends_at_the_other(
    pg_store: RealStore, redis_url: str, tmp_path: Path, settings: dict[str, str], report: Report, trials: int
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **settings) as cluster:
        root = await register(cluster.nodes[0], "root")
        outcomes: dict[str, str] = {}
        with trio.fail_after(max(PATIENCE_SECONDS - 20, trials * 30)):
            for _ in range(trials):
                for name, deed in {**SIGN_INS, **MEMBERSHIPS, **BOTH}.items():
                    outcomes[name] = await ends(cluster, root, deed)
        assert outcomes == {
            **dict.fromkeys((*SIGN_INS, *BOTH), "1008"),
            "remove": "WORKSPACE_NOT_FOUND",
            "demote": "FORBIDDEN",
            "delete": "WORKSPACE_NOT_FOUND",
        }
        report("C11", pg_store, {"revocations": trials * len(outcomes)}, kinds=len(outcomes))


async def test_without_redis_a_node_learns_from_the_database_which_sign_ins_ended(
    pg_store: RealStore, tmp_path: Path, settings: dict[str, str], report: Report
) -> None:
    with running_redis() as redis:
        async with running_cluster(pg_store, redis.url, tmp_path, count=2, **settings) as cluster:
            here, there = cluster.nodes
            root = await register(here, "root")
            teams = {name: await found_team(here, "text", bob="member") for name in SIGN_INS}
            closed = 0
            async with trio.open_nursery() as nursery:
                for team in teams.values():

                    async def sit(team: Team, task_status: trio.TaskStatus[None]) -> None:
                        nonlocal closed
                        async with replace(team, server=there).connect("bob") as bob:
                            task_status.started()
                            assert (await bob.connection.wait_closed()).code == 1008
                            closed += 1

                    await nursery.start(sit, team)
                await trio.to_thread.run_sync(redis.stop)
                with trio.fail_after(PATIENCE_SECONDS - 20):
                    for name, deed in SIGN_INS.items():
                        assert (await deed(root, teams[name])).status in (200, 204)
            assert closed == len(SIGN_INS)
            report("C11", pg_store, {"revocations": closed, "redis killed": 1}, closed=closed)
