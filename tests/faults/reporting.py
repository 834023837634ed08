"""What a run did: counted, printed, kept when a report is wanted. A run in which nothing happened proved nothing."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from tests.conftest import SEED
from tests.faults.sizes import FULL_SHARE
from tests.faults.stores import RealStore

KEPT = os.environ.get("NV_FAULTS_REPORT")
"""The file that gets a line of JSON for each run; `scripts/fault_runs.py` makes a page of them."""

Report: TypeAlias = Callable[..., None]
"""`report(ids, store, injected, **seen)`: the rows of the matrix that the run was for, its store (None: in memory), how
often each fault was injected, what was seen."""


def make_report(test: str) -> Report:
    """The fixture's value: knows the test's name and when it began."""
    began = time.monotonic()

    def report(ids: str, store: RealStore | None, injected: Mapping[str, int], **seen: int) -> None:
        numbers = {**injected, **seen}
        place = store.name if store is not None else "simulated"
        told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in numbers.items())
        print(f"FAULTS {ids} {place}: {told}")
        assert numbers, "the run proved nothing"
        assert all(numbers.values()), f"the run proved nothing: {numbers}"
        if KEPT:
            row = {
                "ids": ids,
                "store": place,
                "test": test,
                "injected": dict(injected),
                "seen": seen,
                "share": FULL_SHARE,
                "seconds": round(time.monotonic() - began, 1),
                "seed": SEED,
                "day": f"{datetime.now(UTC):%Y-%m-%d}",
            }
            with Path(KEPT).open("a") as file:
                file.write(json.dumps(row) + "\n")

    return report


def tally(names: Sequence[str]) -> dict[str, int]:
    """How often each name occurs."""
    return {name: names.count(name) for name in dict.fromkeys(names)}
