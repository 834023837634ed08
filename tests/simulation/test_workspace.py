"""The whole life of a workspace under faults, on a simulated clock: real actor, log writer and sessions."""

import os
import random

import pytest

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.testing.faulty_oplog import FaultRates
from nvserver.testing.simulation import NOTHING, Outcome, Plan, Violation, describe, simulate
from nvserver.workspace import commit_queue
from nvserver.workspace.log_writer import Written

SEEDS = int(os.environ.get("NV_SIM_SEEDS", "1000"))
FIRST_SEED = int(os.environ.get("NV_SEED", random.SystemRandom().randrange(2**32)))


def run(seed: int, plan: Plan | None = None) -> Outcome:
    return simulate(seed, MemoryOpLog(MemoryIndex()), plan or Plan())


def test_nothing_is_lost_doubled_or_reordered() -> None:
    print(f"{SEEDS} seeds from NV_SEED={FIRST_SEED}")
    total = NOTHING
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        total += run(seed)
    print(describe(total))
    for name in Outcome.__dataclass_fields__:
        assert getattr(total, name) > 0, f"the run proved nothing: no {name}"


def test_a_seed_replays() -> None:
    assert run(FIRST_SEED) == run(FIRST_SEED)


def test_many_clients_at_once() -> None:
    plan = Plan(clients=8, edits=40, rates=FaultRates(fail=0.02, forget=0.05, max_delay_seconds=0.02))
    assert run(FIRST_SEED, plan).acknowledged > 0


def test_telling_what_follows_a_lost_append_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that this simulation found once, put back in."""

    def written(queue: commit_queue.CommitQueue, written: Written) -> None:
        steps = queue._in_flight.popleft()
        if written is Written.DURABLE:
            queue._finish(steps)
        else:
            for step in steps:
                step.fail()
            queue._is_lost = True
            queue._on_lost(written)
        if queue._settled is not None and queue.is_settled:
            queue._settled.set()

    monkeypatch.setattr(commit_queue.CommitQueue, "_written", written)
    with pytest.raises((Violation, BaseExceptionGroup, ValueError)):
        for seed in range(400):
            run(seed, Plan(edits=60))
