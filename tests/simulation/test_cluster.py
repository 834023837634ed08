"""Three nodes, on a simulated clock, with everything going wrong at once."""

import os
from dataclasses import replace

import pytest

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.testing.cluster_simulation import ClusterOutcome, ClusterPlan, simulate_cluster

SHARES = 3
SEEDS = int(os.environ.get("NV_CLUSTER_SEEDS", "1000")) // SHARES or 1
"""Of each share. A seed costs 0.08 s of CPU: CI takes 1,000 in all, others in each run. `make simulate` is the night's
run, of 20,000."""
FIRST_SEED = int(os.environ.get("NV_CLUSTER_FIRST_SEED", os.environ["NV_SEED"]))
SMALL = ClusterPlan(clients=3, edits=8, writes=1, fault_seconds=0.7)
UPDATE = replace(SMALL, is_update=True)


def plan_of(seed: int) -> ClusterPlan:
    """Of every ten seeds two are long, and one is an update under way."""
    return UPDATE if seed % 10 == 1 else SMALL if seed % 5 else ClusterPlan()


def run(seed: int, plan: ClusterPlan) -> ClusterOutcome:
    return simulate_cluster(seed, MemoryOpLog(MemoryIndex()), plan)


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.timeout(600 if SEEDS <= 400 else 0)
def test_nothing_is_lost_doubled_or_reordered(share: int) -> None:
    first = FIRST_SEED + share * SEEDS
    print(f"{SEEDS} seeds from NV_CLUSTER_FIRST_SEED={first}")
    total = ClusterOutcome()
    for seed in range(first, first + SEEDS):
        total += run(seed, plan_of(seed))
    print(total)
    if SEEDS < 50:
        return
    for name in ClusterOutcome.__dataclass_fields__:
        assert getattr(total, name) > 0, f"the run proved nothing: no {name}"


def test_a_seed_replays() -> None:
    assert run(FIRST_SEED, ClusterPlan()) == run(FIRST_SEED, ClusterPlan())
