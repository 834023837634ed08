"""The README's table of measurements, written from `results.json` and never by hand."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.core.results import shown

BEGIN: Final = "<!-- measured -->"
END: Final = "<!-- /measured -->"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table: which number, and whether less of it is better."""

    title: str
    workload: str
    metric: str
    point: str = ""
    is_less_better: bool = True


_LINES: Final = (
    _Line("One note, 100 people, 200 edits/s: server CPU per edit, µs", "W1", "server_us_per_edit", "clients=100"),
    _Line("the same: edit → others, median, ms", "W1", "to_others_p50_ms", "clients=100"),
    _Line("the same: edit → others, p99, ms", "W1", "to_others_p99_ms", "clients=100"),
    _Line("one more receiver of an edit, µs", "W1 one more receiver", "us_per_receiver"),
    _Line(
        "One note, highest rate with p99 < 100 ms, edits/s", "W1 highest rate", "edits_per_second", is_less_better=False
    ),
    _Line("100 notes × 4 people, 1,000 edits/s: server CPU per edit, µs", "W2", "server_us_per_edit", "notes=100"),
    _Line(
        "100 notes, highest rate with p99 < 100 ms, edits/s",
        "W2 highest rate",
        "edits_per_second",
        is_less_better=False,
    ),
    _Line("Acknowledged edits lost at `kill -9`, of 200", "W5", "lost"),
    _Line("Memory of an idle joined connection, kB", "W3", "kb_per_connection"),
    _Line("Memory of an open 10 kB note, kB", "W3", "kb_per_10_kb_note"),
    _Line("Opening a 100 kB note with 10,000 edits behind it, warm, ms", "W4", "warm_ms"),
    _Line("the same, right after a start, ms", "W4", "cold_ms"),
    _Line("REST, one note by id, 300/s: server CPU per request, µs", "REST", "server_us_per_request"),
    _Line("the same: p99, ms", "REST", "p99_ms"),
    _Line("Replay of a paper's 259,778 edits, CPU per edit, µs", "Replay", "us_per_edit"),
)
_OURS: Final = (("notevault-sqlite", "notevault-engine"), ("notevault-postgres",))


def write_readme(readme: Path, results: Path) -> None:
    """Replace what stands between the marks. Raises ValueError when they are not there."""
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        raise ValueError(f"{readme} does not have the marks {BEGIN} and {END}")
    table = readme_table(json.loads((results / "results.json").read_text()))
    readme.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table}\n{END}", text, flags=re.DOTALL))


def readme_table(results: Mapping[str, Any]) -> str:
    """Lines that were not measured are left out."""
    medians = {(m["workload"], m["point"], m["server"]): m["values"] for m in results["medians"]}
    labels: Mapping[str, str] = results["labels"]
    machine = results["machine"]
    lines = [
        f"{machine['date'][:10]}, commit {machine['commit']}: {machine['cpu']}, {machine['cores']} cores, the server "
        f"on one, the driver on another; Python {machine['python']}, Node {machine['node']}. Medians, in brackets "
        "lowest and highest; all of it with plots is in `bench/results/`. Ours write every edit to disk before anybody "
        "sees it; of the others only ShareDB on PostgreSQL does.",
        "",
        "| | NoteVault, SQLite | NoteVault, PostgreSQL | best of the others |",
        "|---|--:|--:|--:|",
    ]
    for line in _LINES:
        found = {
            server: values[line.metric]
            for (workload, point, server), values in medians.items()
            if (workload, point) == (line.workload, line.point) and line.metric in values
        }
        if not found:
            continue
        ours = [_cell(next((found[name] for name in names if name in found), None)) for names in _OURS]
        others = {server: value for server, value in found.items() if not server.startswith("notevault")}
        lines.append(f"| {line.title} | {ours[0]} | {ours[1]} | {_best(others, labels, line)} |")
    return "\n".join(lines)


def _best(others: Mapping[str, Mapping[str, float]], labels: Mapping[str, str], line: _Line) -> str:
    if not others:
        return "–"
    sign = 1 if line.is_less_better else -1
    best = min(others, key=lambda server: sign * others[server]["median"])
    return f"{_cell(others[best])} {labels[best]}"


def _cell(summary: Mapping[str, float] | None) -> str:
    if summary is None:
        return "–"
    median, lowest, highest = summary["median"], summary["lowest"], summary["highest"]
    return shown(median) if lowest == highest else f"{shown(median)} ({shown(lowest)}–{shown(highest)})"
