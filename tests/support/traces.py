"""Recorded editing sessions: where they are, what they hold, and how a client replays its part.

The format is that of `josephg/editing-traces` (Joseph Gentle and contributors, CC BY 4.0): gzipped JSON, positions in
Unicode code points. Their data is not ours to ship: it is looked for in the folder `NV_TRACES` names, else beside the
project. Our own session, recorded from the page, lies in `tests/e2e/recorded`.
"""

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nvserver.core.ot import Operation, compose, normalize

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "https://github.com/josephg/editing-traces"


class TraceMissing(Exception):
    """The recorded session is not on this machine."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one author typed at once, from a text in which `seen` edits of the other author are."""

    op: Operation
    seen: int


@dataclass(frozen=True, slots=True)
class Session:
    """`authors`: the steps of each, in order."""

    start: str
    end: str
    authors: tuple[tuple[Step, ...], ...]


def load_session(name: str) -> Session:
    """A session of the published ones. Raises TraceMissing."""
    for folder in (os.environ.get("NV_TRACES"), ROOT.parent / "shared" / "data" / "traces"):
        if folder is not None and (path := Path(folder) / f"{name}.json.gz").exists():
            return read_session(path)
    raise TraceMissing(f"recorded sessions are missing: set NV_TRACES to a folder with the gzipped traces of {SOURCE}")


def read_session(path: Path) -> Session:
    """Raises for a session of more than two authors."""
    trace = json.loads(gzip.decompress(path.read_bytes()))
    if trace.get("kind") == "concurrent":
        return Session(trace.get("startContent", ""), trace["endContent"], _steps_by_author(trace))
    steps = tuple(Step(_operation(txn["patches"]), 0) for txn in trace["txns"])
    return Session(trace["startContent"], trace["endContent"], (steps,))


def in_groups(steps: Sequence[Step], size: int) -> Iterator[Operation]:
    """The steps of a lone author as fewer, larger edits."""
    for start in range(0, len(steps), size):
        op: Operation = ()
        for step in steps[start : start + size]:
            op = compose(op, step.op)
        yield op


def _steps_by_author(trace: Any) -> tuple[tuple[Step, ...], ...]:
    """For each transaction, how many of the other author's it stands on: what its parents had seen, or are."""
    assert trace["numAgents"] == 2, "only two authors are understood"
    made = [0, 0]
    authors: tuple[list[Step], list[Step]] = ([], [])
    known: list[list[int]] = []  # by transaction: how many of each author's are in the text behind it
    for txn in trace["txns"]:
        agent = txn["agent"]
        base = [max((known[parent][author] for parent in txn["parents"]), default=0) for author in (0, 1)]
        assert base[agent] == made[agent], "an author stands on all that they typed"
        authors[agent].append(Step(_operation(txn["patches"]), base[1 - agent]))
        made[agent] += 1
        base[agent] += 1
        known.append(base)
    return tuple(map(tuple, authors))


def _operation(patches: Sequence[Sequence[Any]]) -> Operation:
    """Patches one after the other as one operation."""
    op: Operation = ()
    for position, deleted, inserted in patches:
        op = compose(op, normalize((position, -deleted, inserted)))
    return op
