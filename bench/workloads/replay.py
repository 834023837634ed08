"""Replay of a person's real typing (automerge-paper, of josephg/editing-traces, CC BY 4.0) into the engine alone,
without network or storage: ours in Python, ShareDB's text type in Node. Both must end at the author's text."""

import gzip
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.core.processes import pinned
from bench.core.results import Row
from bench.servers.kinds import Kind
from bench.servers.packages import PEERS, node
from bench.workloads.bench import Bench
from nvserver.core.ot import Text, from_wire

WireOp = list[int | str | dict[str, int]]


def trace_folder() -> Path:
    """`NV_TRACES`, else the shared data beside the checkout."""
    given = os.environ.get("NV_TRACES")
    return Path(given) if given else PEERS.parent.parent.parent / "shared" / "data" / "traces"


def replay(bench: Bench, _kind: Kind) -> Iterator[Row]:
    """One row for each engine; no server takes part."""
    settings = bench.settings
    with gzip.open(trace_folder() / "automerge-paper.json.gz", "rt", encoding="utf-8") as file:
        trace = json.load(file)
    transactions = trace["txns"][: settings.replay_edits]
    ops = [op for transaction in transactions for op in map(_op, transaction["patches"])]
    text = trace["startContent"]
    end = trace["endContent"] if len(transactions) == len(trace["txns"]) else _end_by_hand(text, ops)
    ours = _replay_here(text, ops, end)
    with pinned(bench.cores.server):
        outcome = subprocess.run(
            [node(), str(PEERS / "replay.mjs")],
            input=json.dumps({"text": text, "ops": ops, "end": end}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    theirs = json.loads(outcome.stdout)["cpu"]
    yield from (
        Row("Replay", name, "", {"us_per_edit": round(cpu / len(ops) * 1e6, 2), "edits": len(ops)})
        for name, cpu in (("notevault-engine", ours), ("sharedb-engine", theirs))
    )


def _op(patch: list[Any]) -> WireOp:
    position, deleted, inserted = patch
    return [
        *([position] if position else []),
        *([inserted] if inserted else []),
        *([{"d": deleted}] if deleted else []),
    ]


def _replay_here(start: str, ops: list[WireOp], end: str) -> float:
    """CPU seconds."""
    began = time.process_time()
    text = Text.of(start)
    for op in ops:
        text = text.apply(from_wire(op))
    used = time.process_time() - began
    if str(text) != end:
        raise RuntimeError("the replay ended at another text")
    return used


def _end_by_hand(start: str, ops: list[WireOp]) -> str:
    """Where a part of the trace ends, by cutting strings."""
    text = start
    for op in ops:
        at = op[0] if op and isinstance(op[0], int) else 0
        inserted = "".join(part for part in op if isinstance(part, str))
        deleted = sum(part["d"] for part in op if isinstance(part, dict))
        text = text[:at] + inserted + text[at + deleted :]
    return text
