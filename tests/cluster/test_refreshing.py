"""One refresh token used at many nodes at once: it has one successor, and a copy of it ends everything (D4)."""

import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import Cluster, NodeProcess, running_cluster
from tests.e2e.teams import PASSWORD, register
from tests.edge.http.client import Client, Connection, Reply
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, lengths
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)

USES = 100
CHAINS = 3
"""Sign-ins whose tokens are used at the same time."""
PROGRAM = {"User-Agent": "program/1"}


async def refresh(node: NodeProcess, token: str, program: str = "program/1") -> int:
    reply = await Client(node.port)(
        "POST", "/api/auth/refresh", {"refreshToken": token}, headers={"User-Agent": program}
    )
    return reply.status


async def sign_in(cluster: Cluster, email: str) -> Reply:
    login = {"email": email, "password": PASSWORD, "delivery": "body"}
    reply = await Client(cluster.nodes[0].port)("POST", "/api/auth/login", login, headers=PROGRAM)
    assert reply.status == 200, reply.body
    return reply


async def follow(cluster: Cluster, token: str, rounds: int) -> str:
    """Use the token and its successors, each by so many at once at both nodes; the last one."""
    async with AsyncExitStack() as stack:
        nodes = [Client(node.port) for node in cluster.nodes]
        open_ones = [await stack.enter_async_context(nodes[number % 2].connect()) for number in range(USES)]
        for _ in range(rounds):
            answers: list[Reply] = []

            async def use(connection: Connection, token: str, answers: list[Reply]) -> None:
                body = json.dumps({"refreshToken": token}).encode()
                headers = {**PROGRAM, "Content-Type": "application/json"}
                answers.append(await connection.request("POST", "/api/auth/refresh", headers, body))

            async with trio.open_nursery() as nursery:
                for connection in open_ones:
                    nursery.start_soon(use, connection, token, answers)
            assert len(answers) == USES and {answer.status for answer in answers} == {200}
            (successor,) = {answer.json["refreshToken"] for answer in answers}
            assert successor != token
            token = successor
    return token


@lengths("rounds", 3, 1_000)
async def test_many_uses_at_two_nodes_have_one_successor_and_a_thief_ends_the_sign_in(
    pg_store: RealStore, redis_url: str, tmp_path: Path, report: Report, rounds: int
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2) as cluster:
        ada = await register(cluster.nodes[0], "ada")
        shares = [rounds // CHAINS + (number < rounds % CHAINS) for number in range(CHAINS)]
        thefts = 0

        async def chain(rounds: int) -> None:
            nonlocal thefts
            signed_in = (await sign_in(cluster, ada.user["email"])).json
            first = signed_in["refreshToken"]
            last = await follow(cluster, first, rounds)
            async with open_realtime(cluster.nodes[1].url, signed_in["accessToken"]) as socket:
                assert await refresh(cluster.nodes[0], first, "thief/1") == 401
                assert (await socket.wait_closed()).code == 1008
            assert [await refresh(node, last) for node in cluster.nodes] == [401, 401]
            thefts += 1

        with trio.fail_after(max(PATIENCE_SECONDS - 20, rounds * 5)):
            async with trio.open_nursery() as nursery:
                for share in shares:
                    nursery.start_soon(chain, share)
        report("D4", pg_store, {"uses": rounds * USES, "copies used": thefts}, successors=rounds)
