"""Writes what was measured: `results.json`, `results.md` and the plots."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.core.plots import Series, bar_chart, line_chart
from bench.core.results import Row, Summary, Table, summarize
from bench.core.tables import markdown

GROWTH = "Growth: "
_BARS = (
    ("W1", "server_us_per_edit", "W1: server CPU per edit, {point}", "µs"),
    ("W2", "server_us_per_edit", "W2: server CPU per edit, {point}", "µs"),
    ("W1 highest rate", "edits_per_second", "W1: highest rate with p99 < 100 ms", "edits/s"),
    ("W2 highest rate", "edits_per_second", "W2: highest rate with p99 < 100 ms", "edits/s"),
    ("W5", "lost", "W5: acknowledged edits lost at kill -9, of 200", ""),
    ("REST", "server_us_per_request", "REST: server CPU per request", "µs"),
    ("Replay", "us_per_edit", "Replay of automerge-paper: CPU per edit", "µs"),
)


def write_report(
    folder: Path,
    rows: Sequence[Row],
    machine: Mapping[str, object],
    settings: Mapping[str, object],
    labels: Mapping[str, str],
) -> None:
    """Replaces what was in the folder. Called after every row, so that a run cut short leaves results."""
    folder.mkdir(parents=True, exist_ok=True)
    table = summarize([*rows, *_receiver_costs(rows)])
    content = {
        "machine": machine,
        "settings": settings,
        "labels": labels,
        "rows": [asdict(row) for row in rows],
        "medians": [
            {"workload": key[0], "point": key[1], "server": key[2], "values": {n: asdict(s) for n, s in of.items()}}
            for key, of in table.items()
        ],
    }
    (folder / "results.json").write_text(json.dumps(content, indent=1, default=str) + "\n")
    (folder / "results.md").write_text(markdown(table, labels, _head(machine, settings)))
    for name, picture in _pictures(table, labels).items():
        if picture:
            (folder / name).write_text(picture)


def read_rows(folder: Path) -> list[Row]:
    """The rows of an earlier run; none if there was none."""
    file = folder / "results.json"
    return [Row(**row) for row in json.loads(file.read_text())["rows"]] if file.exists() else []


def _head(machine: Mapping[str, object], settings: Mapping[str, object]) -> list[str]:
    return [
        "# Results",
        "",
        f"{machine['date']}, commit {machine['commit']}; {machine['cpu']}, {machine['cores']} cores, server pinned to "
        f"core {machine['core_of_server']}, driver to {machine['core_of_driver']}, database to "
        f"{machine['core_of_database']}; "
        f"Python {machine['python']}, Node {machine['node']}, kernel {machine['kernel']}.",
        "",
        f"Medians of {settings['repetitions']} runs ({_once(settings)}), in brackets lowest and highest. CPU is "
        "user and system time of all processes of the server; the database's is told apart. Latency counts "
        "from the moment an edit was "
        "due.",
    ]


def _once(settings: Mapping[str, object]) -> str:
    once = settings.get("once")
    return f"one run of {', '.join(sorted(map(str, once)))}" if isinstance(once, frozenset) and once else "of all"


def _receiver_costs(rows: Sequence[Row]) -> list[Row]:
    """The slope of CPU per edit over the number of receivers, by least squares, for each repetition of W1."""
    runs: dict[tuple[str, int], list[tuple[float, float]]] = {}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        cost = row.values.get("server_us_per_edit")
        if row.workload == "W1" and isinstance(cost, int | float):
            repetition = seen[row.server, row.point] = seen.get((row.server, row.point), -1) + 1
            clients = float(row.point.partition("=")[2])
            runs.setdefault((row.server, repetition), []).append((clients, float(cost)))
    return [
        Row("W1 one more receiver", server, "", {"us_per_receiver": round(_slope(points), 3)})
        for (server, _), points in runs.items()
        if len(points) > 1
    ]


def _slope(points: Sequence[tuple[float, float]]) -> float:
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def _pictures(table: Table, labels: Mapping[str, str]) -> dict[str, str]:
    pictures: dict[str, str] = {}
    for workload, metric, title, unit in _BARS:
        for point in dict.fromkeys(key[1] for key in table if key[0] == workload):
            bars = [
                (labels[server], table[workload, point, server][metric])
                for server in labels
                if metric in table.get((workload, point, server), {})
            ]
            name = "-".join(part for part in (_slug(workload), _slug(point)) if part)
            pictures[f"{name}.svg"] = bar_chart(title.format(point=point.replace("=", " ")), unit, bars)
    for workload in dict.fromkeys(key[0] for key in table if key[0].startswith(GROWTH)):
        axis = workload.removeprefix(GROWTH)
        for metric, title in (("server_us_per_edit", "CPU µs per edit"), ("to_others_p99_ms", "p99 ms to the others")):
            lines: dict[str, Series] = {}
            for server in labels:
                points: dict[float, Summary] = {
                    float(key[1]): of[metric]
                    for key, of in table.items()
                    if (key[0], key[2]) == (workload, server) and metric in of
                }
                if points:
                    lines[labels[server]] = points
            pictures[f"growth-{_slug(axis)}-{'cpu' if 'us_' in metric else 'p99'}.svg"] = line_chart(
                f"{title} over {axis}", axis, title, lines
            )
    return pictures


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
