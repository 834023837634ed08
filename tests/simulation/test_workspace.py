"""The whole life of a workspace under faults, on a simulated clock: real actor, log writer and sessions."""

import os
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.testing.faulty_oplog import FaultRates
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
        for name in Outcome.__dataclass_fields__.keys() - {"compactions", "purges"}:
            assert getattr(total, name) > 0, f"the run proved nothing: no {name}"


@pytest.mark.timeout(max(240, SEEDS))
def test_nothing_is_lost_or_doubled_when_the_log_is_shortened_and_notes_are_purged_all_the_time() -> None:
    total = NOTHING
    seeds = max(40, SEEDS // 25)
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        plan = replace(plan_of(seed), keep_entries=seed % 3 * 10, purges=seed % 4)
        total += simulate(seed, WholeLog(), plan)
    print(f"{seeds} seeds from NV_SEED={FIRST_SEED}:", describe(total))
    assert total.compactions > 3 * seeds
    assert total.purges > seeds
    assert total.duplicates > 0
    assert total.loaded_texts > 0


def shares(most: float) -> st.SearchStrategy[float]:
    return st.floats(0, most, allow_subnormal=False)


PLANS = st.builds(
    Plan,
    clients=st.integers(3, 6),
    edits=st.integers(1, 25),
    writes=st.integers(0, 8),
    removals=st.integers(0, 3),
    rates=st.builds(
        FaultRates, fail=shares(0.05), forget=shares(0.1), max_delay_seconds=st.sampled_from((0.0, 0.005, 0.05))
    ),
    cut_chance=shares(0.05),
    max_pause_seconds=st.sampled_from((0.01, 0.1, 0.3)),
    crash_seconds=st.sampled_from((3.0, 6.0, 30.0)),
    late_entries=st.sampled_from((5, 15, 40, 2_000)),
    keep_entries=st.none() | st.integers(0, 30),
)
"""Who is there, what they do, what goes wrong and when: Hypothesis finds the smallest session that still fails."""


@pytest.mark.timeout(600)
@settings(max_examples=max(40, SEEDS // 20), suppress_health_check=[HealthCheck.too_slow])
@given(plan=PLANS, seed=st.integers(0, 2**32 - 1))
def test_whatever_the_plan_nothing_is_lost_doubled_or_reordered(plan: Plan, seed: int) -> None:
    simulate(seed, WholeLog() if plan.keep_entries is not None else MemoryOpLog(MemoryIndex()), plan)


def test_a_seed_replays() -> None:
    for seed in (FIRST_SEED, FIRST_SEED + 1):
        assert run(seed) == run(seed)
