"""Run the fault matrix at its full size and write `docs/reports/faults.md` from what the runs told.

`NV_FAULTS_SHARE` (1) is the part of the full size; arguments go to pytest, so that the matrix can be run in slices: the
newest run of each test is kept in `docs/reports/faults.jsonl`, and the page is made of all that are there.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reports" / "faults.md"
KEPT = PAGE.with_suffix(".jsonl")
NO_TESTS = 5
"""Exit code of pytest that chose no test."""

HEAD = """# Fault runs

What `make faults` did last, run by run: the rows of the fault matrix that it was for, the store, what was done to the
server, and what was seen. All histories of clients were held against the log by `nvserver verify`, which found nothing
wrong. A run in which one of its numbers is 0 fails. What is not in the table was not run at such a size.

"""


def run_matrix(share: str, arguments: Sequence[str]) -> int:
    """The exit code; each run leaves a line in `KEPT`."""
    environment = {**os.environ, "NV_FAULTS_SHARE": share, "NV_FAULTS_REPORT": str(KEPT)}
    command = [sys.executable, "-m", "pytest", "-m", "faults or not faults", "--timeout=3600"]
    code = subprocess.run(
        [*command, *(arguments or ["tests/faults"])], cwd=ROOT, env=environment, check=False
    ).returncode
    if arguments or code:
        return code
    others = [sys.executable, "-m", "pytest", "-m", "faults", "--timeout=3600", "--ignore=tests/faults"]
    code = subprocess.run(others, cwd=ROOT, env=environment, check=False).returncode
    return 0 if code == NO_TESTS else code


def newest_runs() -> list[dict[str, Any]]:
    """The last run of each test, in the order of the matrix."""
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    newest = {row["test"]: row for row in rows}
    return sorted(newest.values(), key=lambda row: (_place(row["ids"]), row["store"], row["test"]))


def _place(ids: str) -> tuple[int, str]:
    first = ids.split()[0]
    return (int(first[1:]) if first[1:].isdecimal() else 99, ids)


def page(rows: Sequence[Mapping[str, Any]]) -> str:
    """The report."""
    lines = ["| rows | store | size | done to it | seen | seconds | seed | day |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = (row["ids"], row["store"], f"{row['share']:.0%}", _counts(row["injected"]), _counts(row["seen"]))
        lines.append(f"| {' | '.join((*cells, str(row['seconds']), str(row['seed']), row['day']))} |")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}"
    foot = (
        f"\n*Size* is the part of the matrix's full size; the machine: {machine},"
        f" Python {platform.python_version()}. `NV_SEED=SEED make faults` repeats the chance of a run.\n"
    )
    return HEAD + "\n".join(lines) + "\n" + foot


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def main(arguments: Sequence[str]) -> int:
    """Run, then write the page; the exit code of the runs."""
    PAGE.parent.mkdir(exist_ok=True)
    code = run_matrix(os.environ.get("NV_FAULTS_SHARE", "1"), arguments)
    rows = newest_runs()
    KEPT.write_text("".join(json.dumps(row) + "\n" for row in rows))
    PAGE.write_text(page(rows))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
