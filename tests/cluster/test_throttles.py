"""Guessing passwords (D6), and asking too often (D11), through many nodes."""

from pathlib import Path

import pytest
import trio

from nvserver.services.sign_in_limits import SignInRates
from tests.cluster.nodes import Cluster, running_cluster
from tests.e2e.teams import register
from tests.edge.http.client import Client
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore
from tests.support.redis import running_redis

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)

GUESSES = 60
REQUESTS = 300
SLOW = "100000"
"""Seconds until another guess: none while the test runs, so that the count does not depend on how long that is."""


async def looked_at(cluster: Cluster, email: str) -> int:
    """Of many guesses at one account, at the nodes in turn."""
    count = 0
    for number in range(GUESSES):
        node = cluster.nodes[number % len(cluster.nodes)]
        body = {"email": email, "password": "a wrong password"}
        reply = await Client(node.port)("POST", "/api/auth/login", body)
        assert reply.status in (401, 429)
        count += reply.status == 401
    return count


async def answered(cluster: Cluster, token: str | None) -> int:
    """Of many requests of one person, to the nodes in turn."""
    count = 0
    for number in range(2 * REQUESTS):
        reply = await Client(cluster.nodes[number % len(cluster.nodes)].port, token)("GET", "/api/auth/me")
        assert reply.status in (200, 429)
        assert reply.status == 200 or int(reply.headers["retry-after"]) >= 1
        count += reply.status == 200
    return count


async def all_know_all(cluster: Cluster, administrator: Client) -> None:
    """Words of a node that is not known yet are not heard."""
    for node in cluster.nodes:
        asking = Client(node.port, administrator.token)
        while len((await asking.get("/api/admin/nodes"))["items"]) < len(cluster.nodes):
            await trio.lowlevel.checkpoint()


async def test_three_nodes_allow_as_many_guesses_as_one_and_without_redis_no_more_than_each_its_own(
    pg_store: RealStore, tmp_path: Path, report: Report
) -> None:
    burst = 10
    settings = {
        "NV_RATE_LIMITS": "on",
        "NV_SIGN_IN__ACCOUNT_BURST": str(burst),
        "NV_SIGN_IN__ACCOUNT_SECONDS": SLOW,
        "NV_SIGN_IN__ACCOUNT_FROM_ADDRESS_BURST": "1000",
        "NV_REQUEST_RATES__PERSON_BURST": str(REQUESTS),
        "NV_REQUEST_RATES__PERSON_SECONDS": SLOW,
        "NV_PASSWORDS__MEMORY_KIB": "19456",  # as outside of tests: a guess takes longer than the word of it
        "NV_PASSWORDS__PASSES": "2",
    }
    assert SignInRates().account_burst < GUESSES
    with running_redis() as redis:
        async with running_cluster(pg_store, redis.url, tmp_path, **settings) as cluster:
            people = [await register(cluster.nodes[0], name) for name in ("ada", "bob", "eve")]
            with trio.fail_after(PATIENCE_SECONDS / 2):
                await all_know_all(cluster, people[0])
                requests = await answered(cluster, people[2].token)
                together = await looked_at(cluster, people[0].user["email"])
                await trio.to_thread.run_sync(redis.stop)
                apart = await looked_at(cluster, people[1].user["email"])
            assert burst <= together <= burst * 1.1 + 1
            assert REQUESTS * 0.9 <= requests <= REQUESTS * 1.1
            assert burst <= apart <= burst * len(cluster.nodes)
            report("D6", pg_store, {"guesses": 2 * GUESSES, "redis killed": 1}, together=together, apart=apart)
