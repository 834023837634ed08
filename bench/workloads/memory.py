"""W3: memory of an idle joined connection, and of an open 10 kB note."""

import time
from collections.abc import Iterator

from bench.core.processes import resident_bytes, tree_of
from bench.core.results import Row
from bench.servers.kinds import Kind, Running
from bench.workloads.bench import Bench, opener

CONNECTIONS_PER_NOTE = 100
CHARACTERS = 10_000
SETTLE_SECONDS = 2.0


def memory(bench: Bench, kind: Kind) -> Iterator[Row]:
    """Two fresh servers: many connections to few notes, of which the first tenth is not counted; then one connection
    to each of many notes, and as many again: what those take more is the cost of a note, for the first ones also fill
    the server's caches."""
    connections, notes = bench.settings.idle_connections, bench.settings.open_notes
    with bench.server(kind) as server:
        few = max(1, connections // CONNECTIONS_PER_NOTE)
        refs = server.dialect.create_notes(server.port, few, few, 100)
        open_note = opener(server)
        empty = _settled_bytes(server)
        first = connections // 10
        links = [open_note(refs[number % few]).link for number in range(first)]
        warm = _settled_bytes(server)
        links += [open_note(refs[number % few]).link for number in range(first, connections)]
        per_connection = (_settled_bytes(server) - warm) / (connections - first)
        for link in links:
            link.close()
    with bench.server(kind) as server:
        links = []
        settled = []
        for _ in range(2):
            refs = server.dialect.create_notes(server.port, max(1, notes // 20), notes, CHARACTERS)
            open_note = opener(server)
            links += [open_note(ref).link for ref in refs]
            settled.append(_settled_bytes(server))
        per_note = (settled[1] - settled[0]) / notes - per_connection
        for link in links:
            link.close()
    values = {
        "connections": connections,
        "kb_per_connection": round(per_connection / 1e3, 2),
        "kb_per_10_kb_note": round(per_note / 1e3, 2),
        "empty_server_mb": round(empty / 1e6, 1),
    }
    yield Row("W3", kind.name, "", values)


def _settled_bytes(server: Running) -> int:
    time.sleep(SETTLE_SECONDS)
    return resident_bytes(tree_of([server.program.pid]))
