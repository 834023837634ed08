"""Three nodes, on a simulated clock, with everything going wrong at once."""

import os

import pytest

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.testing.cluster_simulation import ClusterOutcome, ClusterPlan, simulate_cluster

SEEDS = int(os.environ.get("NV_CLUSTER_SEEDS", "40"))
"""`NV_CLUSTER_SEEDS=20000 NV_CLUSTER_FIRST_SEED=…` is the night's run. All other runs take the same ones. About
one in a hundred others fails still: with seed 737202589 an edit comes back otherwise than its client expects it."""
SMALL = ClusterPlan(clients=3, edits=8, writes=1, fault_seconds=0.7)
FIRST_SEED = int(os.environ.get("NV_CLUSTER_FIRST_SEED", "1"))


def run(seed: int, plan: ClusterPlan) -> ClusterOutcome:
    return simulate_cluster(seed, MemoryOpLog(MemoryIndex()), plan)


@pytest.mark.timeout(600 if SEEDS <= 250 else 0)
def test_nothing_is_lost_doubled_or_reordered() -> None:
    print(f"{SEEDS} seeds from NV_CLUSTER_FIRST_SEED={FIRST_SEED}")
    total = ClusterOutcome()
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        total += run(seed, SMALL if seed % 4 else ClusterPlan())
    print(total)
    for name in ClusterOutcome.__dataclass_fields__:
        assert getattr(total, name) > 0, f"the run proved nothing: no {name}"


def test_a_seed_replays() -> None:
    assert run(FIRST_SEED, ClusterPlan()) == run(FIRST_SEED, ClusterPlan())
