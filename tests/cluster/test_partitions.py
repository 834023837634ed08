"""A9, A10: every line between a node and an engine is cut for a while: no split brain, and all goes on afterwards."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trio

from nvserver.testing.fault_proxy import FaultProxy, fault_proxy
from tests.cluster.nodes import LEASE_SECONDS, Cluster, past, people_at_work, running_cluster, seen
from tests.faults.reporting import Report
from tests.faults.sizes import FULL_SHARE, PATIENCE_SECONDS
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)

ROUNDS = max(1, round(16 * FULL_SHARE))
"""Six cuts each."""


@dataclass(frozen=True, slots=True)
class Lines:
    """One node's."""

    redis: FaultProxy
    postgres: FaultProxy


@asynccontextmanager
async def cluster_on_lines(
    store: RealStore, redis_url: str, folder: Path, rng: random.Random
) -> AsyncIterator[tuple[Cluster, list[Lines]]]:
    assert store.url is not None
    async with AsyncExitStack() as stack:
        lines: list[Lines] = []
        settings = []
        for _ in range(3):
            proxies = {}
            addresses = {}
            for name, url in (("redis", redis_url), ("postgres", store.url)):
                parts = urlsplit(url)
                assert parts.hostname is not None and parts.port is not None
                proxies[name] = await stack.enter_async_context(
                    fault_proxy(parts.hostname, parts.port, rng.randrange(2**32))
                )
                user = f"{parts.username}@" if parts.username else ""
                addresses[name] = parts._replace(netloc=f"{user}127.0.0.1:{proxies[name].port}").geturl()
            lines.append(Lines(proxies["redis"], proxies["postgres"]))
            settings.append({"NV_REDIS_URL": addresses["redis"], "NV_DATABASE_URL": addresses["postgres"]})
        yield await stack.enter_async_context(running_cluster(store, redis_url, folder, own_settings=settings)), lines


async def test_every_line_is_cut_and_heals(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report
) -> None:
    async with (
        cluster_on_lines(pg_store, redis_url, tmp_path, rng) as (cluster, lines),
        people_at_work(cluster, tmp_path, rng, 2) as crew,
    ):
        cuts = [(number, engine) for number in range(3) for engine in ("redis", "postgres")] * ROUNDS
        rng.shuffle(cuts)
        for number, engine in cuts:
            line: FaultProxy = getattr(lines[number], engine)
            line.swallow(True)
            await trio.sleep((0.5 + rng.random() * 2) * LEASE_SECONDS)
            line.swallow(False)
            line.reset_all()
            crew.injected[f"{engine} cut off"] += 1
            await crew.wait(past(crew.workers, 2))
    report("A9 A10", pg_store, crew.injected, **seen(crew))
