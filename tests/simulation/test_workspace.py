"""The whole life of a workspace under faults, on a simulated clock: real actor, log writer and sessions."""

import os
import random
from dataclasses import replace

import pytest

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.testing.simulation import NOTHING, Outcome, Plan, describe, plan_of, simulate
from nvserver.testing.whole_log import WholeLog

SEEDS = int(os.environ.get("NV_SIM_SEEDS", "1000"))
FIRST_SEED = int(os.environ.get("NV_SEED", random.SystemRandom().randrange(2**32)))


def run(seed: int, plan: Plan | None = None) -> Outcome:
    return simulate(seed, MemoryOpLog(MemoryIndex()), plan or plan_of(seed))


@pytest.mark.timeout(max(240, SEEDS))
def test_nothing_is_lost_doubled_or_reordered() -> None:
    print(f"{SEEDS} seeds from NV_SEED={FIRST_SEED}")
    total = NOTHING
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        total += run(seed)
    print(describe(total))
    if SEEDS >= 1000:
        for name in Outcome.__dataclass_fields__.keys() - {"compactions"}:
            assert getattr(total, name) > 0, f"the run proved nothing: no {name}"


@pytest.mark.timeout(max(240, SEEDS))
def test_nothing_is_lost_or_doubled_when_the_log_is_shortened_all_the_time() -> None:
    total = NOTHING
    seeds = max(40, SEEDS // 25)
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        total += simulate(seed, WholeLog(), replace(plan_of(seed), keep_entries=seed % 3 * 10))
    print(f"{seeds} seeds from NV_SEED={FIRST_SEED}:", describe(total))
    assert total.compactions > 3 * seeds
    assert total.duplicates > 0
    assert total.loaded_texts > 0


def test_a_seed_replays() -> None:
    for seed in (FIRST_SEED, FIRST_SEED + 1):
        assert run(seed) == run(seed)
