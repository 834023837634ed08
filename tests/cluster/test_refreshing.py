"""One refresh token used at many nodes at once: it has one successor, and a copy of it ends everything (D4)."""

from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import NodeProcess, running_cluster
from tests.e2e.teams import PASSWORD, register
from tests.edge.http.client import Client
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, lengths
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)

USES = 100


async def refresh(node: NodeProcess, token: str, program: str = "program/1") -> tuple[int, str | None]:
    reply = await Client(node.port)(
        "POST", "/api/auth/refresh", {"refreshToken": token}, headers={"User-Agent": program}
    )
    return reply.status, reply.json.get("refreshToken")


@lengths("rounds", 3, 1_000)
async def test_many_uses_at_two_nodes_have_one_successor_and_a_thief_ends_the_sign_in(
    pg_store: RealStore, redis_url: str, tmp_path: Path, report: Report, rounds: int
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=2) as cluster:
        ada = await register(cluster.nodes[0], "ada")
        login = {"email": ada.user["email"], "password": PASSWORD, "delivery": "body"}
        headers = {"User-Agent": "program/1"}
        signed_in = (await Client(cluster.nodes[0].port)("POST", "/api/auth/login", login, headers=headers)).json
        token = first = signed_in["refreshToken"]
        with trio.fail_after(max(PATIENCE_SECONDS - 20, rounds * 5)):
            for _ in range(rounds):
                answers: list[tuple[int, str | None]] = []

                async def use(node: NodeProcess, token: str, answers: list[tuple[int, str | None]]) -> None:
                    answers.append(await refresh(node, token))

                async with trio.open_nursery() as nursery:
                    for number in range(USES):
                        nursery.start_soon(use, cluster.nodes[number % 2], token, answers)
                assert len(answers) == USES and {status for status, _ in answers} == {200}
                (successor,) = {successor for _, successor in answers}
                assert successor is not None and successor != token
                token = successor
            async with open_realtime(cluster.nodes[1].url, signed_in["accessToken"]) as socket:
                assert (await refresh(cluster.nodes[0], first, "thief/1"))[0] == 401
                assert (await socket.wait_closed()).code == 1008
            assert [(await refresh(node, token))[0] for node in cluster.nodes] == [401, 401]
        report("D4", pg_store, {"uses": rounds * USES, "copies used": 1}, successors=rounds)
