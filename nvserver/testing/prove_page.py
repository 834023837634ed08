"""The page that a proof saves."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nvserver.testing.note_client import NoteClient
from nvserver.testing.prove_times import Timings

_LONGEST = 10
_MARKS = " Under it what was begun: **k**ill, **p**ause, **c**ut off from Redis, **m**ove, **d**rain."


@dataclass(frozen=True, slots=True)
class Proven:
    """What came of a proof. `verified` is what `nvserver verify` said, None when it was not asked."""

    seconds: float
    seed: int
    workspaces: int
    clients: Sequence[NoteClient]
    faults: Mapping[str, int]
    findings: Sequence[str]
    timings: Timings
    verified: str | None
    folder: Path


def page(proof: Proven) -> str:
    """The report, in Markdown."""
    timings, clients = proof.timings, proof.clients
    verdict = "**Everything that was promised held.**" if not proof.findings else "**Promises were broken:**"
    lines = [
        "# Proof of a cluster",
        "",
        verdict,
        *(f"- {finding}" for finding in proof.findings),
        "",
        f"{time.strftime('%Y-%m-%d %H:%M')}, {proof.seconds:.0f} s, seed {proof.seed},"
        f" {proof.workspaces} workspaces, {len(clients)} writers.",
        "",
        "| what | count |",
        "|---|---|",
        *(f"| {fault} | {count} |" for fault, count in sorted(proof.faults.items())),
        f"| edits acknowledged | {sum(len(client.acknowledged) for client in clients)} |",
        f"| connections lost and made again | {sum(client.losses for client in clients)} |",
        f"| edits that a client sent again | {sum(client.resends for client in clients)} |",
        f"| answered as duplicates | {sum(client.duplicates for client in clients)} |",
        "",
    ]
    if timings.milliseconds:
        points = ", ".join(timings.percentiles((50, 90, 99)))
        lines += [f"From an edit to its acknowledgement: {points}, slowest {max(timings.milliseconds):.0f} ms.", ""]
    lines += [
        "The slowest of each second, a line a minute (█ is 5 s and more, or nothing at all)."
        + (_MARKS if timings.faults else ""),
        "",
        "```",
        *timings.curve(),
        "```",
        "",
    ]
    if timings.long_waits:
        lines += [
            "The longest waits, and what the proof broke meanwhile, the writer's own node first:",
            "",
            "| at | waited | through | meanwhile |",
            "|---|---|---|---|",
            *timings.longest_waits(_LONGEST),
            "",
        ]
    return "\n".join([*lines, *_verified(proof.verified, proof.folder), ""])


def _verified(said: str | None, folder: Path) -> list[str]:
    if said is None:
        return [
            "All copies were compared. To hold what the writers were told against the log, run this where the settings"
            " of your nodes are:",
            "",
            f"    nvserver verify --acks {folder}/*.jsonl",
        ]
    told = "What `nvserver verify` says of the log, the snapshots and what the writers were told:"
    return [told, "", "```", said.strip(), "```"]
