"""A9, A10: every line is cut for a while, both ways or one way: no split brain, and all goes on afterwards."""

import itertools
import random
from pathlib import Path

import pytest
import trio

from tests.cluster.lines import NODES, PEERS, WAYS, cluster_on_lines
from tests.cluster.nodes import fences, past, people_at_work, seen
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)

CUTS = size(12, 100)
EDITS = 10
"""That the others make meanwhile, each of them, wherever their workspaces were."""


@pytest.mark.parametrize("may_be_real", [True, False], ids=["namespaces", "proxies"])
async def test_every_line_is_cut_and_heals(
    pg_store: RealStore, redis_url: str, tmp_path: Path, rng: random.Random, report: Report, may_be_real: bool
) -> None:
    async with cluster_on_lines(pg_store, redis_url, tmp_path, rng, may_be_real=may_be_real) as (cluster, lines):
        async with people_at_work(cluster, tmp_path, rng, 2) as crew:
            kinds = list(itertools.product(PEERS, WAYS))
            heal_seconds = []
            rng.shuffle(kinds)
            for peer, way in itertools.islice(itertools.cycle(kinds), CUTS if may_be_real else len(kinds)):
                node = rng.randrange(NODES)
                others = [one for one in crew.workers if one not in crew.workers_on(cluster.nodes[node])]
                cut_at = trio.current_time()
                lines.cut(node, peer, way)
                await crew.wait(past(others, EDITS))
                lines.heal(node, peer)
                healed_at = trio.current_time()
                crew.injected[f"{peer} cut off"] += 1
                crew.injected[way] += 1
                await crew.wait(past(crew.workers, 2))
                heal_seconds.append(trio.current_time() - healed_at)
                print(f"{peer} cut {way} for {healed_at - cut_at:.1f} s, healed in {heal_seconds[-1]:.1f} s")
        crew.injected[lines.kind] = 1
        healed = round(max(heal_seconds) * 1_000)
        report(
            "A9 A10",
            pg_store,
            crew.injected,
            **seen(crew),
            fence_hits=fences(cluster),
            longest_heal_milliseconds=healed,
        )
