"""Measure this server and its peers in turn, and write JSON, a table and plots.

    make bench [ARGS="WORKLOAD … [--peers NAME,…] [--brief | --quick] [--repetitions N] [--seconds S] [--keep]"]
    make bench ARGS=--readme

`--brief` fits into half an hour; `--quick` only shows that everything works, and its numbers mean nothing.
`--readme` measures nothing and writes the README's table from the results that are there.
Run it on a machine that does nothing else.
Repetitions go round: every server once, then every server again, so that a slow quarter of an hour hits all alike.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench.core.machine import describe
from bench.core.processes import Cores
from bench.core.readme import write_readme
from bench.core.report import read_rows, write_report
from bench.core.results import Row
from bench.servers.kinds import BY_NAME, KINDS, Kind
from bench.settings import BRIEF, FULL, QUICK, BenchSettings
from bench.workloads.bench import Bench
from bench.workloads.crash import crash
from bench.workloads.growth import growth
from bench.workloads.memory import memory
from bench.workloads.opening import opening
from bench.workloads.pace import pace
from bench.workloads.replay import replay
from bench.workloads.rest import rest
from bench.workloads.typing import many_notes, many_notes_rate, one_note, one_note_rate

README = Path(__file__).resolve().parent.parent / "README.md"
RESULTS = Path(__file__).resolve().parent / "results"
Workload = Callable[[Bench, Kind], Iterator[Row]]
WORKLOADS: dict[str, Workload] = {  # what matters most first: a run may be given so many minutes only
    "w1": one_note,
    "w2": many_notes,
    "rest": rest,
    "w5": crash,
    "w3": memory,
    "w4": opening,
    "replay": replay,
    "pace": pace,
    "w1-rate": one_note_rate,
    "w2-rate": many_notes_rate,
    "growth": growth,
}
OURS = tuple(kind.name for kind in KINDS if kind.is_ours)
PEERS = tuple(kind.name for kind in KINDS if not kind.is_ours)
GROWTH_SERVERS = ("notevault-sqlite", "sharedb-memory", "hocuspocus-memory", "socketio")
NEVER_BEST = ("pycrdt-websocket", "python-socketio")
SPARED = {  # in a brief run: others of their kind are better there
    "w1-rate": ("sharedb-postgres",),
    "w3": ("sharedb-memory", "hocuspocus-memory"),
    "w4": ("socketio",),
}
ENGINE_LABELS = {"notevault-engine": "NoteVault, engine alone", "sharedb-engine": "ShareDB's text type, Node"}


def serves(workload: str, kind: Kind, settings: BenchSettings) -> bool:
    """Whether that workload is measured on that server."""
    if settings.is_brief:
        if kind.name in NEVER_BEST or kind.name in SPARED.get(workload, ()):
            return False
        if workload in ("growth", "pace"):
            return kind.name == OURS[0]
        if kind.name == "hocuspocus-sqlite" and workload not in ("w4", "w5"):
            return False
    if workload == "rest":
        return kind.is_ours or kind.dialect is None
    if workload == "growth":
        return kind.name in GROWTH_SERVERS
    if workload in ("replay", "pace"):
        return kind.name == OURS[0]
    return kind.dialect is not None


def run(
    settings: BenchSettings,
    kinds: Sequence[Kind],
    workloads: Sequence[str],
    folder: Path,
    *,
    is_kept: bool,
    minutes: float,
) -> int:
    """Measure; returns how many measurements failed. What fails is told and left out; after so many minutes nothing
    new is begun."""
    ends_at = time.monotonic() + minutes * 60
    cores = Cores.of_machine()
    machine = describe(cores)
    os.sched_setaffinity(0, {cores.driver})
    rows = read_rows(folder) if is_kept else []
    labels = {**{kind.name: kind.label for kind in KINDS}, **ENGINE_LABELS}
    failures = 0

    def take(row: Row) -> None:
        rows.append(row)
        write_report(folder, rows, machine, asdict(settings), labels)
        print(f"    {row.workload} {row.point}: {_brief(row)}", flush=True)

    with tempfile.TemporaryDirectory(prefix="notevault-bench-") as servers_folder:
        for repetition in range(1, settings.repetitions + 1):
            bench = Bench(settings, cores, Path(servers_folder), repetition)
            for workload in workloads:
                if workload in settings.once and repetition < settings.repetitions:
                    continue
                for kind in kinds:
                    if not serves(workload, kind, settings):
                        continue
                    if time.monotonic() > ends_at:
                        print(f"no time left for {workload} {kind.name}", flush=True)
                        continue
                    print(
                        f"{time.strftime('%H:%M:%S')} {repetition}/{settings.repetitions} {workload} {kind.name}",
                        flush=True,
                    )
                    try:
                        for row in WORKLOADS[workload](bench, kind):
                            take(row)
                    except Exception:  # noqa: BLE001 (one server's failure must not end a run of hours)
                        failures += 1
                        traceback.print_exc()
    return failures


def _brief(row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.values.items() if value is not None)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="of " + ", ".join(WORKLOADS))
    parser.add_argument("--peers", help="NAME,… of " + ", ".join(PEERS) + "; a part of a name is enough; none")
    parser.add_argument("--ours", default=",".join(OURS), help="of " + ", ".join(OURS) + "; none")
    parser.add_argument("--brief", action="store_true", help="the whole table in half an hour")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after these nothing new is begun")
    parser.add_argument("--quick", action="store_true", help="only to see that it works")
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--seconds", type=float, help="of every typing measurement")
    parser.add_argument("--idle-connections", type=int)
    parser.add_argument("--results", type=Path, help="folder (bench/results; of quick runs .cache/bench-quick)")
    parser.add_argument("--readme", action="store_true", help="measure nothing, write the README's table from results")
    parser.add_argument("--keep", action="store_true", help="add to the rows that are in the folder")
    arguments = parser.parse_args()
    settings = QUICK if arguments.quick else BRIEF if arguments.brief else FULL
    for name in ("repetitions", "seconds", "idle_connections"):
        if (value := getattr(arguments, name)) is not None:
            settings = replace(settings, **{name: value})
    workloads = arguments.workloads or list(WORKLOADS)
    if unknown := set(workloads).difference(WORKLOADS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    peers = PEERS if arguments.peers is None else _named(arguments.peers, PEERS)
    kinds = [BY_NAME[name] for name in (*_named(arguments.ours, OURS), *peers)]
    quick_folder = RESULTS.parent.parent / ".cache" / "bench-quick"
    folder = arguments.results or (quick_folder if arguments.quick else RESULTS)
    if arguments.readme:
        write_readme(README, folder)
        return 0
    failures = run(settings, kinds, workloads, folder, is_kept=arguments.keep, minutes=arguments.minutes)
    print(f"results in {folder}; {failures} measurements failed")
    return 1 if failures else 0


def _named(text: str, names: Sequence[str]) -> list[str]:
    """The names that are meant by `text`, in their own order."""
    parts = text.split(",")
    return [name for name in names if any(part in name for part in parts)]


if __name__ == "__main__":
    sys.exit(main())
