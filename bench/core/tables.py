"""Results as a page of Markdown."""

from collections.abc import Iterable, Mapping, Sequence

from bench.core.results import Summary, Table

COLUMNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "W1": (
        ("server_us_per_edit", "server µs/edit"),
        ("server_us_per_delivery", "µs/delivery"),
        ("database_us_per_edit", "database µs/edit"),
        ("to_others_p50_ms", "to others p50 ms"),
        ("to_others_p95_ms", "p95"),
        ("to_others_p99_ms", "p99"),
        ("to_author_p50_ms", "to author p50 ms"),
        ("to_author_p99_ms", "p99"),
        ("server_mb", "MB"),
        ("driver_cpu_share", "driver CPU"),
        ("is_complete", "all arrived"),
    ),
    "W1 one more receiver": (("us_per_receiver", "µs for one more receiver of an edit"),),
    "W1 highest rate": (
        ("edits_per_second", "edits/s"),
        ("operations_per_second", "sent as operations/s"),
        ("is_driver_bound", "driver-bound"),
    ),
    "W3": (
        ("kb_per_connection", "kB per idle connection"),
        ("kb_per_10_kb_note", "kB per open 10 kB note"),
        ("empty_server_mb", "empty server MB"),
        ("full_server_mb", "MB with all connections"),
        ("connections", "connections"),
    ),
    "W4": (
        ("warm_ms", "warm ms"),
        ("cold_ms", "cold ms"),
        ("kb_received", "kB received"),
        ("edits_after_restart", "edits after the restart"),
    ),
    "W5": (("acknowledged", "acknowledged"), ("lost", "lost at kill -9")),
    "REST": (
        ("server_us_per_request", "server µs/request"),
        ("database_us_per_request", "database µs/request"),
        ("p50_ms", "p50 ms"),
        ("p99_ms", "p99 ms"),
        ("requests", "requests"),
        ("driver_cpu_share", "driver CPU"),
    ),
    "Replay": (("us_per_edit", "CPU µs/edit"), ("edits", "edits")),
}


def columns_of(workload: str) -> Sequence[tuple[str, str]]:
    """Name and heading of the columns of a workload's table."""
    if workload in COLUMNS:
        return COLUMNS[workload]
    return COLUMNS["W1 highest rate"] if workload.endswith("highest rate") else COLUMNS["W1"]


def markdown(table: Table, labels: Mapping[str, str], head: Iterable[str]) -> str:
    """One table for each workload and point, servers in the order of `labels`."""
    lines = [*head]
    order = list(labels)
    for workload, point in dict.fromkeys((key[0], key[1]) for key in table):
        columns = columns_of(workload)
        lines += ["", f"## {workload}{f' · {point}' if point else ''}", ""]
        lines.append("| server | " + " | ".join(heading for _, heading in columns) + " |")
        lines.append("|---|" + "--:|" * len(columns))
        servers = sorted((key[2] for key in table if key[:2] == (workload, point)), key=order.index)
        for server in servers:
            values = table[workload, point, server]
            cells = " | ".join(_cell(name, values.get(name)) for name, _ in columns)
            lines.append(f"| {labels[server]} | {cells} |")
    return "\n".join(lines) + "\n"


def _cell(name: str, summary: Summary | None) -> str:
    if summary is None:
        return "–"
    if name.startswith("is_"):
        return "yes" if summary.lowest else "no"
    return str(summary)
